package main

import "relaypack/pack/redact/scoreboard/tool"

// blockedNames are names of fields whose values go.
var blockedNames = []string{
	`(?i)(^|[^a-z])(pass|passwd|pwd|passcode|otp|totp|pin|salt|dsn|jwt|bearer|cookies?|set-cookie|pan)($|[^a-z])`,
	`(?i)pass(word|phrase|wd)|[a-z]Pass$|secret|credential|authorization|connection[_. -]?string`,
	`(?i)token`,
	`(?i)(api|access|private|signing|encryption|master|shared|license|webhook|service[_.-]?role|account|ssh)[_. -]?keys?`,
	`(?i)(^|[^a-z])auth($|[^a-z])`,
	`(?i)e-?mail|mail[_. -]?address|phone|mobile`,
}

// ignoredNames are names that hold such a word and tell a measure.
var ignoredNames = []string{
	`(?i)(count|total|rate|fails?|failures|errors|ms|seconds|bytes|size|length|limit|ttl|age|expires|version|enabled|required|valid|active)s?$`,
	`(?i)(max|prompt|completion|cached)[_. -]?tokens|token(s|izer|_count|Count)|public[_. -]?key`,
}

// blockedValues are spans of values that are masked: the plain patterns, and
// the forms of further vendors.
var blockedValues = append(tool.Patterns(),
	`\b(whsec|rnd|nfp|bkua|pnu|r8|gsk|sbp|squ|phx|tfp|ntn|rdme|lin_api|figd|pul|dapi|shpca|shppa|doo_v1|dor_v1|api_org|pscale_tkn|pscale_pw|dckr_oat|rubygems|CLOJARS|sntryu|sntrys)[_-]?[A-Za-z0-9_=-]{16,}`,
	`\b(SK|AC)[0-9a-f]{32}\b`,
	`\b\d{8,10}:AA[A-Za-z0-9_-]{33}`,
	`\b[MNO][A-Za-z0-9]{23,25}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}`,
	`\bGOCSPX-[A-Za-z0-9_-]{28}|\b1//0[A-Za-z0-9_-]{40,}`,
	`(?:^|\W)[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}`,
	`[^\s:/@"']+:[^\s@"']+@tcp\([^)]*\)`,
	`discord(?:app)?\.com/api/webhooks/\S+`,
	`\s-(?:u|p|P|a|w)\s*\S+`,
	`(?:/home/|/Users/|[A-Z]:\\Users\\)[^/\\\s"']+`,
)
