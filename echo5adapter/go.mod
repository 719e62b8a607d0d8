module github.com/polycors/polycors/echo5adapter

go 1.26.0

require (
	github.com/labstack/echo/v5 v5.4.4
	github.com/polycors/polycors/core v0.0.0
)

require (
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/polycors/polycors/core => ../core
