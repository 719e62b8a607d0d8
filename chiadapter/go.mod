module github.com/polycors/polycors/chiadapter

go 1.26.0

require (
	github.com/go-chi/chi/v5 v5.5.0
	github.com/polycors/polycors/core v0.0.0
)

require (
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/polycors/polycors/core => ../core
