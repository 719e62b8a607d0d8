package origin

import (
	"encoding/json"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// This file corrects the text around the origin in an entry, which comes from
// files, shells and templates. Each step returns the rest of the entry, or true
// if the entry is explained.

const quotes = "\"'`“”„‘’«»"

func (r *repair) blank(s string) (string, bool) {
	t := strings.TrimSpace(s)
	if strings.Trim(t, quotes+" \t") == "" {
		r.note("empty", "is empty")
		r.advice = adviceUnset
		return "", true
	}
	if t != s {
		r.note("blanks", "has blanks around it")
	}
	return t, false
}

func (r *repair) invisible(s string) (string, bool) {
	t := strings.Map(func(c rune) rune {
		joiner := c == '\u200c' || c == '\u200d' // they are letters of some scripts
		if c == '\u00ad' || unicode.Is(unicode.Cf, c) && !joiner || unicode.IsControl(c) && !unicode.IsSpace(c) {
			return -1
		}
		return c
	}, s)
	if t != s {
		r.note("invisible", "has an invisible character")
	}
	return t, false
}

// word explains entries of other libraries, and values of other settings.
func (r *repair) word(s string) (string, bool) {
	switch strings.ToLower(strings.Trim(s, quotes)) {
	case "all", "any", "true", "yes", "everyone", "anyone", "public", ".*", "(.*)", "^.*$", "/.*/":
		r.note("word", "is not an origin")
		r.every = r.suggest("*")
	case "**", "*.*", "*.*.*", "*://*", "*://*/*", "*:*", "http*", "https*", "http*://*", "http://", "https://":
		if strings.HasSuffix(s, "//") {
			return s, false
		}
		r.everyHost()
	case "none", "false", "no", "nobody", "[]", "{}":
		r.note("word", "is not an origin")
		r.advice = "remove it: an empty list allows no origin"
	case "self", "same-origin", "same-site", "self-origin":
		r.note("word", "is not an origin")
		r.advice = "remove it: the server's own pages need no permission"
	case "undefined", "nil", "<nil>", "<no value>", "[object object]", "nan":
		r.note("variable", "is what a variable without a value looks like")
		r.advice = adviceUnset
	default:
		return s, false
	}
	return "", true
}

var (
	// variables of shells, templates, CI systems and programming languages
	variable = regexp.MustCompile(`\$\{|\$\(|\$[A-Za-z_]|\{\{|<%|%[A-Za-z_]\w*%|#\{|__[A-Z][A-Z_]*__|process\.env|import\.meta|os\.environ|Getenv|ENV\[|<[^<>:/]+>`)
	// parts of hosts, as in routes and URL templates
	placeholder = regexp.MustCompile(`\{[A-Za-z_]\w*\}|//:[A-Za-z_]\w*`)
)

func (r *repair) variable(s string) (string, bool) {
	if variable.MatchString(s) {
		r.note("variable", "contains a variable that was not replaced by its value")
		r.advice = `replace it where the list is read, or write the origin, such as "https://myapp.com"`
		return "", true
	}
	if found := placeholder.FindString(s); found != "" {
		r.note("variable", "contains the placeholder %q", strings.TrimPrefix(found, "//"))
		t := strings.Replace(s, found, map[bool]string{true: "//*", false: "*"}[found[0] == '/'], 1)
		if !strings.Contains(s, "*") && r.suggestFor(t) {
			return "", true
		}
		r.advice = `replace it where the list is read, or write the origin, such as "https://myapp.com"`
		return "", true
	}
	return s, false
}

// json explains an array that is not decoded, and the parts of one that was cut at
// its commas.
func (r *repair) json(s string) (string, bool) {
	var list []string
	if json.Unmarshal([]byte(s), &list) == nil || json.Unmarshal([]byte("["+s+"]"), &list) == nil && len(list) > 1 {
		if r.suggestFor(list...) && len(list) > 0 {
			r.note("json", "is an array in a string: decode it, or write a list")
			return "", true
		}
		return s, false
	}
	t := strings.TrimSpace(strings.Trim(s, "[],"))
	if t == s || strings.Trim(t, quotes) == t || strings.Contains(strings.Trim(t, quotes), ",") {
		return s, false
	}
	r.note("json", "is a part of an array that was cut at its commas: decode the array")
	return strings.TrimSpace(strings.Trim(t, quotes)), false
}

// markdown is a link, such as [https://myapp.com](https://myapp.com).
var markdown = regexp.MustCompile(`^\[[^\[\]()]*\]\(([^()]+)\)$`)

// around removes quotes and brackets.
func (r *repair) around(s string) (string, bool) {
	t := strings.ReplaceAll(s, `\"`, `"`)
	if u := strings.Trim(t, quotes+" "); u != t {
		r.note("quotes", "has quotes inside the string")
		t = u
	} else {
		t = s
	}
	if m := markdown.FindStringSubmatch(t); m != nil {
		r.note("quotes", "is a link in Markdown")
		return m[1], false
	}
	if in, ok := strings.CutPrefix(t, "("); ok && strings.HasSuffix(in, ")") && !looksLikeExpression(in[:len(in)-1]) && !strings.Contains(in, "|") {
		r.note("quotes", "has brackets around it")
		t = in[:len(in)-1]
	}
	inner := strings.TrimSpace(strings.Trim(t, "[]<>{}"))
	if addr, err := netip.ParseAddr(inner); err == nil && addr.Is6() || strings.HasPrefix(t, "[") && hostLen(t) < len(t) && strings.ContainsAny(t[:hostLen(t)], ":") && !strings.Contains(t, "://") {
		return t, false // an address in its brackets
	}
	if inner != t && strings.ContainsRune("[<{", rune(t[0])) {
		r.note("quotes", "has brackets around it")
		t = strings.Trim(inner, quotes)
	}
	t = strings.TrimSpace(t)
	if u := strings.Trim(t, ",; "); u != t {
		r.note("separator", "has a separator beside it, such as a comma")
		t = u
	}
	if strings.Trim(t, quotes) == "" {
		r.note("empty", "is empty")
		r.advice = adviceRemove
		return "", true
	}
	return t, false
}

func (r *repair) file(s string) (string, bool) {
	if len(s) < len("file:") || !strings.EqualFold(s[:len("file:")], "file:") {
		return s, false
	}
	r.note("file", `is not what browsers send for a page from a file: that is "null", or "file://" in some app shells`)
	r.advice = `remove it, or write "file://" and set Unsafe.NullOrigin to true`
	return "", true
}

var comment = regexp.MustCompile(`\s+(#|//).*$`)

func (r *repair) comment(s string) (string, bool) {
	t := comment.ReplaceAllString(s, "")
	if t == s || !strings.Contains(t, "://") && !strings.Contains(t, ".") {
		return s, false
	}
	r.note("comment", "has a comment")
	return t, false
}

var (
	// name matches the name before a value in files of settings and in headers.
	name = regexp.MustCompile(`(?i)^(export\s+)?([a-z_][\w-]*\s*=\s*|origin\s*:\s*|access-control-allow-origin\s*:\s*)`)
	dash = regexp.MustCompile(`^[-*•]\s+`)
)

func (r *repair) name(s string) (string, bool) {
	for _, prefix := range []*regexp.Regexp{dash, name} {
		if t := prefix.ReplaceAllString(s, ""); t != s && t != "" {
			r.note("name", "has %q before the origin", strings.TrimSpace(s[:len(s)-len(t)]))
			return strings.Trim(t, quotes), false
		}
	}
	return s, false
}

// escapes removes backslashes and percent-encoding.
func (r *repair) escapes(s string) (string, bool) {
	if strings.Contains(s, "%3A") || strings.Contains(s, "%3a") || strings.Contains(s, "%2F") || strings.Contains(s, "%2f") {
		if t, err := url.PathUnescape(s); err == nil {
			r.note("escapes", "is percent-encoded")
			return t, false
		}
	}
	if !strings.Contains(s, `\`) || looksLikeExpression(s) {
		return s, false
	}
	for _, end := range []string{`\n`, `\r`, `\t`} {
		s = strings.TrimSuffix(s, end)
	}
	r.note("escapes", "has backslashes")
	return strings.TrimRight(strings.NewReplacer(`\/`, "/", `\`, "/").Replace(s), "/"), false
}

// separators are characters between origins in one string. A comma may also be
// inside braces.
const separators = ",;| \t\r\n"

// braces are alternatives in a shell: https://{a,b}.myapp.com.
var braces = regexp.MustCompile(`^([^{}\[\]]*)[{\[]([^{}\[\]]*[,|][^{}\[\]]*)[}\]]([^{}\[\]]*)$`)

const severalReason = "holds several origins, but each needs a string of its own"

// several explains an entry such as "https://a.com, https://b.com".
func (r *repair) several(s string) (string, bool) {
	var list []string
	if m := braces.FindStringSubmatch(s); m != nil {
		for part := range strings.FieldsFuncSeq(m[2], isSeparator) {
			list = append(list, m[1]+part+m[3])
		}
	} else if list = splitOrigins(s); len(list) == 2 && isTornHost(list[0], list[1]) {
		list = nil
	}
	if len(list) < 2 || !r.suggestFor(list...) {
		return s, false
	}
	r.code, r.reasons = "", nil // what is around each of them does not matter
	r.note("several", severalReason)
	return "", true
}

func isSeparator(c rune) bool { return strings.ContainsRune(separators, c) }

// splitOrigins splits a string at separators, and where a second scheme begins.
func splitOrigins(s string) (list []string) {
	for part := range strings.FieldsFuncSeq(s, isSeparator) {
		last := len(list) - 1
		switch {
		case part == "http" || part == "https":
			return nil
		case part == "and" || part == "or" || part == "&" || part == "+" || part == "-":
		case last >= 0 && strings.Trim(part, "0123456789") == "": // a further port
			host, port := cutLastPort(list[last])
			if port == "" {
				return nil
			}
			list = append(list, host+":"+part)
		default:
			list = append(list, splitSchemes(strings.Trim(part, quotes))...)
		}
	}
	return list
}

// isTornHost reports whether two parts are probably one host with a blank inside:
// "https://my app.com".
func isTornHost(first, second string) bool {
	_, host, ok := strings.Cut(first, "://")
	return ok && !strings.ContainsAny(host, ".:[") && !IsLoopback(host) && !strings.Contains(second, "://")
}

func cutLastPort(s string) (before, port string) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 || i+1 == len(s) || strings.Trim(s[i+1:], "0123456789") != "" {
		return s, ""
	}
	return s[:i], s[i+1:]
}

// splitSchemes splits "https://a.comhttps://b.com".
func splitSchemes(s string) []string {
	const scheme = "http"
	i := strings.LastIndex(s, scheme)
	if i <= 0 || !strings.Contains(s[i:], "://") || !strings.Contains(s[:i], "://") || strings.HasSuffix(s[:i], "://") ||
		strings.ContainsAny(strings.SplitN(s[:i], "://", 2)[1], "/?#") {
		return []string{s}
	}
	return []string{s[:i], s[i:]}
}

// insideBlank removes blanks inside an origin.
func (r *repair) insideBlank(s string) (string, bool) {
	t := strings.Join(strings.Fields(s), "")
	if t != s {
		r.note("blanks", "has a blank inside")
	}
	return t, false
}
