package ship

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// line of a test: agent -> gate (answers as a store or a proxy before it does) -> wire (breaks
// connections) -> the real server.
type lineTo struct {
	*wire
	gate atomic.Pointer[func(w http.ResponseWriter, r *http.Request, onward http.Handler) bool]
	addr string
}

func newLine(t *testing.T, s store) *lineTo {
	l := &lineTo{wire: newWire(t, s.upstream(t))}
	onward := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(&url.URL{Scheme: "http", Host: l.wire.addr})
			r.Out.Host = r.In.Host // S3 signs it
		},
		ErrorHandler: func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
		Transport:    &http.Transport{DisableKeepAlives: true, DisableCompression: true},
		ErrorLog:     quiet,
	}
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := l.gate.Load(); f != nil && (*f)(w, r, onward) {
			return
		}
		onward.ServeHTTP(w, r)
	}))
	srv.Config.ErrorLog = quiet
	srv.Start()
	t.Cleanup(srv.Close)
	l.addr = strings.TrimPrefix(srv.URL, "http://")
	return l
}

func (l *lineTo) answer(f func(w http.ResponseWriter, r *http.Request, onward http.Handler) bool) {
	if f == nil {
		l.gate.Store(nil)
		return
	}
	l.gate.Store(&f)
}

func isPut(r *http.Request) bool { return r.Method == http.MethodPut || r.Method == http.MethodPost }

// says answers every call with a status of its own, and nothing goes on to the store.
func says(status int, header ...string) func(*lineTo) {
	return func(l *lineTo) {
		l.answer(func(w http.ResponseWriter, _ *http.Request, _ http.Handler) bool {
			for i := 0; i < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
			fmt.Fprint(w, "<Error><Code>planted-in-the-body</Code></Error>")
			return true
		})
	}
}

// afterCommit lets puts through to the store, and then does something else with its answer.
func afterCommit(instead func(w http.ResponseWriter, r *http.Request)) func(*lineTo) {
	return func(l *lineTo) {
		l.answer(func(w http.ResponseWriter, r *http.Request, onward http.Handler) bool {
			if !isPut(r) {
				return false
			}
			onward.ServeHTTP(httptest.NewRecorder(), r)
			instead(w, r)
			return true
		})
	}
}

var healGate = func(l *lineTo) { l.answer(nil) }

