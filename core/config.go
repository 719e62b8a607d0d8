package cors

import (
	"context"
	"regexp"
	"slices"
	"time"
)

// A Config says which origins may do what. [New] and [Policy.Reconfigure] copy a
// Config, and refuse settings that can only be mistakes. Later changes to it have
// no effect.
//
// A Config can be decoded from JSON and YAML under camelCase keys such as
// allowOrigins. Unknown keys, keys that come twice in whatever case, and null are
// errors. It can also be decoded from environment variables by libraries that
// read env tags (ALLOW_ORIGINS, with the application's prefix in front). These
// libraries split lists at commas.
type Config struct {
	// AllowOrigins lists the origins that may read responses, in the form in
	// which browsers send them:
	//
	//	https://myapp.com        that origin
	//	https://*.myapp.com      all its subdomains at any depth, not itself
	//	http://localhost:*       that host on any port
	//	https://pr-*.myapp.dev   one label, of which a part may vary
	//	moz-extension://*        all hosts of a scheme other than http and https
	//	tauri://localhost        any other scheme
	//	null, file://            only with Unsafe.NullOrigin
	//	*                        every origin; alone, and without credentials
	//
	// An origin is allowed if AllowOrigins, AllowOriginRegexps or AllowOriginFunc
	// allows it. One of the three must be set. An empty list is not nil: it
	// allows no origin, which closes the door without removing the policy. Some
	// packages for environment variables make an empty list of a blank variable.
	AllowOrigins []string `json:"allowOrigins,omitzero" yaml:"allowOrigins,omitempty" env:"ALLOW_ORIGINS"`

	// AllowOriginRegexps allows the origins that match one of these as a whole,
	// as if each began with \A and ended with \z. A dot in them matches any
	// character: write \. for those of a host name.
	//
	// An expression that matches no origin is refused. With AllowCredentials,
	// so is one that matches what AllowOrigins may not list either, and the error
	// names an origin that shows it: more than nine registrable domains or IP
	// addresses (loopback and reserved names such as .test do not count), any
	// scheme, http:// beyond loopback or any host of a custom scheme (unless
	// Unsafe.InsecureOrigins is set), or any name right below a public suffix
	// (unless Unsafe.PublicSuffixes is set). One that is too large to judge
	// needs to be split.
	AllowOriginRegexps []*regexp.Regexp `json:"allowOriginRegexps,omitzero" yaml:"allowOriginRegexps,omitempty" env:"ALLOW_ORIGIN_REGEXPS"`

	// AllowOriginFunc is asked about origins that the lists do not allow; nil
	// allows none of them. It sees nothing but well-formed origins ("null" with
	// Unsafe.NullOrigin), which it may keep, and the context of the request,
	// through which httpcors.Request and fibercors.Ctx return the request
	// itself. An error allows nothing and goes to the framework's error
	// handling; requests without Origin never get here. It is called
	// concurrently. A panic goes to the framework, too: fiber's ends the
	// process, unless recover is mounted before the policy.
	AllowOriginFunc func(ctx context.Context, origin string) (bool, error) `json:"-" yaml:"-" env:"-"`

	// AllowMethods lists the methods that may be used besides GET, HEAD and
	// POST, which need no permission. Case matters: browsers upper-case no
	// other methods than DELETE, GET, HEAD, OPTIONS, POST and PUT. "*" stands
	// for all. Nil means GET, HEAD, PUT, PATCH, POST and DELETE.
	AllowMethods []string `json:"allowMethods,omitzero" yaml:"allowMethods,omitempty" env:"ALLOW_METHODS"`

	// AllowHeaders lists the request headers that scripts may set besides the
	// safelisted ones, in any case. Content-Type has to be listed for JSON
	// bodies. "*" allows all but Authorization, which has to be listed. Nil allows
	// none.
	//
	// Scripts can never set some headers. Those that are there or not whatever
	// the policy says, such as Origin and Content-Length, may be listed and have
	// no effect. The others are errors, because somebody counts on them: Cookie
	// (which needs AllowCredentials), and names that begin with Sec-, Proxy- or
	// Access-Control-Request-.
	AllowHeaders []string `json:"allowHeaders,omitzero" yaml:"allowHeaders,omitempty" env:"ALLOW_HEADERS"`

	// ExposeHeaders lists the response headers that scripts may read besides
	// the safelisted ones. "*" exposes all, and excludes credentials. Nil exposes
	// none. Set-Cookie is an error: scripts never see it.
	ExposeHeaders []string `json:"exposeHeaders,omitzero" yaml:"exposeHeaders,omitempty" env:"EXPOSE_HEADERS"`

	// AllowCredentials allows requests with cookies, TLS client certificates
	// and HTTP authentication by the browser. An Authorization header set by a
	// script does not count as a credential here.
	AllowCredentials bool `json:"allowCredentials,omitzero" yaml:"allowCredentials,omitempty" env:"ALLOW_CREDENTIALS"`

	// MaxAge is how long browsers may remember the answer to a preflight, in
	// whole seconds. Zero leaves it to them (5 s); a negative value, sent as 0,
	// tells them to remember nothing. Chromium remembers for at most 2 hours.
	//
	// In JSON and YAML it is a string such as "24h" or a number of seconds, and
	// in environment variables such a string.
	MaxAge time.Duration `json:"maxAge,omitzero" yaml:"maxAge,omitempty" env:"MAX_AGE"`

	// Vary lists the request headers on which the choice of this policy depends,
	// such as X-Tenant. Caches then keep the responses of several policies apart.
	// Origin is added where the response depends on it; list it if Select chooses
	// by Origin and this policy allows every origin.
	Vary []string `json:"vary,omitzero" yaml:"vary,omitempty" env:"VARY"`

	// PreflightContinue lets the next handler answer the preflights that are
	// allowed. The response gets the headers all the same. Its status must be 2xx.
	PreflightContinue bool `json:"preflightContinue,omitzero" yaml:"preflightContinue,omitempty" env:"PREFLIGHT_CONTINUE"`

	// PreflightStatus is the status of preflights that are allowed, a 2xx. Zero
	// means 204 (No Content).
	PreflightStatus int `json:"preflightStatus,omitzero" yaml:"preflightStatus,omitempty" env:"PREFLIGHT_STATUS"`

	// RejectDisallowed answers 403 (Forbidden) to cross-origin requests from
	// origins that are not allowed, and their handler does not run. Without it they
	// pass and the browser keeps the response from the script. Requests
	// without Origin pass, and those from the server's own origin, which is told
	// by Sec-Fetch-Site or, where browsers do not send it, by Host.
	RejectDisallowed bool `json:"rejectDisallowed,omitzero" yaml:"rejectDisallowed,omitempty" env:"REJECT_DISALLOWED"`

	// OnReject is told about each request that a browser will refuse, and why;
	// nil costs nothing. It is called concurrently, before the response is
	// sent, and should be quick: anyone can cause refusals. See
	// [LogRejections].
	OnReject func(context.Context, Rejection) `json:"-" yaml:"-" env:"-"`

	// ReportOnly is tried out beside this Config, which alone decides about the
	// response. OnReject, which must be set, gets the requests that a browser
	// would refuse if ReportOnly were in force, with Rejection.ReportOnly set. It
	// does not get requests that this Config refuses a second time. So a public
	// "*" can become a list without breaking a front end that nobody remembers.
	//
	// Only its own AllowOriginFunc is called, and only about requests that this
	// Config does not refuse. Its errors and panics are reported. OnReject and
	// ReportOnly must not be set inside it. Libraries for environment variables
	// leave it nil.
	ReportOnly *Config `json:"reportOnly,omitzero" yaml:"reportOnly,omitempty" env:"-" envPrefix:"REPORT_ONLY_" ignored:"true"`

	// Unsafe lifts protections, one by one.
	Unsafe Unsafe `json:"unsafe,omitzero" yaml:"unsafe,omitempty" envPrefix:"UNSAFE_"`
}

// Unsafe holds the permissions that are mistakes more often than not. The zero
// value grants none.
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
	// The public suffixes are those of https://publicsuffix.org/ as of 2026-02-06.
	// The list is a net with holes: domains register themselves, and many that
	// give names to anyone never do. Check who owns the names that a wildcard
	// covers.
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

// clone copies all that the caller could change later. A ReportOnly inside
// ReportOnly, which New refuses, is not copied: it could go on for ever.
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
