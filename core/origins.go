package cors

import (
	"fmt"

	"github.com/polycors/polycors/core/internal/origin"
)

// compileOrigins reads AllowOrigins, and judges what it allows as a whole.
func (c *compiled) compileOrigins(p *problems) {
	const field = "AllowOrigins"
	cfg := &c.cfg
	c.origins = origin.NewSet(cfg.AllowOrigins)
	for i, entry := range cfg.AllowOrigins {
		switch entry {
		case "*":
			c.anyOrigin = true
			c.origins.AddAll()
			if cfg.AllowCredentials {
				p.addAt(CodeAnyWithCredentials, field, i, entry, "with AllowCredentials would let every site on the web act for your users, and browsers refuse it",
					"list your origins, or decide in AllowOriginFunc, or set AllowCredentials to false")
			}
		case "null":
			c.origins.Add(origin.Pattern{}, entry)
			if !cfg.Unsafe.NullOrigin {
				p.addAt(CodeOriginNull, field, i, entry, "is an origin that any site can take on, by a sandboxed frame",
					"remove it, or set Unsafe.NullOrigin to true")
			}
		default:
			pattern, mistake := origin.ParsePattern(entry)
			if mistake != nil {
				p.addAt(Code(mistake.Code), field, i, entry, mistake.Reason, mistake.Suggestion)
				continue
			}
			if cfg.AllowCredentials {
				p.checkWithCredentials(field, i, entry, pattern, cfg.Unsafe)
			}
			c.origins.Add(pattern, entry)
			if len(c.resembled) < maxResembled {
				c.resembled = append(c.resembled, pattern)
			}
		}
	}

	others := len(cfg.AllowOriginRegexps) > 0 || cfg.AllowOriginFunc != nil
	switch {
	case c.anyOrigin && others:
		p.add(CodeAnyWithFunc, field, "*", "already allows every origin, so that AllowOriginRegexps and AllowOriginFunc would never be asked",
			"remove the one or the others")
	case c.anyOrigin && !allEqual(cfg.AllowOrigins, "*"):
		p.add(CodeAnyWithOthers, field, "*", "already allows every origin",
			"remove it, or remove the other origins")
	case !others && len(cfg.AllowOrigins) == 0:
		p.add(CodeNoOrigins, field, "", "is empty, and so are AllowOriginRegexps and AllowOriginFunc: nothing would be allowed",
			`list the origins of your front ends, or "*" for a public API`)
	}
}

// checkWithCredentials refuses patterns by which strangers could act for users.
func (p *problems) checkWithCredentials(field string, i int, entry string, pattern origin.Pattern, unsafe Unsafe) {
	switch {
	case !pattern.IsInsecure() || unsafe.InsecureOrigins:
	case pattern.Wildcard == origin.AnyHost:
		p.addAt(CodeOriginAnyApp, field, i, entry, "with AllowCredentials lets every application of that scheme act for your users",
			"list its hosts, or set Unsafe.InsecureOrigins to true")
	default:
		pattern.Scheme = "https"
		if pattern.Port == "443" {
			pattern.Port = ""
		}
		p.addAt(CodeOriginInsecure, field, i, entry, "with AllowCredentials lets anybody on the network act for your users, "+
			"since http can be tampered with (Unsafe.InsecureOrigins permits it)", pattern.String())
	}
	if suffix := pattern.PublicSuffix(); suffix != "" && !unsafe.PublicSuffixes {
		p.addAt(CodeOriginBelowSuffix, field, i, entry, fmt.Sprintf("with AllowCredentials lets anybody who registers a name below the public suffix %q "+
			"act for your users", suffix), "put your own domain before it, or set Unsafe.PublicSuffixes to true")
	}
}

func allEqual(list []string, want string) bool {
	for _, s := range list {
		if s != want {
			return false
		}
	}
	return true
}
