package known

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"relaypack/pack/redact"
)

// places are last words of a name that says where or how a credential is had, not what it is.
var places = []string{"file", "files", "path", "paths", "dir", "directory", "folder", "url", "uri", "endpoint", "host", "port", "addr", "proto", "tcp", "udp",
	"sock", "domain", "issuer", "audience", "algorithm", "algorithms", "provider", "region", "arn", "secure", "samesite", "name", "names"}

// credential says whether a name says that its value is one, and no public one.
func credential(name string) bool {
	return !strings.Contains(strings.ToLower(name), "public") && redact.CredentialName(name) && !slices.Contains(places, lastWord(name))
}

// lastWord is what stands behind the last sign of a name, in lower case.
func lastWord(name string) string {
	return strings.ToLower(name[strings.LastIndexAny(name, "_-. ")+1:])
}

// variable takes what a named value gives.
func (c *collector) variable(name, value string) {
	value = unquoted(strings.TrimSpace(value))
	if value == "" || len(value) > maxFile {
		return
	}
	if c.pieces(value) || !credential(name) {
		return
	}
	c.secret(value)
}

// unquoted is a value without the quotes that some tools leave around it.
func unquoted(v string) string {
	if n := len(v); n >= 2 && v[0] == v[n-1] && (v[0] == '"' || v[0] == '\'') {
		return v[1 : n-1]
	}
	return v
}

// secret takes a value that is said to be a credential: the whole, its words (Bearer x), and what stands in
// user:password@host.
func (c *collector) secret(v string) {
	c.take(v, enough)
	if words := strings.Fields(v); len(words) > 1 {
		for _, w := range words {
			c.take(w, enough)
		}
	}
	if at := strings.LastIndexByte(v, '@'); at > 0 {
		if _, password, ok := strings.Cut(v[:at], ":"); ok {
			c.take(password, enough)
		}
	}
	if plain, err := base64.StdEncoding.DecodeString(v); err == nil { // of basic authentication
		if _, password, ok := strings.Cut(string(plain), ":"); ok {
			c.take(password, enough)
		}
	}
}

// pieces takes the credentials inside a text. whole says that the text is nothing but their carrier.
func (c *collector) pieces(text string) (whole bool) {
	var doc any
	switch {
	case (text[0] == '{' || text[0] == '[') && json.Unmarshal([]byte(text), &doc) == nil:
		c.document("", doc, 0)
		return true
	case strings.Contains(text, "-----BEGIN"):
		c.blocks(strings.ReplaceAll(text, `\n`, "\n"))
		return true
	case strings.Contains(text, "://"):
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '"' }) {
			c.address(word)
		}
		whole = true
	}
	c.assignments(text)
	return whole
}

// blocks takes the lines of private keys.
func (c *collector) blocks(text string) {
	inside := false
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "-----BEGIN "):
			inside = strings.Contains(line, "PRIVATE KEY")
		case strings.HasPrefix(line, "-----END "):
			inside = false
		case inside && len(line) >= 16 && !strings.Contains(line, ":"):
			c.take(line, plenty/2)
		}
	}
}

// document takes the members of JSON whose names say credential, and private keys wherever they stand.
func (c *collector) document(name string, v any, depth int) {
	if depth > 16 {
		return
	}
	switch v := v.(type) {
	case map[string]any:
		for _, member := range sortedKeys(v) {
			c.document(member, v[member], depth+1)
		}
	case []any:
		for _, e := range v {
			c.document(name, e, depth+1)
		}
	case string:
		c.variable(name, v)
	}
}

func sortedKeys(m map[string]any) []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// address takes the password of a URL's userinfo, a user that is a credential by itself, and what the query
// and the fragment hold.
func (c *collector) address(word string) {
	_, rest, ok := strings.Cut(word, "://")
	if !ok {
		return
	}
	authority := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		authority = rest[:i]
	}
	if at := strings.LastIndexByte(authority, '@'); at >= 0 {
		user, password, _ := strings.Cut(authority[:at], ":")
		c.both(password, enough)
		c.both(user, plenty+bitsWord)
	}
	if i := strings.IndexAny(rest, "?#"); i >= 0 {
		for part := range strings.FieldsFuncSeq(rest[i+1:], func(r rune) bool { return r == '&' || r == ';' || r == '#' }) {
			if name, value, ok := strings.Cut(part, "="); ok && credential(name) {
				c.both(value, enough)
			}
		}
	}
}

// both takes a value of a URL as it is written and as it is meant.
func (c *collector) both(v string, least float64) {
	c.take(v, least)
	if plain, err := url.PathUnescape(v); err == nil {
		c.take(plain, least)
	}
}

// assignments takes values of NAME=VALUE, --name VALUE and NAME: VALUE whose names say credential: connection
// strings, lists of headers, options, lines of files.
func (c *collector) assignments(text string) {
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if name, value, ok := cutAssignment(line); ok {
			c.assigned(name, value)
		}
		before := ""
		for part := range strings.FieldsFuncSeq(line, func(r rune) bool { return r == ';' || r == ',' || r == ' ' || r == '\t' || r == '&' }) {
			if strings.HasPrefix(before, "--") {
				c.assigned(before, part)
			}
			if name, value, ok := strings.Cut(part, "="); ok && part != line {
				c.assigned(name, value)
			}
			before = part
		}
	}
}

// arguments takes what those of a process hold.
func (c *collector) arguments(args []string) {
	before := ""
	for _, arg := range args {
		if strings.HasPrefix(before, "-") && !strings.HasPrefix(arg, "-") {
			c.assigned(before, arg)
		}
		if arg != "" {
			c.pieces(arg)
		}
		if v, ok := strings.CutPrefix(arg, "-p"); ok && nameless(v) { // -p3001 is a port
			c.take(v, plenty)
		}
		before = arg
	}
}

// cutAssignment divides a line at its first = or : with a blank behind it.
func cutAssignment(line string) (name, value string, ok bool) {
	i := strings.IndexByte(line, '=')
	if k := strings.Index(line, ": "); k >= 0 && (i < 0 || k < i) {
		i = k
	}
	if i <= 0 || i > 128 || strings.Contains(line[:i], "://") || strings.Trim(line[i:], ":= ") == "" {
		return "", "", false
	}
	return strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+1:]), true
}

func (c *collector) assigned(name, value string) {
	name = strings.TrimLeft(strings.TrimPrefix(name, "-D"), "-")
	if len(name) > 128 || !credential(strings.TrimPrefix(name, "export ")) {
		return
	}
	value = unquoted(value)
	c.secret(value)
	if plain, err := url.PathUnescape(value); err == nil && plain != value {
		c.secret(plain)
	}
}
