// Package bench measures what CORS costs: polycors beside the middleware that
// each framework's users usually take, and beside a floor.
//
// It is a table of scenarios by a table of stacks. A stack is an app with one
// way of doing CORS:
//
//	bare      none; what the others add to it is what is reported
//	floor     the headers of polycors, set by hand in the fastest safe way
//	polycors  the adapter
//	others    the peers, by the names of their modules
//
// Requests and responses are used again, so that the middleware is what is
// measured. [Decisions] are about the engine alone, and its flatness. Run
// everything, print the tables, and write them to RESULTS.md and the chart to
// docs/bench.svg:
//
//	go run ./conformance/bench/report
//
// Or look at some of it with the usual tools, minding that the place of functions
// in memory, which differs between two programs, can outweigh a change:
//
//	go test -run '^$' -bench '^Benchmark$/chi/preflight' -count 10 | benchstat -col /stack -
//
// A ratio to a peer means something only where both give the same answer: see
// [Scenario.Difference] for what counts as the same. The tests hold polycors
// and the floor to identical headers, and polycors to its allocations. Nothing
// asserts a time.
package bench