// faults are what happens on the way to a store. Each must be noticed (as one of causes, or not at all
// when there are none), and end with every pack in the store, once.
var faults = []struct {
	name    string
	breaks  func(*lineTo)
	heals   func(*lineTo)
	causes  []Cause
	already bool // the store has a pack of which we were never told
}{
	{"refused", func(l *lineTo) { l.answer(hangUp) }, healGate, []Cause{Unsure}, false},
	{"reset before commit",
		func(l *lineTo) { l.spoil("limit_data", "upstream", map[string]any{"bytes": 300}) },
		func(l *lineTo) { l.wire.heal("limit_data", "upstream") }, []Cause{Unsure}, false},
	{"reset after commit", afterCommit(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }), healGate, nil, true},
	{"reset after commit, looks fail, too",
		func(l *lineTo) { l.spoil("reset_peer", "downstream", map[string]any{"timeout": 0}) },
		func(l *lineTo) { l.wire.heal("reset_peer", "downstream") }, []Cause{Unsure}, false},
	{"500", says(500), healGate, []Cause{Broken}, false},
	{"500 after commit", afterCommit(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }), healGate, nil, true},
	{"503 with Retry-After", says(503, "Retry-After", "3"), healGate, []Cause{Busy}, false},
	{"429", says(429), healGate, []Cause{Busy}, false},
	{"403 that heals", says(403), healGate, []Cause{Forbidden}, false},
	{"a proxy's page", says(302, "Location", "https://login.example/?next=planted"), healGate, []Cause{Refused}, false},
	{"clock an hour off", says(403, "Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)), healGate, []Cause{ClockOff}, false},
	{"slow as a modem",
		func(l *lineTo) { l.spoil("bandwidth", "upstream", map[string]any{"rate": 5}) },
		func(l *lineTo) { l.wire.heal("bandwidth", "upstream") }, nil, false},
}

func hangUp(http.ResponseWriter, *http.Request, http.Handler) bool { panic(http.ErrAbortHandler) }

func TestEveryPackArrivesOnceThroughFaults(t *testing.T) {
	for _, s := range stores {
		if s.upstream == nil {
			continue
		}
		for _, f := range faults {
			t.Run(s.name+"/"+f.name, func(t *testing.T) {
				t.Parallel()
				l := newLine(t, s)
				b := s.bucket(t, l.addr)
				spool := filled(t, SpoolOptions{Dir: t.TempDir()}, 3)
				sh := NewShipper(b, spool, ShipperOptions{})
				f.breaks(l)
				run(t, sh)
				if f.causes != nil {
					waitFor(t, "the fault to be noticed", func() bool { return len(sh.Status().Faults) > 0 })
					for c := range sh.Status().Faults {
						if !slices.Contains(f.causes, c) {
							t.Errorf("noticed as %q: %s", c, sh.Status().LastFault)
						}
					}
					if said := sh.Status().LastFault; strings.Contains(said, "planted") || strings.Contains(said, l.addr) {
						t.Errorf("quotes what it should not: %s", said)
					}
					f.heals(l)
					sh.nudge()
				}
				waitFor(t, "all packs to arrive", func() bool { return sh.Status().Delivered == 3 })
				if f.causes == nil {
					f.heals(l)
				}
				st := sh.Status()
				if f.already != (st.AlreadyThere == 3) {
					t.Errorf("already there: %d", st.AlreadyThere)
				}
				if f.causes == nil && len(st.Faults) > 0 { // a look at once says that it is there
					t.Errorf("taken for a fault: %v", st.Faults)
				}
				s.holds(t, s.opened(t, "", bucketOf(b)), spool)
			})
		}
	}
}

// nudge has the waits of an outage end with it, for a test that need not see them out.
func (s *Shipper) nudge() {
	s.mu.Lock()
	s.notYet = time.Time{}
	s.mu.Unlock()
	s.spool.allNow()
	select {
	case s.spool.wake <- struct{}{}:
	default:
	}
}

func filled(t *testing.T, o SpoolOptions, n int) *Spool {
	t.Helper()
	spool, err := OpenSpool(o)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		id := fmt.Sprintf("pack-%013d-abc%03d", time.Now().UnixMilli(), i)
		kinds := []Kind{Periodic, Incident, Manual, Final}
		if _, err := spool.Add(packOf(id, kinds[i%4], 6_000)); err != nil {
			t.Fatal(err)
		}
	}
	return spool
}

func run(t *testing.T, sh *Shipper) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); sh.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
}

// holds looks whether a store has exactly what the spool says it delivered, whole.
func (s store) holds(t *testing.T, b Bucket, spool *Spool) {
	t.Helper()
	var want []string
	for _, i := range spool.List() {
		if i.State != Delivered {
			t.Errorf("%s is %s", i.ID, i.State)
		}
		want = append(want, i.Name)
		if e, err := b.Look(t.Context(), i.Name); err != nil || e.SHA256 != i.SHA256 {
			t.Errorf("%s looks like %+v, %v", i.ID, e, err)
		}
		if g := s.get(t, b, i.Name); hashOf(g.body) != i.SHA256 || g.encoding != "" {
			t.Errorf("%s: %d bytes in the store, encoding %q, other than what was sent", i.ID, len(g.body), g.encoding)
		}
	}
	slices.Sort(want)
	if names := s.list(t, b); !slices.Equal(names, want) {
		t.Errorf("the store lists\n%s\nfor\n%s", strings.Join(names, "\n"), strings.Join(want, "\n"))
	}
}

