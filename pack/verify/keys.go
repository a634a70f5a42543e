package verify

import (
	"bytes"
	"encoding/base64"
)

// isJWT decodes the first part: a header has alg or enc. One that is cut off behind it counts too.
func isJWT(v []byte) bool {
	head, rest, dotted := bytes.Cut(v, []byte("."))
	if dotted && len(rest) < 4 {
		return false
	}
	b := make([]byte, base64.RawURLEncoding.DecodedLen(len(head)))
	n, _ := base64.RawURLEncoding.Decode(b, head)
	b = b[:n]
	if dotted && bytes.HasPrefix(b, []byte("{")) && bytes.IndexByte(b, '"') > 0 && bytes.HasPrefix(rest, []byte("eyJ")) && bytes.Count(rest, []byte(".")) > 0 {
		return true
	}
	return bytes.Contains(b, []byte(`"alg"`)) || dotted && (bytes.Contains(b, []byte(`"enc"`)) || bytes.Contains(b, []byte(`"typ"`)))
}

// joinedJWT finds one behind a dash or an underscore.
func (s *scan) joinedJWT(t []byte, i, j int) bool {
	n := bytes.Index(t[i:j], []byte("eyJ"))
	if n < 1 || t[i+n-1] != '-' && t[i+n-1] != '_' || !isJWT(run(t, i+n)) {
		return false
	}
	s.report(KindJWT, run(t, i+n), i+n)
	return true
}

// isPrivateDER says whether base64 without its frame is a private key: a sequence that begins with the
// version 0 or 1 (PKCS 1, PKCS 8, SEC 1), where a certificate and a public key begin with a sequence.
func isPrivateDER(v []byte) bool {
	if len(v) < 40 {
		return false
	}
	var b [12]byte
	if _, err := base64.StdEncoding.Decode(b[:], v[:16]); err != nil || b[0] != 0x30 {
		return false
	}
	body := b[2:]
	if b[1] >= 0x80 {
		n := int(b[1] & 0x7f)
		if n > 3 {
			return false
		}
		body = body[n:]
	}
	return body[0] == 2 && body[1] == 1 && body[2] <= 1
}
