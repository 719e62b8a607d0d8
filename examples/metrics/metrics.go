package main

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	cors "github.com/polycors/polycors/core"
	"github.com/polycors/polycors/core/corslive"
)

// countRejections returns a function for Config.OnReject. Its labels have few
// values: the reason, and whether the request is only reported (see
// Config.ReportOnly). An origin or a path comes from the client, which could
// create any number of time series; cors.LogRejections logs them.
func countRejections(reg prometheus.Registerer) func(context.Context, cors.Rejection) {
	rejections := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "cors_rejections_total",
		Help: "Requests that browsers refuse because of CORS, or would refuse under ReportOnly, by reason.",
	}, []string{"reason", "report_only"})
	reg.MustRegister(rejections)
	return func(_ context.Context, r cors.Rejection) {
		rejections.WithLabelValues(string(r.Reason), strconv.FormatBool(r.ReportOnly)).Inc()
	}
}

// A statusCollector reads the status of a follower at each scrape, so that the
// revision of an older document has no time series.
type statusCollector struct {
	status                         func() corslive.Status
	revision, applied, checked, ok *prometheus.Desc
}

// collectStatus exports which policy is in force, and how old it is. The age is
// time() - cors_policy_applied_timestamp_seconds; the source is silent for
// time() - cors_policy_checked_timestamp_seconds.
func collectStatus(reg prometheus.Registerer, status func() corslive.Status) {
	reg.MustRegister(&statusCollector{
		status: status,
		revision: prometheus.NewDesc("cors_policy_info",
			"The document in force; its revision is empty if there is none.", []string{"revision"}, nil),
		applied: prometheus.NewDesc("cors_policy_applied_timestamp_seconds",
			"When the policy in force was applied.", nil, nil),
		checked: prometheus.NewDesc("cors_policy_checked_timestamp_seconds",
			"When the source last yielded a document; 0 if it never did.", nil, nil),
		ok: prometheus.NewDesc("cors_policy_ok",
			"Whether the latest document was applied: 0 if it was refused or the source failed.", nil, nil),
	})
}

// Describe implements [prometheus.Collector].
func (c *statusCollector) Describe(descs chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{c.revision, c.applied, c.checked, c.ok} {
		descs <- d
	}
}

// Collect implements [prometheus.Collector].
func (c *statusCollector) Collect(metrics chan<- prometheus.Metric) {
	s := c.status()
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		metrics <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	gauge(c.revision, 1, s.Revision)
	gauge(c.applied, seconds(s.Applied))
	gauge(c.checked, seconds(s.Checked))
	if s.Err == nil {
		gauge(c.ok, 1)
	} else {
		gauge(c.ok, 0)
	}
}

// seconds returns a time as Prometheus counts it, and 0 for the zero time.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}