func TestAStoreThatRefusesConnections(t *testing.T) {
	for _, s := range stores[1:] {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, s.upstream(t))
			b := s.bucket(t, w.addr)
			w.cut(true)
			spool := filled(t, SpoolOptions{}, 2)
			sh := NewShipper(b, spool, ShipperOptions{})
			run(t, sh)
			waitFor(t, "a fault", func() bool { return sh.Status().Faults[Unreachable] > 0 })
			if said := sh.Status().LastFault; said != "put: unreachable: connection refused" {
				t.Error(said)
			}
			w.cut(false)
			waitFor(t, "all packs to arrive", func() bool { return sh.Status().Delivered == 2 })
			if n := len(s.list(t, s.opened(t, "", bucketOf(b)))); n != 2 {
				t.Errorf("%d objects", n)
			}
		})
	}
}

func TestABucketThatIsMadeLater(t *testing.T) {
	for _, s := range stores {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			b := s.opened(t, "", s.newName(t))
			spool := filled(t, SpoolOptions{Dir: t.TempDir()}, 2)
			sh := NewShipper(b, spool, ShipperOptions{})
			run(t, sh)
			waitFor(t, "a fault", func() bool { return sh.Status().Faults[NoBucket] > 0 })
			s.create(t, b)
			waitFor(t, "all packs to arrive", func() bool { return sh.Status().Delivered == 2 })
			s.holds(t, b, spool)
		})
	}
}

// The machine's clock is wrong by an hour: the store refuses the signature, the answer's date says by
// how much, and the next request is signed with the store's time. versitygw judges for itself.
func TestOurClockIsWrong(t *testing.T) {
	s := stores[1]
	b := s.bucket(t, "")
	b.(*s3).client.clock = func() time.Time { return time.Now().Add(-time.Hour) }
	spool := filled(t, SpoolOptions{Dir: t.TempDir()}, 1)
	sh := NewShipper(b, spool, ShipperOptions{})
	run(t, sh)
	waitFor(t, "the pack to arrive", func() bool { return sh.Status().Delivered == 1 })
	if n := sh.Status().Faults[ClockOff]; n != 1 {
		t.Errorf("clock faults: %d, in all %v", n, sh.Status().Faults)
	}
	s.holds(t, b, spool)
}

func TestTimeoutAfterCommit(t *testing.T) {
	for _, s := range stores[1:] {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			l := newLine(t, s)
			b := s.bucket(t, l.addr)
			afterCommit(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })(l)
			name, o := object(t, oneID, 500)
			one, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			if err := b.Put(one, name, o); err == nil || faultOf("put", err).Cause != Unsure {
				t.Fatalf("no answer says %v", err)
			}
			l.answer(nil)
			if how, err := deliver(t.Context(), b, name, o); err != nil || how != AlreadyThere {
				t.Errorf("again: %q, %v", how, err)
			}
		})
	}
}

// The agent is told to stop while a pack is on a slow line: what was cut goes again in the drain, and
// arrives once.
func TestStoppedInTheMiddle(t *testing.T) {
	for _, s := range stores[1:] {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			w := newWire(t, s.upstream(t))
			b := s.bucket(t, w.addr)
			w.spoil("bandwidth", "upstream", map[string]any{"rate": 1})
			spool := filled(t, SpoolOptions{Dir: t.TempDir()}, 3)
			sh := NewShipper(b, spool, ShipperOptions{})
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan error)
			go func() { ended <- sh.Run(ctx) }()
			waitFor(t, "an attempt", func() bool { return spool.onItsWay() > 0 })
			stop()
			if err := <-ended; !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
			if st := sh.Status(); st.Waiting != 3 || len(st.Faults) != 0 {
				t.Errorf("%d wait, faults %v: a stop is no fault of the store", st.Waiting, st.Faults)
			}
			w.heal("bandwidth", "upstream")
			if err := sh.Drain(t.Context()); err != nil {
				t.Error(err)
			}
			s.holds(t, s.opened(t, "", bucketOf(b)), spool)
		})
	}
}

func (s *Spool) onItsWay() (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.packs {
		if e.busy {
			n++
		}
	}
	return n
}
