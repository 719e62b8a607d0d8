package cors

import (
	"context"
	"regexp"
	"slices"
	"time"
)

// A Config says which origins may do what. [New] and [Policy.Reconfigure] copy a
// Config, and refuse settings that can only be mistakes. Later changes to it
// have no effect. The zero Config is refused, because it does not say which
// origins are allowed.
//
// A Config can be decoded from JSON and YAML under camelCase keys such as
// allowOrigins. Unknown keys, duplicate keys (in any case) and null are errors.
// It can also be decoded from environment variables by libraries that read env
// tags (ALLOW_ORIGINS, after the application's prefix). These libraries split
// lists at commas.
type Config struct {
	// AllowOrigins lists the origins that may read responses, in the form in
	// which browsers send them:
	//
	//	https://myapp.com        that origin
	//	https://*.myapp.com      its subdomains at any depth, but not itself
	//	http://localhost:*       that host on any port
	//	https://pr-*.myapp.dev   one label with a variable part
	//	moz-extension://*        all hosts of a scheme other than http and https
	//	tauri://localhost        any other scheme
	//	null, file://            only with Unsafe.NullOrigin
	//	*                        every origin; the only entry, and without credentials
	//
	// An origin is allowed if AllowOrigins, AllowOriginRegexps or
	// AllowOriginFunc allows it. One of the three must be set. An empty list
	// differs from nil: it allows no origin, and the policy stays in place. Some
	// packages for environment variables decode a blank variable as an empty
	// list.
	AllowOrigins []string `json:"allowOrigins,omitzero" yaml:"allowOrigins,omitempty" env:"ALLOW_ORIGINS"`

	// AllowOriginRegexps lists regular expressions. Each allows the origins that
	// it matches as a whole, as if it began with \A and ended with \z. A dot in
	// an expression matches any character: write \. for a dot in a host name.
	//
	// An expression that matches no origin is an error. With AllowCredentials,
	// so is an expression that matches
	//
	//   - more than nine registrable domains or IP addresses; loopback and
	//     reserved names such as .test do not count,
	//   - any scheme,
	//   - http:// beyond loopback, or any host of a custom scheme, unless
	//     Unsafe.InsecureOrigins is set,
	//   - any name right below a public suffix, unless Unsafe.PublicSuffixes is
	//     set.
	//
	// The error names an origin that shows the problem. An expression that is
	// too large to judge is an error, too: split it.
	AllowOriginRegexps []*regexp.Regexp `json:"allowOriginRegexps,omitzero" yaml:"allowOriginRegexps,omitempty" env:"ALLOW_ORIGIN_REGEXPS"`

	// AllowOriginFunc reports whether to allow an origin that AllowOrigins and
	// AllowOriginRegexps do not allow. If it is nil, such origins are not
	// allowed. It is called only with well-formed origins and, if
	// Unsafe.NullOrigin is set, with "null" and "file://". It may retain the
	// origin. The context is that of the request: httpcors.Request and
	// fibercors.Ctx return the request itself. Calls may be concurrent.
	//
	// If AllowOriginFunc returns an error, the origin is not allowed, and the
	// error goes to the framework's error handling. So does a panic: in fiber,
	// it ends the process unless the recover middleware is mounted before the
	// policy.
	AllowOriginFunc func(ctx context.Context, origin string) (bool, error) `json:"-" yaml:"-" env:"-"`

	// AllowMethods lists the methods that scripts may use besides GET, HEAD and
	// POST, which need no permission. Case matters: browsers upper-case only
	// DELETE, GET, HEAD, OPTIONS, POST and PUT. "*" allows all methods. Nil
	// means GET, HEAD, PUT, PATCH, POST and DELETE. An empty list that is not
	// nil adds none.
	AllowMethods []string `json:"allowMethods,omitzero" yaml:"allowMethods,omitempty" env:"ALLOW_METHODS"`

	// AllowHeaders lists the request headers that scripts may set besides the
	// safelisted ones, in any case. List Content-Type for JSON bodies. "*"
	// allows all but Authorization, which must be listed. Nil adds none.
	//
	// Scripts cannot set the forbidden request headers of the Fetch standard.
	// Most of them, such as Origin and Content-Length, have no effect in this
	// list. The following are errors, because their author expects an effect:
	// Cookie (set AllowCredentials instead), and names that begin with Sec-,
	// Proxy- or Access-Control-Request-.
	AllowHeaders []string `json:"allowHeaders,omitzero" yaml:"allowHeaders,omitempty" env:"ALLOW_HEADERS"`

	// ExposeHeaders lists the response headers that scripts may read besides the
	// safelisted ones. "*" exposes all headers, and is an error with
	// AllowCredentials. Nil adds none. Set-Cookie is an error, because scripts
	// can never read it.
	ExposeHeaders []string `json:"exposeHeaders,omitzero" yaml:"exposeHeaders,omitempty" env:"EXPOSE_HEADERS"`

	// AllowCredentials allows requests with cookies, TLS client certificates
	// and HTTP authentication by the browser. An Authorization header set by a
	// script does not count as a credential here.
	AllowCredentials bool `json:"allowCredentials,omitzero" yaml:"allowCredentials,omitempty" env:"ALLOW_CREDENTIALS"`

	// MaxAge is how long browsers may cache the response to a preflight, in
	// whole seconds. If it is zero, the header is omitted, and browsers cache
	// for 5 seconds. If it is negative, the header is 0, and browsers do not
	// cache. Chromium caches for at most 2 hours.
	//
	// In JSON and YAML, it is a string such as "24h" or a number of seconds. In
	// environment variables, it is such a string.
	MaxAge time.Duration `json:"maxAge,omitzero" yaml:"maxAge,omitempty" env:"MAX_AGE"`

	// Vary lists the request headers on which the choice of this policy depends,
	// such as X-Tenant. Caches then keep the responses of several policies
	// apart. Origin is added where the response depends on it. List Origin if
	// Select chooses by it and this policy allows every origin.
	Vary []string `json:"vary,omitzero" yaml:"vary,omitempty" env:"VARY"`

	// PreflightContinue passes allowed preflights on to the next handler. The
	// response still gets the headers of the policy. The handler must set a 2xx
	// status: browsers reject any other.
	PreflightContinue bool `json:"preflightContinue,omitzero" yaml:"preflightContinue,omitempty" env:"PREFLIGHT_CONTINUE"`

	// PreflightStatus is the status of preflights that are allowed, a 2xx. Zero
	// means 204 (No Content).
	PreflightStatus int `json:"preflightStatus,omitzero" yaml:"preflightStatus,omitempty" env:"PREFLIGHT_STATUS"`

	// RejectDisallowed responds with 403 (Forbidden) to cross-origin requests
	// from origins that are not allowed, and does not call the next handler. If
	// it is false, the handler runs, and the browser hides the response from the
	// script. Requests without Origin and requests from the server's own origin
	// are not rejected. The server's own origin is recognised by Sec-Fetch-Site
	// or, if that header is absent, by Host.
	RejectDisallowed bool `json:"rejectDisallowed,omitzero" yaml:"rejectDisallowed,omitempty" env:"REJECT_DISALLOWED"`

	// OnReject is called for each request whose response a browser will refuse,
	// before the response is sent. If it is nil, nothing is reported. Calls may
	// be concurrent. OnReject should be fast, because anyone can cause
	// rejections. [LogRejections] returns a function that logs them.
	OnReject func(context.Context, Rejection) `json:"-" yaml:"-" env:"-"`

	// ReportOnly is a Config to try out. It does not affect responses. OnReject,
	// which must be set, is also called for each request that this Config does
	// not refuse and ReportOnly would, with Rejection.ReportOnly set. Use it to
	// replace "*" by a list of origins without breaking a forgotten front end.
	//
	// ReportOnly does not use the AllowOriginFunc of this Config. Its own
	// AllowOriginFunc is called only for requests that this Config does not
	// refuse. Errors and panics of that function are reported to OnReject. The
	// fields OnReject and ReportOnly of ReportOnly must not be set. Libraries
	// for environment variables leave ReportOnly nil.
	ReportOnly *Config `json:"reportOnly,omitzero" yaml:"reportOnly,omitempty" env:"-" envPrefix:"REPORT_ONLY_" ignored:"true"`

	// Unsafe disables protections, one by one.
	Unsafe Unsafe `json:"unsafe,omitzero" yaml:"unsafe,omitempty" envPrefix:"UNSAFE_"`
}

