package verify

import (
	"bytes"
	"encoding/base64"
)

// beginning of values that a vendor made recognisable.
type beginning struct {
	text   string
	least  int  // signs that must follow
	inside bool // it is so peculiar that it also counts in the middle of a word
}

var beginnings = []beginning{
	{"sk_live_", 8, true}, {"sk_test_", 8, true}, {"rk_live_", 8, true}, {"rk_test_", 8, true}, {"whsec_", 16, true},
	{"sk-ant-", 16, false}, {"sk-proj-", 16, false}, {"sk-", 32, false},
	{"ghp_", 20, true}, {"gho_", 20, true}, {"ghu_", 20, true}, {"ghs_", 20, true}, {"ghr_", 20, true}, {"github_pat_", 20, true},
	{"glpat-", 16, true}, {"glsa_", 20, true}, {"glc_", 32, false},
	{"xoxb-", 10, true}, {"xoxp-", 10, true}, {"xoxa-", 10, true}, {"xoxr-", 10, true}, {"xoxs-", 10, true}, {"xapp-", 10, true},
	{"AKIA", 16, false}, {"ASIA", 16, false}, {"AIza", 30, false}, {"ya29.", 20, false}, {"GOCSPX-", 20, true},
	{"npm_", 30, false}, {"pypi-", 30, false}, {"rubygems_", 32, true}, {"hf_", 24, false}, {"SG.", 30, false},
	{"dop_v1_", 32, true}, {"doo_v1_", 32, true}, {"dor_v1_", 32, true}, {"shpat_", 24, true}, {"shpss_", 24, true},
	{"dckr_pat_", 16, true}, {"hvs.", 20, false}, {"NRAK-", 20, false}, {"AGE-SECRET-KEY-1", 20, true}, {"key-", 32, false},
	{"EAAC", 24, false}, {"sq0atp-", 16, true}, {"ATATT3x", 20, false}, {"ATCTT3x", 20, false}, {"lin_api_", 20, true},
	{"figd_", 20, true}, {"sntrys_", 20, true}, {"PMAK-", 20, false},
}

// dashed and plainly have the beginnings by their first sign, for the start of a word or of a part of
// one: dashed those with a - or _ of their own, plainly the others.
var dashed, plainly = func() (dashed, plainly [256][]beginning) {
	for _, b := range beginnings {
		if separator(b.text) < len(b.text) {
			dashed[b.text[0]] = append(dashed[b.text[0]], b)
		} else {
			plainly[b.text[0]] = append(plainly[b.text[0]], b)
		}
	}
	return dashed, plainly
}()

// insides has those that count inside a word by the sign in front of their first separator.
var insides = func() (t [256][]beginning) {
	for _, b := range beginnings {
		if n := separator(b.text); b.inside {
			t[b.text[n-1]] = append(t[b.text[n-1]], b)
		}
	}
	return t
}()

// separator gives the place of the first - or _.
func separator(text string) int {
	for n := range len(text) {
		if text[n] == '-' || text[n] == '_' {
			return n
		}
	}
	return len(text)
}

// vendor finds a value with a well-known beginning in the word from i to j.
func (s *scan) vendor(t []byte, i, j int, features uint16) bool {
	if list := plainly[t[i]]; list != nil && s.beginsAny(t, i, list) {
		return true
	}
	if features&(hasDash|hasBar) == 0 {
		return j-i >= 5 && j-i <= 10 && s.webhook(t, i, j)
	}
	if s.beginsAny(t, i, dashed[t[i]]) {
		return true
	}
	for k := i + 1; k < j; k++ {
		if c := t[k]; c != '-' && c != '_' {
			continue
		}
		for _, b := range insides[t[k-1]] {
			if at := k - separator(b.text); at > i && s.begins(t, at, b) {
				return true
			}
		}
		if k+1 < j && (s.beginsAny(t, k+1, plainly[t[k+1]]) || s.beginsAny(t, k+1, dashed[t[k+1]])) {
			return true
		}
	}
	return false
}

func (s *scan) beginsAny(t []byte, i int, list []beginning) bool {
	for _, b := range list {
		if i+1 < len(t) && t[i+1] == b.text[1] && s.begins(t, i, b) {
			return true
		}
	}
	return false
}

func (s *scan) begins(t []byte, i int, b beginning) bool {
	if len(t)-i < len(b.text)+b.least || string(t[i:i+len(b.text)]) != b.text {
		return false
	}
	whole := run(t, i)
	if len(whole)-len(b.text) < b.least || wordy(whole[len(b.text):]) {
		return false
	}
	s.report(KindVendor, whole, i)
	if b.text[1:] == "KIA" || b.text[1:] == "SIA" {
		s.awsID(i)
	}
	return true
}

