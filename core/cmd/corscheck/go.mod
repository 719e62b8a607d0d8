module github.com/polycors/polycors/core/cmd/corscheck

go 1.26.0

// Corscheck is a module of its own. As a part of core, it would add its
// libraries to the module graph of every program that uses core, and raise the
// versions that such programs share with it.
//
// The replace is for development. "go install" refuses a module that has one, so
// tools/release drops it. Both modules have the same version, because corscheck
// imports core/internal packages.
replace github.com/polycors/polycors/core => ../..

require (
	github.com/creack/pty v1.1.24
	github.com/fatih/color v1.19.0
	github.com/goccy/go-yaml v1.19.2
	github.com/polycors/polycors/core v0.0.0
	github.com/rogpeppe/go-internal v1.16.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
	github.com/urfave/cli/v3 v3.14.0
	golang.org/x/net v0.62.0
	golang.org/x/term v0.48.0
)

require (
	github.com/mattn/go-colorable v0.1.14 // indirect
	github.com/mattn/go-isatty v0.0.20 // indirect
	go.yaml.in/yaml/v3 v3.0.6 // indirect
	golang.org/x/sys v0.50.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	golang.org/x/tools v0.51.0 // indirect
)
