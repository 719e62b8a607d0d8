package main

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"

	"github.com/urfave/cli/v3"

	"github.com/polycors/polycors/core/internal/show"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/script"
)

const defaultOrigin = "https://myapp.com"

// fetchFlags returns the flags that describe what a script fetches. The flags
// also have the names of curl. The remark is about the flag -origin.
func fetchFlags(remark string) []cli.Flag {
	return []cli.Flag{
		&cli.StringFlag{Name: "origin", Value: defaultOrigin, Usage: "origin of the page, or null for a sandboxed frame " + remark},
		&cli.StringFlag{Name: "method", Aliases: []string{"X", "request"}, Value: "GET",
			Usage: "method of the request; case matters, as in fetch (default: GET); -X too"},
		&cli.StringSliceFlag{Name: "header", Aliases: []string{"H"},
			Usage: "header that the script sets, as in 'Authorization: Bearer token'; may be repeated; -H too"},
		&cli.StringFlag{Name: "user", Aliases: []string{"u"}, Usage: "name:password that the script sends in Authorization; -u too"},
		&cli.BoolFlag{Name: "credentials", Usage: "the script uses credentials: \"include\"; no cookies are sent"},
	}
}

// curlFlags says what to do about flags of curl that corscheck does not have.
var curlFlags = map[string]string{
	"b": useCredentials, "cookie": useCredentials, "c": useCredentials, "cookie-jar": useCredentials,
	"d": noBody, "data": noBody, "data-raw": noBody, "data-binary": noBody, "F": noBody, "form": noBody,
	"k": "browsers do not accept such certificates either; see SSL_CERT_FILE", "insecure": "browsers do not accept such certificates either; see SSL_CERT_FILE",
	"i": notNeeded, "include": notNeeded, "v": notNeeded, "verbose": notNeeded, "s": notNeeded, "silent": notNeeded,
	"S": notNeeded, "sS": notNeeded, "L": notNeeded, "location": notNeeded, "compressed": notNeeded,
	"I": "use -method HEAD", "head": "use -method HEAD",
}

const (
	useCredentials = "cookies are not sent; use -credentials to ask whether the server allows them"
	noBody         = "no body is sent; use -method POST -header 'Content-Type: application/json' for its type"
	notNeeded      = "it is not needed: remove it"
)

// parseFetch reads the flags. given says whether the command line names the origin.
func parseFetch(cmd *cli.Command) (f script.Fetch, given bool, err error) {
	a := asked{origin: cmd.String("origin"), method: cmd.String("method"), given: cmd.IsSet("origin")}
	for _, header := range cmd.StringSlice("header") {
		if err := a.add(header); err != nil {
			return f, false, err
		}
	}
	if user := cmd.String("user"); user != "" {
		if !strings.Contains(user, ":") {
			return f, false, fmt.Errorf("-user: write name:password")
		}
		a.headers = append(a.headers, "Authorization: Basic "+base64.StdEncoding.EncodeToString([]byte(user)))
	}
	f, err = script.Parse(a.origin, a.method, a.headers, cmd.Bool("credentials"))
	return f, a.given, err
}

// asked is what a command line asks for.
type asked struct {
	origin, method string
	given          bool // the origin is named
	headers        []string
}

// add adds a header. People who debug CORS with curl pass headers that browsers
// set: add reads the origin, the method and the header names from them.
func (a *asked) add(header string) error {
	name, value, _ := strings.Cut(header, ":")
	value = strings.TrimSpace(value)
	switch http.CanonicalHeaderKey(strings.TrimSpace(name)) {
	case "Origin":
		if a.given && a.origin != value {
			return fmt.Errorf("-header %s: the origin is %s already", show.Quoted(header), show.Quoted(a.origin))
		}
		a.origin, a.given = value, true
	case "Access-Control-Request-Method":
		a.method = value
	case "Access-Control-Request-Headers":
		for name := range strings.SplitSeq(value, ",") {
			if name = strings.TrimSpace(name); name != "" {
				a.headers = append(a.headers, name+":")
			}
		}
	default:
		a.headers = append(a.headers, header)
	}
	return nil
}
