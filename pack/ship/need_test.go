package ship

import (
	"os"
	"os/exec"
	"testing"
)

// tool gives the path of a program, or ends the test: with a skip on somebody's machine, with a failure
// where CI=true says that .ci/components could have installed it.
func tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		lacking(t, name+" is not installed: .ci/components installs it")
	}
	return path
}

// lacking ends a test for want of something that is no part of the Go toolchain.
func lacking(t testing.TB, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what + ", and CI may not skip for want of it")
	}
	t.Skip(what)
}
