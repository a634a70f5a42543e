package verify

import "bytes"

// A long random part behind a short beginning, as vendors give out credentials: abc_..., abc-live-..., abc.x.
// No list of vendors is asked: the beginning must be short and plain, and what follows it must be no word,
// digest, id that tells the time, part of a path or name of a file.

// followers has for each small letter those that come behind it in 96 of 100 places of English and of the
// names in programs: 270 of 676 pairs, so that of random letters two pairs in five are among them.
var followers = func() (t [26]uint32) {
	for i, list := range [26]string{"bcdfgiklmnprstuvy", "aeilorsuy", "acehiklmorstu", "adeilorsu", "abcdefgilmnpqrstvwxy", "aefilorstu", "aehinorsu", "aeiort",
		"abcdefglmnoprstvxz", "", "aeis", "adefilostuy", "abdeimopstu", "acdefgiklnostuvy", "abcdefgiklmnoprstuvw", "aeiloprstuy", "u", "acdefgiklmnorstuvy",
		"acehiklopstuwy", "acdefhiloprstuwy", "abcdefgilmnprst", "aei", "aehinor", "aeipt", "lnprst", "e"} {
		for _, c := range list {
			t[i] |= 1 << (c - 'a')
		}
	}
	return t
}()

// scrambled says whether fewer than so many of ten pairs of neighbouring letters are usual ones.
func scrambled(v []byte, ofTen int) bool {
	pairs, usual, last := 0, 0, byte(0)
	for _, c := range v {
		c |= 0x20
		if c < 'a' || c > 'z' {
			last = 0
			continue
		}
		if last != 0 {
			pairs++
			usual += int(followers[last-'a'] >> (c - 'a') & 1)
		}
		last = c
	}
	return usual*10 < pairs*ofTen || pairs == 0
}

// ordered says whether a text is written along the alphabet or the digits.
func ordered(v []byte) bool {
	steps := 0
	for i := 1; i < len(v); i++ {
		if v[i] == v[i-1]+1 || v[i] == v[i-1] {
			steps++
		}
	}
	return steps*3 >= len(v)
}

const (
	leastStrange     = 20 // signs of the random part
	leastLetters     = 24 // of one of letters alone
	leastPart        = 16 // of its longest part between dashes
	longestBeginning = 24
	longestPlain     = 10 // signs of one word of a beginning
)

// strange finds such a value in the word from i to j.
func (s *scan) strange(t []byte, i, j int) bool {
	if j-i < leastStrange || j < len(t) && (t[j] == '/' || t[j] == '+' || t[j] == '.' && j+1 < len(t) && classes[t[j+1]]&isWordChar != 0) ||
		i > 0 && (t[i-1] == '/' || t[i-1] == '+' || t[i-1] == '%' || t[i-1] == '\\' || isDigestOf(t, i)) {
		return false
	}
	for i < j && (t[i] == '-' || t[i] == '_') {
		i++
	}
	if at := behindBeginning(t[i:j]); at > 0 && random(t[i+at:j]) {
		s.report(KindEntropy, t[i:j], i)
		return true
	}
	if from := dotted(t, i); from < i && countDigits(t[i:j]) > 1 && random(t[i:j]) && scrambled(t[i:j], 6) && turns(t[i:j])*5 >= (j-i)*2 && bytes.ContainsAny(t[i:j], capitals) {
		s.report(KindEntropy, t[from:j], from)
		return true
	}
	return false
}

// isDigestOf: sha256=x, sha512:x.
func isDigestOf(t []byte, i int) bool {
	if t[i-1] != '=' && t[i-1] != ':' {
		return false
	}
	from := i - 1
	for from > 0 && i-from < longestPlain && classes[t[from-1]]&isWordChar != 0 {
		from--
	}
	return isAlgorithm(t[from : i-1])
}

// behindBeginning gives the place behind the words that a value begins with, 0 for none, or for words
// that ids and public values begin with.
func behindBeginning(w []byte) (at int) {
	letters := 0
	for at < longestBeginning {
		n := bytes.IndexAny(w[at:], "-_")
		if n < 0 || n > longestPlain || !isPlainPart(w[at:at+n]) {
			break
		}
		if part := w[at : at+n]; n > 0 && (isIDBeginning(part) || isAlgorithm(part)) {
			return 0
		}
		letters += n
		at += n + 1
	}
	if letters < 2 || at > longestBeginning || len(w)-at < leastStrange {
		return 0
	}
	return at
}

// isPlainPart: letters of one case, but for the first, with at most two digits behind them.
func isPlainPart(v []byte) bool {
	end := len(v)
	for end > 0 && len(v)-end < 2 && classes[v[end-1]]&hasDigit != 0 {
		end--
	}
	for i, c := range v[:end] {
		if classes[c]&(hasDigit|hasDash|hasBar) != 0 || i > 1 && c&0x20 != v[i-1]&0x20 {
			return false
		}
	}
	return end > 0 || len(v) == 0
}

