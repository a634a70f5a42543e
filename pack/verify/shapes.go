package verify

import (
	"bytes"
	"encoding/base64"
	"math"
	"net/netip"
)

// scheme says whether a word begins the value of an Authorization header.
func scheme(w []byte) bool {
	if len(w) < 5 || len(w) > 9 || bytes.IndexByte([]byte("bdn"), w[0]|0x20) < 0 {
		return false
	}
	switch string(bytes.ToLower(w)) {
	case "bearer", "basic", "digest", "negotiate":
		return true
	}
	return false
}

// scheme looks at what follows such a word, behind blanks.
func (s *scan) scheme(t []byte, i, j int) bool {
	k := skip(t, j, " ")
	if k == j || k >= len(t) || maskAt(t[k:]) > 0 {
		return false
	}
	v := blob(t, k)
	mixed := bytes.ContainsAny(v, "0123456789=") || bytes.ContainsAny(v, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") && bytes.ContainsAny(v[min(1, len(v)):], "ABCDEFGHIJKLMNOPQRSTUVWXYZ") || bytes.IndexByte(bytes.TrimRight(v, "."), '.') >= 0
	if len(v) >= 8 && (mixed || len(v) >= 24) {
		s.report(KindBearer, v, k)
		return true
	}
	return false
}

// beginnings of values that vendors made recognisable, and how many characters must follow.
type beginning struct {
	text  string
	least int
}

var beginnings = []beginning{
	{"sk_live_", 8}, {"sk_test_", 8}, {"rk_live_", 8}, {"rk_test_", 8}, {"whsec_", 16}, {"sk-ant-", 16}, {"sk-proj-", 16}, {"sk-", 32},
	{"ghp_", 20}, {"gho_", 20}, {"ghu_", 20}, {"ghs_", 20}, {"ghr_", 20}, {"github_pat_", 20}, {"glpat-", 16}, {"glsa_", 20},
	{"xoxb-", 10}, {"xoxp-", 10}, {"xoxa-", 10}, {"xoxr-", 10}, {"xoxs-", 10}, {"xapp-", 10}, {"AKIA", 16}, {"ASIA", 16},
	{"AIza", 30}, {"ya29", 20}, {"npm_", 30}, {"pypi-", 30}, {"hf_", 24}, {"SG", 30}, {"dop_v1_", 32}, {"shpat_", 24},
	{"shpss_", 24}, {"dckr_pat_", 16}, {"hvs", 20}, {"NRAK-", 20}, {"AGE-SECRET-KEY-1", 20}, {"key-", 32}, {"EAAC", 24}, {"sq0atp-", 16},
}

var beginningsAt = func() (t [256][]beginning) {
	for _, b := range beginnings {
		t[b.text[0]] = append(t[b.text[0]], b)
	}
	return t
}()

func (s *scan) vendor(t []byte, i, j int) bool {
	w := t[i:j]
	for _, b := range beginningsAt[w[0]] {
		if len(w) >= len(b.text) && string(w[:len(b.text)]) == b.text {
			whole := blob(t, i)
			if len(b.text) == 2 && (len(whole) < 3 || whole[2] != '.') || b.text == "hvs" && (len(whole) < 4 || whole[3] != '.') {
				continue
			}
			if len(whole)-len(b.text) >= b.least && !wordy(whole[len(b.text):]) {
				s.report(KindVendor, whole, i)
				return true
			}
		}
	}
	return false
}

// blob is the run of characters of all encodings that begins at i.
func blob(t []byte, i int) []byte {
	j := i
	for j < len(t) && (classes[t[j]]&isWordChar != 0 || t[j] == '.' || t[j] == '+' || t[j] == '/' || t[j] == '=' || t[j] == '~') {
		j++
	}
	return t[i:j]
}

// isJWT decodes the first part: a header has alg or enc.
func isJWT(v []byte) bool {
	head, rest, ok := bytes.Cut(v, []byte("."))
	if !ok || len(rest) < 4 {
		return false
	}
	b := make([]byte, base64.RawURLEncoding.DecodedLen(len(head)))
	n, _ := base64.RawURLEncoding.Decode(b, head)
	return bytes.Contains(b[:n], []byte(`"alg"`)) || bytes.Contains(b[:n], []byte(`"enc"`)) || bytes.Contains(b[:n], []byte(`"typ"`))
}

// pem finds blocks that are not public.
func (s *scan) pem(t []byte) {
	for at := 0; ; {
		i := bytes.Index(t[at:], []byte("-----BEGIN "))
		if i < 0 {
			return
		}
		at += i
		label := t[at+11:]
		if n := bytes.Index(label, []byte("-----")); n >= 0 && n < 64 {
			label = label[:n]
		}
		label = label[:min(len(label), 64)]
		if bytes.Contains(label, []byte("PRIVATE")) || !bytes.Contains(label, []byte("CERTIFICATE")) && !bytes.Contains(label, []byte("PUBLIC")) {
			s.report(KindPEM, t[at:min(len(t), at+27)], at)
		}
		at += 11
	}
}

// atSigns finds e-mail addresses and the user part of URLs.
func (s *scan) atSigns(t []byte) {
	for i, c := range t {
		if c != '@' {
			continue
		}
		if scheme := bytes.LastIndex(t[max(0, i-300):i], []byte("://")); scheme >= 0 {
			user := t[max(0, i-300)+scheme+3 : i]
			if !bytes.ContainsAny(user, " \t\n\"'<>") && len(user) > 0 {
				if !masked(user) && maskAt(user) == 0 && string(user) != "git" && !bytes.ContainsAny(user, "?#") && !isHostPort(user) {
					s.report(KindUserinfo, user, i-len(user))
				}
				continue
			}
		}
		from := i
		for from > 0 && isLocalPart(t[from-1]) {
			from--
		}
		to := i + 1
		for to < len(t) && (classes[t[to]]&(isWordChar) != 0 || t[to] == '.' || t[to] >= 0x80) && t[to] != '_' {
			to++
		}
		domain := bytes.TrimRight(t[i+1:to], ".-")
		dot := bytes.LastIndexByte(domain, '.')
		if from < i && dot > 0 && len(domain)-dot-1 >= 2 && letters(domain[dot+1:]) {
			s.report(KindMail, t[from:to], from)
		}
	}
}

// isHostPort: host:5173/path is no user with a password, whatever comes behind it.
func isHostPort(user []byte) bool {
	authority, _, path := bytes.Cut(user, []byte("/"))
	_, port, _ := bytes.Cut(authority, []byte(":"))
	for _, c := range port {
		if c < '0' || c > '9' {
			return false
		}
	}
	return path
}

func isLocalPart(c byte) bool {
	return classes[c]&isWordChar != 0 || c == '.' || c == '+' || c == '%' || c == '\'' || c >= 0x80
}

func letters(v []byte) bool {
	for _, c := range v {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80) {
			return false
		}
	}
	return true
}

