package verify

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"strconv"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// decoded looks at what a text stands for once more of its encodings is undone: JSON as a whole,
// percent signs, \u escapes.
func (s *scan) decoded(t []byte, features uint16, depth int) {
	if depth <= 1 {
		return
	}
	trimmed := bytes.TrimSpace(t)
	if n := len(trimmed); n > 6 && (trimmed[0] == '{' && trimmed[n-1] == '}' || trimmed[0] == '[' && trimmed[n-1] == ']') && maskAt(trimmed) != n {
		s.nested(trimmed)
	}
	if features&hasEscape == 0 {
		return
	}
	if bytes.IndexByte(t, '%') >= 0 {
		if plain := unpercent(t); len(plain) < len(t) {
			s.text(plain, depth-1)
		}
	}
	if bytes.Contains(t, []byte(`\u00`)) {
		if plain := unescape(t); len(plain) < len(t) {
			s.text(plain, depth-1)
		}
	}
}

// nested walks JSON inside a text. What is no JSON after all leaves nothing behind.
func (s *scan) nested(doc []byte) {
	before := len(s.found)
	dec := jsontext.NewDecoder(bytes.NewReader(doc), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if s.depth >= maxDepth {
		return
	}
	s.depth++
	defer func() { s.depth-- }()
	inText := s.inText
	s.inText = false
	defer func() { s.inText = inText }()
	if !s.walk(dec, false) {
		s.found = s.found[:before]
	}
}

// unpercent undoes %XX where it is well written.
func unpercent(t []byte) []byte {
	out := make([]byte, 0, len(t))
	for i := 0; i < len(t); i++ {
		if t[i] == '%' && i+2 < len(t) {
			if c, err := strconv.ParseUint(string(t[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(c))
				i += 2
				continue
			}
		}
		out = append(out, t[i])
	}
	return out
}

// unescape undoes \u00XX.
func unescape(t []byte) []byte {
	out := make([]byte, 0, len(t))
	for i := 0; i < len(t); i++ {
		if t[i] == '\\' && i+5 < len(t) && t[i+1] == 'u' {
			if r, err := strconv.ParseUint(string(t[i+2:i+6]), 16, 16); err == nil {
				out = utf8.AppendRune(out, rune(r))
				i += 5
				continue
			}
		}
		out = append(out, t[i])
	}
	return out
}

const maxBlob = 64 << 10 // longer runs are pictures or archives

// blob decodes a long run as hex or base64 and looks at it when it is text.
func (s *scan) blob(t []byte, i, depth int) {
	run := bytes.TrimRight(blob(t, i), ".")
	if depth <= 1 || len(run) < 16 || len(run) > maxBlob || bytes.IndexByte(run, '.') >= 0 {
		return
	}
	for _, decode := range decoders {
		if plain := decode(run); len(plain) >= 8 && readable(plain) {
			s.text(plain, depth-1)
			return
		}
	}
}

var decoders = []func([]byte) []byte{
	func(v []byte) []byte {
		b := make([]byte, hex.DecodedLen(len(v)))
		if n, err := hex.Decode(b, v); err == nil {
			return b[:n]
		}
		return nil
	},
	func(v []byte) []byte { return unbase64(base64.RawStdEncoding, v) },
	func(v []byte) []byte { return unbase64(base64.RawURLEncoding, v) },
}

func unbase64(enc *base64.Encoding, v []byte) []byte {
	v = bytes.TrimRight(v, "=")
	b := make([]byte, enc.DecodedLen(len(v)))
	n, err := enc.Decode(b, v)
	if err != nil {
		return nil
	}
	return b[:n]
}

// readable: text, not bytes that happen to decode.
func readable(v []byte) bool {
	if !utf8.Valid(v) {
		return false
	}
	for _, c := range v {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' || c == 0x7f {
			return false
		}
	}
	return true
}

// valueForms are known values in all forms in which they could be written.
type valueForms [][]byte

const leastValue = 6

func formsOf(values [][]byte) valueForms {
	var out valueForms
	add := func(b []byte) {
		if len(b) >= leastValue {
			out = append(out, b)
		}
	}
	for _, v := range values {
		if len(v) < leastValue {
			continue
		}
		add(bytes.Clone(v))
		add([]byte(hex.EncodeToString(v)))
		add(bytes.ToUpper([]byte(hex.EncodeToString(v))))
		add([]byte(url.QueryEscape(string(v))))
		if b, err := json.Marshal(string(v)); err == nil {
			add(b[1 : len(b)-1])
		}
		for _, enc := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			for shift := range 3 {
				// Of the encoding only the signs that the value alone decides; the neighbours decide the rest.
				b := enc.EncodeToString(append(make([]byte, shift), v...))
				from := []int{0, 2, 3}[shift]
				to := len(b)
				if (shift+len(v))%3 != 0 {
					to--
				}
				if to-from >= 8 {
					add([]byte(b[from:to]))
				}
			}
		}
	}
	return out
}

func (f valueForms) in(doc []byte) bool {
	for _, v := range f {
		if bytes.Contains(doc, v) {
			return true
		}
	}
	return false
}

// values reports known values inside a text.
func (s *scan) values(t []byte) {
	for _, v := range s.forms {
		if i := bytes.Index(t, v); i >= 0 {
			s.report(KindKnown, t[i:i+len(v)], i)
			return
		}
	}
}
