module github.com/polycors/polycors/chiadapter

go 1.26.0
