package redact

import (
	"bytes"
	"encoding/binary"
)

// prefix is a literal by which an issuer marks its credentials. Behind it stand at least min bytes of
// a class.
type prefix struct {
	prefix string
	rule   rule
	min    int
	class  string // beside letters and digits
}

const (
	awsIDLen  = 12 // how much of an AWS id stands behind its mark, at least
	awsIDFull = 20 // how long the ids of today are: letters and 2 to 7, perhaps letters alone
	oneCase   = 28 // a run of letters of one case, without a digit, that is no word
)

// vendors are the issuers' documented prefixes; moreVendors has the rest.
var vendors = [...]prefix{
	{"AKIA", ruleAWS, awsIDLen, ""}, {"ASIA", ruleAWS, awsIDLen, ""}, {"ABIA", ruleAWS, 12, ""}, {"ACCA", ruleAWS, 12, ""},
	{"IQoJb3JpZ2lu", ruleAWS, 24, "+/="}, {"FwoGZXIvYXdz", ruleAWS, 24, "+/="}, {"FQoGZXIvYXdz", ruleAWS, 24, "+/="}, {"AQoDYXdz", ruleAWS, 24, "+/="},
	{"AROA", ruleAWS, 12, ""}, {"AIDA", ruleAWS, 12, ""}, {"AGPA", ruleAWS, 12, ""}, {"ANPA", ruleAWS, 12, ""}, {"ANVA", ruleAWS, 12, ""},
	{"APKA", ruleAWS, 12, ""}, {"ASCA", ruleAWS, 12, ""}, {"AIza", ruleGCP, 24, "_-"}, {"ya29.", ruleGCP, 16, "_-."},
	{"GOCSPX-", ruleGCP, 16, "_-"}, {"1//0", ruleGCP, 24, "_-"},
	{"ghp_", ruleGitHub, 16, ""}, {"gho_", ruleGitHub, 16, ""}, {"ghu_", ruleGitHub, 16, ""}, {"ghs_", ruleGitHub, 16, ""},
	{"ghr_", ruleGitHub, 16, ""}, {"github_pat_", ruleGitHub, 16, "_"},
	{"glpat-", ruleGitLab, 12, "_-."}, {"gldt-", ruleGitLab, 12, "_-."}, {"glrt-", ruleGitLab, 12, "_-."},
	{"glptt-", ruleGitLab, 12, "_-."}, {"glcbt-", ruleGitLab, 12, "_-."}, {"glsoat-", ruleGitLab, 12, "_-."},
	{"xoxb-", ruleSlack, 8, "-"}, {"xoxp-", ruleSlack, 8, "-"}, {"xoxa-", ruleSlack, 8, "-"}, {"xoxr-", ruleSlack, 8, "-"},
	{"xoxs-", ruleSlack, 8, "-"}, {"xoxe", ruleSlack, 8, "-."}, {"xapp-", ruleSlack, 8, "-"},
	{"sk_live_", ruleStripe, 6, "_"}, {"sk_test_", ruleStripe, 6, "_"}, {"rk_live_", ruleStripe, 6, "_"},
	{"rk_test_", ruleStripe, 6, "_"}, {"whsec_", ruleStripe, 8, "+/="},
	{"npm_", ruleVendor, 30, ""}, {"pypi-", ruleVendor, 16, "_-"}, {"sk-ant-", ruleVendor, 16, "_-"},
	{"sk-proj-", ruleVendor, 16, "_-"}, {"sk-", ruleVendor, 20, "_-"}, {"SG.", ruleVendor, 20, "_-."},
	{"hvs.", ruleVendor, 16, "_-"}, {"hvb.", ruleVendor, 16, "_-"}, {"AGE-SECRET-KEY-1", ruleVendor, 20, ""},
	{"NRAK-", ruleVendor, 16, ""}, {"glsa_", ruleVendor, 16, "_"}, {"glc_", ruleVendor, 20, "=+/"},
	{"dckr_pat_", ruleVendor, 16, "_-"}, {"hf_", ruleVendor, 24, ""}, {"dop_v1_", ruleVendor, 20, ""},
	{"doo_v1_", ruleVendor, 20, ""}, {"dor_v1_", ruleVendor, 20, ""}, {"shpat_", ruleVendor, 20, ""},
	{"shpss_", ruleVendor, 20, ""}, {"shpca_", ruleVendor, 20, ""}, {"shppa_", ruleVendor, 20, ""},
	{"sq0atp-", ruleVendor, 16, "_-"}, {"sq0csp-", ruleVendor, 16, "_-"}, {"PMAK-", ruleVendor, 20, "-"},
	{"lin_api_", ruleVendor, 20, ""}, {"xkeysib-", ruleVendor, 20, "-"}, {"gsk_", ruleVendor, 24, ""},
	{"hooks.slack.com/services/", ruleSlack, 16, "/"}, // whoever has the address of a hook may post
	{"discord.com/api/webhooks/", ruleVendor, 16, "/_-"}, {"discordapp.com/api/webhooks/", ruleVendor, 16, "/_-"},
	{"ATATT3", ruleVendor, 20, "_-="}, {"ATCTT3", ruleVendor, 20, "_-="}, {"EAACEdEose0cBA", ruleVendor, 8, ""}, {"rubygems_", ruleVendor, 32, ""},
	{"vault:v1:", ruleVendor, 16, "+/="}, {"tfp_", ruleVendor, 32, "_-"}, {"ddapi_", ruleVendor, 20, ""}, {"figd_", ruleVendor, 20, "_-"},
	{"pscale_tkn_", ruleVendor, 20, "_-."}, {"pscale_pw_", ruleVendor, 20, "_-."}, {"sntrys_", ruleVendor, 24, "_-=+/"},
	{"sntryu_", ruleVendor, 24, ""}, {"duffel_live_", ruleVendor, 16, "_-"}, {"sbp_", ruleVendor, 32, ""},
	{"r8_", ruleVendor, 28, ""}, {"xai-", ruleVendor, 32, ""}, {"tskey-", ruleVendor, 16, "-"}, {"nvapi-", ruleVendor, 32, "_-"},
	{"eyJ", ruleJWT, 12, "_-"},
}

