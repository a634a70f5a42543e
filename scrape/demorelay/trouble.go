package demorelay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// failure is something that a handler of the relay reports to both error stores.
type failure struct {
	kind      string // type in the error ring
	subsystem string
	message   string
	place     string          // file:line:column of the top of the stack, "" for no stack in the ring
	context   json.RawMessage // as the ring keeps it, raw
}

// reported is an entry of the error buffer, the second store: numbered apart, stack cut, members
// of the context scrubbed by name.
type reported struct {
	ID        string          `json:"id"`
	Timestamp int64           `json:"timestamp"`
	Subsystem string          `json:"subsystem"`
	Message   string          `json:"message"`
	Stack     string          `json:"stack,omitempty"`
	Metadata  json.RawMessage `json:"metadata,omitempty"`
}

// trouble is the error buffer: the newest 500, without a count of what was evicted.
type trouble struct {
	entries []reported
	count   int
	turn    int // of the planted texts
}

// fail reports to both stores, if the relay is wired.
func (l *live) fail(at int64, f failure) {
	if !l.opts.Wired {
		return
	}
	e := event{Type: f.kind, Subsystem: f.subsystem, Message: f.message, Context: f.context}
	if f.place != "" {
		e.Stack = stack(f.message, f.place)
	}
	l.rings.failure.push(at, e)
	t := &l.trouble
	t.count++
	long := e.Stack
	if long == "" && f.kind == "db_error" {
		long = stack(f.message, "entry.ts:88:24")
	}
	if len(t.entries) == ringSize {
		t.entries = t.entries[1:]
	}
	t.entries = append(t.entries, reported{
		ID: fmt.Sprintf("err-%d", t.count), Timestamp: at, Subsystem: f.subsystem, Message: f.message,
		Stack: cutStack(long), Metadata: scrub(f.context),
	})
}

// last gives the newest n, newest first.
func (t *trouble) last(n int) []reported {
	out := slices.Clone(t.entries[max(0, len(t.entries)-max(n, 0)):])
	slices.Reverse(out)
	return orEmpty(out)
}

// bySubsystem counts the entries since an instant, in the order of their first appearance.
func (t *trouble) bySubsystem(since int64) (total int, by counts) {
	for _, e := range t.entries {
		if e.Timestamp > since {
			total++
			by = by.add(e.Subsystem, 1)
		}
	}
	return total, by
}

// stack is a trace of the relay's own code, below an install folder.
func stack(message, place string) string {
	return "Error: " + message +
		"\n    at Array.<anonymous> (/srv/controlbox/packages/server/src/websocket/" + place + ")" +
		"\n    at run (/srv/controlbox/node_modules/socket.io/dist/socket.js:744:19)" +
		"\n    at Socket.run (/srv/controlbox/node_modules/socket.io/dist/socket.js:755:9)" +
		"\n    at Socket.dispatch (/srv/controlbox/node_modules/socket.io/dist/socket.js:691:14)" +
		"\n    at Socket.onevent (/srv/controlbox/node_modules/socket.io/dist/socket.js:465:14)" +
		"\n    at Socket._onpacket (/srv/controlbox/node_modules/socket.io/dist/socket.js:430:22)" +
		"\n    at /srv/controlbox/node_modules/socket.io/dist/client.js:207:24" +
		"\n    at process.processTicksAndRejections (node:internal/process/task_queues:77:11)"
}

const stackMax = 500

// cutStack is upstream's redaction of a stack: folders in parentheses go, bare paths stay, and
// everything after 500 characters goes.
func cutStack(s string) string {
	var b strings.Builder
	for {
		before, path, found := strings.Cut(s, "(/")
		inside, after, closed := strings.Cut(path, ")")
		if !found || !closed {
			b.WriteString(s)
			break
		}
		b.WriteString(before)
		b.WriteString("(" + inside[strings.LastIndexByte(inside, '/')+1:] + ")")
		s = after
	}
	if s = b.String(); len(s) > stackMax {
		return strings.ToValidUTF8(s[:stackMax], "") + "... (truncated)"
	}
	return s
}

// scrubbed are the parts of a member's name for which upstream hides its value.
var scrubbed = [...]string{"secret", "password", "token", "key", "jwt", "auth"}

func hides(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc(scrubbed[:], func(part string) bool { return strings.Contains(name, part) })
}

// scrub is upstream's redaction of a context: by member name only, not inside arrays.
func scrub(raw json.RawMessage) json.RawMessage {
	if len(raw) == 0 || raw[0] != '{' {
		return raw
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.Token() // {
	out := []byte{'{'}
	for dec.More() {
		var value json.RawMessage
		name, err := dec.Token()
		if err == nil {
			err = dec.Decode(&value)
		}
		if err != nil {
			return raw
		}
		if len(out) > 1 {
			out = append(out, ',')
		}
		out = append(append(out, encode(name)...), ':')
		if hides(name.(string)) {
			out = append(out, `"[REDACTED]"`...)
		} else {
			out = append(out, scrub(value)...)
		}
	}
	return append(out, '}')
}

// Raise reports a failure of the caller's choice to both error stores, as a handler of a wired
// relay would: type db_error, with a context that must be a JSON object or nil.
func (r *Relay) Raise(subsystem, message string, context json.RawMessage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l, ok := r.content.(*live)
	if !ok || (context != nil && !json.Valid(context)) {
		return
	}
	l.advance(l.now().UnixMilli())
	l.fail(l.at, failure{kind: "db_error", subsystem: subsystem, message: message, context: context})
}
