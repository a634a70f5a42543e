// Package need is the one place where a test may be skipped: for want of a program that is not part of
// the Go toolchain.
//
//	curl := need.Tool(t, "curl") // the path of the program
//
// On somebody's machine the test is skipped, with the reason; where the environment says CI=true it
// fails, because there the program can be installed and a skipped test would prove nothing.
package need

import (
	"os"
	"os/exec"
	"testing"
)

// Tool gives the path of a program, or ends the test.
func Tool(t testing.TB, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err == nil {
		return path
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s is not installed, and CI may not skip for want of it", name)
	}
	t.Skipf("%s is not installed", name)
	return ""
}
