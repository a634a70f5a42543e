package profile

import (
	"regexp"
	"strconv"
)

const maxIDLength = 256

// shapeForm is the grammar of an id's shape: a literal, one class, how many of it.
var shapeForm = regexp.MustCompile(`^[A-Za-z0-9_:-]{1,32}\[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_-])+\](?:\+|\{([0-9]{1,3}),([0-9]{1,3})\})$`)

// ids reads the kinds of identifiers and marks the sources that list raw ones.
func (c *compiler) ids(n *node) {
	fs, _ := c.mapping(n, "ids", idKinds...)
	for _, kind := range idKinds {
		k := fs.by[kind]
		if k == nil {
			continue
		}
		what := "ids." + kind
		of, _ := c.mapping(k, what, "shapes", "fields", "raw")
		id := IDKind{Kind: kind, Fields: c.texts(of.by["fields"], what+".fields")}
		if of.by["shapes"] != nil {
			for _, s := range c.items(of.by["shapes"], what+".shapes") {
				id.Shapes = append(id.Shapes, c.shape(s, what+".shapes"))
			}
		}
		if of.by["raw"] != nil {
			for _, r := range c.items(of.by["raw"], what+".raw") {
				from := c.place(r, what+".raw", false)
				if s := c.p.Source(from.Source); s != nil {
					s.GivesIDs = true
					s.Lists = append(s.Lists, from.Path)
				}
				id.Raw = append(id.Raw, from)
			}
		}
		c.p.IDs = append(c.p.IDs, id)
	}
}

func (c *compiler) shape(n *node, what string) string {
	text := c.text(n, what)
	if text == "" {
		return ""
	}
	m := shapeForm.FindStringSubmatch(text)
	if m == nil {
		c.add(n, "%s: write a literal, one class and + or {n,m}, such as sess_[A-Za-z0-9]+", what)
		return text
	}
	if m[1] != "" {
		least, _ := strconv.Atoi(m[1]) // at most three digits
		most, _ := strconv.Atoi(m[2])
		if least < 1 || least > most || most > maxIDLength {
			c.add(n, "%s: write {n,m} with 1 <= n <= m <= %d", what, maxIDLength)
			return text
		}
	}
	if _, err := regexp.Compile(text); err != nil {
		c.add(n, "%s: the class is not in order; write ranges such as a-z", what)
	}
	return text
}
