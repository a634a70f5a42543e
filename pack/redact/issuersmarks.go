package redact

import (
	"bytes"
	"slices"
)

// newerVendors are the marks of issuers that the other lists have not, and the first bytes of private keys in base64
// without the lines around them: the length of the structure, its version, the algorithm.
var newerVendors = [...]prefix{
	{"akab-", ruleVendor, 24, "-"}, {"STS.", ruleVendor, 20, ""}, {"EXO", ruleVendor, 24, ""}, {"ucat_", ruleVendor, 20, ""}, {"SCW", ruleVendor, 17, ""},
	{"vercel_blob_rw_", ruleVendor, 20, "_"}, {"npg_", ruleVendor, 12, ""}, {"cu_", ruleVendor, 32, ""}, {"ck_", ruleVendor, 40, ""}, {"cs_", ruleVendor, 40, ""},
	{"1000.", ruleVendor, 64, "."}, {"APA91b", ruleVendor, 80, "_-"}, {"KEY0", ruleVendor, 40, "_"}, {"oauth:", ruleVendor, 30, ""},
	{"nsec1", ruleVendor, 50, ""}, {"xprv", ruleVendor, 100, ""}, {"yprv", ruleVendor, 100, ""}, {"zprv", ruleVendor, 100, ""}, {"tprv", ruleVendor, 100, ""},
	{"otpauth-migration://offline?data=", ruleVendor, 30, "+/=_-"},
	// hooks: whoever has the address may post
	{"hooks.zapier.com/hooks/catch/", ruleVendor, 16, "/"}, {"open.feishu.cn/open-apis/bot/v2/hook/", ruleVendor, 20, "-"},
	{"open.larksuite.com/open-apis/bot/v2/hook/", ruleVendor, 20, "-"}, {"discord.com/api/v10/webhooks/", ruleVendor, 16, "/_-"},
	{"discord.com/api/v9/webhooks/", ruleVendor, 16, "/_-"}, {"discordapp.com/api/v10/webhooks/", ruleVendor, 16, "/_-"}, {"discordapp.com/api/v9/webhooks/", ruleVendor, 16, "/_-"},
	{"hook.eu1.make.com/", ruleVendor, 24, ""}, {"hook.eu2.make.com/", ruleVendor, 24, ""}, {"hook.us1.make.com/", ruleVendor, 24, ""},
	{"hook.us2.make.com/", ruleVendor, 24, ""}, {"maker.ifttt.com/trigger/", ruleVendor, 40, "/_-"}, {"events.pagerduty.com/integration/", ruleVendor, 28, ""},
	// private keys: OpenSSH, minisign, PKCS #8 and PKCS #1 of RSA, EC, Ed25519, X25519, Ed448
	{"b3BlbnNzaC1rZXktdjE", rulePEM, 60, "+/="}, {"RWRTY0Iy", rulePEM, 60, "+/="},
	{"MIICdQIBADAN", rulePEM, 60, "+/="}, {"MIICdgIBADAN", rulePEM, 60, "+/="}, {"MIICdwIBADAN", rulePEM, 60, "+/="}, {"MIICeAIBADAN", rulePEM, 60, "+/="},
	{"MIIEuwIBADAN", rulePEM, 60, "+/="}, {"MIIEvAIBADAN", rulePEM, 60, "+/="}, {"MIIEvQIBADAN", rulePEM, 60, "+/="}, {"MIIEvgIBADAN", rulePEM, 60, "+/="},
	{"MIIEvwIBADAN", rulePEM, 60, "+/="}, {"MIIG/AIBADAN", rulePEM, 60, "+/="}, {"MIIG/QIBADAN", rulePEM, 60, "+/="}, {"MIIG/gIBADAN", rulePEM, 60, "+/="},
	{"MIIG/wIBADAN", rulePEM, 60, "+/="}, {"MIIJQQIBADAN", rulePEM, 60, "+/="}, {"MIIJQgIBADAN", rulePEM, 60, "+/="}, {"MIIJQwIBADAN", rulePEM, 60, "+/="},
	{"MIIJRAIBADAN", rulePEM, 60, "+/="}, {"MIICWgIBAAKB", rulePEM, 60, "+/="}, {"MIICWwIBAAKB", rulePEM, 60, "+/="}, {"MIICXAIBAAKB", rulePEM, 60, "+/="},
	{"MIICXQIBAAKB", rulePEM, 60, "+/="}, {"MIICXgIBAAKB", rulePEM, 60, "+/="}, {"MIIEoAIBAAKC", rulePEM, 60, "+/="}, {"MIIEoQIBAAKC", rulePEM, 60, "+/="},
	{"MIIEogIBAAKC", rulePEM, 60, "+/="}, {"MIIEowIBAAKC", rulePEM, 60, "+/="}, {"MIIEpAIBAAKC", rulePEM, 60, "+/="}, {"MIIEpQIBAAKC", rulePEM, 60, "+/="},
	{"MIIG4gIBAAKC", rulePEM, 60, "+/="}, {"MIIG4wIBAAKC", rulePEM, 60, "+/="}, {"MIIG5AIBAAKC", rulePEM, 60, "+/="}, {"MIIG5QIBAAKC", rulePEM, 60, "+/="},
	{"MIIJJwIBAAKC", rulePEM, 60, "+/="}, {"MIIJKAIBAAKC", rulePEM, 60, "+/="}, {"MIIJKQIBAAKC", rulePEM, 60, "+/="}, {"MIIJKgIBAAKC", rulePEM, 60, "+/="},
	{"MHcCAQEE", rulePEM, 60, "+/="}, {"MIGkAgEBBD", rulePEM, 60, "+/="}, {"MIHcAgEBBE", rulePEM, 60, "+/="}, {"MIGHAgEAMBMGByqGSM49", rulePEM, 60, "+/="},
	{"MIG2AgEAMBAGByqGSM49", rulePEM, 60, "+/="}, {"MIHuAgEAMBAGByqGSM49", rulePEM, 60, "+/="}, {"MC4CAQAwBQYDK2Vw", rulePEM, 40, "+/="},
	{"MC4CAQAwBQYDK2Vu", rulePEM, 40, "+/="}, {"MEcCAQAwBQYDK2Vx", rulePEM, 60, "+/="},
}

