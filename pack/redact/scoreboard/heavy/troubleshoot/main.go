// Command troubleshoot runs the default redactors of troubleshoot, as they go
// over each file of its bundles.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"github.com/replicatedhq/troubleshoot/pkg/redact"

	"relaypack/pack/redact/scoreboard/child"
)

func main() {
	if err := child.Main(os.Args[2:], clean, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func clean(doc []byte) ([]byte, error) {
	r, err := redact.Redact(bytes.NewReader(doc), "relay/log.txt", nil)
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(r)
	redact.ResetRedactionList() // it gathers what it did, for all documents together
	return out, err
}
