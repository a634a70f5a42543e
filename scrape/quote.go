package scrape

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/prometheus/common/model"
)

// cutBlank splits at the first blanks.
func cutBlank(b []byte) (word, rest []byte) {
	at := bytes.IndexAny(b, " \t")
	if at < 0 {
		return b, nil
	}
	return b[:at], bytes.TrimLeft(b[at:], " \t")
}

// cutName reads a family's name, quoted or not.
func cutName(b []byte) (name string, rest []byte, ok bool) {
	if len(b) > 0 && b[0] == '"' {
		name, n, ok := quoted(b)
		if !ok || name == "" || n < len(b) && b[n] != ' ' && b[n] != '\t' {
			return "", nil, false
		}
		return name, bytes.TrimLeft(b[n:], " \t"), true
	}
	word, rest := cutBlank(b)
	name = string(word)
	return name, rest, model.LegacyValidation.IsValidMetricName(name)
}

// sampleName reads the name of a sample, which new clients may put quoted between the braces.
func sampleName(line []byte) ([]byte, bool) {
	if line[0] == '{' {
		name, _, ok := quoted(bytes.TrimLeft(line[1:], " \t"))
		return []byte(name), ok && name != ""
	}
	at := bytes.IndexAny(line, "{ \t")
	if at <= 0 || nameEnd(line[:at]) != at {
		return nil, false
	}
	return line[:at], true
}

// quoted reads a quoted text at the start of b and gives its length with quotes.
func quoted(b []byte) (text string, n int, ok bool) {
	if len(b) == 0 || b[0] != '"' {
		return "", 0, false
	}
	for i := 1; i < len(b); i++ {
		switch b[i] {
		case '\\':
			i++
		case '"':
			text, ok := unescape(b[1:i])
			return text, i + 1, ok
		}
	}
	return "", 0, false
}

// unescape resolves \\, \n and \" and refuses any other escape.
func unescape(b []byte) (string, bool) {
	if !utf8.Valid(b) {
		return "", false
	}
	if bytes.IndexByte(b, '\\') < 0 {
		return string(b), true
	}
	var out strings.Builder
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' {
			out.WriteByte(b[i])
			continue
		}
		if i++; i == len(b) {
			return "", false
		}
		switch b[i] {
		case '\\', '"':
			out.WriteByte(b[i])
		case 'n':
			out.WriteByte('\n')
		default:
			return "", false
		}
	}
	return out.String(), true
}
