package diff

import (
	"cmp"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/polycors/polycors/core/cmd/corscheck/internal/probe"
)

// settings adds the changes that are not about one request.
func (c *comparison) settings() {
	from, to := c.from.cfg, c.to.cfg
	differs := func(a Aspect, key, format string, args ...any) {
		c.changes = append(c.changes, Change{Effect: Differs, Aspect: a, Value: fmt.Sprintf(format, args...), Key: key, Exact: true})
	}
	c.rejection()

	if before, after := probe.Caching(from.MaxAge), probe.Caching(to.MaxAge); before != after {
		differs(Preflights, "maxAge", "%s; before: %s", after, before)
	}
	status := func(s int) int { return cmp.Or(s, http.StatusNoContent) }
	switch {
	case from.PreflightContinue != to.PreflightContinue:
		who := map[bool]string{true: "the next handler", false: "the policy"}
		differs(Preflights, "preflightContinue", "answered by %s; before: by %s", who[to.PreflightContinue], who[from.PreflightContinue])
	case !to.PreflightContinue && status(from.PreflightStatus) != status(to.PreflightStatus):
		differs(Preflights, "preflightStatus", "answered with %d; before: with %d", status(to.PreflightStatus), status(from.PreflightStatus))
	}
	if before, after := varyOf(from.Vary), varyOf(to.Vary); !strings.EqualFold(before, after) {
		differs(Vary, "vary", "%s; before: %s", cmp.Or(after, "nothing"), cmp.Or(before, "nothing"))
	}
	before, after := reflect.ValueOf(from.Unsafe), reflect.ValueOf(to.Unsafe)
	for i := range after.NumField() {
		if before.Field(i).Bool() != after.Field(i).Bool() {
			key, _, _ := strings.Cut(after.Type().Field(i).Tag.Get("json"), ",")
			differs(Unsafe, "unsafe."+key, "%s is %t; before: %t", key, after.Field(i).Bool(), before.Field(i).Bool())
		}
	}
}

// rejection adds the change of RejectDisallowed, unless every origin is allowed and
// none is rejected.
func (c *comparison) rejection() {
	rejects := func(s *side) bool { return s.cfg.RejectDisallowed && !s.anything }
	before, after := rejects(c.from), rejects(c.to)
	change := Change{Aspect: Rejection, Key: "rejectDisallowed", Exact: true}
	switch {
	case before && !after && !c.to.anything:
		change.Effect, change.Value = Opens, "handlers run for requests from origins that are not allowed, instead of a 403"
	case !before && after:
		change.Effect, change.Value = Closes, "requests from origins that are not allowed get a 403, and their handlers do not run"
	default:
		return
	}
	c.changes = append(c.changes, change)
}

// varyOf returns the names in alphabetical order, without repetitions.
func varyOf(list []string) string {
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b string) int { return cmp.Compare(strings.ToLower(a), strings.ToLower(b)) })
	sorted = slices.CompactFunc(sorted, strings.EqualFold)
	return strings.Join(sorted, ", ")
}

func indexed(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }
