package main

import "log/slog"

// secret is a configured value that is never shown: neither by fmt in any form, nor by slog, nor as JSON.
type secret string

const hidden = "[hidden]"

func (s secret) String() string {
	if s == "" {
		return ""
	}
	return hidden
}

// GoString keeps %#v from showing it.
func (s secret) GoString() string { return s.String() }

// MarshalText keeps encoders from showing it.
func (s secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue keeps slog from showing it.
func (s secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// reveal gives the value itself.
func (s secret) reveal() string { return string(s) }
