package verify

import (
	"bytes"
	"net/netip"
)

const (
	longestUser   = 300 // bytes of the user part of a URL
	longestLocal  = 128 // bytes in front of the @ of an e-mail address
	longestDomain = 255
)

// atSigns finds e-mail addresses and the user part of URLs.
func (s *scan) atSigns(t []byte) {
	scheme, from := -1, 0 // where the last :// in front of the @ ends
	for i := 0; !s.full(); i++ {
		n := bytes.IndexByte(t[i:], '@')
		if n < 0 {
			return
		}
		i += n
		if k := bytes.LastIndex(t[from:i], []byte("://")); k >= 0 {
			scheme = from + k + 3
		}
		from = max(i-2, 0)
		if scheme >= 0 && i-scheme <= longestUser {
			if user := t[scheme:i]; len(user) > 0 && !bytes.ContainsAny(user, " \t\r\n\"'<>") {
				s.userinfo(user, scheme)
				continue
			}
		}
		if !s.bareUserinfo(t, i) {
			s.mail(t, i)
		}
	}
}

// userinfo judges what stands between :// and @.
func (s *scan) userinfo(user []byte, at int) {
	if !masked(user) && maskAt(user) == 0 && string(user) != "git" && !bytes.ContainsAny(user, "?#") && !isHostPort(user) {
		s.report(KindUserinfo, user, at)
	} else if n := maskAt(user); n > 0 && n < len(user) && classes[user[n]]&isWordChar != 0 {
		s.report(KindUserinfo, user[n:], at+n)
	}
}

// isHostPort: host:5173/path is no user with a password, whatever comes behind it.
func isHostPort(user []byte) bool {
	authority, _, path := bytes.Cut(user, []byte("/"))
	_, port, _ := bytes.Cut(authority, []byte(":"))
	return path && countDigits(port) == len(port)
}

// bareUserinfo finds name:password@host without a scheme in front.
func (s *scan) bareUserinfo(t []byte, i int) bool {
	from := i
	for from > 0 && i-from < longestLocal && !endsValue[t[from-1]] && t[from-1] != ':' && t[from-1] != '/' && t[from-1] != '@' && t[from-1] != ']' {
		from--
	}
	pass := t[from:i]
	if from < 2 || t[from-1] != ':' || classes[t[from-2]]&isWordChar == 0 || len(pass) < 4 || wordy(pass) || countDigits(pass) == len(pass) {
		return false
	}
	host := t[i+1 : min(len(t), i+1+longestDomain)]
	end := 0
	for end < len(host) && (classes[host[end]]&isWordChar != 0 || host[end] == '.') {
		end++
	}
	named := end > 0 && host[0] > '9' && (bytes.IndexByte(host[:end], '.') > 0 || string(host[:end]) == "localhost")
	ported := end > 0 && host[0] > '9' && end+1 < len(host) && host[end] == ':' && host[end+1] >= '0' && host[end+1] <= '9'
	if named || ported {
		s.report(KindUserinfo, pass, from)
		return true
	}
	return false
}

// mail finds an e-mail address around an @.
func (s *scan) mail(t []byte, i int) {
	from := i
	for from > 0 && i-from < longestLocal && isLocalPart(t[from-1]) {
		from--
	}
	to := i + 1
	for to < len(t) && to-i < longestDomain && (classes[t[to]]&isWordChar != 0 || t[to] == '.' || t[to] >= 0x80) && t[to] != '_' {
		to++
	}
	domain := bytes.TrimRight(t[i+1:to], ".-")
	dot := bytes.LastIndexByte(domain, '.')
	if from < i && dot > 0 && len(domain)-dot-1 >= 2 && letters(domain[dot+1:]) && !isFile(domain[dot+1:]) {
		s.report(KindMail, t[from:to], from)
	}
}

// isFile: icon@2x.png is no address.
func isFile(end []byte) bool {
	switch string(end) {
	case "png", "jpg", "jpeg", "gif", "svg", "webp", "js", "mjs", "cjs", "jsx", "ts", "tsx", "css", "json", "html", "map", "wasm", "tgz", "zip":
		return true
	}
	return false
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
	for i := 0; i < len(t) && !s.full(); {
		if classes[t[i]]&isAddressChar == 0 || i > 0 && (classes[t[i-1]]&isWordChar != 0 || t[i-1] == '.') {
			i++
			continue
		}
		j, dots, colons := i, 0, 0
		for j < len(t) && classes[t[j]]&isAddressChar != 0 {
			switch t[j] {
			case '.':
				dots++
			case ':':
				colons++
			}
			j++
		}
		if ended := j == len(t) || classes[t[j]]&isWordChar == 0; ended && (dots >= 3 || colons >= 2) {
			if run := addressIn(t[i:j], dots, colons); run != nil && !isVersion(t, i) {
				s.report(KindIP, run, i)
			}
		}
		i = j + 1
	}
}

// addressIn gives the public address that a run of its signs is, without a port or a full stop behind it.
func addressIn(run []byte, dots, colons int) []byte {
	run = bytes.TrimRight(run, ".")
	if dots == 3 && colons <= 1 {
		run, _, _ = bytes.Cut(run, []byte(":"))
	} else if bytes.HasSuffix(run, []byte(":")) && !bytes.HasSuffix(run, []byte("::")) {
		run = run[:len(run)-1]
	}
	if len(run) > 45 {
		return nil
	}
	a, err := netip.ParseAddr(string(run))
	if err != nil || !public(a) {
		return nil
	}
	return run
}

// isVersion: four numbers behind such a word, or behind the name of a program and a slash, are a version.
func isVersion(t []byte, i int) bool {
	before := bytes.ToLower(t[max(0, i-10):i])
	for _, end := range [...]string{"version ", "version: ", "version=", "build ", "release "} {
		if bytes.HasSuffix(before, []byte(end)) {
			return true
		}
	}
	return bytes.HasSuffix(before, []byte("/")) && !bytes.HasSuffix(before, []byte("//"))
}

// public: neither this machine nor a private range, nor the shared one of carriers (RFC 6598).
func public(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsGlobalUnicast() && !a.IsPrivate() && !(a.Is4() && a.As4()[0] == 100 && a.As4()[1]&0xc0 == 64)
}
