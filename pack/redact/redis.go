package redact

import "bytes"

// What Redis is given: AUTH x, also as MONITOR prints it and as it goes over the wire, and rules of users.

// redisAuth looks behind AUTH of Redis: AUTH x, AUTH user x, and as MONITOR prints it, "AUTH" "x".
func (t *text) redisAuth(i, j int) int {
	s := t.s
	quoted := i > t.done && isQuote(s[i-1]) && (isQuote(s[j]) || s[j] == '\\')
	if !quoted && string(s[i:j]) != "AUTH" || i > t.done && inClass("-/._", s[i-1]) {
		return 0
	}
	if n := breakLen(s[j:]); n > 0 {
		return t.redisBulk(j + n)
	}
	a, b, end := t.nextArgument(j)
	if end == 0 || quoted && end == b {
		return 0
	}
	if x, y, second := t.nextArgument(end); second > 0 && y > x {
		if quoted || string(s[a:b]) == "default" {
			return t.argument(end, false)
		}
		if !bytes.ContainsAny(s[a:b], "@:=/,.") && digits(s[a:b]) == 0 {
			return t.argument(end, true)
		}
		return 0
	}
	return t.argument(j, !quoted)
}

// redisBulk removes the last argument of AUTH as it goes over the wire of Redis: $8 and, on the next line, 8 bytes.
func (t *text) redisBulk(i int) int {
	s := t.s
	a, b := 0, 0
	for range 2 {
		if i >= len(s) || s[i] != '$' {
			break
		}
		n, k := 0, i+1
		for k < len(s) && n < maxName && isDigit(s[k]) {
			n, k = 10*n+int(s[k]-'0'), k+1
		}
		size := breakLen(s[k:])
		if n == 0 || size == 0 || k+size+n > len(s) {
			break
		}
		a, b = k+size, k+size+n
		i = b + breakLen(s[b:])
	}
	if b <= a || placeholderLen(s[a:]) > 0 {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(a, b, ruleFlag)
}

// redisUser looks at the rules behind ACL SETUSER: one that begins with > or # gives a password or its hash.
func (t *text) redisUser(j int) int {
	s := t.s
	for k := j; k < len(s) && k-j < maxCommand && s[k] != '\n'; k++ {
		if (s[k] == '>' || s[k] == '#') && (s[k-1] == ' ' || isQuote(s[k-1])) && placeholderLen(s[k+1:]) == 0 {
			if end := t.trimEnd(k+1, t.bareEnd(k+1, 0)); end > k+2 {
				t.valueFrom, t.valueTo = k+1, end
				return t.add(k+1, end, ruleFlag)
			}
		}
	}
	return 0
}
