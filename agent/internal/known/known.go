// Package known finds the secrets that stand around the agent, so that redactor and detector can look for
// exactly these, whatever their shape and in every usual encoding.
//
//	f := known.New(known.Options{Environ: os.Environ()})
//	values, numbers := f.Look()     // again every few seconds: files rotate
//	f.Relay(pid, startTicks, args)  // what the relay's own environment holds counts from then on
//
// Where it looks, in this order:
//
//   - the agent's environment: the value of a variable whose name says credential (the redactor judges that,
//     see redact.CredentialName), and of any variable the passwords inside it: userinfo and query of an address,
//     NAME=VALUE parts of connection strings and header lists, members of JSON;
//   - files that the environment names: those of the clouds' chains (namedFiles) and each that stands in a
//     variable such as DB_PASSWORD_FILE; with Options.Store the chain's own places below HOME, too;
//   - folders of mounted secrets: /run/secrets, /var/run/secrets, /vault/secrets, $CREDENTIALS_DIRECTORY (systemd),
//     each mount in memory (tmpfs) that has the link ..data, by which the kubelet and the CSI driver swap the
//     files of a secret, and what Options.Paths names;
//   - the relay's environment, where it may be read (same user or root, and not in a pod), as the agent's, and the
//     arguments of its process: options whose names say credential, and a random word behind -p.
//
// Of a file it takes what its kind gives: the lines of a private key, members of JSON and NAME=VALUE lines
// whose names say credential, the one line of a file that has no more. Certificates and public keys are none.
//
// A value that is looked for everywhere must not be a word or a name that stands everywhere: see strong. What
// this installation is called (Options.Harmless) is never one.
//
// Values live in memory alone. Nothing here logs, and no error leaves: what cannot be read is counted.
package known

import (
	"bytes"
	"slices"
	"strings"
	"sync"
)

// Bounds of one look.
const (
	MaxValues = 256      // values
	maxBytes  = 48 << 10 // of all values together
	leastSize = 8        // bytes of a value
	mostSize  = 4 << 10  // bytes of a value
	maxFiles  = 64       // files that are read
	maxFile   = 64 << 10 // bytes of a file; a larger one is left out
	maxDepth  = 4        // folders below one another
	maxNames  = 2048     // of all folders together
	maxEnv    = 2 << 20  // bytes of the relay's environment
)

// Options say where a Finder looks beside the usual places.
type Options struct {
	Environ  []string // NAME=VALUE, as os.Environ gives them
	Paths    []string // files and folders whose contents are secret
	Store    string   // s3 | gs | azblob: the chain whose own places below HOME count, too; "": none does
	Harmless []string // names of this installation: neither they nor a part of them is ever a value
	Podded   bool     // Kubernetes started the agent: the relay is another container, with an environment that is not read
	Root     string   // for tests: the folder that stands for / ; "": the real one
}

// Numbers say what a look found.
type Numbers struct {
	Values  int // that are known
	Files   int // that were read
	LeftOut int // values and files for which the bounds had no room
}

// Finder finds values. It is safe for concurrent use.
type Finder struct {
	o Options

	mu      sync.Mutex
	pid     int32
	started uint64
	relay   [][]byte // what its environment and its arguments hold
}

// New makes a Finder; it reads nothing yet.
func New(o Options) *Finder { return &Finder{o: o} }

// Look looks everywhere anew. The values are in the order of the places, none twice.
func (f *Finder) Look() ([][]byte, Numbers) {
	c := f.collector()
	c.environ(f.o.Environ)
	f.namedFiles(c)
	f.mounts(c)
	f.mu.Lock()
	relay := f.relay
	f.mu.Unlock()
	for _, v := range relay {
		c.take(string(v), 0)
	}
	c.n.Values = len(c.values)
	return c.values, c.n
}

func (f *Finder) collector() *collector {
	return &collector{harmless: f.o.Harmless, seen: map[string]bool{}, read: map[string]bool{}}
}

// collector gathers values within the bounds.
type collector struct {
	harmless []string
	seen     map[string]bool // values
	read     map[string]bool // paths of files
	values   [][]byte
	size     int
	names    int // of folders
	n        Numbers
}

// take notes a value that is strong enough.
func (c *collector) take(v string, least float64) {
	v = strings.TrimSpace(v)
	if c.seen[v] || len(v) > mostSize || !strong(v, least) || c.calledSo(v) {
		return
	}
	c.seen[v] = true
	if len(c.values) >= MaxValues || c.size+len(v) > maxBytes {
		c.n.LeftOut++
		return
	}
	c.values, c.size = append(c.values, []byte(v)), c.size+len(v)
}

// calledSo says whether a value is, or is a part of, what this installation is called.
func (c *collector) calledSo(v string) bool {
	return slices.ContainsFunc(c.harmless, func(name string) bool {
		return strings.Contains(strings.ToLower(name), strings.ToLower(v))
	})
}

// environ takes what a list of NAME=VALUE gives.
func (c *collector) environ(env []string) {
	for _, nv := range env {
		if name, value, ok := strings.Cut(nv, "="); ok {
			c.variable(name, value)
		}
	}
}

// splitEnviron reads the form of /proc/PID/environ.
func splitEnviron(b []byte) []string {
	var out []string
	for nv := range bytes.SplitSeq(b, []byte{0}) {
		if len(nv) > 0 {
			out = append(out, string(nv))
		}
	}
	return out
}
