// Package bench measures the cost of CORS. It compares polycors with the
// middleware that users of each framework usually choose, and with a floor.
//
// Each [Scenario] is measured with each [Stack]. A stack is an app with one
// implementation of CORS:
//
//	bare      none: the report says how much time the others add to it
//	floor     the headers of polycors, set by hand in the fastest safe way
//	polycors  the adapter
//	others    the peers, by the names of their modules
//
// Requests and responses are reused: only the middleware is measured.
// [Measurements] are of the engine alone. To run everything, print the tables,
// and write them to RESULTS.md and the chart to docs/bench.svg:
//
//	go run ./conformance/bench/report
//
// The usual tools measure a part. Note that the place of functions in memory
// differs between two programs, and can have more effect than a change:
//
//	go test -run '^$' -bench '^Benchmark$/chi/preflight' -count 10 | benchstat -col /stack -
//
// polycors is compared with a peer only where both give the same response; see
// [Scenario.Difference]. The tests check that polycors and the floor send the same
// headers, and count allocations. They do not measure time.
package bench
