module github.com/polycors/polycors/conformance

go 1.26.0
