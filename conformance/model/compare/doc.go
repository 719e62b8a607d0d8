// Package compare has the fuzz targets that compare the model with the library. They
// need no frameworks, which take minutes to compile for fuzzing.
package compare
