// Package verdicts asks corscheck about servers of every kind, right and wrong:
// middlewares in the wrong place, the middlewares of other libraries with their
// holes, gateways, nginx, and hostile servers. Each row of a table has the
// verdict, the cause and the exit status.
package verdicts
