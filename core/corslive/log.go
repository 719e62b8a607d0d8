package corslive

import (
	"context"
	"fmt"
	"log/slog"
)

// maxLogged is the most bytes of an error that LogEvents logs. A large document
// can have thousands of problems.
const maxLogged = 2000

// LogEvents returns a function for Options.OnEvent that logs events with the
// attributes event, revision and error: refused documents, failures and the use
// of Base as warnings, the others as information. If logger is nil, it uses
// [slog.Default].
func LogEvents(logger *slog.Logger) func(Event) {
	return func(e Event) {
		l := logger
		if l == nil {
			l = slog.Default()
		}
		level, attrs := slog.LevelInfo, []slog.Attr{slog.String("event", string(e.Kind))}
		if e.Revision != "" {
			attrs = append(attrs, slog.String("revision", e.Revision))
		}
		if e.Err != nil {
			level = slog.LevelWarn
			attrs = append(attrs, slog.String("error", shorten(e.Err.Error())))
		}
		l.LogAttrs(context.Background(), level, "cors: "+message(e.Kind), attrs...)
	}
}

func message(k EventKind) string {
	switch k {
	case Applied:
		return "a policy document is in force"
	case Refused:
		return "a policy document is refused; the policy is unchanged"
	case Failed:
		return "the source of policy documents fails; the policy is unchanged"
	case BaseUsed:
		return "no policy document is valid; Base is in force"
	case Following:
		return "the source of policy documents works again"
	}
	return string(k)
}

func shorten(s string) string {
	if len(s) <= maxLogged {
		return s
	}
	return fmt.Sprintf("%s… (%d bytes)", s[:maxLogged], len(s))
}
