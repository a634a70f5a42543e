package redact

import "bytes"

// escapedQuotes are quotes as JSON, programs and HTML write them where a bare one may not stand.
var escapedQuotes = [...]string{`\u0022`, `\u0027`, `\x22`, `\x27`, `&quot;`, `&#34;`, `&#39;`, `&apos;`, `&#x27;`, `&#x22;`}

// escapedQuoteAt gives the length of the escaped quote at the start of s, or 0.
func escapedQuoteAt(s []byte) int {
	if len(s) < 4 || s[0] != '\\' && s[0] != '&' {
		return 0
	}
	for _, q := range escapedQuotes {
		if len(s) >= len(q) && string(s[:len(q)]) == q {
			return len(q)
		}
	}
	return 0
}

// escapedQuoteBefore gives the length of the escaped quote at the end of s, or 0.
func escapedQuoteBefore(s []byte) int {
	if n := len(s); n < 4 || s[n-1] != '2' && s[n-1] != '7' && s[n-1] != ';' {
		return 0
	}
	for _, q := range escapedQuotes {
		if bytes.HasSuffix(s, []byte(q)) {
			return len(q)
		}
	}
	return 0
}

// quotedByEscapes finds the end of a value that begins with an escaped quote of n bytes at q: the next
// one of the same spelling, else the end of the line.
func (t *text) quotedByEscapes(q, n int) (a, b, end int) {
	s := t.s
	a = q + n
	stop := len(s)
	if i := bytes.IndexByte(s[a:], '\n'); i >= 0 {
		stop = a + i
	}
	i := bytes.Index(s[a:stop], s[q:a])
	if i < 0 {
		return a, stop, stop
	}
	b, end = a+i, a+i+n
	for b > a && s[b-1] == '\\' {
		b--
	}
	return a, b, end
}

// behindEscape gives the place behind the letters of an escaped quote at from, whose backslash stands
// before it and is no part of a name: u0022password begins at password.
func (t *text) behindEscape(from, to int) int {
	if from > t.done && t.s[from-1] == '\\' {
		if n := escapedQuoteAt(t.s[from-1 : to]); n > 0 {
			return from - 1 + n
		}
	}
	return from
}
