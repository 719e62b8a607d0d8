package cors

// A Code names the kind of problem that a [ConfigError] is about, for programs
// that count problems or translate their messages. Codes are stable. A later
// version may add further ones.
type Code string

// Which origins are allowed.
const (
	CodeNoOrigins           Code = "no-origins"            // nothing says which origins are allowed
	CodeAnyWithCredentials  Code = "any-with-credentials"  // "*" together with AllowCredentials
	CodeAnyWithOthers       Code = "any-with-others"       // "*" beside other entries
	CodeAnyWithFunc         Code = "any-with-func"         // "*" beside AllowOriginRegexps or AllowOriginFunc
	CodeOriginNull          Code = "origin-null"           // "null" without Unsafe.NullOrigin
	CodeOriginInsecure      Code = "origin-insecure"       // http beyond loopback with AllowCredentials
	CodeOriginAnyApp        Code = "origin-any-app"        // every host of a custom scheme with AllowCredentials
	CodeOriginBelowSuffix   Code = "origin-below-suffix"   // a wildcard right below a public suffix with AllowCredentials
	CodeOriginAboveSuffix   Code = "origin-above-suffix"   // a wildcard with a public suffix below it, with AllowCredentials
	CodeOriginEmpty         Code = "origin-empty"          // ""
	CodeOriginBlanks        Code = "origin-blanks"         // " https://myapp.com"
	CodeOriginQuotes        Code = "origin-quotes"         // "'https://myapp.com'"
	CodeOriginInvisible     Code = "origin-invisible"      // "https://myapp.com\u200b"
	CodeOriginSeparator     Code = "origin-separator"      // "https://myapp.com,"
	CodeOriginComment       Code = "origin-comment"        // "https://myapp.com # production"
	CodeOriginName          Code = "origin-name"           // "ORIGIN=https://myapp.com"
	CodeOriginEscapes       Code = "origin-escapes"        // "https:\\/\\/myapp.com"
	CodeOriginJSON          Code = "origin-json"           // "[\"https://myapp.com\"", a part of an array
	CodeOriginVariable      Code = "origin-variable"       // "${ORIGIN}"
	CodeOriginWord          Code = "origin-word"           // "all"
	CodeOriginSeveral       Code = "origin-several"        // "https://myapp.com, https://myapp.dev"
	CodeOriginRegexp        Code = "origin-regexp"         // "^https://.*\\.myapp\\.com$"
	CodeOriginInvalid       Code = "origin-invalid"        // not even similar to an origin
	CodeOriginNoScheme      Code = "origin-no-scheme"      // "myapp.com"
	CodeOriginScheme        Code = "origin-scheme"         // "1a://myapp.com"
	CodeOriginSchemeStar    Code = "origin-scheme-star"    // "*://myapp.com"
	CodeOriginWebSocket     Code = "origin-websocket"      // "wss://myapp.com"
	CodeOriginFile          Code = "origin-file"           // "file://"
	CodeOriginUpperCase     Code = "origin-upper-case"     // "https://MyApp.com"
	CodeOriginTrailingSlash Code = "origin-trailing-slash" // "https://myapp.com/"
	CodeOriginPath          Code = "origin-path"           // "https://myapp.com/app"
	CodeOriginQuery         Code = "origin-query"          // "https://myapp.com?a"
	CodeOriginFragment      Code = "origin-fragment"       // "https://myapp.com#a"
	CodeOriginUser          Code = "origin-user"           // "https://user@myapp.com"
	CodeOriginDefaultPort   Code = "origin-default-port"   // "https://myapp.com:443"
	CodeOriginNoPort        Code = "origin-no-port"        // "https://myapp.com:"
	CodeOriginPort          Code = "origin-port"           // "https://myapp.com:65536"
	CodeOriginPortStar      Code = "origin-port-star"      // "http://localhost:30*"
	CodeOriginNoHost        Code = "origin-no-host"        // "https://"
	CodeOriginHost          Code = "origin-host"           // "https://my%app.com"
	CodeOriginUnicode       Code = "origin-unicode"        // "https://bücher.example"
	CodeOriginIPv4          Code = "origin-ipv4"           // "http://127.1"
	CodeOriginIPv6          Code = "origin-ipv6"           // "http://[0::1]"
	CodeOriginEveryHost     Code = "origin-every-host"     // "https://*"
	CodeOriginStars         Code = "origin-stars"          // "https://*.*.myapp.com"
	CodeOriginStarPlace     Code = "origin-star-place"     // "https://www.*.myapp.com"
	CodeOriginStarDomain    Code = "origin-star-domain"    // "https://*myapp.com"
	CodeOriginStarRoom      Code = "origin-star-room"      // nothing fits in place of the asterisk
	CodeOriginPunycode      Code = "origin-punycode"       // "https://xn--f"
	CodeOriginStarAddress   Code = "origin-star-address"   // "http://192.168.1.*"
)

