package main

import (
	"errors"
	"fmt"
)

// fault is one fault of the configuration. It never holds a value of a secret.
type fault struct {
	variable string
	text     string
	parts    int // how many faults text tells; 0: one
}

func (f *fault) Error() string { return f.variable + ": " + f.text }

func (c *checker) fault(field, format string, args ...any) {
	c.faults = append(c.faults, &fault{variable: variableName(field), text: fmt.Sprintf(format, args...)})
}

// faultsOf tells an error that may join several faults of a file: in one line, and counted.
func (c *checker) faultsOf(field string, err error) {
	c.faults = append(c.faults, &fault{variable: variableName(field), text: oneLine(err).Error(), parts: len(unjoined(err))})
}

// unjoined gives the parts of a joined error.
func unjoined(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// faultList is a joined error as one text for each.
func faultList(err error) []string {
	var out []string
	for _, e := range unjoined(err) {
		out = append(out, e.Error())
	}
	return out
}

// faultCount says how many faults there are. A profile or a policy may have several, which stand in one line.
func faultCount(faults error) string {
	n := 0
	for _, e := range unjoined(faults) {
		var f *fault
		if errors.As(e, &f) && f.parts > 1 {
			n += f.parts
			continue
		}
		n++
	}
	return counted(n, "fault")
}
