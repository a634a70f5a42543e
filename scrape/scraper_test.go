package scrape

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"relaypack/scrape/demorelay"
	"relaypack/scrape/profile"
)

func TestNewTellsEveryFaultAndNoValue(t *testing.T) {
	for _, c := range []struct {
		url, process, ca string
		faults           int
	}{
		{"http://127.0.0.1:3001", "auto", "", 0},
		{"https://relay.example/base/", "off", "", 0},
		{"hunter2", "off", "", 1},
		{"ftp://hunter2/", "off", "", 1},
		{"http://hunter2:hunter2@relay", "off", "", 1},
		{"http://relay?hunter2=1", "off", "", 1},
		{"http://:80", "hunter2", "/nowhere/at/all", 3},
		{"http://%zz", "name:(hunter2", "", 2},
	} {
		_, err := New(Options{Profile: parseProfile(t, testProfile), URL: c.url, Process: c.process, CAFile: c.ca})
		n := 0
		if err != nil {
			n = len(strings.Split(err.Error(), "\n"))
		}
		if n != c.faults || err != nil && strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s %s: %v, want %d faults", c.url, c.process, err, c.faults)
		}
	}
}

func TestOnlyTheConfiguredAuthorityIsTrusted(t *testing.T) {
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, `{"data":1}`) }))
	srv.Config.ErrorLog = log.New(io.Discard, "", 0) // the watch connects and says nothing
	srv.StartTLS()
	defer srv.Close()
	s := scraperFor(t, srv.URL, nil)
	if st := s.Look(t.Context()).States["data"]; st.Status != Unreachable || st.Reason != string(becauseCertificate) {
		t.Errorf("unknown authority: %+v", st)
	}
	roots := srv.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs
	s = scraperFor(t, srv.URL, func(o *Options) { o.RootCAs = roots; o.Bearer = func() string { return "it-is-me" } })
	if states := s.Look(t.Context()).States; states["data"].Status != OK || states["behind"].Status != OK {
		t.Errorf("known authority: %+v, %+v", states["data"], states["behind"])
	}
}

func TestResolve(t *testing.T) {
	base, _ := url.Parse("http://relay:3001/pre%2Ffix")
	w := &wire{base: base}
	for _, c := range []struct{ path, value, want string }{
		{"/metrics", "", "/pre%2Ffix/metrics"},
		{"/events?type=socket&limit=500", "", "/pre%2Ffix/events?type=socket&limit=500"},
		{"/trace/{id}", "trace-1", "/pre%2Ffix/trace/trace-1"},
		{"/trace/{id}/x", "../..//a b?c#d", "/pre%2Ffix/trace/..%2F..%2F%2Fa%20b%3Fc%23d/x"},
		{"/trace/{id}", "%2e%2e", "/pre%2Ffix/trace/%252e%252e"},
		{"/trace/{id}", "..", ""},
		{"/trace/{id}", ".", ""},
		{"/trace/{id}", "", ""},
		{"/trace/{id}", strings.Repeat("x", maxParameter+1), ""},
		{"/parity?session={id}", "a&b=c d/../ü", "/pre%2Ffix/parity?session=a%26b%3Dc+d%2F..%2F%C3%BC"},
		{"/parity?session={other}", "a", ""},
	} {
		u, ok := w.resolve(c.path, map[string]string{"id": c.value})
		if got := u.RequestURI(); ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s with %.20q: %s, %v, want %s", c.path, c.value, got, ok, c.want)
		}
	}
}

func TestOkThatIsOldIsStale(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "a 1\n") }))
	defer srv.Close()
	s := scraperFor(t, srv.URL, nil)
	s.Look(t.Context())
	now := time.Now()
	for after, want := range map[time.Duration]Status{0: OK, 44 * time.Second: OK, 46 * time.Second: Stale} {
		if st := s.States(now.Add(after))["metrics"]; st.Status != want {
			t.Errorf("after %v: %s, want %s", after, st.Status, want)
		}
	}
}

