package redact

import "bytes"

// Names that stand apart from their values in text: name=password value=x, <add key="password" value="x"/>,
// - name: DB_PASSWORD with value: on the next line, ('password', 'x').

// maxApart is how far, in bytes, such a name may stand before or behind its value.
const maxApart = 256

// apart removes the value at v, whose own name, which begins at start, only says that it is one (value,
// data), when the field that is named beside it is a credential.
func (t *text) apart(sep, start, v int, role nameFlag) int {
	s := t.s
	if role&nfLooseRole != 0 && v == sep+1 && bytes.IndexByte(s[v:min(len(s), v+16)], '/') > 0 {
		return sep + 1 // data:image/png
	}
	lo := max(0, start-maxApart)
	if line := bytes.LastIndexByte(s[lo:start], '\n'); line >= 0 {
		if item := bytes.TrimLeft(s[lo+line+1:start], " \t"); len(item) > 0 && item[0] == '-' {
			lo += line + 1 // an item of a list begins here
		} else if before := bytes.LastIndexByte(s[lo:lo+line], '\n'); before >= 0 {
			lo += before + 1
		}
	}
	if open := bytes.LastIndexAny(s[lo:start], "{(<};|"); open >= 0 {
		lo += open
	}
	info, found := t.namedIn(lo, start)
	if !found && s[lo] == '<' {
		end := lo + 1
		for end < start && t.p.r.tab.class[s[end]]&cName != 0 {
			end++
		}
		info = t.p.classify(s[lo+1 : end])
		found = info.sensitive()
	}
	if !found {
		if _, ahead := t.namedIn(v, min(len(s), v+2*maxApart)); !ahead {
			return sep + 1
		}
	}
	a, b, end := t.value(v, 0)
	if !found {
		hi := min(len(s), end+maxApart)
		if line := bytes.IndexByte(s[end:hi], '\n'); line >= 0 {
			if next := bytes.IndexByte(s[end+line+1:hi], '\n'); next >= 0 {
				hi = end + line + 1 + next
			}
			if s[end+line+1:hi] != nil && end+line+2 < hi && s[end+line+1] == '-' {
				hi = end + line
			}
		}
		if shut := bytes.IndexAny(s[end:hi], "})>;|"); shut >= 0 {
			hi = end + shut
		}
		info, found = t.namedIn(end, hi)
	}
	if !found || b <= a || !info.namedBy(role) || t.harmless(s[a:b], a > v, info) {
		return sep + 1
	}
	switch {
	case info.sensitive() && info.flags&nfKept == 0:
		t.valueFrom, t.valueTo = a, b
		return t.add(start, end, rulePair)
	case info.class == nameID && bytes.IndexByte(s[a:b], ' ') < 0 && digits(s[a:b]) > 0:
		return t.mask(a, b, info.kind)
	}
	return sep + 1
}

// namedIn finds the last name of a field that a name, key, header ... in s[lo:hi] has as its value.
func (t *text) namedIn(lo, hi int) (info nameInfo, found bool) {
	s, class := t.s, &t.p.r.tab.class
	for k := lo; k < hi; k++ {
		if s[k] != '=' && s[k] != ':' {
			continue
		}
		to := k
		for to > lo && (s[to-1] == ' ' || isQuote(s[to-1]) || s[to-1] == '\\') {
			to--
		}
		from := to
		for from > lo && class[s[from-1]]&cWord != 0 {
			from--
		}
		role := t.p.classify(s[from:to]).flags
		if from == to || role&nfNameRole == 0 {
			continue
		}
		v := k + 1
		for v < hi && (s[v] == ' ' || s[v] == '>' || s[v] == '=' || isQuote(s[v]) || s[v] == '\\') {
			v++
		}
		end := v
		for end < hi && class[s[end]]&cName != 0 {
			end++
		}
		if n := t.p.classify(s[v:end]); n.sensitive() && n.namedBy(role) || n.class == nameID || role&nfLooseRole == 0 {
			info, found = n, end > v
		}
	}
	return info, found
}

// element looks at the > at i of a tag: <password>x</password>, <property name="db.password">x</property>,
// <key>password</key><string>x</string>.
func (t *text) element(i int) int {
	s, class := t.s, &t.p.r.tab.class
	lo := max(0, i-maxApart)
	open := bytes.LastIndexByte(s[lo:i], '<')
	if open < 0 || i+1 >= len(s) || s[i-1] == '/' || s[i-1] == '-' {
		return i + 1
	}
	open += lo
	if open > 0 && (s[open-1] == '=' || s[open-1] == ':') && !bytes.Contains(s[i:min(len(s), i+maxContent)], []byte("</")) { // a template in the place of a value
		return i + 1
	}
	name := open + 1
	for name < i && class[s[name]]&cName != 0 || name > open+1 && name < i && s[name] == ':' {
		name++
	}
	tag := s[open+1 : name]
	if len(tag) == 0 || name < i && !isSpace(s[name]) || t.tookAt(open+1) {
		return i + 1
	}
	if end := t.rsaMember(tag, i); end > 0 {
		return end
	}
	info, whole := t.p.classify(tag[bytes.IndexByte(tag, ':')+1:]), true
	if !info.sensitive() && info.class != nameID {
		whole = false
		if name < i {
			info, _ = t.namedIn(name, i)
		} else {
			info = t.keyBefore(open)
		}
	}
	end := t.elementEnd(i + 1)
	content := bytes.TrimSpace(s[i+1 : max(i+1, end)])
	if inner, ok := bytes.CutPrefix(content, []byte("<![CDATA[")); ok && info.flags&nfMeasure != 0 {
		content = bytes.TrimSuffix(inner, []byte("]]>"))
	}
	if len(content) == 0 || info.flags&nfKept != 0 || t.harmless(content, false, info) {
		return i + 1
	}
	switch {
	case info.class == nameID && idContent(content):
		at := i + 1 + bytes.Index(s[i+1:end], content)
		return t.mask(at, at+len(content), info.kind)
	case !info.sensitive(), !whole && s[end-1] != '>' && (end+1 >= len(s) || s[end+1] != '/'): // <input name="password"> has no text
		return i + 1
	case !whole || open < t.done:
		return t.add(i+1, end, rulePair)
	}
	t.valueFrom, t.valueTo = i+1, end
	if k := bytes.IndexByte(s[end:min(len(s), end+maxName)], '>'); k >= 0 {
		end += k + 1
	}
	return t.add(open, end, ruleAssignment)
}