// Unsafe enables settings that are usually mistakes. The zero value enables
// none.
type Unsafe struct {
	// InsecureOrigins allows, together with credentials, http:// origins beyond
	// loopback, whose pages anyone on the network can change, and every host of a
	// custom scheme (moz-extension://*).
	InsecureOrigins bool `json:"insecureOrigins,omitzero" yaml:"insecureOrigins,omitempty" env:"INSECURE_ORIGINS"`

	// PublicSuffixes allows, together with credentials, wildcards that cover
	// names right below a public suffix, where anyone can register a name:
	// https://*.github.io, https://pr-*.vercel.app, and https://*.railway.app,
	// which covers names below up.railway.app.
	//
	// The public suffixes are those of https://publicsuffix.org/ as of
	// 2026-02-06. The list is incomplete: it has only domains whose owners asked
	// to be added. Check who can register the names that a wildcard covers.
	PublicSuffixes bool `json:"publicSuffixes,omitzero" yaml:"publicSuffixes,omitempty" env:"PUBLIC_SUFFIXES"`

	// NullOrigin allows the entries "null" and "file://" in AllowOrigins, and
	// passes these origins to AllowOriginRegexps and AllowOriginFunc. Browsers
	// send "null" for sandboxed frames and local files, and some app shells send
	// "file://". Any site can send "null", and any file on a device "file://".
	NullOrigin bool `json:"nullOrigin,omitzero" yaml:"nullOrigin,omitempty" env:"NULL_ORIGIN"`
}

// AllowAll returns the Config of a public API: every origin, method and header
// (Authorization too), no credentials.
func AllowAll() Config {
	return Config{
		AllowOrigins: []string{"*"},
		AllowMethods: []string{"*"},
		AllowHeaders: []string{"*", "Authorization"},
	}
}

// clone returns a deep copy. It does not copy a ReportOnly inside ReportOnly,
// which New refuses, because it may be a cycle.
func (c Config) clone() Config {
	for _, list := range []*[]string{
		&c.AllowOrigins, &c.AllowMethods, &c.AllowHeaders, &c.ExposeHeaders, &c.Vary,
	} {
		*list = slices.Clone(*list)
	}
	c.AllowOriginRegexps = slices.Clone(c.AllowOriginRegexps)
	for i, re := range c.AllowOriginRegexps {
		if re != nil {
			copied := *re // UnmarshalText changes it
			c.AllowOriginRegexps[i] = &copied
		}
	}
	if c.ReportOnly != nil {
		tried := *c.ReportOnly
		tried.ReportOnly = nil
		tried = tried.clone()
		tried.ReportOnly = c.ReportOnly.ReportOnly
		c.ReportOnly = &tried
	}
	return c
}
