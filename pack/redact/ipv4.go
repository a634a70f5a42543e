package redact

import (
	"bytes"
	"encoding/binary"
	"net/netip"
)

// ipv4 looks at an address at i; 0: none, or one that stays.
func (t *text) ipv4(i int) int {
	s := t.s
	if i > 0 && s[i-1] == '.' {
		return 0
	}
	addr, j, ok := parseIPv4(s, i)
	if !ok {
		return 0
	}
	reversed := bytes.HasPrefix(s[j:], []byte(".in-addr.arpa"))
	if j < len(s) && !reversed && (t.wordAt(j) || s[j] == '.' && j+1 < len(s) && isAlnum(s[j+1])) {
		return 0
	}
	if reversed {
		addr = addr>>24 | addr>>8&0xff00 | addr<<8&0xff0000 | addr<<24
	} else if t.isVersion(i, s[i:j]) {
		return j
	}
	if !publicIPv4(addr) {
		return j
	}
	return t.nameIPv4(i, j, addr)
}

// nameIPv4 replaces s[i:j] by the pseudonym of the address, whatever its spelling.
func (t *text) nameIPv4(i, j int, addr uint32) int {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], addr)
	var room [16]byte
	return t.nameIP(i, j, netip.AddrFrom4(b).AppendTo(room[:0]))
}

func (t *text) nameIP(i, j int, canonical []byte) int {
	from := len(t.p.repl)
	t.p.repl = append(t.p.repl, "[ip-"...)
	t.p.repl = t.p.r.pad.appendName(t.p.repl, "ip", canonical)
	t.p.repl = append(t.p.repl, ']')
	return t.put(i, j, from, ruleIP)
}

// parseIPv4 reads four parts, decimal or 0x hex, with points between, also written [.] or (.).
func parseIPv4(s []byte, i int) (addr uint32, end int, ok bool) {
	j := i
	for part := 0; part < 4; part++ {
		n, start := 0, j
		if j+2 < len(s) && s[j] == '0' && s[j+1]|0x20 == 'x' {
			for j += 2; j < len(s) && isHex(s[j]) && j-start < 5; j++ {
				n = n<<4 | hexValue(s[j])
			}
			if j == start+2 || n > 255 {
				return 0, i, false
			}
		} else {
			for j < len(s) && isDigit(s[j]) && j-start < 4 {
				n = n*10 + int(s[j]-'0')
				j++
			}
			if j == start || n > 255 || j-start > 3 {
				return 0, i, false
			}
		}
		addr = addr<<8 | uint32(n)
		if part == 3 {
			break
		}
		switch {
		case j < len(s) && s[j] == '.':
			j++
		case bytes.HasPrefix(s[j:], []byte("[.]")), bytes.HasPrefix(s[j:], []byte("(.)")):
			j += 3
		default:
			return 0, i, false
		}
	}
	return addr, j, true
}

// dashedIPv4 looks for an address with dashes at the end of the first label s[i:j] of a host's name:
// ec2-203-0-113-9.compute.example.
func (t *text) dashedIPv4(i, j int) int {
	s := t.s
	addr, at := uint32(0), j
	for part := range 4 {
		start, n, unit := at, 0, 1
		for at > i && isDigit(s[at-1]) && start-at < 4 {
			at--
			n += int(s[at]-'0') * unit
			unit *= 10
		}
		if at == start || start-at > 3 || n > 255 {
			return 0
		}
		addr |= uint32(n) << (8 * part)
		if part == 3 {
			break
		}
		if at == i || s[at-1] != '-' {
			return 0
		}
		at--
	}
	if at > i && (s[at-1] != '-' || isDigit(s[i])) || t.domainEnd(j+1) == 0 || !publicIPv4(addr) {
		return 0
	}
	return t.nameIPv4(at, j, addr)
}

// numberHost replaces an address that is written as one number where a host must stand: http://3405803785/.
func (t *text) numberHost(i int) int {
	s := t.s
	j, n := i, 0
	if i+10 <= len(s) && s[i] == '0' && s[i+1]|0x20 == 'x' {
		for j = i + 2; j < len(s) && isHex(s[j]) && j-i < 11; j++ {
			n = n<<4 | hexValue(s[j])
		}
	} else {
		for ; j < len(s) && isDigit(s[j]) && j-i < 11; j++ {
			n = n*10 + int(s[j]-'0')
		}
	}
	if j-i < 8 || n > 1<<32-1 || j < len(s) && s[j] != '/' && s[j] != ':' && s[j] != '?' && !isSpace(s[j]) && !isQuote(s[j]) || !publicIPv4(uint32(n)) {
		return 0
	}
	return t.nameIPv4(i, j, uint32(n))
}

// publicIPv4 says whether an address is neither loopback, private, link-local, shared (100.64/10),
// multicast nor unspecified.
func publicIPv4(a uint32) bool {
	var b [4]byte
	binary.BigEndian.PutUint32(b[:], a)
	switch {
	case b[0] == 0, b[0] == 10, b[0] == 127, b[0] >= 224, b[0] == 172 && b[1]&0xf0 == 16, b[0] == 192 && b[1] == 168,
		b[0] == 169 && b[1] == 254, b[0] == 100 && b[1]&0xc0 == 64:
		return false
	}
	return true
}
