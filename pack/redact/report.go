package redact

// MaxRemovals is how many removals a Report lists; Dropped counts the rest.
const MaxRemovals = 1000

// Report counts what was changed. The zero value is ready; Append adds to it.
type Report struct {
	Counts  map[string]int // by rule name; only rules that changed something
	Removed []Removal      // at most MaxRemovals; Dropped counts the rest
	Dropped int
	// Explain is told each change as it is found, in the order of the source but for values whose name
	// follows them; nil: not told, at no cost. It never sees a value. What it is told before an error
	// may not have been given out. It must not use the Redactor's output or keep the call waiting.
	Explain func(Change)
}

// Removal is one field that was removed, by the JSON pointer (RFC 6901) of its parent in the redacted
// document. For a field of a document inside a string the parent is that string. In a stream of several
// documents each pointer is one within its own document.
type Removal struct {
	Parent string
	Rule   string
}

// rule is one reason to change something. Its name stands in reports, and for spans also in the
// placeholder: [removed-NAME]. The numbers are internal, the names are not.
type rule uint8

const (
	ruleField rule = iota
	ruleEmailField
	rulePhoneField
	ruleCardField
	rulePair
	ruleArgument
	ruleLabel
	ruleDuplicate
	ruleAssignment
	ruleFlag
	ruleHeader
	ruleCookie
	ruleBearer
	ruleBasic
	ruleScheme
	ruleJWT
	rulePEM
	ruleAWS
	ruleGCP
	ruleGitHub
	ruleGitLab
	ruleSlack
	ruleStripe
	ruleVendor
	ruleUserinfo
	ruleEmail
	ruleIP
	ruleCard
	ruleKnown
	ruleID
	ruleText
	ruleEncoded
	ruleHome
	ruleMAC
	rulePhone
	rulePath
	ruleHash
	rulePolicy
	ruleCount
)

// ruleNames holds none of the three words of the owner's check, and no blank or : = / @ & (design 7).
var ruleNames = [ruleCount]string{
	ruleField: "field", ruleEmailField: "email-field", rulePhoneField: "phone-field", ruleCardField: "card-field",
	rulePair: "pair", ruleArgument: "argument", ruleLabel: "label", ruleDuplicate: "duplicate-series",
	ruleAssignment: "assignment", ruleFlag: "flag", ruleHeader: "header", ruleCookie: "cookie",
	ruleBearer: "bearer", ruleBasic: "basic", ruleScheme: "auth-scheme", ruleJWT: "jwt", rulePEM: "pem",
	ruleAWS: "aws", ruleGCP: "gcp", ruleGitHub: "github", ruleGitLab: "gitlab", ruleSlack: "slack",
	ruleStripe: "stripe", ruleVendor: "vendor", ruleUserinfo: "userinfo", ruleEmail: "email", ruleIP: "ip",
	ruleCard: "card", ruleKnown: "known", ruleID: "id", ruleText: "text",
	ruleEncoded: "encoded", ruleHome: "home", ruleMAC: "mac", rulePhone: "phone", rulePath: "path", ruleHash: "hash", rulePolicy: "policy-field",
}

// tally is what a pass counts; it reaches the Report only when the pass is through.
type tally struct {
	counts  [ruleCount]int
	removed []Removal
	dropped int
	changes int
}

func (t *tally) count(r rule) {
	t.counts[r]++
	t.changes++
}

func (t *tally) remove(parent string, r rule) {
	if len(t.removed) >= MaxRemovals {
		t.dropped++
		return
	}
	t.removed = append(t.removed, Removal{parent, ruleNames[r]})
}

// addTo moves the tally into rep and empties it.
func (t *tally) addTo(rep *Report) {
	if t.changes == 0 {
		return
	}
	if rep != nil {
		if rep.Counts == nil {
			rep.Counts = make(map[string]int)
		}
		for i, n := range t.counts {
			if n > 0 {
				rep.Counts[ruleNames[i]] += n
			}
		}
		room := max(0, MaxRemovals-len(rep.Removed))
		n := min(room, len(t.removed))
		rep.Removed = append(rep.Removed, t.removed[:n]...)
		rep.Dropped += t.dropped + len(t.removed) - n
	}
	clear(t.removed)
	*t = tally{removed: t.removed[:0]}
}