// webhook finds addresses that let whoever knows them write, and what bots log in with.
func (s *scan) webhook(t []byte, i, j int) bool {
	switch w := t[i:j]; {
	case string(w) == "hooks" && len(run(t, i)) > 36 && bytes.HasPrefix(t[i:], []byte("hooks.slack.com/services/")):
	case string(w) == "webhooks" && len(run(t, i)) > 40 && bytes.HasSuffix(t[:i], []byte("/api/")):
	case len(w) >= 8 && len(w) <= 10 && len(t)-j > 33 && t[j] == ':' && t[j+1] == 'A' && t[j+2] == 'A' &&
		countDigits(w) == len(w) && len(run(t, j+1)) >= 33:
	default:
		return false
	}
	s.report(KindVendor, t[i:min(len(t), i+64)], i)
	return true
}

// isJWT decodes the first part: a header has alg or enc. One that is cut off behind it counts too.
func isJWT(v []byte) bool {
	head, rest, dotted := bytes.Cut(v, []byte("."))
	if dotted && len(rest) < 4 {
		return false
	}
	b := make([]byte, base64.RawURLEncoding.DecodedLen(len(head)))
	n, _ := base64.RawURLEncoding.Decode(b, head)
	b = b[:n]
	return bytes.Contains(b, []byte(`"alg"`)) || dotted && (bytes.Contains(b, []byte(`"enc"`)) || bytes.Contains(b, []byte(`"typ"`)))
}

// joinedJWT finds one behind a dash or an underscore.
func (s *scan) joinedJWT(t []byte, i, j int) bool {
	n := bytes.Index(t[i:j], []byte("eyJ"))
	if n < 1 || t[i+n-1] != '-' && t[i+n-1] != '_' || !isJWT(run(t, i+n)) {
		return false
	}
	s.report(KindJWT, run(t, i+n), i+n)
	return true
}

const (
	awsLength = 40      // signs of the other half of an AWS id
	awsReach  = 1 << 10 // bytes of a document between the two
)

// candidate is a run that would be the other half of an id, if one stood near.
type candidate struct {
	pointer, shape string
	offset, line   int // line 0: not yet counted
}

// awsSecret looks at a run of exactly 40 signs, as AWS makes them: near an id of AWS it is the other half.
func (s *scan) awsSecret(t []byte, i int) {
	for i > 0 && (t[i-1] == '/' || t[i-1] == '+') {
		i--
	}
	v := run(t, i)
	if len(v) > awsLength && v[awsLength] == '=' || len(v) != awsLength || i > 0 && classes[t[i-1]]&isRunChar != 0 && t[i-1] != '=' {
		return
	}
	if turns(v) < 12 || countDigits(v) == 0 || !bytes.ContainsAny(v, capitals) || bytes.IndexByte(v, '.') >= 0 || bytes.IndexByte(v, '~') >= 0 {
		return
	}
	if s.awsNear > 0 && s.offset < s.awsNear {
		s.report(KindEntropy, v, i)
		return
	}
	s.half = candidate{shape: excerpt(v), offset: s.place(i), pointer: s.walk.pointer()}
}

// awsID notes where an id of AWS stands, and takes the half that stood in front of it.
func (s *scan) awsID(at int) {
	s.awsNear = s.place(at) + awsReach
	if h := s.half; h.shape != "" && s.place(at)-h.offset < awsReach {
		s.add(Finding{Kind: KindEntropy, Pointer: h.pointer, Offset: h.offset, Line: h.line, Excerpt: h.shape})
		s.half = candidate{}
	}
}

// isPrivateDER says whether base64 without its frame is a private key: a sequence that begins with the
// version 0 or 1 (PKCS 1, PKCS 8, SEC 1), where a certificate and a public key begin with a sequence.
func isPrivateDER(v []byte) bool {
	if len(v) < 40 {
		return false
	}
	var b [12]byte
	if _, err := base64.StdEncoding.Decode(b[:], v[:16]); err != nil || b[0] != 0x30 {
		return false
	}
	body := b[2:]
	if b[1] >= 0x80 {
		n := int(b[1] & 0x7f)
		if n > 3 {
			return false
		}
		body = body[n:]
	}
	return body[0] == 2 && body[1] == 1 && body[2] <= 1
}