// tookAt says whether the last edit takes what stands at i: <AGE-SECRET-KEY-1...> is no tag.
func (t *text) tookAt(i int) bool {
	n := len(t.p.edit)
	return n > t.base && t.p.edit[n-1].start <= i && i < t.p.edit[n-1].end
}

func idContent(v []byte) bool {
	for _, c := range v {
		if c <= ' ' || c == '@' {
			return false
		}
	}
	return digits(v) > 0 && !isMasked(v)
}

// maxContent is how long the text of an element may be, in bytes.
const maxContent = 4 << 10

// elementEnd gives the end of the text that begins at i: the next tag; at most i when there is none.
func (t *text) elementEnd(i int) int {
	s := t.s
	near := s[i:min(len(s), i+maxContent)]
	if bytes.HasPrefix(near, []byte("<![CDATA[")) {
		if n := bytes.Index(near, []byte("]]>")); n > 0 {
			return i + n + 3
		}
		return i
	}
	return i + bytes.IndexByte(near, '<')
}

// keyBefore says what the element before the tag at i names: <key>password</key> in front of <string>.
func (t *text) keyBefore(i int) nameInfo {
	s := t.s
	before := bytes.TrimRight(s[max(0, i-maxApart):i], " \t\r\n")
	if !bytes.HasSuffix(before, []byte(">")) {
		return nameInfo{}
	}
	shut := bytes.LastIndex(before, []byte("</"))
	if shut < 0 || t.p.classify(before[shut+2:len(before)-1]).flags&nfNameRole == 0 {
		return nameInfo{}
	}
	return t.p.classify(before[bytes.LastIndexByte(before[:shut], '>')+1 : shut])
}

// listed removes the text behind the quoted name s[i:j] in a list of names and values: ('password', 'x'),
// also s:8:"password";s:1:"x"; of PHP. 0: it is none.
func (t *text) listed(i, j int) int {
	s := t.s
	quote := j
	for quote < len(s) && s[quote] == '\\' {
		quote++
	}
	for class := &t.p.r.tab.class; i > t.done+1 && j-i < maxName && s[i-1] == '.' && class[s[i-2]]&cWord != 0; { // "db.password"
		for i--; i > t.done && class[s[i-1]]&cWord != 0; i-- {
		}
	}
	if i == 0 || quote+2 >= len(s) || !isQuote(s[quote]) || s[i-1] != s[quote] {
		return 0
	}
	comma := skipBlanks(s, quote+1)
	if comma >= len(s) || s[comma] != ',' && s[comma] != ';' {
		return t.besideQuoted(i, quote, comma)
	}
	start := i - 1
	for start > t.done && s[start-1] == '\\' {
		start--
	}
	j = quote
	before := byte(0)
	for k := start; k > 0; k-- {
		if c := s[k-1]; !isSpace(c) && c != 'b' && c != 'u' {
			before = c
			break
		}
	}
	v := skipBlanks(s, comma+1)
	within := false // other texts stand before the name: what follows it must look like a credential
	switch {
	case s[comma] == ';' && before == ':' && bytes.HasPrefix(s[v:], []byte("s:")):
		for v += 2; v < len(s) && (isDigit(s[v]) || s[v] == ':'); v++ {
		}
	case before == ',' && s[comma] == ',':
		within = s[i] != '-'
	case s[comma] == ';' || before != '(' && before != '[' && before != '{':
		return 0
	}
	info := t.p.classify(bytes.Trim(s[i:j], "-\\"))
	if info.class != nameCredential && (s[comma] != ';' || !info.sensitive()) || info.flags&(nfKept|nfTail|nfMeasure) != 0 {
		return 0
	}
	a, b, end := t.value(v, 0)
	if a == v || b <= a || t.harmless(s[a:b], true, info) || t.p.classify(s[a:b]).class == nameCredential || within && (b-a < 16 || digits(s[a:b]) < 3) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(start, end, rulePair)
}

// skipBlanks gives the place of the first sign from i on that is no blank.
func skipBlanks(s []byte, i int) int {
	for i < len(s) && s[i] == ' ' {
		i++
	}
	return i
}