// Expressions.
const (
	CodeRegexpNil         Code = "regexp-nil"          // a nil pointer
	CodeRegexpCut         Code = "regexp-cut"          // "https://[a-z]{2", the first part of a longer one
	CodeRegexpInvalid     Code = "regexp-invalid"      // it does not compile inside \A(?:…)\z
	CodeRegexpNoOrigin    Code = "regexp-no-origin"    // it matches no origin
	CodeRegexpNull        Code = "regexp-null"         // it matches "null" alone, without Unsafe.NullOrigin
	CodeRegexpTooLarge    Code = "regexp-too-large"    // too large to judge
	CodeRegexpSchemes     Code = "regexp-schemes"      // any scheme, with AllowCredentials
	CodeRegexpDomains     Code = "regexp-domains"      // any number of domains, with AllowCredentials
	CodeRegexpManyDomains Code = "regexp-many-domains" // more than nine domains that it spells out, with AllowCredentials
	CodeRegexpAnyApp      Code = "regexp-any-app"      // any host of a custom scheme, with AllowCredentials
	CodeRegexpInsecure    Code = "regexp-insecure"     // http beyond loopback, with AllowCredentials
	CodeRegexpBelowSuffix Code = "regexp-below-suffix" // any name right below a public suffix, with AllowCredentials
)

// Methods, header names and numbers.
const (
	CodeNameEmpty                Code = "name-empty"                  // ""
	CodeNameInvalid              Code = "name-invalid"                // "X-Token:"
	CodeNameVariable             Code = "name-variable"               // "${HEADERS}"
	CodeNameSeveral              Code = "name-several"                // "GET, PUT"
	CodeMethodForbidden          Code = "method-forbidden"            // CONNECT, TRACE, TRACK
	CodeMethodCase               Code = "method-case"                 // "patch" without "PATCH"
	CodeHeaderCookie             Code = "header-cookie"               // "Cookie" in AllowHeaders
	CodeHeaderForbidden          Code = "header-forbidden"            // "Sec-Fetch-Site" in AllowHeaders
	CodeExposeCookie             Code = "expose-cookie"               // "Set-Cookie" in ExposeHeaders
	CodeExposeAnyWithCredentials Code = "expose-any-with-credentials" // "*" in ExposeHeaders with AllowCredentials
	CodeVaryAny                  Code = "vary-any"                    // "*" in Vary
	CodeMaxAge                   Code = "max-age"                     // not in whole seconds
	CodePreflightStatus          Code = "preflight-status"            // not a 2xx
)

// ReportOnly.
const (
	CodeReportOnlyUnheard  Code = "report-only-unheard"   // ReportOnly without OnReject
	CodeReportOnlyOnReject Code = "report-only-on-reject" // OnReject inside ReportOnly
	CodeReportOnlyNested   Code = "report-only-nested"    // ReportOnly inside ReportOnly
)
