package redact

import "bytes"

// formPart looks at the = at i of a header Content-Disposition: form-data; name="x", and removes the part's body
// when the name is that of a credential; 0: it is none, or the header ends elsewhere.
func (t *text) formPart(i int) int {
	s := t.s
	line := s[max(0, i-maxApart):i]
	if n := bytes.LastIndexByte(line, '\n'); n >= 0 {
		line = line[n+1:]
	}
	end := bytes.IndexByte(s[i+2:min(len(s), i+2+maxPairName)], '"')
	if end < 0 || !bytes.Contains(line, []byte("form-data")) {
		return 0
	}
	info := t.p.classify(s[i+2 : i+2+end])
	head := s[i:min(len(s), i+4*maxApart)]
	body := bytes.Index(head, []byte("\n\n")) + 2
	if n := bytes.Index(head, []byte("\r\n\r\n")); n >= 0 && (body < 2 || n < body) {
		body = n + 4
	}
	if body < 2 || !info.sensitive() && info.class != nameID || info.flags&nfKept != 0 {
		return 0
	}
	body += i
	stop := len(s)
	if n := bytes.Index(s[body:], []byte("\n--")); n >= 0 {
		stop = body + n
	}
	for stop > body && s[stop-1] == '\r' {
		stop--
	}
	switch val := s[body:stop]; {
	case len(val) == 0, t.harmless(val, true, info):
		return 0
	case info.class == nameID:
		if !idContent(val) {
			return 0
		}
		return t.mask(body, stop, info.kind)
	}
	return t.add(body, stop, rulePair)
}
