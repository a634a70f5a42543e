package verify

import "bytes"

// masked says whether a whole text is something that redaction leaves.
func masked(v []byte) bool {
	n := maskAt(v)
	return n > 0 && n == len(v) || maskedID(v)
}

const longestMask = 64 // bytes of a masked id: 8 letters of any script and more

// maskedID: abcd...wxyz, ...uvwxyz, abcd... with letters of any script.
func maskedID(v []byte) bool {
	if len(v) < 7 || len(v) > longestMask {
		return false
	}
	i := bytes.Index(v, []byte("..."))
	if i < 0 || bytes.Count(v, []byte(".")) != 3 {
		return false
	}
	before, behind := runes(v[:i]), runes(v[i+3:])
	return before == 4 && behind == 4 || before == 0 && behind == 6 || before == 4 && behind == 0
}

func runes(v []byte) (n int) {
	for _, c := range v {
		if c&0xc0 != 0x80 {
			n++
		}
	}
	return n
}

// maskAt gives the length of the placeholder at the beginning of v, 0 for none.
func maskAt(v []byte) int {
	if len(v) < 5 || v[0] != '[' {
		return 0
	}
	end := bytes.IndexByte(v[:min(len(v), 120)], ']')
	if end < 0 {
		return 0
	}
	in := v[1:end]
	if name, ok := bytes.CutPrefix(in, []byte("id-")); ok && isName(name) {
		return end + 1
	}
	if name, ok := bytes.CutPrefix(in, []byte("ip-")); ok && isName(name) {
		return end + 1
	}
	kind, ok := bytes.CutPrefix(in, []byte("removed-"))
	if !ok {
		return 0
	}
	for i, part := range bytes.Split(kind, []byte(",")) {
		if len(part) == 0 || len(part) > 24 {
			return 0
		}
		for _, c := range part {
			lower := c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-'
			if !lower && (i == 0 || !(c >= 'A' && c <= 'Z' || c == '.' || c == '_')) {
				return 0
			}
		}
		if i > 4 || randomLooking(part) {
			return 0
		}
	}
	return end + 1
}

// isName: 10 signs of the alphabet of pseudonyms.
func isName(v []byte) bool {
	if len(v) != 10 {
		return false
	}
	for _, c := range v {
		switch {
		case c == 'e' || c == 'i' || c == 'l' || c == 'o':
			return false
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'z':
		default:
			return false
		}
	}
	return true
}

// idle texts stand under a name that says credential without being one: states, not values.
func idle(v []byte) bool {
	if len(v) > 12 {
		return false
	}
	switch string(bytes.ToLower(v)) {
	case "", "null", "none", "nil", "undefined", "true", "false", "yes", "no", "ok", "valid", "invalid", "expired", "missing",
		"required", "unset", "set", "empty", "hidden", "redacted", "[redacted]", "***", "******", "********", "unknown", "unauthorized",
		"denied", "refused", "rejected", "disabled", "enabled", "absent", "wrong", "failed", "incorrect", "n/a", "-", "string", "not":
		return true
	}
	return false
}