// azureMarks stand inside the keys of Azure, so that they may be found: so many signs before the end, without the =.
var azureMarks = [...]struct {
	mark      string
	all, rest int // length of the key and of what stands behind the mark
}{
	{"AZDO", 84, 4}, {"AzSe", 52, 6}, {"ACDb", 86, 6}, {"AIoT", 43, 6}, {"AzCa", 43, 6},
	{"JQQJ99", 84, 26}, {"JQQJ99", 86, 28}, {"AzFu", 54, 6},
}

// azureMarked looks at the word s[i:j] for one of azureMarks at its place; 0: it has none.
func (t *text) azureMarked(i, j int) int {
	s := t.s
	for _, m := range azureMarks {
		at := j - m.rest - len(m.mark)
		if at < i || s[at] != 'A' && s[at] != 'J' || !bytes.HasPrefix(s[at:], []byte(m.mark)) {
			continue
		}
		from := i
		for from > t.done && j-from <= m.all && (s[from-1] == '+' || s[from-1] == '/' || isBase64URL(s[from-1])) {
			from--
		}
		if j-from == m.all && mixed(s[i:j]) {
			return t.add(from, t.paddingEnd(j), ruleVendor)
		}
	}
	return 0
}

// marked looks at the word s[i:j] of 10 signs or more for what stands in it or around it; 0: nothing does.
func (t *text) marked(i, j int) int {
	s := t.s
	if i > 2 && string(s[i-3:i]) == "/p/" && bytes.HasPrefix(s[j:], []byte("/n/")) { // a request of Oracle Cloud that is allowed in advance
		return t.add(i, j, rulePath)
	}
	return t.azureMarked(i, j)
}

// afterSign looks at the word s[i:j] behind a sign: the value of a cookie that Express signed, s:x.y or s%3Ax.y, and the
// number on a card's first track, %B x^; 0: it is none.
func (t *text) afterSign(i, j int) int {
	s := t.s
	if i < 2 || j >= len(s) {
		return 0
	}
	switch {
	case s[j] == '^' && s[i-1] == '%' && s[i] == 'B' && isNumber(s[i+1:j]):
		return t.add(i+1, j, ruleCard)
	case s[j] != '.', s[i-2] != 's' || i > 2 && isAlnum(s[i-3]):
		return 0
	case s[i-1] == ':', s[i-1] == '%' && bytes.HasPrefix(s[i:], []byte("3A")):
	default:
		return 0
	}
	end := j + 1
	for end < len(s) && end-j < 64 && (isAlnum(s[end]) || inClass("+/_-%", s[end])) {
		end++
	}
	if j-i < 20 || end-j < 28 || !mixed(s[j+1:end]) {
		return 0
	}
	return t.add(i, end, ruleCookie)
}

// plusMarks are those that begin with a +: storage account, batch, event hub, service bus, relay, registry and others.
var plusMarks = [...]string{"ASt", "ABa", "AEh", "ASb", "ARm", "AMC", "ACR", "ACc", "ASa"}

// azurePlus looks at a word behind a + for one of plusMarks at its place in a key of 43, 52 or 86 signs; 0: it has none.
func (t *text) azurePlus(i, j int) int {
	s := t.s
	if !slices.Contains(plusMarks[:], string(s[i:i+3])) {
		return 0
	}
	for n := 0; j < len(s) && n < 8 && (s[j] == '+' || s[j] == '/' || isAlnum(s[j])); n++ {
		j++
	}
	from := i
	for from > t.done && i-from < 90 && (s[from-1] == '+' || s[from-1] == '/' || isAlnum(s[from-1])) {
		from--
	}
	if n := j - from; n != 43 && n != 52 && n != 86 || !mixed(s[from:j]) {
		return 0
	}
	return t.add(from, t.paddingEnd(j), ruleVendor)
}

// paddingEnd gives the end of the = at i, which may have a backslash before each.
func (t *text) paddingEnd(i int) int {
	s := t.s
	for range 2 {
		if bytes.HasPrefix(s[i:], []byte(`\=`)) {
			i++
		}
		if i < len(s) && s[i] == '=' {
			i++
		}
	}
	return i
}
