package redact

import "bytes"

// Credentials that stand where no name and separator do: in segments of a path, as hashes of passwords, as
// the second half of a pair whose first half is known by its mark.

// segmentWords name a segment of a path behind which a credential stands, beside the names of credentials.
const segmentWords = `magic magiclink link invite invitation invites verify verification activate activation confirm confirmation
	unsubscribe reset share shared hooks`

// skippedSegments may stand between the two.
const skippedSegments = `reset verify confirm refresh new set change validate activate v1 v2 v3 email user users link`

// pathSegment removes the segment of a path behind one that names a credential, s[i:j]: /reset-password/x.
func (t *text) pathSegment(i, j int) int {
	s := t.s
	if i == 0 || s[i-1] != s[j] { // base64 has a / before and a written line's end behind
		return 0
	}
	if !t.mayNameSegment(s[i:j]) {
		return 0
	}
	if string(s[i:j]) == "hooks" {
		return t.hookAddress(j + 1)
	}
	info := t.p.classify(s[i:j])
	strong := info.class == nameCredential && info.flags&(nfMeasure|nfKept) == 0 && j-i > 3 // shorter ones stand in base64
	if !strong && info.flags&nfSegment == 0 {
		return 0
	}
	v := j + 1
	for range 2 {
		end := v
		for end < len(s) && s[end] > ' ' && !isQuote(s[end]) && !inClass("/?#&;,)]}<>\\|:", s[end]) {
			end++
		}
		val := s[v:end]
		var room [32]byte
		w := lowerInto(room[:], val)
		if w != nil && t.p.r.tab.words[string(w)]&wSkipped != 0 && end < len(s) && s[end] == '/' {
			v = end + 1
			continue
		}
		if segmentLike(val, strong) {
			return t.add(v, t.trimEnd(v, end), rulePath)
		}
		return 0
	}
	return 0
}

// hookAddress removes the id and the credential of a hook of Rocket.Chat, or the id of one of Mattermost, behind /hooks/; whoever has
// the address may post. 0: a path of files stands there.
func (t *text) hookAddress(v int) int {
	s := t.s
	end, slashes := v, 0
	for end < len(s) && (isAlnum(s[end]) || s[end] == '/' && slashes == 0) {
		if s[end] == '/' {
			slashes = end
		}
		end++
	}
	if end < len(s) && (s[end] == '.' && end+1 < len(s) && isAlnum(s[end+1]) || s[end] == '-' || s[end] == '_') {
		return 0
	}
	id := s[v:end]
	if slashes > 0 {
		id = s[v:slashes]
	}
	if len(id) != 17 && len(id) != 24 && len(id) != 26 || digits(s[v:end]) < 2 || slashes > 0 && end-slashes < 32 || slashes == 0 && len(id) != 26 {
		return 0
	}
	return t.add(v, end, rulePath)
}

// mayNameSegment says whether a segment of a path is to be judged: most are one plain word that is none of ours.
func (t *text) mayNameSegment(w []byte) bool {
	if len(w) > 31 {
		return true
	}
	e := endsOf(w)
	return !isLower(w) || t.p.r.tab.segments[e>>6]&(1<<(e&63)) != 0
}

// segmentLike tells a credential in a path from the name of a file or an action.
func segmentLike(v []byte, strong bool) bool {
	least := 12
	if strong {
		least = 8
	}
	if dot := bytes.LastIndexByte(v, '.'); len(v) < least || isPlaceholder(v) || dot > 0 && len(v)-dot <= 5 && dot < 16 {
		return false
	}
	return digits(v) > 0 && (mixed(v) || len(v) >= 16) || len(v) >= 24 && mixed(v)
}

