package verify

import "bytes"

// elementText gives the text of an element of XML whose name or attribute or text ends at j.
func elementText(t []byte, i, j int) (v value, ok bool) {
	k := j
	switch {
	case t[j] == '<': // <key>password</key><string>...
		from := i
		for from > 0 && i-from < longestPath && (classes[t[from-1]]&isWordChar != 0 || t[from-1] == '.') { // <name>a.b.password</name>
			from--
		}
		if from == 0 || t[from-1] != '>' || j+1 == len(t) || t[j+1] != '/' {
			return v, false
		}
		if k = pastTag(t, j); k < 0 {
			return v, true
		}
		k = skip(t, k, " \t\r\n")
	case t[j] == '>', t[j] == ' ':
		from := i
		for from > 0 && i-from < longestPath && (classes[t[from-1]]&isWordChar != 0 || t[from-1] == ':' || t[from-1] == '.') {
			from--
		}
		if from == 0 || t[from-1] != '<' || from > 1 && (t[from-2] == '=' || t[from-2] == ':') && !bytes.Contains(t[j:min(len(t), j+longestRows)], []byte("</")) {
			return v, false // or a template in the place of a value
		}
	default:
		return v, false
	}
	if k = pastTag(t, k); k < 0 {
		return v, true
	}
	return innerText(t, k), true
}

// pastTag gives the place behind the tag that k stands in; -1: it ends too far away, or holds nothing.
func pastTag(t []byte, k int) int {
	n := bytes.IndexByte(t[k:min(len(t), k+longestValue)], '>')
	if n < 0 || n > 0 && t[k+n-1] == '/' {
		return -1
	}
	return k + n + 1
}

func innerText(t []byte, k int) value {
	k = skip(t, k, " \t\r\n")
	if cdata := "<![CDATA["; bytes.HasPrefix(t[k:], []byte(cdata)) {
		k += len(cdata)
	}
	end := k
	for end < len(t) && end-k < longestValue && t[end] != '<' && t[end] != ']' && t[end] != '\n' {
		end++
	}
	if end < len(t) && t[end] == '\n' && bytes.IndexByte(t[end:min(len(t), end+longestValue)], '<') < 0 { // no end of an element follows
		return value{}
	}
	return value{text: t[k:end], at: k, strict: true}
}
