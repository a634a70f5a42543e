package redact

// openKeys are the words before key that say of what kind it is where it is no credential, whatever it looks like.
const openKeys = `public pub primary foreign partition cache sort routing row map object index group idempotency dedupe dedup shard hash
	record entry lookup message event node bucket query lock topic natural unique composite range sub translation locale hot
	tree search join order sequence batch blob file path image column field table meta data`

const (
	leastKeyed = 20 // signs of a key at random
	mostKeyed  = 128
)

// isRandomKey says whether v, behind a name that ends with key, is a credential: letters and digits at random; no digest, no
// UUID, no ULID, no words with dashes between them.
func isRandomKey(v []byte) bool {
	if len(v) < leastKeyed || len(v) > mostKeyed {
		return false
	}
	numbers, lowers, uppers, others, dashes, turns := 0, 0, 0, 0, 0, 0
	last := byte(0)
	for _, c := range v {
		kind := runeKind(c)
		switch {
		case kind == '0':
			numbers++
		case c == '-' || c == '_':
			dashes++
			continue
		case kind == 'a':
			lowers++
		case kind == 'A':
			uppers++
		default:
			return false
		}
		if !isHex(c) {
			others++
		}
		if kind != last && last != 0 {
			turns++
		}
		last = kind
	}
	mixed := lowers > 2 && uppers > 2
	return numbers >= 3 && lowers+uppers >= 6 && others >= 3 && turns*4 >= len(v) && (mixed || dashes == 0 && lowers > 0)
}

// keyedValue removes a value at random behind a key of a kind that we do not know; 0: it is none.
func (t *text) keyedValue(i, start int) int {
	s := t.s
	v := t.valueAt(i)
	if v >= len(s) || isSpace(s[v]) {
		return 0
	}
	a, b, end := t.value(v, 0)
	if b <= a || !isRandomKey(s[a:b]) {
		return 0
	}
	t.valueFrom, t.valueTo = a, b
	return t.add(start, end, ruleAssignment)
}
