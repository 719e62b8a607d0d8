module github.com/polycors/polycors/core

go 1.26.0
