package redact

import (
	"bytes"
	"strconv"
	"time"
)

// algorithms are those of RFC 7518 and 8037 that a placeholder may name; all else is not told.
var algorithms = [...]string{"HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA", "none",
	"RSA1_5", "RSA-OAEP", "A128KW", "A192KW", "A256KW", "dir", "ECDH-ES", "A128GCMKW", "A256GCMKW"}

// jwt takes a JWT or JWE: base64url of {" and then parts behind dots, the last perhaps empty (alg none).
// A header alone is one that was cut; other JSON in base64 is looked into.
func (t *text) jwt(i int) int {
	s := t.s
	var part [5][]byte
	j, n := i, 0
	for n < len(part) {
		start := j
		for j < len(s) && isBase64URL(s[j]) {
			j++
		}
		if n == 0 && j-start < 12 {
			return 0
		}
		part[n] = s[start:j]
		n++
		if j >= len(s) || s[j] != '.' || n > 1 && j == start {
			break
		}
		if j+1 < len(s) && isBase64URL(s[j+1]) || n == 2 {
			j++
			continue
		}
		break
	}
	for j < len(s) && (s[j] == '=' || s[j] == '+' || s[j] == '/' || isBase64URL(s[j])) {
		j++
	}
	var room [maxClaims]byte
	header := room[:decodeBase64(room[:], part[0])]
	if n == 1 && jsonText(header, "alg") == nil && jsonText(header, "enc") == nil {
		if len(part[0]) < minEncoded {
			return 0
		}
		if bytes.HasPrefix(part[0], []byte("eyJrIjoi")) && len(part[0]) >= 40 { // {"k":" of Grafana
			return t.add(i, j, ruleVendor)
		}
		return t.coded(i)
	}
	from := len(t.p.repl)
	t.p.repl = t.jwtPlaceholder(t.p.repl, header, part[1])
	return t.put(i, j, from, ruleJWT)
}

// maxClaims is how much of a JWT's header or claims is read for a placeholder, in bytes.
const maxClaims = 1 << 10

// jwtPlaceholder tells the algorithm, when it is a known one, and by how much a clock that the options give
// is past or before its end, coarsely.
func (t *text) jwtPlaceholder(dst, header, claims []byte) []byte {
	dst = append(dst, "[removed-"...)
	dst = append(dst, ruleNames[ruleJWT]...)
	alg := bytes.Trim(jsonText(header, "alg"), `"`)
	for _, a := range algorithms {
		if string(alg) == a && a != "RSA1_5" {
			dst = append(append(dst, ','), a...)
		}
	}
	if t.p.r.now != nil {
		var room [maxClaims]byte
		claims = room[:decodeBase64(room[:], claims)]
		if exp, err := strconv.ParseInt(string(jsonText(claims, "exp")), 10, 64); err == nil && exp > 0 && exp < 1<<33 {
			dst = appendExpiry(append(dst, ','), t.p.r.now().Sub(time.Unix(exp, 0)))
		}
	}
	return append(dst, ']')
}

// appendExpiry writes expired-3h or expires-2d: whole hours under two days, else days, at most 99.
func appendExpiry(dst []byte, past time.Duration) []byte {
	word := "expired-"
	if past < 0 {
		word, past = "expires-", -past
	}
	dst = append(dst, word...)
	hours := int64(past / time.Hour)
	if hours < 48 {
		return append(strconv.AppendInt(dst, hours, 10), 'h')
	}
	return append(strconv.AppendInt(dst, min(hours/24, 99), 10), 'd')
}

// jsonText gives the text of a string or number member of this name in the start of a document, without
// looking at its structure; nil: there is none.
func jsonText(doc []byte, name string) []byte {
	at := bytes.Index(doc, []byte(`"`+name+`"`))
	if at < 0 {
		return nil
	}
	v := skipSpace(doc, at+len(name)+2)
	if v >= len(doc) || doc[v] != ':' {
		return nil
	}
	v = skipSpace(doc, v+1)
	end := v
	for end < len(doc) && !isSpace(doc[end]) && doc[end] != ',' && doc[end] != '}' {
		end++
	}
	return doc[v:end]
}

func isBase64URL(c byte) bool { return isAlnum(c) || c == '-' || c == '_' }