// hashMarks begin hashes of passwords as crypt(3), htpasswd, LDAP and web frameworks write them.
var hashMarks = [...]string{"$1$", "$2a$", "$2b$", "$2x$", "$2y$", "$5$", "$6$", "$7$", "$8$", "$9$", "$y$", "$gy$", "$apr1$", "$argon2i$", "$argon2d$", "$argon2id$",
	"$scrypt$", "$pbkdf2", "$P$", "$H$", "{SHA}", "{SSHA}", "{SHA256}", "{SSHA256}", "{SHA512}", "{SSHA512}", "{CRYPT}", "{MD5}", "{SMD5}", "{PBKDF2"}

// ansibleMark begins what Ansible encrypted with a password: a line, and lines of hex below it.
const ansibleMark = "$ANSIBLE_VAULT;"

// hexLines gives the end of the lines of hex below the line in which i stands; 0: there are none.
func hexLines(s []byte, i int) (end int) {
	for i < len(s) && s[i] != '\n' && breakLen(s[i:]) == 0 {
		i++
	}
	for i < len(s) {
		n := breakLen(s[i:])
		if n == 0 {
			break
		}
		k := i + n
		for k < len(s) && s[k] == ' ' {
			k++
		}
		from := k
		for k < len(s) && isHex(s[k]) {
			k++
		}
		if k-from < 16 {
			break
		}
		end, i = k, k
	}
	return end
}

// hash looks at a $ or { at i and removes the hash of a password that begins there.
func (t *text) hash(i int) int {
	s := t.s
	if bytes.HasPrefix(s[i:], []byte(ansibleMark)) {
		if end := hexLines(s, i+len(ansibleMark)); end > 0 {
			return t.add(i, end, ruleHash)
		}
	}
	for _, m := range hashMarks {
		if m[0] != s[i] || !bytes.HasPrefix(s[i:], []byte(m)) {
			continue
		}
		return t.hashFrom(i, i+len(m))
	}
	return 0
}

// hashFrom removes the hash that begins at i and whose body begins at body; 0: it is too short for one.
func (t *text) hashFrom(i, body int) int {
	s := t.s
	end := body
	for end < len(s) && (sextet(s[end]) >= 0 || inClass("$=,.+/@", s[end])) {
		end++
	}
	if end = t.trimEnd(i, end); end-body < 16 {
		return 0
	}
	return t.add(i, end, ruleHash)
}

// wordHash looks at a word before a $: pbkdf2_sha256$260000$salt$hash of Django.
func (t *text) wordHash(i, j int) int {
	for _, m := range [...]string{"pbkdf2_", "bcrypt", "argon2", "scrypt", "sha1", "md5"} {
		if foldPrefix(t.s[i:j], m) {
			return t.hashFrom(i, j)
		}
	}
	return 0
}

const (
	awsLen   = 40  // signs of an AWS secret access key
	awsReach = 200 // how far from the id it is looked for, in bytes
)

// awsPair removes the id s[i:j] of an AWS key, and the value of 40 signs that stands near it.
func (t *text) awsPair(i, j int) int {
	s := t.s
	if a := awsValue(s, max(t.done, i-awsReach), i); a >= 0 {
		t.add(a, a+awsLen, ruleAWS)
	}
	end := t.add(i, j, ruleAWS)
	if a := awsValue(s, j, min(len(s), j+awsReach)); a >= 0 {
		t.run(a)
		if t.done <= a {
			end = t.add(a, a+awsLen, ruleAWS)
		} else {
			end = t.done
		}
	}
	return end
}

// awsValue finds a word of exactly 40 signs of base64 with both cases and a digit in s[lo:hi]; -1: none.
func awsValue(s []byte, lo, hi int) int {
	for i := lo; i < hi; i++ {
		start := i
		for i < len(s) && (isAlnum(s[i]) || s[i] == '+' || s[i] == '/') {
			i++
		}
		if i-start != awsLen {
			continue
		}
		var kinds [3]bool
		for _, c := range s[start:i] {
			kinds[0] = kinds[0] || isDigit(c)
			kinds[1] = kinds[1] || c >= 'a' && c <= 'z'
			kinds[2] = kinds[2] || c >= 'A' && c <= 'Z'
		}
		if kinds == [3]bool{true, true, true} {
			return start
		}
	}
	return -1
}
