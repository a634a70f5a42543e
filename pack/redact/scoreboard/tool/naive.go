package tool

import (
	"regexp"
	"slices"

	"relaypack/pack/redact/scoreboard/child"
)

// naivePatterns are what a team writes in an afternoon: 21 expressions, each
// match replaced. They are good ones, and they know neither quotes nor escapes.
var naivePatterns = []string{
	`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_.-]*`,
	`(?i)\b(bearer|basic|apikey|api-key|token|splunk|negotiate|ssws|geniekey|dpop)\s+[A-Za-z0-9+/=_.~-]{8,}|\b(digest|hawk|oauth|aws4-hmac-sha256)\s+\w+=[^\r\n]+`,
	`(?s)-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----.*?(-----END [A-Z ]*PRIVATE KEY[A-Z ]*-----|$)`,
	`\b(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b`,
	`\bAIza[A-Za-z0-9_-]{35}|\bya29\.[A-Za-z0-9_-]+|\bGOCSPX-[A-Za-z0-9_-]+`,
	`\bxox[abeprs]-[A-Za-z0-9-]+|\bxapp-[A-Za-z0-9-]+|hooks\.slack\.com/\S+|discord\.com/api/webhooks/\S+`,
	`\b(gh[opsur]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})|\bgl(pat|dt|rt|ptt|cbt|oas|soat)-[A-Za-z0-9_-]{20,}`,
	`\b(sk|rk|pk)[_-](live|test|ant|proj|svcacct)[_-][A-Za-z0-9_-]+|\bsk-[A-Za-z0-9_-]{20,}|\bwhsec_[A-Za-z0-9]+`,
	`\b(npm_|pypi-|hf_|do[opr]_v1_|shp(at|ss|ca|pa)_|glsa_|glc_|dckr_[op]at_|hv[sbr]\.|SG\.|NRAK-|NRII-|key-|AGE-SECRET-KEY-1|SK)[A-Za-z0-9_.-]{16,}|\b\d{8,10}:AA[\w-]{33}`,
	`[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@"']*:[^\s@"']+@`,
	`(?i)([\w.-]*(?:pass\b|password|passwd|pwd|passphrase|passcode|secret|token|api[_.-]?key|(?:access|private|signing|encryption|master|license|account|shared|webhook|ssh)[_.-]?key|auth|credential|cookie|salt|otp|pin|dsn|phone|mobile|mail)[\w.-]*)(\\*["']?\]?\s*[:=]+>?\s*[\[{(\\]*["']?)[^\s"']+`,
	`(?i)(--?(?:[a-z.-]*password|[a-z-]*token|[a-z-]*secret|api-key|secret-key)[= ])\S+`,
	`(?i)\b(password|passphrase|secret|token|identified by|pwd|key)\s+(is:?|was|for \w+ is)?\s*["']?\S+\d\S*`,
	`(?i)\b(cookie|set-cookie|authorization|x-[a-z-]*(key|token|secret|auth)|private-token)\s*:\s*[^\r\n]+`,
	`(?i)(AccountKey|SharedAccessKey|sig|Signature|Pwd)=[^;&\s"]+`,
	`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`,
	`\b\d{1,3}(\.\d{1,3}){3}\b`,
	`\b([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*\b|\b([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\b`,
	`\b(?:\d[ -]?){13,16}\b`,
	`\s(-u|--user|--proxy-user)[ =]?\S+:\S+|\s(-p|-P|-a|-w) ?\S+`,
	`(/home/|/Users/|[A-Z]:\\+Users\\+)[^/\\\s"']+`,
}

// Patterns gives the expressions of naive.
func Patterns() []string { return slices.Clone(naivePatterns) }

func naive() child.Func {
	var res []*regexp.Regexp
	for _, p := range naivePatterns {
		res = append(res, regexp.MustCompile(p))
	}
	return func(doc []byte) ([]byte, error) {
		for _, re := range res {
			doc = re.ReplaceAll(doc, []byte("[removed]"))
		}
		return doc, nil
	}
}
