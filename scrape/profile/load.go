package profile

// Load reads a built-in profile by its name, or a file by its path.
func Load(nameOrPath string) (*Profile, error) { return nil, nil }

// Parse compiles a profile. Its error joins one *Fault for each fault of the file.
func Parse(file string, data []byte) (*Profile, error) { return nil, nil }

// Builtins names the built-in profiles.
func Builtins() []string { return nil }

// Source gives a source by name, nil where the profile has none of that name.
func (p *Profile) Source(name string) *Source { return nil }

// Fault is one fault of a profile file.
type Fault struct {
	File   string
	Line   int // from 1; 0: the whole file
	Column int
	Text   string // what is wrong and what to write instead
}

func (f *Fault) Error() string { return f.Text }
