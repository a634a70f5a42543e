package verify

import (
	"bytes"
	"net/netip"
	"strconv"
)

// address finds a public IP address in the run of the signs of one that begins at i, and gives the end of
// that run.
func (s *scan) address(t []byte, i int) int {
	if bytes.HasPrefix(t[i:], []byte(":::")) { // the first is that of a name
		i++
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
	if dots < 3 && colons < 2 || s.version || insideAddress(t, i) || i > 0 && (classes[t[i-1]]&isWordChar != 0 && !leadsToAddress(t, i) || t[i-1] == '.') {
		return j
	}
	if run := addressIn(t, i, j, dots, colons); run != nil && !isVersion(t, i) {
		s.report(KindIP, run, i)
	}
	return j
}

// insideAddress: what stands behind a colon goes on with a number in hex, and is no value of a name.
func insideAddress(t []byte, i int) bool {
	if i < 2 || t[i-1] != ':' || hexValue[t[i-2]] < 0 {
		return false
	}
	for k := i - 2; k >= 0 && classes[t[k]]&isWordChar != 0 && i-k < 8; k-- {
		if classes[t[k]]&hasDigit != 0 {
			return true
		}
	}
	return false
}

// leadsToAddress: ip_1.2.3.4, host-1.2.3.4; v1.2.3.4 and name-1.2.3.4 are versions.
func leadsToAddress(t []byte, i int) bool {
	if t[i-1] != '_' && t[i-1] != '-' {
		return false
	}
	before := bytes.ToLower(t[max(0, i-7) : i-1])
	for _, w := range [...]string{"ip", "host", "addr", "peer", "client", "from", "remote"} {
		if bytes.HasSuffix(before, []byte(w)) {
			return true
		}
	}
	return false
}

// addressIn gives the public address that a run of its signs is, without a port or a full stop behind it.
func addressIn(t []byte, i, j, dots, colons int) []byte {
	run := t[i:j]
	if j < len(t) && classes[t[j]]&isWordChar != 0 && t[j] != '_' && t[j] != '-' {
		if bytes.HasPrefix(t[j:], []byte("in-addr.arpa")) {
			return reversed(run)
		}
		return nil
	}
	run = bytes.TrimRight(run, ".")
	dots -= j - i - len(run)
	if dots == 3 && colons <= 1 {
		run, _, _ = bytes.Cut(run, []byte(":"))
	} else if bytes.HasSuffix(run, []byte(":")) && !bytes.HasSuffix(run, []byte("::")) {
		run = run[:len(run)-1]
	}
	if len(run) > 45 || len(run) < 2 {
		return nil
	}
	a, err := netip.ParseAddr(string(run))
	if err != nil {
		if a, err = netip.ParseAddr(string(withoutZeros(run))); err != nil {
			return nil
		}
	}
	if !public(a) {
		return nil
	}
	return run
}

// withoutZeros: 081.093.237.231 as 81.93.237.231.
func withoutZeros(run []byte) []byte {
	out := make([]byte, 0, len(run))
	for i, c := range run {
		if c == '0' && (i == 0 || run[i-1] == '.' || run[i-1] == '0' && len(out) > 0 && out[len(out)-1] == '.' || run[i-1] == '0' && len(out) == 0) &&
			i+1 < len(run) && run[i+1] >= '0' && run[i+1] <= '9' {
			continue
		}
		out = append(out, c)
	}
	return out
}

// reversed: 231.237.93.81.in-addr.arpa names 81.93.237.231.
func reversed(run []byte) []byte {
	parts := bytes.Split(bytes.TrimSuffix(run, []byte(".")), []byte("."))
	if len(parts) != 4 {
		return nil
	}
	parts[0], parts[1], parts[2], parts[3] = parts[3], parts[2], parts[1], parts[0]
	if a, err := netip.ParseAddr(string(bytes.Join(parts, []byte(".")))); err != nil || !public(a) {
		return nil
	}
	return run
}

// oddAddresses finds those that are no plain run of the signs of one: numbers behind ://, dots in
// brackets, dashes in names of hosts, parts in hex.
func (s *scan) oddAddresses(t []byte, features uint16) {
	for at := 0; features&hasColon != 0 && at < len(t); {
		n := bytes.Index(t[at:], []byte("://"))
		if n < 0 {
			break
		}
		at += n + 3
		s.numberHost(t, at)
	}
	for at := 0; features&hasDot != 0 && at < len(t); at++ {
		n := bytes.IndexByte(t[at:], '[')
		if n < 0 {
			break
		}
		if at += n; bytes.HasPrefix(t[at:], []byte("[.]")) {
			at = s.defanged(t, at)
		}
	}
	if features&hasDash != 0 && features&hasDot != 0 {
		s.dashedHosts(t)
	}
	for at := 0; features&hasDot != 0 && at < len(t); at++ { // 0x51.0x5d.0xed.0xe7
		n := bytes.Index(t[at:], []byte(".0x"))
		if n < 0 {
			break
		}
		at += n
		from := at
		for from > 0 && at-from < 4 && t[from-1] != ' ' && t[from-1] != '/' {
			from--
		}
		end := at
		for end < len(t) && end-at < 16 && (hexValue[t[end]] >= 0 || t[end] == '.' || t[end] == 'x') {
			end++
		}
		s.looseAddress(t[from:end], from)
		at = end
	}
}

// numberHost: http://1365111271/, http://0x515DEDE7/, http://0121.0135.0355.0347/.
func (s *scan) numberHost(t []byte, at int) {
	end := at
	for end < len(t) && end-at < 24 && (hexValue[t[end]] >= 0 || t[end] == 'x' || t[end] == '.') {
		end++
	}
	host := t[at:end]
	if len(host) < 8 || host[0] > '9' || end < len(t) && classes[t[end]]&isWordChar != 0 {
		return
	}
	if bytes.IndexByte(host, '.') >= 0 {
		if host[0] == '0' {
			s.looseAddress(host, at)
		}
		return
	}
	n, err := strconv.ParseUint(string(host), 0, 32)
	if err == nil && public(netip.AddrFrom4([4]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})) {
		s.report(KindIP, host, at)
	}
}

