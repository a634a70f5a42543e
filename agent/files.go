package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"
)

const (
	filePoll    = 10 * time.Second // how often a file is looked at; by content, since mounts swap links
	maxFileSize = 64 << 10         // bytes of a file with a bearer, a key or a login
	// mostCredential is how long a bearer or key may be: a request's header has room for no more.
	mostCredential = 8 << 10
	maxPEMSize     = 1 << 20 // of one with certificates, such as the whole list of a machine
)

// watchedFile is a file whose content may change while the agent runs. One that vanishes, or that
// cannot be used any more, keeps what it said last.
type watchedFile struct {
	variable string
	path     string
	most     int64                      // bytes; 0: maxFileSize
	usable   func(content []byte) error // nil: anything that is not empty
	atStart  bool                       // only what it says at the start counts

	mu      sync.Mutex
	content []byte
	broken  bool
}

// get is the content as it was last usable, without the line end at its end.
func (f *watchedFile) get() []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.content
}

// poll reads the file. The error never quotes its content.
func (f *watchedFile) poll() (changed bool, err error) {
	b, err := readBounded(f.path, cmp.Or(f.most, maxFileSize))
	if err == nil && len(b) == 0 {
		err = errors.New("is empty")
	}
	if err == nil && f.usable != nil {
		err = f.usable(b)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if err != nil {
		return false, err
	}
	changed = !bytes.Equal(b, f.content)
	f.content = b
	return changed, nil
}

// readBounded reads a file of at most so many bytes, less the line ends at its end. Errors name no path and
// quote no content.
func readBounded(path string, most int64) ([]byte, error) {
	if err := regular(path); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("cannot be read: %w", withoutPath(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("cannot be read: %w", withoutPath(err))
	case int64(len(b)) > most:
		return nil, fmt.Errorf("is larger than %s", showBytes(most))
	}
	return bytes.TrimRight(b, "\r\n"), nil
}

// regular tells what is no file before it is opened: a pipe without a writer would hold the agent up for ever.
func regular(path string) error {
	st, err := os.Stat(path)
	switch {
	case err != nil:
		return fmt.Errorf("cannot be read: %w", withoutPath(err))
	case st.IsDir():
		return errors.New("is a directory")
	case !st.Mode().IsRegular():
		return errors.New("is no regular file")
	}
	return nil
}

func withoutPath(err error) error {
	var pe *os.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	return err
}

// credential is a secret from a variable or from a watched file, "" when neither is set.
type credential struct {
	fixed secret
	file  *watchedFile
	lines int // of the file that count
}

// values gives what counts at this moment.
func (c credential) values() []secret {
	if c.file == nil {
		if c.fixed == "" {
			return nil
		}
		return []secret{c.fixed}
	}
	var out []secret
	for line := range strings.Lines(string(c.file.get())) {
		if line = strings.TrimSpace(line); line != "" && len(out) < c.lines {
			out = append(out, secret(line))
		}
	}
	return out
}

// first is the first of the values.
func (c credential) first() string {
	if v := c.values(); len(v) > 0 {
		return v[0].reveal()
	}
	return ""
}

// credential reads a variable and its *_FILE twin; each value has at least so many characters.
func (c *checker) credential(field string, value secret, path string, least, lines int) credential {
	both := value != "" && path != ""
	if both { // each is looked at all the same, so that one run tells all
		c.fault(field, "and %s are both set: use one of them", variableName(field+"File"))
	}
	usable := func(b []byte) error {
		values := credential{file: &watchedFile{content: b}, lines: lines}.values()
		if len(values) == 0 {
			return errors.New("is empty")
		}
		for _, v := range values {
			if why := credentialFault(v, least); why != "" {
				return errors.New(why)
			}
		}
		return nil
	}
	if path != "" {
		f := &watchedFile{variable: variableName(field + "File"), path: path, usable: usable}
		if _, err := f.poll(); err != nil {
			c.fault(field+"File", "%v", err)
			f = nil
		}
		if f != nil && !both {
			return credential{file: f, lines: lines}
		}
	}
	if value == "" {
		return credential{}
	}
	why := credentialFault(value, least)
	if why != "" {
		c.fault(field, "%s", why)
	}
	if why != "" || both {
		return credential{}
	}
	return credential{fixed: value}
}

func credentialFault(v secret, least int) string {
	if len(v) < least {
		return fmt.Sprintf("wants at least %d characters", least)
	}
	if len(v) > mostCredential {
		return fmt.Sprintf("wants at most %d characters", mostCredential)
	}
	for i := range len(v) {
		if v[i] <= ' ' || v[i] > '~' {
			return "may hold visible ASCII characters only"
		}
	}
	return ""
}

// file reads a file that may change; nil when none is set or it cannot be used.
func (c *checker) file(field, path string) *watchedFile {
	if path == "" {
		return nil
	}
	f := &watchedFile{variable: variableName(field), path: path}
	if field == "RelayLoginFile" {
		f.usable = func(b []byte) error { _, _, err := parseLogin(b); return err }
	}
	if _, err := f.poll(); err != nil {
		c.fault(field, "%v", err)
		return nil
	}
	return f
}

// parseLogin reads {"email","password"}. Its errors quote nothing.
func parseLogin(b []byte) (email, password string, err error) {
	var login struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	if json.Unmarshal(b, &login) != nil || login.Email == "" || login.Password == "" {
		return "", "", errors.New(`wants JSON {"email": "...", "password": "..."}`)
	}
	return login.Email, login.Password, nil
}

// files lists all that is watched.
func (s *settings) files() []*watchedFile {
	var out []*watchedFile
	for _, f := range []*watchedFile{s.bearer.file, s.login, s.admin.file, s.pseudonymFile, s.policyFile} {
		if f != nil {
			out = append(out, f)
		}
	}
	return out
}

// pollFiles looks at the files every 10 s until ctx ends, tells each change of their state in one
// line, and calls changed after one. Each time it calls also first.
func pollFiles(ctx context.Context, files []*watchedFile, log *slog.Logger, also, changed func()) error {
	tick := time.NewTicker(filePoll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		also()
		any := false
		for _, f := range files {
			did, err := f.poll()
			any = any || did
			f.tell(log, did, err)
		}
		if any {
			changed()
		}
	}
}

func (f *watchedFile) tell(log *slog.Logger, changed bool, err error) {
	switch {
	case err != nil && !f.broken:
		log.Warn("file not usable, its last content stays in force", "variable", f.variable, "reason", err.Error())
	case err == nil && f.broken:
		log.Info("file usable again", "variable", f.variable)
	case changed && f.atStart:
		log.Warn("file changed, which counts from the next start on", "variable", f.variable)
	case changed:
		log.Info("file changed", "variable", f.variable)
	}
	f.broken = err != nil
}
