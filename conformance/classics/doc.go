// Package classics holds the mistakes that everybody makes with CORS, made on
// real servers of several frameworks and by other middlewares than ours too,
// and what corscheck says about each: testdata has the transcripts.
//
//	go test ./classics -update   # writes them anew
package classics
