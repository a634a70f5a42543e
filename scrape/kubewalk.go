package scrape

import (
	"errors"
	"io"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// maxPodText is how much of a text of the cluster is kept, bytes.
const maxPodText = 2048

// walker reads an answer of the API server name by name. What nobody asks for is passed over and never
// kept: a pod's environment among it. A value of another type than was expected is none.
type walker struct{ *jsontext.Decoder }

func newWalker(r io.Reader) walker {
	return walker{jsontext.NewDecoder(r, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
}

// errDeep is an answer that is nested deeper than maxDepth.
var errDeep = errors.New("read answer: nested too deep")

// pass skips the next value token by token, so that none stands in memory whole.
func (w walker) pass() error {
	for depth := w.StackDepth(); ; {
		if _, err := w.ReadToken(); err != nil {
			return err
		}
		switch now := w.StackDepth(); {
		case now > maxDepth:
			return errDeep
		case now == depth:
			return nil
		}
	}
}

// object gives each member's name to fn, which reads the value or not.
func (w walker) object(fn func(name string) error) error {
	if w.PeekKind() != '{' {
		return w.pass()
	}
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	for w.PeekKind() != '}' {
		name, err := w.ReadToken()
		if err != nil {
			return err
		}
		text, before := name.String(), w.InputOffset()
		if err := fn(text); err != nil {
			return err
		}
		if w.InputOffset() == before { // fn did not want it
			if err := w.pass(); err != nil {
				return err
			}
		}
	}
	_, err := w.ReadToken()
	return err
}

// array calls fn for each element, which reads it.
func (w walker) array(fn func() error) error {
	if w.PeekKind() != '[' {
		return w.pass()
	}
	if _, err := w.ReadToken(); err != nil {
		return err
	}
	for w.PeekKind() != ']' {
		before := w.InputOffset()
		if err := fn(); err != nil {
			return err
		}
		if w.InputOffset() == before {
			if err := w.pass(); err != nil {
				return err
			}
		}
	}
	_, err := w.ReadToken()
	return err
}

// text reads a string, cut to its bound.
func (w walker) text(to *string) error {
	if w.PeekKind() != '"' {
		return w.pass()
	}
	t, err := w.ReadToken()
	if err == nil {
		*to = cutText(t.String())
	}
	return err
}

func cutText(text string) string {
	if len(text) <= maxPodText {
		return text
	}
	end := maxPodText
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + "..."
}

// number reads a whole number.
func (w walker) number(to *int64) error {
	if w.PeekKind() != '0' {
		return w.pass()
	}
	t, err := w.ReadToken()
	if err != nil {
		return err
	}
	if n, err := strconv.ParseInt(t.String(), 10, 64); err == nil {
		*to = n
	}
	return nil
}

// scalar reads a string, or a number as it is written: a quantity may be either.
func (w walker) scalar(to *string) error {
	if kind := w.PeekKind(); kind != '"' && kind != '0' {
		return w.pass()
	}
	t, err := w.ReadToken()
	if err == nil {
		*to = cutText(t.String())
	}
	return err
}

func (w walker) flag(to *bool) error {
	kind := w.PeekKind()
	if kind != 't' && kind != 'f' {
		return w.pass()
	}
	_, err := w.ReadToken()
	*to = kind == 't'
	return err
}

// instant reads a time, of whole seconds or microseconds.
func (w walker) instant(to *time.Time) error {
	text := ""
	if err := w.text(&text); err != nil {
		return err
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		*to = at
	}
	return nil
}

// whole ends an answer: one object that tells the kind that was asked for, and nothing behind it.
func (w walker) whole(kind, want string) error {
	if kind != want {
		return errShape
	}
	if _, err := w.ReadToken(); !errors.Is(err, io.EOF) {
		return errShape
	}
	return nil
}
