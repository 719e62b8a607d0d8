package cors

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// maxLogged is the most records that LogRejections writes per second: anyone can
// trigger rejections.
const maxLogged = 10

// LogRejections returns a function for Config.OnReject that logs rejections as
// warnings with the attributes reason, origin, method, path, header and hint, and
// reportOnly where Rejection.ReportOnly is set. If logger is nil, it uses
// [slog.Default].
//
// Anyone can trigger rejections, so the function writes at most ten records per
// second, and at most ten more with reportOnly. The attribute suppressed of the
// next record is the number of records of its kind that were omitted.
func LogRejections(logger *slog.Logger) func(context.Context, Rejection) {
	var enforced, reported rateLimit
	return func(ctx context.Context, r Rejection) {
		limit := &enforced
		if r.ReportOnly {
			limit = &reported
		}
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
		if r.Path != "" {
			attrs = append(attrs, slog.String("path", r.Path))
		}
		if r.Header != "" {
			attrs = append(attrs, slog.String("header", r.Header))
		}
		if r.ReportOnly {
			attrs = append(attrs, slog.Bool("reportOnly", true))
		}
		if hint := r.Hint(); hint != "" {
			attrs = append(attrs, slog.String("hint", hint))
		}
		if suppressed > 0 {
			attrs = append(attrs, slog.Int("suppressed", suppressed))
		}
		l.LogAttrs(ctx, slog.LevelWarn, "cors: "+r.Message(), attrs...)
	}
}

// A rateLimit allows maxLogged events per second and counts the others.
type rateLimit struct {
	mu         sync.Mutex
	second     time.Time // when the current second began
	taken      int
	suppressed int
}

// take reports whether an event is allowed and, if it is, how many were not since
// the last one.
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
