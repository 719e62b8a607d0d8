package browser

import "fmt"

// lineScenarios test response headers that are on several lines or have unusual
// bytes. The responses allow all else.
func lineScenarios() []scenario {
	const page = "https://myapp.test"
	base := map[string][]string{
		allowOrigin: {page}, allowCredentials: {"true"}, allowMethods: {"PUT"}, allowHeaders: {"X-A, X-B"},
		"Access-Control-Expose-Headers: ": {"X-One, X-Two"}, "Access-Control-Max-Age: ": {"600"},
		"X-One: ": {"1"}, "X-Two: ": {"2"},
	}
	replies := func(name string, values []string) reply {
		var lines []string
		for header, usual := range base {
			if header == name {
				usual = values
			}
			for _, v := range usual {
				lines = append(lines, header+v)
			}
		}
		if base[name] == nil {
			for _, v := range values {
				lines = append(lines, name+v)
			}
		}
		return with(lines...)
	}
	var scenarios []scenario
	for _, tt := range []struct {
		name   string
		values [][]string
	}{
		{allowOrigin, [][]string{
			{page, page}, {page, "null"}, {"", page}, {page + ","}, {"," + page}, {page + "\t"}, {"\t" + page}, {page + ";"}, {page + "#"}, {page + "?"}, {page + "/*"},
			{"https://MYAPP.TEST"}, {"https://myapp.test."}, {"https://user@myapp.test"}, {"https:myapp.test"}, {"https:/myapp.test"}, {"//myapp.test"}, {"myapp.test:443"},
			{"https://"}, {"https"}, {"https:"}, {"http://"}, {"file:"}, {"data:x"}, {"about:blank"}, {"x:y"}, {"1:y"}, {"x"}, {"+:x"}, {"null,null"}, {"Null"}, {"nulL"}, {"*.test"},
			{"https://*"}, {"**"}, {"* "}, {"*;"}, {"true"}, {"none"}, {"https://é.test"}, {"https://b\u00fccher.test"}, {"https://[::1]"}, {"https://[::1"}, {"https://a<b"}, {"https://a b"},
			{"https://a%zz"}, {"https://127.1"}, {"https://256.0.0.1"}, {"https://a:99999"}, {"https://a:x"}, {"https://a:"}, {"ftp://a"}, {"ws://myapp.test"}, {"chrome-extension://abc"}, {`\\myapp.test`},
			{`https:\\myapp.test`}, {"'" + page + "'"}, {"<" + page + ">"}, {"[" + page + "]"}, {"(" + page + ")"}, {"{origin}"}, {"%"}, {"é"}, {"\xff"}, {"https://x\xff.test"},
		}},
		{allowCredentials, [][]string{
			{}, {"true", ""}, {"", "true"}, {"true,"}, {",true"}, {"true;"}, {"tRue"}, {"\ttrue\t"}, {"true true"}, {"yes"}, {"True", "true"}, {"true", "false"}, {"'true'"}, {"é"}, {"*"}, {page},
		}},
		{allowMethods, [][]string{
			{"PUT", ""}, {"", "PUT"}, {"GET", "PUT"}, {"PUT,"}, {"PUT\t"}, {"GET\tPUT"}, {"PUT,é"}, {"PUT", "a b"}, {"PUT", "*"}, {"*", "PUT"}, {"* PUT"}, {"PUT, put"}, {"PU T"}, {"PUT\x0b"},
			{"'PUT'"}, {"<PUT>"}, {"PUT/DELETE"}, {"PUT|DELETE"}, {"PUT&GET"}, {"PUT:"}, {"PUT="}, {"P@T"}, {"PUT,,,,DELETE"}, {" , "}, {"\t"}, {"ALL"}, {"ANY"}, {"**"}, {"PUT, *é"}, {"\xff"},
		}},
		{allowHeaders, [][]string{
			{"X-A", ""}, {"", "X-A"}, {"X-B", "X-A"}, {"X-A,"}, {"X-A\t"}, {"X-A\tX-B"}, {"X-A,é"}, {"X-A", "a b"}, {"X-A", "*"}, {"* X-A"}, {"X_A"}, {"x-A"}, {"X-A:"}, {"X-A="}, {"X-A/X-B"},
			{"'X-A'"}, {"<X-A>"}, {"X-A;"}, {"X-A|X-B"}, {"X@A"}, {"X-A,,,X-B"}, {" , "}, {"ALL"}, {"**"}, {"X-*, X-A"}, {"\xff"}, {"X-A, Content-Type, "}, {"X-A\x0b"},
		}},
		{"Access-Control-Expose-Headers: ", [][]string{
			{}, {"X-One", ""}, {"", "X-One"}, {"X-One", "X-One"}, {"X-One,"}, {"X-One\t"}, {"X-One\tX-Two"}, {"X-One,é"}, {"X-One", "a b"}, {"*", "X-One"}, {"* X-One"}, {"X_One"}, {"x-oNe"}, {"X-One:"},
			{"'X-One'"}, {"X-One;X-Two"}, {"**"}, {"X-*"}, {"*,*"}, {"\xff"}, {"Set-Cookie"}, {"Access-Control-Allow-Origin"}, {"Access-Control-Expose-Headers, Vary"}, {"Authorization"}, {"X-Three"},
		}},
		{"Access-Control-Max-Age: ", [][]string{
			{}, {"600", ""}, {"", "600"}, {"600,"}, {"600", "0"}, {"0", "600"}, {"0,0"}, {"-0"}, {"+0"}, {"--1"}, {"+-1"}, {"0x258"}, {"1e3"}, {"6 00"}, {"\t600\t"}, {"0 "}, {"0;"}, {"0.0"}, {".5"}, {"-0.5"}, {"٦٠٠"},
			{"18446744073709551616"}, {"9223372036854775807"}, {"9223372036854775808"}, {"-9223372036854775809"}, {"2147483648"}, {"null"}, {"true"}, {"'0'"}, {"000000000000000000000000"}, {"-"}, {"+"},
		}},
		{"Location: ", [][]string{{"/a"}, {"/a", "/a"}, {"/a", "/b"}, {"", "/a"}}},
		{"Content-Length: ", [][]string{{"13"}}},
		{"Content-Disposition: ", [][]string{{"attachment"}, {"attachment", "inline"}, {"inline", "inline"}}},
		{"Timing-Allow-Origin: ", [][]string{{"*"}, {page}, {"null"}}},
		{"Access-Control-Allow-Private-Network: ", [][]string{{"true"}, {"false"}}},
		{"Cross-Origin-Opener-Policy: ", [][]string{{"same-origin"}}},
		{"X-Content-Type-Options: ", [][]string{{"nosniff"}}},
		{"Content-Security-Policy: ", [][]string{{"default-src 'none'"}}},
		{"Vary: ", [][]string{{"*"}, {"Origin"}, {"Origin", "Accept"}}},
		{"Access-Control-Request-Method: ", [][]string{{"PUT"}}},
		{"Origin: ", [][]string{{page}}},
	} {
		for _, values := range tt.values {
			usual, odd := replies("", nil), replies(tt.name, values)
			departure := ""
			if (tt.name == "Location: " || tt.name == "Content-Disposition: ") && len(values) == 2 && values[0] != values[1] {
				departure = "Chromium drops each response in which these lines differ; the standard, only redirects with several Locations"
			}
			put := step{method: "PUT", header: []string{"X-A: 1"}}
			scenarios = append(scenarios, scenario{
				name:  fmt.Sprintf("%s%q in the preflight", tt.name, values),
				sites: map[string]site{"api.test": {preflight: odd, response: usual}},
				steps: []step{put, include(put)}, preflights: asChromium, departure: departure,
			}, scenario{
				name:  fmt.Sprintf("%s%q in the response", tt.name, values),
				sites: map[string]site{"api.test": {response: odd}},
				steps: []step{{}, include(step{})}, departure: departure,
			})
		}
	}
	return scenarios
}
