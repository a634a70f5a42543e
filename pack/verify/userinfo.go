package verify

import "bytes"

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
				if s.userinfo(user, scheme) {
					continue
				}
			}
		}
		if i >= 3 && string(t[i-3:i]) == "git" && (i == 3 || classes[t[i-4]]&isWordChar == 0) && isRepository(t[i+1:]) {
			continue
		}
		if !s.bareUserinfo(t, i) && !s.thinDriver(t, i) {
			s.mail(t, i)
		}
	}
}

// userinfo judges what stands between :// and @.
func (s *scan) userinfo(user []byte, at int) bool {
	if masked(user) || string(user) == "git" {
		return true
	}
	n := maskAt(user)
	if n == 0 && isHostPort(user) {
		return false
	}
	if n < len(user) && classes[user[n]]&isWordChar != 0 || n == 0 {
		s.report(KindUserinfo, user[n:], at+n)
	}
	return true
}

// isHostPort: host:5173/path and host?query are no user with a password, whatever comes behind them.
func isHostPort(user []byte) bool {
	n := bytes.IndexAny(user, "/?#")
	if n < 0 {
		return false
	}
	_, port, ok := bytes.Cut(user[:n], []byte(":"))
	return !ok || countDigits(port) == len(port)
}

// bareUserinfo finds name:password@host without a scheme in front, also as drivers of databases write
// it: name:password@tcp(host:port).
func (s *scan) bareUserinfo(t []byte, i int) bool {
	from := i
	for from > 0 && i-from < longestLocal && !endsValue[t[from-1]] && t[from-1] != ':' && t[from-1] != '/' && t[from-1] != '@' && t[from-1] != ']' {
		from--
	}
	pass := t[from:i]
	host := t[i+1 : min(len(t), i+1+longestDomain)]
	for _, network := range [...]string{"tcp(", "tcp6(", "unix(", "udp(", "cloudsql(", "/"} {
		if bytes.HasPrefix(host, []byte(network)) && s.driverUser(t, i, network == "/") {
			return true
		}
	}
	if from < 2 || t[from-1] != ':' || classes[t[from-2]]&isWordChar == 0 || maskAt(pass) > 0 {
		return false
	}
	if len(pass) < 4 || wordy(pass) || countDigits(pass) == len(pass) {
		return false
	}
	end := 0
	for end < len(host) && (classes[host[end]]&isWordChar != 0 || host[end] == '.') {
		end++
	}
	named := end > 0 && host[0] > '9' && (bytes.IndexByte(host[:end], '.') > 0 || string(host[:end]) == "localhost")
	ported := end > 0 && end+1 < len(host) && host[end] == ':' && host[end+1] >= '0' && host[end+1] <= '9'
	if named || ported {
		s.report(KindUserinfo, pass, from)
		return true
	}
	return false
}

// driverUser finds name:password in front of @tcp(, whatever signs the password has. bare: nothing but a
// path follows, and the password must look like one.
func (s *scan) driverUser(t []byte, i int, bare bool) bool {
	from := i
	for from > 0 && i-from < longestLocal && bytes.IndexByte([]byte(" \t\r\n\"'`=<>"), t[from-1]) < 0 {
		from--
	}
	_, pass, ok := bytes.Cut(t[from:i], []byte(":"))
	if !ok || len(pass) < 3 || maskAt(pass) > 0 || bare && !madeUp(pass) {
		return false
	}
	s.report(KindUserinfo, pass, i-len(pass))
	return true
}

