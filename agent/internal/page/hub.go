package page

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	maxStreams   = 64               // open pages
	idleDraw     = 5 * time.Second  // without a look: for what changes between looks
	streamBeat   = 15 * time.Second // a comment, so that a dead connection is noticed
	streamWrite  = 5 * time.Second  // for one write to a reader
	warnBefore   = 2 * time.Minute  // of a session's end
	streamBehind = 4                // updates that a reader may be behind before it is dropped
)

// ErrFull is the error of one stream too many.
var ErrFull = errors.New("as many pages are open as can be served")

// update is one part of the page as it is now.
type update struct {
	name string // of the element that it fills
	html []byte
	once bool // what came new, such as event rows: not kept for those who come later
}

// hub draws each change once, while anybody watches, and hands it to all who do.
type hub struct {
	draw     func(first bool) []update
	stopping func() bool
	now      func() time.Time
	looked   chan struct{}

	mu      sync.Mutex
	readers map[*reader]bool
	latest  []update // what all parts are like
	done    chan struct{}

	// Read while drawing, which may hold mu.
	open    atomic.Int64  // readers
	dropped atomic.Uint64 // readers that were too slow
	drawn   atomic.Uint64 // updates that were drawn
}

// reader is one open page. Its channel is closed when it is dropped, or when the agent stops.
type reader struct {
	ch   chan []byte
	slow bool
}

func newHub(draw func(first bool) []update, stopping func() bool, now func() time.Time) *hub {
	return &hub{draw: draw, stopping: stopping, now: now, looked: make(chan struct{}, 1), readers: map[*reader]bool{}}
}

func (h *hub) poke() {
	select {
	case h.looked <- struct{}{}:
	default:
	}
}

// join adds a reader, which gets everything at first. The first one makes the hub run.
func (h *hub) join() (*reader, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.readers) >= maxStreams {
		return nil, ErrFull
	}
	r := &reader{ch: make(chan []byte, streamBehind)}
	if len(h.readers) == 0 {
		h.latest = nil
		h.change(h.draw(true))
		h.done = make(chan struct{})
		go h.run(h.done)
	}
	h.readers[r] = true
	h.open.Add(1)
	r.ch <- encode(h.latest)
	return r, nil
}

// leave ends a reader; the last one ends the hub's run.
func (h *hub) leave(r *reader) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.readers[r] {
		return
	}
	delete(h.readers, r)
	h.open.Add(-1)
	if len(h.readers) == 0 {
		close(h.done)
	}
}

// run draws after each look, and now and then without one.
func (h *hub) run(done <-chan struct{}) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	last := time.Now()
	for {
		select {
		case <-done:
			return
		case <-h.looked:
		case <-tick.C:
			if !h.stopping() && time.Since(last) < idleDraw {
				continue
			}
		}
		last = time.Now()
		if h.stopping() {
			h.end()
			return
		}
		h.turn(done)
	}
}

// turn draws, and hands out what changed.
func (h *hub) turn(done <-chan struct{}) {
	fresh := h.draw(false) // without the lock: readers come and go meanwhile
	h.mu.Lock()
	defer h.mu.Unlock()
	select {
	case <-done:
		return // all left, and another run may have begun
	default:
	}
	changed := h.change(fresh)
	if len(changed) == 0 {
		return
	}
	body := encode(changed)
	for r := range h.readers {
		select {
		case r.ch <- body:
		default:
			r.slow = true
			h.drop(r)
			h.dropped.Add(1)
		}
	}
	if len(h.readers) == 0 {
		close(h.done)
	}
}

func (h *hub) drop(r *reader) {
	delete(h.readers, r)
	h.open.Add(-1)
	close(r.ch)
}

// end drops all readers: the agent stops.
func (h *hub) end() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for r := range h.readers {
		h.drop(r)
	}
}

// change takes fresh parts into latest and gives those that are others than before.
func (h *hub) change(fresh []update) (changed []update) {
	h.drawn.Add(1)
	for _, u := range fresh {
		if u.once {
			changed = append(changed, u)
			continue
		}
		known := false
		for i, old := range h.latest {
			if old.name != u.name {
				continue
			}
			known = true
			if !bytes.Equal(old.html, u.html) {
				h.latest[i] = u
				changed = append(changed, u)
			}
		}
		if !known {
			h.latest = append(h.latest, u)
			changed = append(changed, u)
		}
	}
	return changed
}

// encode writes updates as server-sent events, each under the name of its part.
func encode(list []update) []byte {
	var out bytes.Buffer
	for _, u := range list {
		fmt.Fprintf(&out, "event: %s\n", u.name)
		for line := range bytes.Lines(u.html) {
			out.WriteString("data: ")
			out.Write(bytes.TrimRight(line, "\r\n"))
			out.WriteByte('\n')
		}
		out.WriteByte('\n')
	}
	return out.Bytes()
}

// Live writes what changes until ctx ends, the reader is too slow, the agent stops, or left says that the
// session has ended. Before the first byte it fails with ErrFull.
func (p *Page) Live(ctx context.Context, w http.ResponseWriter, left func() time.Duration) error {
	r, err := p.hub.join()
	if err != nil {
		return err
	}
	defer p.hub.leave(r)
	control := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	beat := time.NewTicker(streamBeat)
	defer beat.Stop()
	check := time.NewTicker(time.Second)
	defer check.Stop()
	send := func(body []byte) bool { // the server's limit is for answers that end; each write here has one of its own
		if control.SetWriteDeadline(time.Now().Add(streamWrite)) != nil {
			return false
		}
		_, err := w.Write(body)
		return err == nil && control.Flush() == nil
	}
	for {
		alive := true
		select {
		case <-ctx.Done():
			return nil
		case body, open := <-r.ch:
			if !open && !r.slow {
				send([]byte("event: stopping\ndata:\n\n"))
			}
			alive = open && send(body)
		case <-check.C:
			switch rest := left(); {
			case rest <= 0:
				send([]byte("event: expired\ndata:\n\n"))
				return nil
			case rest <= warnBefore && rest/time.Second%10 == 0:
				alive = send([]byte("event: left\ndata: " + strconv.FormatInt(rest.Milliseconds(), 10) + "\n\n"))
			}
		case <-beat.C:
			alive = send([]byte(": still here\n\n"))
		}
		if !alive {
			return nil
		}
	}
}
