package cors

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// maxLogged bounds what strangers can make LogRejections write in a second.
const maxLogged = 10

// LogRejections returns a function for Config.OnReject that logs refusals, as
// warnings with the attributes reason, origin, method, header and hint. A nil
// logger stands for [slog.Default].
//
// Since anybody can cause refusals, it writes at most ten records a second. The
// next record tells how many were left out, in the attribute suppressed.
func LogRejections(logger *slog.Logger) func(context.Context, Rejection) {
	var limit rateLimit
	return func(ctx context.Context, r Rejection) {
		ok, suppressed := limit.take(time.Now())
		if !ok {
			return
		}
		l := logger
		if l == nil {
			l = slog.Default()
		}
		attrs := []slog.Attr{
			slog.String("reason", string(r.Reason)),
			slog.String("origin", r.Origin),
			slog.String("method", r.Method),
		}
		if r.Header != "" {
			attrs = append(attrs, slog.String("header", r.Header))
		}
		if r.Hint != "" {
			attrs = append(attrs, slog.String("hint", r.Hint))
		}
		if suppressed > 0 {
			attrs = append(attrs, slog.Int("suppressed", suppressed))
		}
		l.LogAttrs(ctx, slog.LevelWarn, "cors: "+r.Message, attrs...)
	}
}

// A rateLimit lets maxLogged events a second pass, and counts the others.
type rateLimit struct {
	mu         sync.Mutex
	second     time.Time // when the current second began
	taken      int
	suppressed int
}

// take reports whether an event passes and, if so, how many did not since the
// last that did.
func (l *rateLimit) take(now time.Time) (ok bool, suppressed int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.second) >= time.Second {
		l.second, l.taken = now, 0
	}
	if l.taken == maxLogged {
		l.suppressed++
		return false, 0
	}
	l.taken++
	suppressed, l.suppressed = l.suppressed, 0
	return true, suppressed
}