func TestLimitsThatTheRelayAnnounces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBudget(profile.Budget{AnonymousCalls: 40, BearerCalls: 200, Window: 15 * time.Minute, AnonymousShare: 0.8, BearerShare: 0.5})
		take := func(why purpose) (n int) {
			for ok := true; ok; n++ {
				ok, _ = b.takeAnonymous(why, 30)
			}
			return n - 1
		}
		bear := func() (n int) {
			for ok := true; ok; n++ {
				ok, _ = b.takeBearer()
			}
			return n - 1
		}
		header := func(pairs ...string) http.Header {
			h := http.Header{}
			for i := 0; i < len(pairs); i += 2 {
				h.Set(pairs[i], pairs[i+1])
			}
			return h
		}
		if bursts, asks := take(forBurst), take(forRequest); bursts != 32 || asks != 8 {
			t.Errorf("before an announcement: %d for bursts, %d for requests, want 32, 8", bursts, asks)
		}
		if n := bear(); n != 100 {
			t.Errorf("bearer before an announcement: %d, want 100", n)
		}
		b.heard(false, 200, header("RateLimit-Limit", "100", "RateLimit-Remaining", "90"))
		if n := take(forBurst); n != 40 {
			t.Errorf("80 of 100, 40 used: %d more, want 40", n)
		}
		b.heard(true, 200, header("RateLimit-Limit", "2000"))
		if n := bear(); n != 900 {
			t.Errorf("1000 of 2000, 100 used: %d more, want 900", n)
		}
		b.heard(true, 401, header("RateLimit-Limit", "50")) // speaks of the address
		b.renew()
		b.heard(false, 200, header("RateLimit-Limit", "60", "RateLimit-Policy", "60;w=3600"))
		if n := take(forBurst) + take(forRequest); n != 12 {
			t.Errorf("60 an hour: %d in 15 minutes, want 12", n)
		}
		b.renew()
		b.heard(false, 429, header("Retry-After", "86400"))
		if ok, why := b.takeAnonymous(forBurst, 0); ok || why != becauseRelayLimit {
			t.Errorf("429: %v %q", ok, why)
		}
		wait(15*time.Minute - time.Second)
		if ok, _ := b.takeAnonymous(forBurst, 0); ok {
			t.Error("429: asked again before 15 minutes")
		}
		wait(time.Second)
		if ok, _ := b.takeAnonymous(forBurst, 0); !ok {
			t.Error("429: not asked again after 15 minutes, the longest obedience")
		}
		b.renew()
		b.heard(true, 429, header("RateLimit-Reset", "60"))
		wait(59 * time.Second)
		if ok, _ := b.mayBear(); ok {
			t.Error("reset: bearer before a minute")
		}
		wait(time.Second)
		if ok, _ := b.mayBear(); !ok {
			t.Error("reset: no bearer after a minute")
		}
		if ok, _ := b.takeAnonymous(forBurst, 0); !ok {
			t.Error("a 429 of the bearer paused the address")
		}
		b.renew()
		b.heard(false, 200, header("RateLimit-Limit", "50", "RateLimit-Remaining", "10", "RateLimit-Reset", "100"))
		if ok, _ := b.takeAnonymous(forBurst, 0); ok {
			t.Error("the last fifth of the address's calls was taken")
		}
	})
}

func TestRunNoticesADeathWithinSeconds(t *testing.T) {
	mark := fmt.Sprintf("%d.75", 100000+os.Getpid())
	cmd := exec.Command("sleep", mark)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "a 1\n") }))
	defer srv.Close()
	s := scraperFor(t, srv.URL, func(o *Options) { o.Process = "name:^sleep " + regexp.QuoteMeta(mark) + "$" })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var killed, noticed time.Time
	err := s.Run(ctx, func(snap *Snapshot) {
		switch {
		case killed.IsZero():
			if snap.Life.Pid == 0 || snap.Results[0].Process == nil {
				t.Errorf("first look: life %+v, process %+v", snap.Life, snap.Results[0])
			}
			cmd.Process.Kill()
			cmd.Wait()
			killed = time.Now()
		case snap.Life.End == "gone":
			if len(snap.Results) != 0 {
				t.Errorf("results %d in a snapshot of the watch", len(snap.Results))
			}
			noticed = time.Now()
			cancel()
		}
	})
	if err != nil || noticed.IsZero() || noticed.Sub(killed) > 3*time.Second {
		t.Errorf("killed %v, noticed %v, %v", killed, noticed, err)
	}
}

func TestRunGoesOnFromALook(t *testing.T) {
	inBubble(t, demorelay.DemoOptions(1), nil, func(ctx context.Context, d *demo) {
		d.s.Look(ctx)
		d.later(ctx, 5*time.Second)
		d.watch(ctx)
		d.later(ctx, 31*time.Second)
		var read []time.Duration
		for _, q := range d.Log() {
			if q.Path == "/metrics" {
				read = append(read, q.At.Sub(d.begin).Round(time.Second))
			}
		}
		if !slices.Equal(read, []time.Duration{0, 15 * time.Second, 30 * time.Second}) {
			t.Errorf("metrics read at %v", read)
		}
	})
}

// BenchmarkLook is a whole look at a relay's exposition, the server's part of the work included.
func BenchmarkLook(b *testing.B) {
	for _, families := range []int{100, 1000} {
		page := []byte(madePage(families))
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", strconv.Itoa(len(page)))
			w.Write(page)
		}))
		s := scraperFor(b, srv.URL, nil)
		b.Run(fmt.Sprintf("%d series", families*10), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if st := s.look(b.Context(), true, false).States["metrics"]; st.Status != OK {
					b.Fatalf("%+v", st)
				}
			}
		})
		srv.Close()
	}
}