// addresses finds public IP addresses.
func (s *scan) addresses(t []byte) {
	for i := 0; i < len(t); {
		if !isAddressChar(t[i]) || i > 0 && (classes[t[i-1]]&isWordChar != 0 || t[i-1] == '.') {
			i++
			continue
		}
		j, dots, colons := i, 0, 0
		for j < len(t) && isAddressChar(t[j]) {
			switch t[j] {
			case '.':
				dots++
			case ':':
				colons++
			}
			j++
		}
		run := bytes.TrimRight(t[i:j], ".")
		if dots == 3 && colons <= 1 {
			run, _, _ = bytes.Cut(run, []byte(":")) // a port behind it
		} else {
			run = trimColon(run)
		}
		ended := j == len(t) || classes[t[j]]&isWordChar == 0
		if (dots >= 3 && colons <= 1 && len(run) <= 15 || colons >= 2 && len(run) <= 45) && ended && !s.isVersion(t, i) {
			if a, err := netip.ParseAddr(string(run)); err == nil && public(a) && (a.Is4() || bytes.Contains(run, []byte("::")) || bytes.Count(run, []byte(":")) == 7) {
				s.report(KindIP, run, i)
			}
		}
		i = j + 1
	}
}

func trimColon(run []byte) []byte {
	if bytes.HasSuffix(run, []byte(":")) && !bytes.HasSuffix(run, []byte("::")) {
		return run[:len(run)-1]
	}
	return run
}

func isAddressChar(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F' || c == '.' || c == ':'
}

// isVersion: four numbers behind such a word are a version.
func (s *scan) isVersion(t []byte, i int) bool {
	before := bytes.ToLower(t[max(0, i-10):i])
	return bytes.HasSuffix(before, []byte("version ")) || bytes.HasSuffix(before, []byte("version: ")) || bytes.HasSuffix(before, []byte("version=")) ||
		bytes.HasSuffix(before, []byte("build ")) || bytes.HasSuffix(before, []byte("release ")) || bytes.HasSuffix(before, []byte("/"))
}

func public(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate() && !(a.Is4() && a.As4()[0] == 100 && a.As4()[1]&0xc0 == 64)
}

// card finds a number with a right check digit, written in fours or next to a word that says card.
func (s *scan) card(t []byte, i int) bool {
	if t[i] < '2' || t[i] > '6' {
		return false
	}
	digits, groups, j := 0, 0, i
	var number [19]byte
	for ; j < len(t) && digits < 19; j++ {
		if t[j] >= '0' && t[j] <= '9' {
			number[digits] = t[j] - '0'
			digits++
		} else if (t[j] == ' ' || t[j] == '-') && digits%4 == 0 && j+1 < len(t) && t[j+1] >= '0' && t[j+1] <= '9' {
			groups++
		} else {
			break
		}
	}
	if digits < 13 || j < len(t) && classes[t[j]]&isWordChar != 0 || !luhn(number[:digits]) {
		return false
	}
	context := bytes.ToLower(t[max(0, i-30):i])
	if groups == 3 || bytes.Contains(context, []byte("card")) || bytes.Contains(context, []byte("visa")) || bytes.Contains(context, []byte("payment")) {
		s.report(KindCard, t[i:j], i)
		return true
	}
	return false
}

func luhn(d []byte) bool {
	sum := 0
	for i := range d {
		n := int(d[len(d)-1-i])
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// randomLooking: long, of mixed alphabets, with more entropy than words have.
func randomLooking(v []byte) bool {
	if len(v) < 20 || bytes.Count(v, []byte("/")) > 3 || wordy(v) {
		return len(v) >= 12 && len(v) < 20 && bytes.ContainsAny(v, "0123456789") && entropy(v) > 3.2
	}
	return bytes.ContainsAny(v, "0123456789") && entropy(v) > 3.4
}

// entropy is in bits a character.
func entropy(v []byte) float64 {
	var count [256]int
	for _, c := range v {
		count[c]++
	}
	e := 0.0
	for _, n := range count {
		if n > 0 {
			p := float64(n) / float64(len(v))
			e -= p * math.Log2(p)
		}
	}
	return e
}
