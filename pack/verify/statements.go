package verify

import "bytes"

// Statements that give a value to a name without a sign: ENV NAME x, snmp-server community x, code is 123456.

// codeSaid: verification code is 482913, one-time code: "482913".
func (s *scan) codeSaid(t []byte, i, j int) {
	before := bytes.ToLower(t[max(0, i-16):i])
	before = bytes.TrimRight(before, " -_")
	known := false
	for _, w := range [...]string{"verification", "one-time", "security", "login", "mfa", "2fa", "otp", "backup", "recovery", "confirmation", "authentication", "access", "activation", "reset"} {
		known = known || bytes.HasSuffix(before, []byte(w))
	}
	k := skip(t, j, " :=")
	if k == j || !known {
		return
	}
	if hasWordAt(t, k, "is") {
		k = skip(t, k+2, " :")
	}
	v := value{}
	if v.readAt(t, k); len(v.text) >= 4 && len(v.text) <= 10 && countDigits(v.text) == len(v.text) || madeUp(v.text) && turns(v.text) > 2 {
		s.report(KindAssignment, v.text, v.at)
	}
}

// variable: ENV DB_PASSWORD x of a Dockerfile, setenv API_KEY x.
func (s *scan) variable(t []byte, j int) {
	from := skip(t, j, " ")
	end := wordEnd(t, from)
	if from == j || end == len(t) || t[end] != ' ' || senseOf(t[from:end]) != credential {
		return
	}
	v := value{}
	if v.readAt(t, skip(t, end, " ")); isSpoken(t, v) && !standsFor(t, v.at, v.quoted) && (v.quoted || v.last(t) && !wordy(v.text)) {
		s.report(KindAssignment, v.text, v.at)
	}
}

// community: snmp-server community x RW, as routers are told.
func (s *scan) community(t []byte, i, j int) {
	if !bytes.HasSuffix(t[:i], []byte("snmp-server ")) || t[j] != ' ' {
		return
	}
	v := value{}
	if v.readAt(t, skip(t, j, " ")); isSpoken(t, v) && v.end()+2 < len(t) && bytes.EqualFold(t[v.end():v.end()+2], []byte(" r")) {
		s.report(KindAssignment, v.text, v.at)
	}
}
