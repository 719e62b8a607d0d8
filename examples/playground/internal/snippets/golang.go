package snippets

import (
	"context"
	"fmt"
	"go/format"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	cors "github.com/polycors/polycors/core"
)

// A mount is how a policy is mounted in a framework.
type mount struct {
	imports []string
	pkg     string // that Config and New are from
	code    string // with %s for the middleware
}

const module = "github.com/polycors/polycors/"

var mounts = map[string]mount{
	"nethttp": {[]string{"net/http", module + "core/httpcors"}, "httpcors",
		"mux := http.NewServeMux()\n// mux.HandleFunc(\"GET /items\", …)\n_ = http.ListenAndServe(\"127.0.0.1:8080\", %s(mux))"},
	"gin": {[]string{"github.com/gin-gonic/gin", "gincors " + module + "ginadapter"}, "gincors",
		"r := gin.New()\nr.Use(%s) // before the routes\n_ = r.Run(\"127.0.0.1:8080\")"},
	"echo": {[]string{"github.com/labstack/echo/v4", "echocors " + module + "echoadapter"}, "echocors",
		"e := echo.New()\ne.Use(%s)\n_ = e.Start(\"127.0.0.1:8080\")"},
	"echo5": {[]string{"github.com/labstack/echo/v5", "echocors " + module + "echo5adapter"}, "echocors",
		"e := echo.New()\ne.Use(%s)\n_ = e.Start(\"127.0.0.1:8080\")"},
	"fiber": {[]string{"github.com/gofiber/fiber/v2", "fibercors " + module + "fiberadapter"}, "fibercors",
		"app := fiber.New()\napp.Use(%s) // before the routes\n_ = app.Listen(\"127.0.0.1:8080\")"},
	"fiber3": {[]string{"github.com/gofiber/fiber/v3", "fibercors " + module + "fiber3adapter"}, "fibercors",
		"app := fiber.New()\napp.Use(%s) // before the routes\n_ = app.Listen(\"127.0.0.1:8080\")"},
	"chi": {[]string{"net/http", "github.com/go-chi/chi/v5", "chicors " + module + "chiadapter"}, "chicors",
		"r := chi.NewRouter()\nr.Use(%s)\n_ = http.ListenAndServe(\"127.0.0.1:8080\", r)"},
}

// program returns a program with the policy in a framework.
func program(cfg cors.Config, m mount) string {
	body, paths := literal(cfg, m.pkg)
	return formatted("package main\n\n" + imports(append(paths, m.imports...)) +
		"func main() {\n" + fmt.Sprintf(m.code, m.pkg+".New("+body+")") + "\n}\n")
}

// testOf returns a test that expects of the policy what it does with the request.
func testOf(cfg cors.Config, r Request) string {
	body, paths := literal(cfg, "httpcors")
	paths = append(paths, "net/http", "testing", module+"core/corstest", module+"core/httpcors")
	page := []string{"Origin: " + strconv.Quote(r.Page)}
	if r.Credentials {
		page = append(page, "Credentials: corstest.Include")
	}
	page = append(page, "Transport: corstest.Handler(api)")
	args := []string{"t", "page", strconv.Quote(r.SentMethod()), `"/items/1"`}
	for _, h := range r.Headers {
		args = append(args, strconv.Quote(h))
	}
	expect := "Allows"
	if !allows(cfg, r) {
		expect = "Refuses"
	}
	return formatted("package main\n\n" + imports(paths) +
		"func TestCORS(t *testing.T) {\n" +
		"mux := http.NewServeMux() // or your router\n" +
		"mux.HandleFunc(\"/items/{id}\", func(http.ResponseWriter, *http.Request) {})\n" +
		"api := httpcors.New(" + body + ")(mux)\n\n" +
		"page := &corstest.Page{" + strings.Join(page, ", ") + "}\n" +
		"corstest." + expect + "(" + strings.Join(args, ", ") + ")\n}\n")
}

// allows reports whether a browser allows r.
func allows(cfg cors.Config, r Request) bool {
	p, err := cors.New(cfg)
	if err != nil {
		return false
	}
	req := cors.Request{Method: r.SentMethod(), Origin: r.Page, FetchSite: "cross-site", Credentials: r.Credentials}
	if r.NeedsPreflight() {
		req.Method, req.RequestMethod, req.RequestHeaders = "OPTIONS", r.SentMethod(), r.PreflightHeaders()
	}
	return p.Explain(context.Background(), req).Allowed
}