// thinDriver finds the user of Oracle's addresses: thin:user/password@//host, sqlplus user/password@db.
func (s *scan) thinDriver(t []byte, i int) bool {
	from := i
	for from > 0 && i-from < longestLocal && !endsValue[t[from-1]] && t[from-1] != '/' && t[from-1] != '@' && t[from-1] != ':' {
		from--
	}
	pass := t[from:i]
	if from < 2 || t[from-1] != '/' || classes[t[from-2]]&isWordChar == 0 || len(pass) < 3 {
		return false
	}
	user := from - 1
	for user > 0 && from-user < longestLocal && classes[t[user-1]]&isWordChar != 0 {
		user--
	}
	before := t[max(0, user-16):user]
	oracle := bytes.HasSuffix(before, []byte("thin:")) || bytes.HasSuffix(before, []byte("oci:")) || bytes.HasSuffix(before, []byte("oci8:")) ||
		bytes.HasSuffix(before, []byte("sqlplus ")) || bytes.HasSuffix(before, []byte("expdp ")) || bytes.HasSuffix(before, []byte("impdp "))
	if !oracle || maskAt(pass) > 0 {
		return false
	}
	s.report(KindUserinfo, pass, from)
	return true
}

// mail finds an e-mail address around an @.
func (s *scan) mail(t []byte, i int) {
	from := i
	if i > 1 && t[i-1] == '"' { // "bob smith"@example.com
		if n := bytes.LastIndexByte(t[max(0, i-longestLocal):i-1], '"'); n >= 0 {
			from = max(0, i-longestLocal) + n
		}
	}
	for from == i || from > 0 && i-from < longestLocal && isLocalPart(t[from-1]) {
		if from == 0 || !isLocalPart(t[from-1]) {
			break
		}
		from--
	}
	to := endOfDomain(t, i+1)
	if from < i && isDomain(t[i+1:to]) {
		s.report(KindMail, t[from:to], from)
	}
}

func endOfDomain(t []byte, at int) int {
	to := at
	for to < len(t) && to-at < longestDomain && (classes[t[to]]&isWordChar != 0 || t[to] == '.' || t[to] >= 0x80) && t[to] != '_' {
		to++
	}
	return to
}

// isDomain: names joined by dots, of which the last is neither a number nor the end of a file's name.
func isDomain(domain []byte) bool {
	domain = bytes.TrimRight(domain, ".-")
	dot := bytes.LastIndexByte(domain, '.')
	return dot > 0 && len(domain)-dot-1 >= 2 && letters(domain[dot+1:]) && !isFile(domain[dot+1:])
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

// spelledMail finds an address that is spelled around the word at: bob (at) example.com, bob [at]
// example [dot] com, bob at example dot com.
func (s *scan) spelledMail(t []byte, i, j int) {
	from, framed := i, false
	if i > 0 && j < len(t) && bytes.IndexByte([]byte("([{<"), t[i-1]) >= 0 && bytes.IndexByte([]byte(")]}>"), t[j]) >= 0 {
		framed = true
		from, j = i-1, j+1
	}
	for from > 0 && t[from-1] == ' ' && i-from < 4 {
		from--
	}
	end := from
	for from > 0 && end-from < longestLocal && isLocalPart(t[from-1]) {
		from--
	}
	if from == end || !framed && end == i {
		return
	}
	// The domain: words, and between them dots or the word dot.
	var domain [longestDomain]byte
	n, dots := 0, 0
	for k := skip(t, j, " "); k < len(t) && n < 64; {
		to := k
		for to < len(t) && to-k < 64 && (classes[t[to]]&isWordChar != 0 || t[to] == '.') {
			to++
		}
		n += copy(domain[n:], t[k:to])
		d := skip(t, to, " ([{<")
		if to == k || d == to || len(t)-d < 4 || !bytes.EqualFold(t[d:d+3], []byte("dot")) || classes[t[d+3]]&isWordChar != 0 {
			k = to
			break
		}
		dots++
		n += copy(domain[n:], ".")
		k = skip(t, d+3, ")]}> ")
	}
	if (framed || dots > 0) && isDomain(domain[:n]) {
		s.report(KindMail, t[from:min(len(t), j+16)], from)
	}
}

// isRepository: host:path, as git is given it behind git@.
func isRepository(t []byte) bool {
	n := 0
	for n < len(t) && n < longestUser && (classes[t[n]]&isWordChar != 0 || t[n] == '.') {
		n++
	}
	return n > 0 && n+1 < len(t) && t[n] == ':' && classes[t[n+1]]&isWordChar != 0
}
