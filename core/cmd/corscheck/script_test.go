package main

import (
	"cmp"
	"flag"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/fatih/color"
	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected output in testdata/scripts")

// asCommand makes the test binary the command that it tests.
const asCommand = "CORSCHECK_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
	}
	color.NoColor = true // even if the tests run in a terminal
	os.Exit(m.Run())
}

// TestScripts runs testdata/scripts. Their servers have the port 8080.
//
//	serve NAME           starts a server of the table below
//	corscheck ARGUMENTS  runs the command; stdout is what a terminal shows
func TestScripts(t *testing.T) {
	servers := servers()
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/scripts",
		UpdateScripts: *update,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": func(ts *testscript.TestScript, _ bool, args []string) {
				handler := servers[args[0]]
				if handler == nil {
					ts.Fatalf("no server %s", args[0])
				}
				s := httptest.NewServer(handler)
				ts.Defer(s.Close)
				ts.Setenv("PORT", s.URL[strings.LastIndexByte(s.URL, ':'):])
			},
			"corscheck": corscheckCmd,
		},
	})
}

func corscheckCmd(ts *testscript.TestScript, _ bool, args []string) {
	program, err := os.Executable()
	ts.Check(err)
	const port = ":8080"
	actual := cmp.Or(ts.Getenv("PORT"), port)
	for i, a := range args {
		args[i] = strings.ReplaceAll(a, port, actual)
	}
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = ts.MkAbs("."), append(os.Environ(), asCommand+"=1", "COLUMNS=100")
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		ts.Check(err)
	}
	fmt.Fprintf(ts.Stdout(), "%s[exit status %d]\n", strings.ReplaceAll(string(out), actual, port), cmd.ProcessState.ExitCode())
}
