package profile

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// faultsOf takes a joined error apart.
func faultsOf(err error) []*Fault {
	var list []*Fault
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range joined.Unwrap() {
			list = append(list, faultsOf(e)...)
		}
		return list
	}
	var f *Fault
	if errors.As(err, &f) {
		list = append(list, f)
	}
	return list
}

// start is a profile without fault, of six lines; what a case adds begins in line 7.
const start = `version: 1
name: test
sources:
  page: {path: /metrics, format: exposition, every: metrics}
  data: {path: /data, every: debug}
  one: {path: '/one/{session}', every: ask}
`

func TestStartHasNoFault(t *testing.T) {
	if _, err := Parse("f.yaml", []byte(start)); err != nil {
		t.Fatal(err)
	}
}

// TestFaults has every kind of fault once, with its place. A file with = replaces the start.
func TestFaults(t *testing.T) {
	for _, c := range slices.Concat(faultCases, incidentCases, tracingCases) {
		file, whole := strings.CutPrefix(c.file, "=")
		if !whole {
			file = start + c.file
		}
		p, err := Parse("f.yaml", []byte(file))
		if err == nil || p != nil {
			t.Errorf("no fault in %q", c.file)
			continue
		}
		var got []string
		for _, f := range faultsOf(err) {
			got = append(got, f.Error())
		}
		if len(got) != 1 || got[0] != "f.yaml:"+c.want {
			t.Errorf("%.200q\nwant f.yaml:%s\ngot  %s", c.file, c.want, strings.Join(got, "\n     "))
		}
	}
}

func TestFaultsComeTogetherAndInOrder(t *testing.T) {
	_, err := Parse("f.yaml", []byte("colour: red\nversion: 2\nsources: {a: {path: b, every: never}}\n"))
	want := []string{
		"f.yaml:1:1: the profile has no member \"colour\"; write one of: " + strings.Join(topMembers, ", "),
		"f.yaml:1:1: the profile has no name; write it",
		"f.yaml:2:10: version is no whole number of 1 to 1; write one",
		"f.yaml:3:21: source a: path: write the path on the relay, from / on, without scheme, host and fragment, other signs as %XX",
		"f.yaml:3:31: source a: every is \"never\"; write one of: metrics, debug, start, gate, ask",
	}
	if err == nil || err.Error() != strings.Join(want, "\n") {
		t.Errorf("got\n%v", err)
	}
}

func TestFaultsAreBounded(t *testing.T) {
	var file strings.Builder
	file.WriteString(start + "history:\n")
	for i := range maxSeries {
		fmt.Fprintf(&file, "  - {name: a%d, unit: s, from: nowhere, jq: '(', a: 1, b: 1, c: 1}\n", i)
	}
	_, err := Parse("f.yaml", []byte(file.String()))
	list := faultsOf(err)
	if len(list) != maxFaults+1 {
		t.Fatalf("%d faults", len(list))
	}
	if last := list[maxFaults].Text; last != fmt.Sprintf("%d further faults; mend these first", maxSeries*5-maxFaults) {
		t.Error(last)
	}
}
