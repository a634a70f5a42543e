package redact

import (
	"fmt"
	"io"
	"os"
	"slices"
)

// Policy is what an operator adds to the built-in rules, read from a YAML file:
//
//	version: 1
//	names:                        # fields that are removed, in any spelling (raceLicence = race_licence)
//	  - raceLicence
//	values:                       # texts that are removed wherever they stand, in every usual encoding
//	  - Team Nimbus
//	exceptions:                   # what stays although a built-in rule would remove it; each needs a reason
//	  - name: passwordPolicy      # a field, in any spelling
//	    because: holds the address of a document
//	  - value: support@example.com   # a text, as a whole
//	    because: is on our web site
//	  - rule: home                # a rule, but none that guards credentials
//	    because: all paths are those of containers
//
// A Policy is compiled and never changes. Names count before exceptions of values; a known value (of
// Options, of SetValues or of the file) goes in spite of any exception.
type Policy struct {
	names      map[string]bool // joined lower-case words
	values     [][]byte
	keptNames  map[string]bool
	keptValues map[string]bool
	off        uint64
	exceptions []Exception
	hash       string
}

// Exception is one exception of a policy. It is to be listed wherever what it lets through may stand.
type Exception struct {
	Line    int    // of the file, from 1
	Kind    string // name, value or rule
	Name    string // the field's name as written, or the rule's; empty for a value, which is not told
	Shape   string // what a value is like, as in Change; empty for others
	Rule    string // the built-in rule that it silences for this name; empty: no built-in rule removes it, or any may
	Because string // the operator's reason, as written
}

// Bounds of a policy file.
const (
	maxPolicyFile    = 256 << 10 // bytes
	maxPolicyEntries = 1000      // of a list; known values are at most 256 with those of the options
	maxPolicyText    = 256       // bytes of a name, value or reason
	minKeptValue     = 3         // bytes of a value in an exception
)

// looseRules guard no credentials, so that a policy may switch them off.
var looseRules = [...]rule{ruleHome, ruleMAC, ruleIP, rulePhone, rulePhoneField, ruleEmail, ruleEmailField, ruleDuplicate}

// LoadPolicy reads a policy file. Errors are those of ParsePolicy, or of reading.
func LoadPolicy(path string) (*Policy, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxPolicyFile+1))
	if err != nil {
		return nil, fmt.Errorf("read policy: %w", err)
	}
	return ParsePolicy(path, data)
}

// Exceptions lists what the policy lets through, in the file's order.
func (p *Policy) Exceptions() []Exception {
	if p == nil {
		return nil
	}
	return slices.Clone(p.exceptions)
}

// Values gives the texts that the policy removes, for a detector that is to know them, too.
func (p *Policy) Values() [][]byte {
	if p == nil {
		return nil
	}
	return slices.Clone(p.values)
}

// Exceptions lists the exceptions of the policy that this Redactor applies; empty without one.
func (r *Redactor) Exceptions() []Exception { return r.policy.Exceptions() }

// joinedWords gives the words of a name without what is between them, lower-case.
func joinedWords(name string) string {
	var joined []byte
	for sp := (splitter{s: []byte(name)}); sp.next(); {
		joined = append(joined, sp.word()...)
	}
	return string(joined)
}

// apply puts the policy on top of what the words of a name say.
func (p *Policy) apply(info *nameInfo, joined []byte) {
	switch {
	case p.names[string(joined)]:
		*info = nameInfo{class: nameCredential, flags: nfPolicy}
	case p.keptNames[string(joined)]:
		info.flags |= nfKept
		if info.sensitive() {
			info.class = namePlain
		}
	}
}

// keeps says whether a value exception holds for s.
func (p *Policy) keeps(s []byte) bool { return p != nil && p.keptValues[string(s)] }