// looseAddress reads four parts as C does: 0x is hex, a leading 0 octal.
func (s *scan) looseAddress(v []byte, at int) {
	var b [4]byte
	n := 0
	for part := range bytes.SplitSeq(bytes.TrimRight(v, "."), []byte(".")) {
		x, err := strconv.ParseUint(string(part), 0, 8)
		if n == 4 || err != nil {
			return
		}
		b[n] = byte(x)
		n++
	}
	if n == 4 && public(netip.AddrFrom4(b)) {
		s.report(KindIP, v, at)
	}
}

// defanged: 81[.]93[.]237[.]231, with at on the first bracket. It gives the end of what it read.
func (s *scan) defanged(t []byte, at int) int {
	from, end := at, min(len(t), at+24)
	for from > 0 && at-from < 3 && t[from-1] >= '0' && t[from-1] <= '9' {
		from--
	}
	out := make([]byte, 0, 16)
	k := from
	for k < end {
		if c := t[k]; c >= '0' && c <= '9' || c == '.' {
			out = append(out, c)
			k++
		} else if bytes.HasPrefix(t[k:], []byte("[.]")) {
			out = append(out, '.')
			k += 3
		} else {
			break
		}
	}
	if a, err := netip.ParseAddr(string(bytes.TrimRight(out, "."))); err == nil && public(a) {
		s.report(KindIP, t[from:k], from)
	}
	return max(k, at)
}

// dashedHosts: ec2-81-93-237-231.compute-1.amazonaws.com, 2a02-8d7f--1.ipv6-literal.net.
func (s *scan) dashedHosts(t []byte) {
	for i := 0; i < len(t) && !s.full(); {
		n := bytes.IndexByte(t[i:], '-')
		if n < 0 {
			return
		}
		i += n
		from, end := i, i
		for from > 0 && i-from < 64 && classes[t[from-1]]&isWordChar != 0 {
			from--
		}
		for end < len(t) && classes[t[end]]&isWordChar != 0 {
			end++
		}
		if word := t[from:end]; len(word) <= 64 && end+2 < len(t) && t[end] == '.' && t[end+1]|0x20 >= 'a' && t[end+1]|0x20 <= 'z' && countDigits(word) >= 4 {
			s.dashedHost(t, from, end)
		}
		i = end
	}
}

func (s *scan) dashedHost(t []byte, from, end int) {
	word := t[from:end]
	if bytes.HasPrefix(t[end:], []byte(".ipv6-literal.")) {
		if a, err := netip.ParseAddr(string(bytes.ReplaceAll(word, []byte("-"), []byte(":")))); err == nil && public(a) {
			s.report(KindIP, word, from)
		}
		return
	}
	for k := 0; k < len(word); k++ { // each place where four numbers may begin
		if word[k] < '0' || word[k] > '9' || k > 0 && classes[word[k-1]]&hasDigit != 0 {
			continue
		}
		m, dashes := k, 0
		for m < len(word) && (word[m] >= '0' && word[m] <= '9' || word[m] == '-' && dashes < 3) {
			if word[m] == '-' {
				dashes++
			}
			m++
		}
		if dashes != 3 || m < len(word) && word[m] != '-' {
			continue
		}
		if a, err := netip.ParseAddr(string(bytes.ReplaceAll(word[k:m], []byte("-"), []byte(".")))); err == nil && public(a) {
			s.report(KindIP, word[k:m], from+k)
			return
		}
	}
}

// public: neither this machine nor a private range, nor the shared one of carriers (RFC 6598), nor of
// a part of IPv6 that nobody routes.
func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if a.Is4() {
		b := a.As4()
		return a.IsGlobalUnicast() && !a.IsPrivate() && !(b[0] == 100 && b[1]&0xc0 == 64) && b[0] != 0 && b[0] < 224
	}
	b := a.As16()
	translated := b[0] == 0 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b // RFC 6052
	return translated || b[0]>>5 == 1
}
