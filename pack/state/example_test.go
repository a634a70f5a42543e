package state_test

import (
	"fmt"
	"os"
	"slices"

	"relaypack/pack/state"
)

func Example() {
	dir, err := os.MkdirTemp("", "state")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	const event = 1
	for range 2 { // two lives of an agent
		s, report, err := state.Open(dir, state.Options{})
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("records:", report.Records)
		var kept []state.Record
		err = s.Replay(func(r state.Record) error {
			r.Data = slices.Clone(r.Data)
			kept = append(kept, r)
			return nil
		})
		if err == nil {
			kept = append(kept, state.Record{Kind: event, Data: []byte(`{"what":"socket closed"}`)})
			err = s.Append(kept[len(kept)-1])
		}
		if err == nil && s.Due() {
			err = s.Compact(slices.Values(kept))
		}
		if err != nil {
			fmt.Println(err)
		}
		s.Close()
	}
	// Output:
	// records: 0
	// records: 1
}
