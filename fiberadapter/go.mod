module github.com/polycors/polycors/fiberadapter

go 1.26.0
