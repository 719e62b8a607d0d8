package translate_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/polycors/polycors/examples/playground/internal/translate"
)

func TestTranslate(t *testing.T) {
	for _, tt := range []struct {
		name, text, from, want string
		notes                  string // the fields, in order
	}{
		{
			"gin-contrib's README", `package main

import (
	"time"
	"github.com/gin-contrib/cors"
)

func main() {
	router.Use(cors.New(cors.Config{
		AllowOrigins:     []string{"https://foo.com"},
		AllowMethods:     []string{"PUT", "PATCH"},
		AllowHeaders:     []string{"Origin"},
		ExposeHeaders:    []string{"Content-Length"},
		AllowCredentials: true,
		AllowOriginFunc: func(origin string) bool { return origin == "https://github.com" },
		MaxAge: 12 * time.Hour,
	}))
}`,
			"gin-contrib",
			`{"allowOrigins":["https://foo.com"],"allowMethods":["PUT","PATCH"],"allowHeaders":["Origin"],"exposeHeaders":["Content-Length"],"allowCredentials":true,"rejectDisallowed":true,"maxAge":"12h0m0s"}`,
			"AllowOriginFunc RejectDisallowed",
		},
		{
			"gin-contrib with a default and assignments", `
config := cors.DefaultConfig()
config.AllowOrigins = []string{"http://google.com"}
config.AddAllowHeaders("Authorization")
router.Use(cors.New(config))`,
			"gin-contrib",
			`{"allowOrigins":["http://google.com"],"allowMethods":["GET","POST","PUT","PATCH","DELETE","HEAD","OPTIONS"],"allowHeaders":["Content-Type","Authorization"],"rejectDisallowed":true,"maxAge":"12h0m0s"}`,
			"RejectDisallowed",
		},
		{
			"gin-contrib's Default", `r.Use(cors.Default())`, "gin-contrib",
			`{"allowOrigins":["*"],"allowMethods":["GET","POST","PUT","PATCH","DELETE","HEAD","OPTIONS"],"allowHeaders":["Content-Type"],"maxAge":"12h0m0s"}`, "",
		},
		{
			"echo without headers", `e.Use(middleware.CORSWithConfig(middleware.CORSConfig{
	AllowOrigins: []string{"https://labstack.com"},
	AllowMethods: []string{http.MethodGet, http.MethodPut},
	MaxAge: 3600,
	Skipper: skip,
}))`, "echo",
			`{"allowOrigins":["https://labstack.com"],"allowMethods":["GET","PUT"],"allowHeaders":["*","Authorization"],"maxAge":"1h0m0s"}`,
			"AllowHeaders Skipper",
		},
		{
			"echo's header constants", `middleware.CORSConfig{AllowOrigins: []string{"*"}, AllowHeaders: []string{echo.HeaderOrigin, echo.HeaderContentType, echo.HeaderXRequestedWith}}`,
			"echo", `{"allowOrigins":["*"],"allowHeaders":["Origin","Content-Type","X-Requested-With"]}`, "",
		},
		{"echo's preset", `e.Use(middleware.CORS())`, "echo", `{"allowOrigins":["*"],"allowMethods":["*"],"allowHeaders":["*","Authorization"]}`, ""},
		{
			"fiber v2 with strings", `cors.Config{
	AllowOrigins: "https://gofiber.io, https://gofiber.net",
	AllowHeaders: "Origin, Content-Type, Accept",
	MaxAge: 300,
}`, "fiber", `{"allowOrigins":["https://gofiber.io","https://gofiber.net"],"allowHeaders":["Origin","Content-Type","Accept"],"maxAge":"5m0s"}`, "",
		},
		{
			"fiber's credentials with any origin", `import "github.com/gofiber/fiber/v2/middleware/cors"
var c = cors.Config{AllowOrigins: "*", AllowCredentials: true, AllowHeaders: "Content-Type"}`,
			"fiber", `{"allowOrigins":["*"],"allowHeaders":["Content-Type"],"allowCredentials":true}`, "AllowCredentials",
		},
		{
			"go-chi's README", `r.Use(cors.Handler(cors.Options{
    // AllowedOrigins:   []string{"https://foo.com"},
    AllowedOrigins:   []string{"https://*", "http://*"},
    AllowedMethods:   []string{"GET", "POST", "PUT", "DELETE", "OPTIONS"},
    AllowedHeaders:   []string{"Accept", "Authorization", "Content-Type", "X-CSRF-Token"},
    ExposedHeaders:   []string{"Link"},
    AllowCredentials: false,
    MaxAge:           300, // Maximum value not ignored by any of major browsers
  }))`, "go-chi",
			`{"allowOrigins":["https://*","http://*"],"allowMethods":["GET","POST","PUT","DELETE","OPTIONS"],"allowHeaders":["Accept","Authorization","Content-Type","X-CSRF-Token"],"exposeHeaders":["Link"],"maxAge":"5m0s"}`,
			"AllowedOrigins",
		},
		{
			"rs with little", `c := cors.New(cors.Options{AllowedOrigins: []string{"https://Foo.com"}, Debug: true})`, "rs",
			`{"allowOrigins":["https://Foo.com"],"allowMethods":["GET","HEAD","POST"],"allowHeaders":["Accept","Content-Type","X-Requested-With"]}`,
			"AllowHeaders AllowMethods AllowOrigins Debug",
		},
		{
			"origins from the environment", `cors.Options{AllowedOrigins: strings.Split(os.Getenv("ORIGINS"), ","), AllowedHeaders: []string{"*"}}`, "rs",
			`{"allowMethods":["GET","HEAD","POST"],"allowHeaders":["*","Authorization"]}`, "AllowHeaders AllowMethods AllowedOrigins",
		},
		{
			"fields only", `AllowedOrigins: []string{"https://foo.com"},
AllowedMethods: []string{"GET"},
AllowedHeaders: []string{"X-A"}`, "rs", `{"allowOrigins":["https://foo.com"],"allowMethods":["GET"],"allowHeaders":["X-A"]}`, "",
		},
		{
			"Express", `app.use(cors({
  origin: ['https://example.com', /\.example2\.com$/],
  methods: "GET,PUT",
  credentials: true,
  maxAge: 60 * 10, // ten minutes
  optionsSuccessStatus: 200
}))`, "express",
			`{"allowOrigins":["https://example.com"],"allowOriginRegexps":["\\.example2\\.com$"],"allowMethods":["GET","PUT"],"allowHeaders":["*","Authorization"],"allowCredentials":true,"preflightStatus":200,"maxAge":"10m0s"}`,
			"AllowHeaders origin preflight",
		},
		{"Express without options", `app.use(cors());`, "express", `{"allowOrigins":["*"],"allowHeaders":["*","Authorization"]}`, "preflight"},
		{
			"an Express function", `cors({ origin: function (origin, callback) { callback(null, true) }, allowedHeaders: ['X-A'] })`, "express",
			`{"allowOrigins":[],"allowHeaders":["X-A"]}`, "origin preflight",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := translate.Translate(tt.text, "")
			if err != nil {
				t.Fatal(err)
			}
			data, err := json.Marshal(got.Config)
			if err != nil {
				t.Fatal(err)
			}
			if got.From != tt.from || string(data) != tt.want {
				t.Errorf("%s: %s\nwant %s: %s", got.From, data, tt.from, tt.want)
			}
			var fields []string
			for _, n := range got.Notes {
				fields = append(fields, n.Field)
			}
			if got := strings.Join(fields, " "); got != tt.notes {
				t.Errorf("notes: %s, want %s", got, tt.notes)
			}
		})
	}
}

func TestNothing(t *testing.T) {
	for _, text := range []string{"", "hello", "SELECT * FROM users", "{{{{", "'", "/", "origin:"} {
		if got, err := translate.Translate(text, ""); err == nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func FuzzTranslate(f *testing.F) {
	f.Add("cors.Config{AllowOrigins: []string{`a`}}", "")
	f.Add("cors({origin: /a/})", "express")
	f.Add("maxAge: -1", "express")
	f.Fuzz(func(_ *testing.T, text, from string) { _, _ = translate.Translate(text, from) })
}