func (t *tables) addPrefix(v prefix) {
	b := bucketOf(v.prefix[0], v.prefix[1], v.prefix[2])
	t.prefixes[b] = append(t.prefixes[b], v)
	t.addBegin(v.prefix)
	if len(v.prefix) > 3 {
		t.mark(v.prefix[:4])
		return
	}
	for c := range 256 {
		if c := byte(c); isAlnum(c) || inClass(v.class, c) || c == '%' {
			t.mark(v.prefix + string([]byte{c}))
		}
	}
}

func (t *tables) mark(four string) {
	m := markOf([]byte(four))
	t.marks[m>>6] |= 1 << (m & 63)
}

// markOf hashes the first four bytes of s to 16 bits.
func markOf(s []byte) uint16 { return uint16(binary.LittleEndian.Uint32(s) * 0x9e3779b1 >> 16) }

// bucketOf hashes three bytes to 8 bits.
func bucketOf(a, b, c byte) uint8 { return b<<5 ^ c ^ b>>3 ^ a<<1 }

// vendor looks for a vendor's credential at the word that begins at i; 0: none.
func (t *text) vendor(i int) int {
	s := t.s
	for _, v := range t.p.r.tab.prefixes[bucketOf(s[i], s[i+1], s[i+2])] {
		if !bytes.HasPrefix(s[i:], []byte(v.prefix)) {
			continue
		}
		if v.rule == ruleJWT {
			return t.jwt(i)
		}
		start := i + len(v.prefix)
		j, run, digit, lower, upper := start, 0, false, false, false
		for j < len(s) && (isAlnum(s[j]) || inClass(v.class, s[j]) || s[j] == '%' && inClass(v.class, unescaped(s[j:]))) {
			digit = digit || isDigit(s[j])
			lower = lower || s[j] >= 'a' && s[j] <= 'z'
			upper = upper || s[j] >= 'A' && s[j] <= 'Z'
			if run++; !isAlnum(s[j]) {
				run = 0
			}
			j++
		}
		for j > start && s[j-1] == '.' {
			j--
		}
		full := v.rule == ruleAWS && j-i == awsIDFull && !lower
		if isFiller(s[start:j]) || !digit && lower && upper && s[start-1] == '_' && camelCase(s[start:j]) {
			continue
		}
		if j-start >= v.min && (digit || lower && upper || run >= oneCase || j-start >= 2*v.min || full) {
			if v.rule == ruleAWS && v.min == awsIDLen {
				return t.awsPair(i, j)
			}
			if v.prefix == "APA91b" && i > t.done && s[i-1] == ':' { // the instance's id
				for i--; i > t.done && isBase64URL(s[i-1]); i-- {
				}
			}
			return t.add(i, j, v.rule)
		}
	}
	return 0
}

// camelCase says whether letters without a digit are words written together: their case changes seldom, and no five
// consonants follow each other.
func camelCase(v []byte) bool {
	turns, consonants := 0, 0
	for i, c := range v {
		if consonants++; !isLetter(c) || inClass("aeiou", lower(c)) {
			consonants = 0
		}
		if consonants > 4 {
			return false
		}
		if i > 0 && isLetter(c) && isLetter(v[i-1]) && (c^v[i-1])&0x20 != 0 {
			turns++
		}
	}
	return turns >= 4 && turns*3 <= len(v)
}

// unescaped gives the sign that a percent-encoded byte at the start of s stands for; 0: there is none.
func unescaped(s []byte) byte {
	if len(s) < 3 || !isHex(s[1]) || !isHex(s[2]) {
		return 0
	}
	return byte(hexValue(s[1])<<4 | hexValue(s[2]))
}

func inClass(class string, c byte) bool {
	for i := range len(class) {
		if class[i] == c {
			return true
		}
	}
	return false
}
