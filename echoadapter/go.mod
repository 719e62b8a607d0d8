module github.com/polycors/polycors/echoadapter

go 1.26.0
