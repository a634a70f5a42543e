package profile

import (
	"embed"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

//go:embed builtin/*.yaml
var builtin embed.FS

//go:embed schema.json
var schema []byte

// Schema gives the JSON Schema (2020-12) of the form of a profile, for editors. It says what members
// there are and of what type; only Parse knows whether what they name is there and compiles.
func Schema() []byte { return slices.Clone(schema) }

// Builtins names the built-in profiles, in alphabetical order.
func Builtins() []string {
	entries, _ := builtin.ReadDir("builtin") // of the binary itself: cannot fail
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// Load reads a built-in profile by its name, or a file by its path. A file named like a built-in
// profile is reached by a path with a slash (`./generic`).
func Load(nameOrPath string) (*Profile, error) {
	if slices.Contains(Builtins(), nameOrPath) {
		name := nameOrPath + ".yaml"
		data, err := builtin.ReadFile("builtin/" + name)
		if err != nil {
			return nil, fmt.Errorf("read profile: %w", err)
		}
		return Parse(name, data)
	}
	file, err := os.Open(nameOrPath)
	if err != nil {
		return nil, fmt.Errorf("read profile (built in are %s): %w", strings.Join(Builtins(), ", "), err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return nil, fmt.Errorf("read profile: %w", err)
	}
	return Parse(nameOrPath, data)
}

// Parse compiles a profile; file is its name in faults. The error joins one *Fault for each fault of
// the file (at most 200), in the file's order; the profile is nil then.
func Parse(file string, data []byte) (*Profile, error) {
	c := &compiler{
		faults:   faults{file: file},
		p:        &Profile{Families: map[string]bool{}},
		places:   map[string]*node{},
		compiled: map[string]*Query{},
	}
	if root := readTree(data, &c.faults); root != nil {
		c.compile(root, data)
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	return c.p, nil
}

// Source gives a source by name, nil where the profile has none of that name.
func (p *Profile) Source(name string) *Source {
	for _, s := range p.Sources {
		if s.Name == name {
			return s
		}
	}
	return nil
}
