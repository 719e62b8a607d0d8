module github.com/polycors/polycors/core/cmd/corscheck

go 1.26.0

replace github.com/polycors/polycors/core => ../..

require (
	github.com/polycors/polycors/core v0.0.0
	github.com/urfave/cli/v3 v3.14.0
	go.yaml.in/yaml/v3 v3.0.6
	golang.org/x/term v0.47.0
)

require (
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	golang.org/x/text v0.43.0 // indirect
)
