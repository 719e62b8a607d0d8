package museum

import (
	"encoding/json"

	cors "github.com/polycors/polycors/core"
)

// documents has policies in JSON. No peer reads any.
func documents() []exhibit {
	none := terms{nobody: true}
	return []exhibit{
		{
			fault:    "`null` in a list of origins keeps the entry of the old list",
			policy:   cookies("https://old.example", "https://older.example"),
			document: `{"allowOrigins": ["https://new.example", null]}`,
			terms:    none, harm: reads("https://old.example", "https://older.example"), mistake: true,
		},
		{
			fault:    "a key appears twice, in different case, and the looser value wins",
			reports:  []string{"gofr-dev/gofr#3971"},
			document: `{"allowOrigins": ["https://a.com"], "allowCredentials": false, "allowcredentials": true}`,
			terms:    none, harm: told(getFrom("https://a.com"), allowCredentials), mistake: true,
		},
		{
			fault:    "a key appears twice, and the later value wins",
			document: `{"allowOrigins": ["https://a.com"], "allowOrigins": ["https://evil.net"]}`,
			terms:    none, harm: reads("https://evil.net"), mistake: true,
		},
		{
			fault:    "a misspelt key is ignored, and the default applies",
			document: `{"allowOrigin": ["https://a.com"]}`,
			policy:   cors.AllowAll(),
			terms:    none, harm: reads("https://evil.net"), mistake: true,
		},
		{
			fault: "an empty list is to allow nobody, and the old list stays in force",
			terms: none,
			stage: func() exhibit {
				return reloaded(cookies("https://old.example"), `{"allowOrigins": []}`, reads("https://old.example"))
			},
		},
	}
}

// reloaded changes a policy in use to a document that is decoded over it.
func reloaded(cfg cors.Config, document string, h harm) exhibit {
	policy, err := cors.New(cfg)
	if err != nil {
		panic(err)
	}
	next := cfg
	if err := json.Unmarshal([]byte(document), &next); err == nil {
		_ = policy.Reconfigure(next) // on an error, the old policy stays
	}
	return exhibit{policy: cfg, terms: terms{nobody: true}, site: site{mounts: []mount{{live: policy}}}, harm: h}
}
