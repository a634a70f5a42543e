package main

import (
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"relaypack": main})
}

// The command line is specified by the scripts of testdata/script, run over the real program.
func TestScripts(t *testing.T) {
	answering := cannedAgent(t)
	testscript.Run(t, testscript.Params{Dir: "testdata/script", RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("CAPTURES", absolute(t, captures))
			e.Setenv("AGENT", answering.URL)
			e.Setenv("LONGEST", strings.Repeat("x", 200))
			e.Setenv("LONG", strings.Repeat("x", 201))
			e.Setenv("BELL", "sess_\a1234567")
			return nil
		}})
}
