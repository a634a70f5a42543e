package known

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// namedFiles are the files of the clouds' chains: the variable that names one, and for a store its place below
// HOME where none does.
var namedFiles = []struct{ variable, store, home string }{
	{"AWS_SHARED_CREDENTIALS_FILE", "s3", ".aws/credentials"},
	{"AWS_CONFIG_FILE", "s3", ".aws/config"},
	{"AWS_WEB_IDENTITY_TOKEN_FILE", "", ""},
	{"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "", ""},
	{"GOOGLE_APPLICATION_CREDENTIALS", "gs", ".config/gcloud/application_default_credentials.json"},
	{"AZURE_FEDERATED_TOKEN_FILE", "", ""},
	{"AZURE_CLIENT_CERTIFICATE_PATH", "", ""},
}

// folders are where secrets are mounted by custom: of Docker and Podman, the kubelet, Vault's injector.
var folders = []string{"/run/secrets", "/var/run/secrets", "/vault/secrets"}

// lookup is a variable of the agent's environment.
func (f *Finder) lookup(name string) string {
	for _, nv := range f.o.Environ {
		if v, ok := strings.CutPrefix(nv, name+"="); ok {
			return v
		}
	}
	return ""
}

// namedFiles reads the files that the environment names.
func (f *Finder) namedFiles(c *collector) {
	home := f.lookup("HOME")
	for _, n := range namedFiles {
		path := f.lookup(n.variable)
		if path == "" && n.store != "" && n.store == f.o.Store && home != "" {
			path = filepath.Join(home, n.home)
		}
		f.file(c, path, "credential")
	}
	f.namedBy(c, f.o.Environ)
}

// namedBy reads the files of variables such as DB_PASSWORD_FILE.
func (f *Finder) namedBy(c *collector, env []string) {
	for _, nv := range env {
		name, path, _ := strings.Cut(nv, "=")
		cut := strings.LastIndexByte(name, '_')
		if last := lastWord(name); cut > 0 && (last == "file" || last == "path") && credential(name[:cut]) {
			f.file(c, path, name[:cut])
		}
	}
}

// mounts reads the folders of mounted secrets.
func (f *Finder) mounts(c *collector) {
	places := slices.Clone(folders)
	if dir := f.lookup("CREDENTIALS_DIRECTORY"); dir != "" {
		places = append(places, dir)
	}
	places = append(places, f.swapped()...)
	for _, place := range append(places, f.o.Paths...) {
		f.walk(c, place, 0)
	}
}

// swapped gives the mounts in memory whose files are swapped by the link ..data.
func (f *Finder) swapped() []string {
	b, err := f.read("/proc/self/mountinfo", 1<<20)
	if err != nil {
		return nil
	}
	var out []string
	for line := range bytes.Lines(b) {
		before, after, _ := strings.Cut(string(line), " - ")
		mount, kind := strings.Fields(before), strings.Fields(after)
		if len(mount) < 5 || len(kind) == 0 || kind[0] != "tmpfs" && kind[0] != "ramfs" {
			continue
		}
		place := unescaped(mount[4])
		if st, err := os.Lstat(f.at(filepath.Join(place, "..data"))); err == nil && st.Mode()&os.ModeSymlink != 0 {
			out = append(out, place)
		}
	}
	return out
}

// unescaped undoes the \040 of mountinfo.
func unescaped(s string) string {
	for i := 0; i+3 < len(s); i++ {
		if s[i] != '\\' {
			continue
		}
		if n, err := strconv.ParseUint(s[i+1:i+4], 8, 8); err == nil {
			s = s[:i] + string([]byte{byte(n)}) + s[i+4:]
		}
	}
	return s
}

// walk reads a file, or the files of a folder. Names that begin with .. are the links and folders that stand
// behind the others.
func (f *Finder) walk(c *collector, place string, depth int) {
	st, err := os.Stat(f.at(place))
	switch {
	case err != nil || depth > maxDepth:
		return
	case !st.IsDir():
		f.file(c, place, filepath.Base(place))
		return
	}
	dir, err := os.Open(f.at(place))
	if err != nil {
		return
	}
	room := maxNames - c.names // for a link may lead to anywhere
	names, _ := dir.Readdirnames(room + 1)
	dir.Close()
	if len(names) > room {
		c.n.LeftOut++
		names = names[:room]
	}
	c.names += len(names)
	slices.Sort(names)
	for _, name := range names {
		if !strings.HasPrefix(name, "..") {
			f.walk(c, filepath.Join(place, name), depth+1)
		}
	}
}

// file takes what a file gives; name is what says whether it is a credential.
func (f *Finder) file(c *collector, path, name string) {
	if path == "" || c.read[path] {
		return
	}
	c.read[path] = true
	if c.n.Files >= maxFiles {
		c.n.LeftOut++
		return
	}
	b, err := f.read(path, maxFile)
	if err != nil {
		return
	}
	c.n.Files++
	text := strings.TrimSpace(string(b))
	if text == "" || c.pieces(text) {
		return
	}
	if lines := strings.Split(text, "\n"); len(lines) <= 4 { // old and new
		for _, line := range lines {
			line = strings.TrimSpace(line)
			_, _, assigned := cutAssignment(line)
			switch {
			case assigned && len(lines) > 1:
			case credential(name):
				c.secret(unquoted(line))
			case nameless(line):
				c.take(line, plenty)
			}
		}
	}
}

// Relay says which process the relay is. What its environment and its arguments hold counts from the next look on; a
// process that is the same as before is not read again. It says whether there is something new.
func (f *Finder) Relay(pid int32, started uint64, args []string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if pid <= 0 || f.pid == pid && f.started == started {
		return false
	}
	f.pid, f.started = pid, started
	c := f.collector()
	if !f.o.Podded {
		if b, err := f.read("/proc/"+strconv.Itoa(int(pid))+"/environ", maxEnv); err == nil { // else it is another user's
			env := splitEnviron(b)
			c.environ(env)
			f.namedBy(c, env)
		}
	}
	c.arguments(args)
	f.relay = c.values
	return len(f.relay) > 0
}

// at is a path below the root.
func (f *Finder) at(path string) string { return filepath.Join(f.o.Root, path) }

var errNotRead = errors.New("no regular file, or too large")

// read reads a regular file of at most so many bytes.
func (f *Finder) read(path string, most int64) ([]byte, error) {
	st, err := os.Stat(f.at(path))
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() { // a pipe without a writer would hold the agent up for ever
		return nil, errNotRead
	}
	file, err := os.Open(f.at(path))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	b, err := io.ReadAll(io.LimitReader(file, most+1))
	if err == nil && int64(len(b)) > most {
		err = errNotRead
	}
	return b, err
}
