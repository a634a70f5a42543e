package profile

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Fault is one fault of a profile file.
type Fault struct {
	File   string
	Line   int    // from 1; 0: the whole file
	Column int    // in characters of the line, from 1
	Text   string // what is wrong and what to write instead
}

// Error prints `file:line:column: text`.
func (f *Fault) Error() string {
	if f.Line == 0 {
		return f.File + ": " + f.Text
	}
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Text)
}

// maxFaults bounds what is told of one file; the last one then says that there are more.
const maxFaults = 300

// faults collects what is wrong with a file.
type faults struct {
	file string
	list []*Fault
	more int
}

func (f *faults) add(n *node, format string, args ...any) {
	if len(f.list) >= maxFaults {
		f.more++
		return
	}
	at := &Fault{File: f.file, Text: fmt.Sprintf(format, args...)}
	if n != nil {
		at.Line, at.Column = n.line, n.column
	}
	f.list = append(f.list, at)
}

// err joins the faults in the file's order; nil without any.
func (f *faults) err() error {
	slices.SortStableFunc(f.list, func(a, b *Fault) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	errs := make([]error, 0, len(f.list)+1)
	for _, fault := range f.list {
		errs = append(errs, fault)
	}
	if f.more > 0 {
		errs = append(errs, &Fault{File: f.file, Text: fmt.Sprintf("%d further faults; mend these first", f.more)})
	}
	return errors.Join(errs...)
}
