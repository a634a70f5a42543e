package main

import (
	"fmt"
	"io"
	"log/slog"
)

// secret is a configured value that is never shown: neither by fmt in any form, nor by slog, nor as JSON.
type secret string

const hidden = "[hidden]"

func (s secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// Format keeps every verb of fmt from showing it, also the wrong ones, which ask neither String nor GoString.
func (s secret) Format(w fmt.State, _ rune) { io.WriteString(w, s.String()) }

// MarshalText keeps encoders from showing it.
func (s secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue keeps slog from showing it.
func (s secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// reveal gives the value itself.
func (s secret) reveal() string { return string(s) }

// What holds secrets in members that are not exported hides itself as a whole, because fmt does not ask
// the methods of such members.

func (settings) Format(w fmt.State, _ rune) { io.WriteString(w, hidden) }

func (credential) Format(w fmt.State, _ rune) { io.WriteString(w, hidden) }

func (*watchedFile) Format(w fmt.State, _ rune) { io.WriteString(w, hidden) }