// imports returns the import declaration for paths, which may have a name in front.
func imports(paths []string) string {
	var groups [2]strings.Builder // the standard library, and the others
	for _, path := range sorted(paths) {
		name, rest, named := strings.Cut(path, " ")
		if !named {
			name, rest = "", path
		}
		group := &groups[0]
		if strings.Contains(rest, ".") {
			group = &groups[1]
		}
		fmt.Fprintf(group, "%s %q\n", name, rest)
	}
	return "import (\n" + groups[0].String() + "\n" + groups[1].String() + ")\n\n"
}

func sorted(list []string) []string {
	list = slices.Clone(list)
	slices.Sort(list)
	return slices.Compact(list)
}

// literal returns cfg as a composite literal, and the packages that it needs.
func literal(cfg cors.Config, pkg string) (code string, imports []string) {
	var b strings.Builder
	field := func(name, value string) { fmt.Fprintf(&b, "%s: %s,\n", name, value) }
	list := func(name string, values []string) {
		if values == nil {
			return
		}
		quoted := make([]string, len(values))
		for i, v := range values {
			quoted[i] = strconv.Quote(v)
		}
		field(name, "[]string{"+strings.Join(quoted, ", ")+"}")
	}
	on := func(name string, set bool) {
		if set {
			field(name, "true")
		}
	}
	list("AllowOrigins", cfg.AllowOrigins)
	if len(cfg.AllowOriginRegexps) > 0 {
		imports = append(imports, "regexp")
		field("AllowOriginRegexps", "[]*regexp.Regexp{"+expressions(cfg.AllowOriginRegexps)+"}")
	}
	list("AllowMethods", cfg.AllowMethods)
	list("AllowHeaders", cfg.AllowHeaders)
	list("ExposeHeaders", cfg.ExposeHeaders)
	on("AllowCredentials", cfg.AllowCredentials)
	if cfg.MaxAge != 0 {
		imports = append(imports, "time")
		field("MaxAge", goDuration(cfg.MaxAge))
	}
	list("Vary", cfg.Vary)
	on("PreflightContinue", cfg.PreflightContinue)
	if cfg.PreflightStatus != 0 {
		field("PreflightStatus", strconv.Itoa(cfg.PreflightStatus))
	}
	on("RejectDisallowed", cfg.RejectDisallowed)
	if cfg.Unsafe != (cors.Unsafe{}) {
		imports = append(imports, "cors "+module+"core")
		var fields []string
		for name, set := range map[string]bool{
			"InsecureOrigins": cfg.Unsafe.InsecureOrigins, "NullOrigin": cfg.Unsafe.NullOrigin, "PublicSuffixes": cfg.Unsafe.PublicSuffixes,
		} {
			if set {
				fields = append(fields, name+": true")
			}
		}
		field("Unsafe", "cors.Unsafe{"+strings.Join(sorted(fields), ", ")+"}")
	}
	return pkg + ".Config{\n" + b.String() + "}", imports
}

func expressions(list []*regexp.Regexp) string {
	var code []string
	for _, re := range list {
		text := strconv.Quote(re.String())
		if strconv.CanBackquote(re.String()) {
			text = "`" + re.String() + "`"
		}
		code = append(code, "regexp.MustCompile("+text+")")
	}
	return strings.Join(code, ", ")
}

func goDuration(d time.Duration) string {
	for _, unit := range []struct {
		d    time.Duration
		name string
	}{{time.Hour, "time.Hour"}, {time.Minute, "time.Minute"}, {time.Second, "time.Second"}} {
		if d%unit.d == 0 {
			if d == unit.d {
				return unit.name
			}
			return fmt.Sprintf("%d * %s", d/unit.d, unit.name)
		}
	}
	return fmt.Sprintf("%d", d)
}

// Duration returns "2h" where the String method returns "2h0m0s".
func Duration(d time.Duration) string {
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// formatted returns code as gofmt writes it.
func formatted(code string) string {
	out, err := format.Source([]byte(code))
	if err != nil {
		return code
	}
	return string(out)
}
