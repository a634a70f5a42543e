package tool

import "regexp"

// naivePatterns are what a team writes in an afternoon: 21 expressions, each
// match replaced. They are good ones, and they know neither quotes nor escapes.
var naivePatterns = []string{
	`eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.?[A-Za-z0-9_.-]*`,
	`(?i)\b(bearer|basic|digest|apikey|token|splunk|negotiate)\s+[A-Za-z0-9+/=_.~-]{8,}`,
	`(?s)-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----.*?(-----END [A-Z ]*PRIVATE KEY[A-Z ]*-----|$)`,
	`\b(AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b`,
	`\bAIza[A-Za-z0-9_-]{35}`,
	`\bya29\.[A-Za-z0-9_-]+`,
	`\bxox[abeprs]-[A-Za-z0-9-]+|\bxapp-[A-Za-z0-9-]+|hooks\.slack\.com/services/\S+`,
	`\b(gh[opsur]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})`,
	`\bgl(pat|dt|rt|ptt|cbt|oas|soat)-[A-Za-z0-9_-]{20,}`,
	`\b(sk|rk|pk)[_-](live|test|ant|proj|svcacct)[_-][A-Za-z0-9_-]+|\bsk-[A-Za-z0-9_-]{20,}|\bwhsec_[A-Za-z0-9]+`,
	`\b(npm_|pypi-|hf_|dop_v1_|shpat_|shpss_|glsa_|dckr_pat_|hvs\.|hvb\.|SG\.|NRAK-|key-|AGE-SECRET-KEY-1)[A-Za-z0-9_.-]{16,}`,
	`[a-zA-Z][a-zA-Z0-9+.-]*://[^\s/:@"']*:[^\s@"']+@`,
	`(?i)([\w.-]*(?:password|passwd|pwd|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth|credential|cookie|salt|otp|dsn)[\w.-]*)(\\*["']?\s*[:=]+>?\s*\\*["']?)[^\s"'&,;}\\]+`,
	`(?i)(--?(?:password|token|secret|api-key|client-secret)[= ])\S+`,
	`(?i)\b(password|passphrase|secret|token)\s+(is|was|for)\s+\S+`,
	`(?i)\b(cookie|set-cookie|authorization|x-api-key|x-auth-token)\s*:\s*[^\r\n"]+`,
	`(?i)(AccountKey|SharedAccessKey|sig|Signature|Pwd)=[^;&\s"]+`,
	`[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}`,
	`\b\d{1,3}(\.\d{1,3}){3}\b`,
	`\b([0-9a-fA-F]{1,4}:){3,7}:?[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4})*\b|\b([0-9a-fA-F]{2}[:-]){5}[0-9a-fA-F]{2}\b`,
	`\b(?:\d[ -]?){13,16}\b`,
}

func naive() Func {
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
