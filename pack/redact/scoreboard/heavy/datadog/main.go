// Command datadog runs the scrubber of the Datadog agent: its scrubber of bytes,
// or the one of JSON (which takes what is no JSON as bytes).
package main

import (
	"fmt"
	"os"

	"github.com/DataDog/datadog-agent/pkg/util/scrubber"

	"relaypack/pack/redact/scoreboard/child"
)

func main() {
	scrub := scrubber.ScrubBytes
	if os.Args[1] == "datadog-json" {
		scrub = scrubber.ScrubJSON
	}
	if err := child.Main(os.Args[2:], scrub, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
