module github.com/polycors/polycors/examples

go 1.26.0