// dotted gives the place of the small letters that stand in front of a dot in front of i: abc.x; i: there
// are none, or there is more in front of them.
func dotted(t []byte, i int) int {
	if i < 3 || t[i-1] != '.' {
		return i
	}
	from := i - 1
	for from > 0 && i-from < longestPlain && t[from-1] >= 'a' && t[from-1] <= 'z' {
		from--
	}
	if i-from < 3 || from > 0 && (classes[t[from-1]]&isRunChar != 0 || t[from-1] == '\\') && t[from-1] != '=' || isIDBeginning(t[from:i-1]) {
		return i
	}
	return from
}

// isIDBeginning: words that requests, builds and the objects of vendors begin with, and what is public.
func isIDBeginning(w []byte) bool {
	if len(w) > longestPlain {
		return false
	}
	switch string(bytes.ToLower(w)) {
	case "req", "request", "trace", "span", "corr", "run", "job", "task", "build", "commit", "rev", "git", "digest", "hash", "etag", "checksum", "integrity",
		"chunk", "diff", "index", "asset", "main", "vendor", "image", "layer", "pod", "container", "node", "blob", "upload", "boundary", "applyset", "apiserver", "id", "uuid", "guid", "ulid", "nonce",
		"pk", "pub", "public", "phc", "sq0idp", "gtm", "ga", // meant to be seen
		"cus", "evt", "pi", "ch", "in", "ii", "prod", "price", "acct", "pm", "seti", "txn", "po", "tr", "si", "src", "card", "ba", "cs", "sub", "fp", "wh", "we", // objects of vendors
		"msg", "chatcmpl", "cmpl", "thread", "conv", "asst", "resp", "call", "toolu", "file", "batch", "org", "proj", "team", "usr", "user", "acc", "order", "pay", "plan":
		return true
	}
	return false
}

// random says whether a text is made of random signs in an alphabet that holds more than hex.
func random(v []byte) bool {
	if len(v) < leastStrange || len(v) > longestValue {
		return false
	}
	part, seps := longestPartOf(v)
	if len(part) < leastPart || seps > 1+len(v)/leastPart || allHex(part) || isTimed(part) || ordered(part) {
		return false
	}
	small, capital, digits := 0, 0, 0
	for _, c := range part {
		switch {
		case c >= 'a':
			small++
		case c >= 'A':
			capital++
		default:
			digits++
		}
	}
	switch {
	case digits == 0 && len(v) < leastLetters:
		return false
	case small > 0 && capital > 0:
		n := turns(part)
		return scrambled(part, 6) || n*5 >= len(part)*2 && scrambled(part, 7) || n*2 >= len(part) && digitGroups(part) > 2
	case digits == 0:
		return scrambled(part, 6)
	}
	return small+capital > digits/2 && (scrambled(part, 6) || turns(part)*5 >= len(part) && scrambled(part, 7))
}

// digitGroups counts the runs of digits in a text.
func digitGroups(v []byte) (n int) {
	for i, c := range v {
		if classes[c]&hasDigit != 0 && (i == 0 || classes[v[i-1]]&hasDigit == 0) {
			n++
		}
	}
	return n
}

// longestPartOf gives the longest part between the dashes and underscores of a text, and how many there are.
func longestPartOf(v []byte) (part []byte, seps int) {
	for len(v) > 0 {
		n := bytes.IndexAny(v, "-_")
		if n < 0 {
			n = len(v)
		} else {
			seps++
		}
		if n > len(part) {
			part = v[:n]
		}
		v = v[min(len(v), n+1):]
	}
	return part, seps
}

// isTimed: 26 signs of base 32 that begin with a time: a ULID, or a UUID of version 7 as TypeID writes it.
func isTimed(v []byte) bool {
	if len(v) != 26 || v[0] != '0' {
		return false
	}
	for _, c := range v {
		if c |= 0x20; c == 'i' || c == 'l' || c == 'o' {
			return false
		}
	}
	return true
}

// openKinds are kinds of keys that give nothing away, however they look.
var openKinds = []string{"public", "pub", "primary", "foreign", "partition", "cache", "sort", "row", "map", "object", "index", "group", "idempotency", "dedupe", "dedup", "shard", "hash", "record", "entry", "lookup",
	"message", "event", "node", "bucket", "query", "lock", "topic", "natural", "unique", "composite", "range", "sub", "translation", "locale", "hot", "tree", "root", "search", "join", "storage", "order", "sequence",
	"batch", "blob", "file", "path", "image", "column", "field", "table", "meta", "data", "routing", "tur", "don", "mon"}

// isSomeKey: a name that ends with key, of a kind that says nothing.
func isSomeKey(name []byte) bool {
	n := len(name)
	if n < 3 || n > longestPath || name[n-1]|0x20 != 'y' || !bytes.EqualFold(name[n-3:], []byte("key")) {
		return false
	}
	kind := bytes.ToLower(bytes.TrimRight(name[:n-3], "-_."))
	for _, open := range openKinds {
		if bytes.HasSuffix(kind, []byte(open)) {
			return false
		}
	}
	return true
}

// isKeyValue: what a key is when it is a credential: random signs of an alphabet beyond hex, digits among them.
func isKeyValue(v []byte) bool {
	return len(v) >= leastStrange && len(v) <= longestValue/2 && countDigits(v) > 2 && random(v)
}
