package redact

import "bytes"

const (
	maxPEM   = 8 << 10 // how far the END may stand behind what looks like a block's body
	pemBegin = "-----BEGIN"
	pemEnd   = "-----END"
)

// dashes looks at a word that begins with dashes or ends with BEGIN: a PEM block.
func (t *text) dashes(i, j int) int {
	s := t.s
	if string(s[i:j]) == "----" && bytes.HasPrefix(s[j:], []byte(" BEGIN ")) {
		return t.ssh2(i, j)
	}
	if j-i < len(pemBegin) || !bytes.HasSuffix(s[i:j], []byte(pemBegin)) || j >= len(s) || s[j] != ' ' {
		return j
	}
	i = j - len(pemBegin)
	label := j + 1
	head := bytes.Index(s[label:min(len(s), label+64)], []byte("-----"))
	if head < 0 {
		return j
	}
	head += label
	if bytes.Contains(s[label:head], []byte("PUBLIC")) || bytes.Contains(s[label:head], []byte("CERTIFICATE")) || bytes.Contains(s[label:head], []byte("PARAMETERS")) {
		return head + 5
	}
	end, open := pemBody(s, head+5)
	if k := bytes.Index(s[end:min(len(s), end+maxPEM)], []byte(pemEnd)); k >= 0 && !bytes.Contains(s[end:end+k], []byte(pemBegin)) {
		end, open = pemEndLine(s, end+k), false // whatever stands between belongs to it
	}
	t.p.inPEM = open && !t.final
	return t.add(i, end, rulePEM)
}

// ssh2 removes a private key of RFC 4716's form: ---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----.
func (t *text) ssh2(i, j int) int {
	s := t.s
	head := bytes.Index(s[j:min(len(s), j+64)], []byte(" ----"))
	if head < 0 || !bytes.Contains(s[j:j+head], []byte("PRIVATE")) {
		return j
	}
	end := len(s)
	if n := bytes.Index(s[j+head+5:], []byte("---- END ")); n >= 0 {
		if end = j + head + 5 + n; bytes.IndexByte(s[end:], '\n') < 0 {
			return t.add(i, len(s), rulePEM)
		}
		end += bytes.IndexByte(s[end:], '\n')
	} else if n := bytes.Index(s[j+head+5:], []byte("\n\n")); n >= 0 {
		end = j + head + 5 + n
	}
	return t.add(i, end, rulePEM)
}

// putty removes the lines of a PuTTY key file's private part, which stand behind Private-Lines and their number,
// whose colon is at i.
func (t *text) putty(i int) int {
	s := t.s
	v := skipSpace(s, i+1)
	j := v
	for j < len(s) && isDigit(s[j]) {
		j++
	}
	lines, end := 0, j
	for k := j; j > v && lines < 64; lines++ {
		start := k
		for start < len(s) && (isSpace(s[start]) || s[start] == '\\' || start > k && s[start-1] == '\\' && (s[start] == 'n' || s[start] == 'r')) {
			start++
		}
		for k = start; k < len(s) && (sextet(s[k]) >= 0 || s[k] == '='); k++ {
		}
		if start == end || k-start < 16 {
			break
		}
		end = k
	}
	if end == j {
		return i + 1
	}
	return t.add(skipSpace(s, j), end, rulePEM)
}

// pemBody gives the end of a PEM block's body and END line; open: the text ended before the block did.
// Line ends may be real, escaped or blanks. Without an END the block ends where base64 does.
func pemBody(s []byte, i int) (end int, open bool) {
	good, long := i, false
	for i < len(s) {
		start := i
		for i < len(s) && (sextet(s[i]) >= 0 || s[i] == '=') {
			if s[i] == '-' && bytes.HasPrefix(s[i:], []byte(pemEnd)) {
				return pemEndLine(s, i), false
			}
			i++
		}
		switch n := i - start; {
		case n > 0 && i < len(s) && s[i] == ':': // Proc-Type, DEK-Info
			for i < len(s) && s[i] != '\n' && s[i] != '\\' {
				i++
			}
			good = i
		case n >= 16 || n > 0 && long: // a short line only behind a long one
			good, long = i, n >= 40 && s[i-1] != '='
		case n > 0:
			return good, false
		}
		j := i
		for j < len(s) && (isSpace(s[j]) || s[j] == '\\' || j > i && s[j-1] == '\\' && (s[j] == 'n' || s[j] == 'r' || s[j] == 't')) {
			j++
		}
		if j == i && j < len(s) {
			return good, false
		}
		i = j
	}
	return good, true
}

func pemEndLine(s []byte, i int) int {
	i += len(pemEnd)
	if n := bytes.Index(s[i:min(len(s), i+64)], []byte("-----")); n >= 0 {
		return i + n + 5
	}
	if n := bytes.IndexAny(s[i:], "\n\\\""); n >= 0 {
		return i + n
	}
	return len(s)
}
