package verify

import "bytes"

// hardware finds the address of a network card: six pairs of hex behind colons or dashes, neither all
// zeros nor all ones.
func (s *scan) hardware(t []byte, i int) bool {
	const length = 17
	if s.dottedHardware(t, i) {
		return true
	}
	if len(t)-i < length || t[i+2] != ':' && t[i+2] != '-' || i > 0 && (classes[t[i-1]]&isWordChar != 0 || t[i-1] == ':' && i > 1 && hexValue[t[i-2]] >= 0 && (i < 4 || classes[t[i-4]]&isWordChar == 0)) {
		return false
	}
	v := t[i : i+length]
	zeros, ones := 0, 0
	for n, c := range v {
		switch {
		case n%3 == 2 && c != v[2], n%3 != 2 && hexValue[c] < 0:
			return false
		case c == '0':
			zeros++
		case c|0x20 == 'f':
			ones++
		}
	}
	if next := i + length; next < len(t) && (classes[t[next]]&isWordChar != 0 || t[next] == ':' && next+1 < len(t) && hexValue[t[next+1]] >= 0) || zeros == 12 || ones == 12 {
		return false
	}
	s.report(KindHardware, v, i)
	return true
}

// dottedHardware: 002b.c194.9776, as switches write it.
func (s *scan) dottedHardware(t []byte, i int) bool {
	const length = 14
	if len(t)-i < length || t[i+4] != '.' || t[i+9] != '.' || i > 0 && (classes[t[i-1]]&isWordChar != 0 || t[i-1] == '.') {
		return false
	}
	v := t[i : i+length]
	if end := i + length; !allHex(v[:4]) || !allHex(v[5:9]) || !allHex(v[10:]) || countDigits(v) < 2 || countDigits(v) == 12 ||
		end < len(t) && (classes[t[end]]&isWordChar != 0 || t[end] == '.' && end+1 < len(t) && classes[t[end+1]]&isWordChar != 0) {
		return false
	}
	s.report(KindHardware, v, i)
	return true
}

// homeFolder finds the name of a person in a path: /home/x, /Users/x, C:\Users\x, with the first folder
// from i to j.
func (s *scan) homeFolder(t []byte, i, j int) bool {
	sep := t[j]
	if sep != '/' && sep != '\\' || i == 0 || t[i-1] != '/' && t[i-1] != '\\' || bytes.IndexByte([]byte("hU"), t[i]) < 0 {
		return false
	}
	switch string(t[i:j]) {
	case "home":
		if sep != '/' || i > 1 && !bytes.HasSuffix(t[:i-1], []byte("/export")) && (classes[t[i-2]]&isWordChar != 0 || t[i-2] == '.') {
			return false
		}
	case "Users":
		if i > 1 && !bytes.HasSuffix(t[:i-1], []byte("/mnt/c")) && (classes[t[i-2]]&isWordChar != 0 || t[i-2] == '.') {
			return false
		}
	default:
		return false
	}
	from := skip(t, j, `/\`)
	end := from
	for end < len(t) && end-from < 64 && (classes[t[end]]&isWordChar != 0 || t[end] == '.' || t[end] >= 0x80) {
		end++
	}
	if name := bytes.TrimRight(t[from:end], "."); len(name) > 1 && !nobodyHome(name) && maskAt(t[from:]) == 0 && !masked(name) {
		s.report(KindHome, name, from)
		return true
	}
	return false
}

// nobodyHome: folders of services and images, and those that all share.
func nobodyHome(name []byte) bool {
	switch string(bytes.ToLower(name)) {
	case "app", "node", "user", "users", "shared", "public", "default", "root", "runner", "ubuntu", "debian", "ec2-user", "admin", "administrator", "git", "www-data", "nonroot", "nobody",
		"service", "relay", "postgres", "mysql", "redis", "vscode", "jovyan", "vagrant", "docker", "guest", "all", "lost", "linuxbrew", "deploy", "build", "ci", "jenkins", "circleci", "index.html":
		return true
	}
	return false
}
