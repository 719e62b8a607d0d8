module github.com/polycors/polycors/ginadapter

go 1.26.0
