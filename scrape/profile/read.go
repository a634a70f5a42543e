package profile

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fields are the members of a mapping by name. Asking for one that is not there gives nil, which the
// readers below take as "not given".
type fields struct {
	at *node
	by map[string]*node
}

// mapping reads a mapping with a closed set of names; what says which one in faults.
func (c *compiler) mapping(n *node, what string, known ...string) (fields, bool) {
	fs := fields{at: n, by: map[string]*node{}}
	for _, m := range c.members(n, what) {
		if !slices.Contains(known, m.name.text) {
			c.add(m.name, "%s has no member %q; write one of: %s", what, m.name.text, strings.Join(known, ", "))
			continue
		}
		fs.by[m.name.text] = m.value
	}
	return fs, n != nil && n.kind == kindMapping
}

// members gives the members of a mapping, those whose name came before left out.
func (c *compiler) members(n *node, what string) []member {
	if n == nil || !c.is(n, kindMapping, what) {
		return nil
	}
	seen := map[string]bool{}
	var list []member
	for _, m := range n.members {
		if seen[m.name.text] {
			c.add(m.name, "%s has %q twice; keep one", what, m.name.text)
			continue
		}
		seen[m.name.text] = true
		list = append(list, m)
	}
	return list
}

// require faults members that are missing.
func (c *compiler) require(fs fields, what string, names ...string) {
	for _, name := range names {
		if fs.by[name] == nil {
			c.add(fs.at, "%s has no %s; write it", what, name)
		}
	}
}

// is faults a node of another kind.
func (c *compiler) is(n *node, want kind, what string) bool {
	if n.kind == want {
		return true
	}
	c.add(n, "%s is %s; write %s", what, n.kind, want)
	return false
}

// items reads a list.
func (c *compiler) items(n *node, what string) []*node {
	if n == nil || !c.is(n, kindList, what) {
		return nil
	}
	if len(n.items) == 0 {
		c.add(n, "%s is empty; leave it out or fill it", what)
	}
	return n.items
}

// text reads a text that is not empty.
func (c *compiler) text(n *node, what string) string {
	if n == nil || !c.is(n, kindText, what) {
		return ""
	}
	if n.text == "" {
		c.add(n, "%s is empty; leave it out or fill it", what)
	}
	return n.text
}

// texts reads a list of texts.
func (c *compiler) texts(n *node, what string) []string {
	var list []string
	for _, item := range c.items(n, what) {
		list = append(list, c.text(item, what))
	}
	return list
}

// oneOf reads a text out of a closed set; not given is standard.
func (c *compiler) oneOf(n *node, what, standard string, known ...string) string {
	if n == nil {
		return standard
	}
	text := c.text(n, what)
	if text != "" && !slices.Contains(known, text) {
		c.add(n, "%s is %q; write one of: %s", what, text, strings.Join(known, ", "))
	}
	return text
}

// flag reads true or false; not given is false.
func (c *compiler) flag(n *node, what string) bool {
	return n != nil && c.is(n, kindBool, what) && n.text == "true"
}

// whole reads a whole number of lo to hi; not given is standard.
func (c *compiler) whole(n *node, what string, standard, lo, hi int64) int64 {
	if n == nil || !c.is(n, kindNumber, what) {
		return standard
	}
	v, err := strconv.ParseInt(n.text, 10, 64)
	if err != nil || v < lo || v > hi {
		c.add(n, "%s is no whole number of %d to %d; write one", what, lo, hi)
		return standard
	}
	return v
}

// share reads a number above 0 and up to 1; not given is standard.
func (c *compiler) share(n *node, what string, standard float64) float64 {
	if n == nil || !c.is(n, kindNumber, what) {
		return standard
	}
	v, err := strconv.ParseFloat(n.text, 64)
	if err != nil || !(v > 0 && v <= 1) {
		c.add(n, "%s is no share; write a number above 0 and up to 1, such as 0.5", what)
		return standard
	}
	return v
}

// duration reads a Go duration of lo to hi; not given is standard.
func (c *compiler) duration(n *node, what string, standard, lo, hi time.Duration) time.Duration {
	if n == nil {
		return standard
	}
	v, err := time.ParseDuration(n.text)
	if n.kind != kindText || err != nil || v < lo || v > hi {
		c.add(n, "%s is no duration of %s to %s; write one such as 2s or 15m", what, lo, hi)
		return standard
	}
	return v
}

// path reads a place in an answer; list says that it has to name the elements of an array.
func (c *compiler) path(n *node, what string, list bool) Path {
	text := c.text(n, what)
	if text == "" {
		return Path{}
	}
	p, err := ParsePath(text)
	if err != nil {
		c.add(n, "%s: %s", what, strings.TrimPrefix(err.Error(), "path: "))
		return Path{}
	}
	if list && !strings.HasSuffix(text, "[]") {
		c.add(n, "%s does not end in []; write the path of the elements, such as .events[]", what)
	}
	return p
}

// query reads and compiles a jq expression.
func (c *compiler) query(n *node, what string) *Query {
	if n == nil {
		return nil
	}
	text := n.text // `jq: .5` and `jq: true` are expressions too
	if n.kind == kindList || n.kind == kindMapping || n.kind == kindNull {
		c.add(n, "%s is %s; write a jq expression in quotes", what, n.kind)
		return nil
	}
	if q := c.compiled[text]; q != nil {
		return q
	}
	q, err := Compile(text)
	if err != nil {
		c.add(n, "%s: %s", what, err)
		return nil
	}
	c.compiled[text] = q
	return q
}

// pattern reads a regular expression.
func (c *compiler) pattern(n *node, what string) *regexp.Regexp {
	text := c.text(n, what)
	if text == "" {
		return nil
	}
	re, err := regexp.Compile(text)
	if err != nil {
		c.add(n, "%s is no regular expression of Go (RE2): %s", what, err)
	}
	return re
}

var nameForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,39}$`)

// name checks a name that the profile gives to something. Names stand in packs, and no text of the
// agent in a pack may hold the words that its readers search for.
func (c *compiler) name(n *node, what string) string {
	if n == nil {
		return ""
	}
	if !nameForm.MatchString(n.text) {
		c.add(n, "%s is no name; write a letter and up to 39 letters, digits, _ or -", what)
	}
	c.plain(n, what)
	return n.text
}

// plain faults the three words that the format's own check searches a pack for.
func (c *compiler) plain(n *node, what string) {
	for _, word := range []string{"token", "key", "secret"} {
		if strings.Contains(strings.ToLower(n.text), word) {
			c.add(n, "%s holds the word %q, for which packs are searched; choose another", what, word)
		}
	}
}
