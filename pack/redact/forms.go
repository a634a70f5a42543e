package redact

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode/utf16"
)

// formsOf gives the ways in which a value may be written: raw, escaped for JSON, in base64, in hex, byte by byte, and
// percent-encoded. Some may be equal.
func formsOf(v []byte) [][]byte {
	lower := hex.AppendEncode(nil, v)
	forms := [][]byte{v, lower, bytes.ToUpper(lower)}
	forms = append(forms, listForms(v)...)
	forms = append(forms, escapedForms(v)...)
	forms = append(forms, base64Forms(v)...)
	return append(forms, percentForms(v)...)
}

// listForms are those of dumps: bytes in hex with a blank or a colon between them (<Buffer 51 76>), and as numbers.
func listForms(v []byte) (forms [][]byte) {
	for _, sep := range [...]string{" ", ":"} {
		for _, verb := range [...]string{"%02x", "%02X"} {
			forms = append(forms, dump(v, verb, sep))
		}
	}
	return append(forms, dump(v, "%d", ","), dump(v, "%d", ", "))
}

func dump(v []byte, verb, sep string) []byte {
	var out []byte
	for i, c := range v {
		if i > 0 {
			out = append(out, sep...)
		}
		out = fmt.Appendf(out, verb, c)
	}
	return out
}

// escapedForms are those of a JSON string, once and twice: with as few escapes as can be, with \/, with the \u00XX
// by which encoders for HTML write < > & or also ' + = and the backtick, and with an escape for every sign.
func escapedForms(v []byte) [][]byte {
	least := inJSON.encode(nil, v)
	forms := [][]byte{least, bytes.ReplaceAll(least, []byte("/"), []byte(`\/`))}
	for _, digits := range [...]string{hexDigits, hexDigitsUpper} {
		for _, set := range [...]string{"<>&", "<>&'+`\"", "<>&'+=`\"/"} {
			var form []byte
			for i := range v {
				if strings.IndexByte(set, v[i]) >= 0 {
					form = append(form, '\\', 'u', '0', '0', digits[v[i]>>4], digits[v[i]&15])
				} else {
					form = inJSON.encode(form, v[i:i+1])
				}
			}
			forms = append(forms, form)
		}
		var u, x []byte
		for _, r := range string(v) {
			for _, half := range utf16.AppendRune(nil, r) {
				u = append(u, '\\', 'u', digits[half>>12], digits[half>>8&15], digits[half>>4&15], digits[half&15])
			}
		}
		for _, c := range v {
			x = append(x, '\\', 'x', digits[c>>4], digits[c&15])
		}
		forms = append(forms, u, x)
	}
	for _, f := range forms {
		forms = append(forms, inJSON.encode(nil, f))
	}
	return forms
}

// base64Forms are those of both alphabets: the value by itself, and at the three alignments inside
// something longer, of which only the signs count that the value alone decides.
func base64Forms(v []byte) (forms [][]byte) {
	for _, enc := range [...]*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
		forms = append(forms, enc.AppendEncode(nil, v), enc.WithPadding(base64.NoPadding).AppendEncode(nil, v))
		for lead := range 3 {
			padded := append(make([]byte, lead, lead+len(v)), v...)
			text := enc.AppendEncode(nil, padded)
			from := (lead*8 + 5) / 6
			to := len(padded) * 8 / 6
			if to-from >= minValue {
				forms = append(forms, text[from:to])
			}
		}
	}
	return forms
}

// percentForms are those of encoders that differ in what they leave as it is: nothing, RFC 3986's
// unreserved signs, JavaScript's encodeURIComponent and encodeURI, Go's path segments; a blank also as +.
func percentForms(v []byte) (forms [][]byte) {
	for _, digits := range [...]string{hexDigits, hexDigitsUpper} {
		var whole []byte
		for _, c := range v {
			whole = append(whole, '%', digits[c>>4], digits[c&15])
		}
		forms = append(forms, whole)
		for _, kept := range [...]string{"-_.~", "-_.~!*'()", "-_.~!*'();/?:@&=+$,#", "-_.~$&+:=@"} {
			var form []byte
			for _, c := range v {
				if isAlnum(c) || strings.IndexByte(kept, c) >= 0 {
					form = append(form, c)
				} else {
					form = append(form, '%', digits[c>>4], digits[c&15])
				}
			}
			forms = append(forms, form, bytes.ReplaceAll(form, []byte("%20"), []byte("+")))
		}
	}
	return forms
}
