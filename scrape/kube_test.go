package scrape

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"relaypack/scrape/demorelay"
)

func podOf(snap *Snapshot) *Pod {
	for _, r := range snap.Results {
		if r.Pod != nil {
			return r.Pod
		}
	}
	return nil
}

func TestPodIsReadWithoutItsSecrets(t *testing.T) {
	var given []string
	inPod(t, func(o *KubernetesOptions) {
		o.LogLines = 50
		o.Obtained = func(bearer string) { given = append(given, bearer) }
	}, func(ctx context.Context, d *demo, a *apiServer) {
		snap := d.s.Look(ctx)
		pod := podOf(snap)
		if pod == nil {
			t.Fatalf("no pod: %+v", snap.States[KubernetesSource])
		}
		relay := pod.container("relay")
		switch {
		case pod.Relay != "relay", pod.Node != "node-b2", pod.Phase != "Running", pod.QoS != "Burstable", len(pod.Containers) != 2, len(pod.Conditions) != 2:
			t.Errorf("pod: %+v", pod)
		case relay.State != "waiting", relay.Reason != "CrashLoopBackOff", relay.Restarts != 3, relay.Ready, relay.MemoryLimit != 768<<20, relay.CPULimit != 1.5:
			t.Errorf("relay: %+v", relay)
		case relay.Last == nil, relay.Last.Reason != "OOMKilled", relay.Last.ExitCode != 137, relay.Last.FinishedAt.Unix() != 946685397:
			t.Errorf("last: %+v", relay.Last)
		case !pod.Containers[0].Init, pod.Containers[0].MemoryLimit != 64<<20:
			t.Errorf("agent: %+v", pod.Containers[0])
		case len(pod.Events) != 2, pod.Events[0].Reason != "BackOff", pod.Events[0].Container != "relay", pod.Events[0].Count != 7, pod.Events[1].From != "default-scheduler":
			t.Errorf("events: %+v", pod.Events)
		case !strings.HasSuffix(pod.Log, "FATAL out of memory\n"):
			t.Errorf("log: %q", pod.Log)
		}
		for _, name := range []string{KubernetesSource, KubernetesEventsSource, KubernetesLogSource} {
			if st := snap.States[name]; st.Status != OK {
				t.Errorf("%s: %+v", name, st)
			}
		}
		if d.s.finder.podLimit.Load() != 768<<20 {
			t.Error("the relay's limit is not known to the process's reader")
		}
		pod.Log, relay.Last.Message = "", "" // these are foreign texts that the redactor gets; nothing else may hold a planted one
		if all := fmt.Sprintf("%+v %+v", pod, everything(pod.Containers)); strings.Contains(all, "planted") {
			t.Errorf("planted text came through: %s", all)
		}
		if len(given) != 1 || given[0] != "planted-account-first" {
			t.Errorf("tokens told: %d", len(given))
		}
		for _, uri := range a.asked {
			if strings.Contains(uri, "/log?") && !(strings.Contains(uri, "previous=true") && strings.Contains(uri, "tailLines=50") && strings.Contains(uri, "container=relay")) {
				t.Errorf("log asked with %s", uri)
			}
		}
	})
}

func everything(list []PodContainer) (out []any) {
	for _, c := range list {
		out = append(out, c)
		for _, e := range c.terminations() {
			out = append(out, e)
		}
	}
	return out
}

func TestClusterThatRefuses(t *testing.T) {
	slow := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	huge := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"kind":"Pod","spec":{"containers":[{"env":[`)
		for range maxPod / 1000 {
			_, _ = io.WriteString(w, `{"name":"A","value":"`+strings.Repeat("x", 1000)+`"},`)
		}
	}
	for name, c := range map[string]struct {
		h      http.HandlerFunc
		status Status
		why    reason
		calls  int
	}{
		"401":              {status(401, "Unauthorized"), Unauthorized, becauseBearer, 1},
		"403":              {status(403, "Forbidden"), Forbidden, becauseNoPodRight, 1},
		"404":              {status(404, "NotFound"), Invalid, becauseNotThere, 1},
		"410":              {status(410, "Expired"), Invalid, becauseNotThere, 1},
		"418":              {status(418, "Tea"), Invalid, becauseCode, 1},
		"429 for long":     {status(429, "TooManyRequests", "Retry-After", "86400"), Limited, becauseAPILimit, 1},
		"429 for a moment": {status(429, "TooManyRequests", "Retry-After", "1"), Limited, becauseAPILimit, 3},
		"500":              {status(500, "InternalError"), Invalid, becauseServer, 3},
		"redirect":         {status(302, "", "Location", "https://127.0.0.1:443/elsewhere"), Invalid, becauseRedirect, 1},
		"slow":             {slow, Timeout, becauseTimeout, 1},
		"huge":             {huge, TooLarge, becauseTooLarge, 1},
		"garbage":          {text("<html>planted</html>"), Invalid, becauseNotJSON, 1},
		"cut":              {text(fixture("pod.json")[:2000]), Invalid, becauseNotJSON, 1},
		"empty":            {text(""), Invalid, becauseNotJSON, 1},
		"another kind":     {file("events.json"), Invalid, becauseNotJSON, 1},
		"two":              {text(fixture("pod.json") + fixture("pod.json")), Invalid, becauseNotJSON, 1},
		"no containers":    {text(`{"kind":"Pod","spec":{},"status":{}}`), Invalid, becauseNoContainer, 1},
		"wrong types":      {text(`{"kind":"Pod","metadata":[1],"spec":{"nodeName":7,"containers":{"name":"x"}},"status":{"containerStatuses":[null,3,{"name":[],"restartCount":"x","state":4}],"conditions":"x"}}`), Invalid, becauseNoContainer, 1},
		"deep":             {text(`{"kind":"Pod","x":` + strings.Repeat("[", 400) + strings.Repeat("]", 400) + `}`), Invalid, becauseNotJSON, 1},
		"many containers":  {text(`{"kind":"Pod","spec":{"containers":[{"name":"relay"},{"name":"mesh"},{"name":"relaypack"}]}}`), Ambiguous, becauseManyContainers, 1},
	} {
		t.Run(name, func(t *testing.T) {
			inPod(t, nil, func(ctx context.Context, d *demo, a *apiServer) {
				a.set("", c.h)
				snap := d.s.Look(ctx)
				st := snap.States[KubernetesSource]
				if st.Status != c.status || st.Reason != string(c.why) {
					t.Errorf("%s %q, want %s %q", st.Status, st.Reason, c.status, c.why)
				}
				if got := a.requests()["relay-7c9d6f5b8-x2x4q"]; got != c.calls {
					t.Errorf("%d calls, want %d", got, c.calls)
				}
				if pod := podOf(snap); (pod != nil) != (c.status == Ambiguous || c.why == becauseNoContainer) {
					t.Errorf("pod: %+v", pod)
				}
				if snap.States["ready"].Status != OK {
					t.Errorf("the relay was not read: %+v", snap.States["ready"])
				}
			})
		})
	}
}

func TestRightsAreToldOneByOne(t *testing.T) {
	inPod(t, func(o *KubernetesOptions) { o.LogLines = 5 }, func(ctx context.Context, d *demo, a *apiServer) {
		a.set("/events", status(403, "Forbidden"))
		a.set("/log", status(403, "Forbidden"))
		d.watch(ctx)
		d.later(ctx, 4*time.Minute)
		states := d.s.States(d.s.opt.Now())
		if st := states[KubernetesEventsSource]; st.Status != Forbidden || st.Reason != "may not list events" {
			t.Errorf("events: %+v", st)
		}
		if st := states[KubernetesLogSource]; st.Status != Forbidden || st.Reason != "may not get pods/log" {
			t.Errorf("log: %+v", st)
		}
		if st := states[KubernetesSource]; st.Status != OK {
			t.Errorf("pod: %+v", st)
		}
		if got := a.requests(); got["events"] != 1 || got["log"] != 1 {
			t.Errorf("asked again although it was forbidden: %v", got)
		}
	})
}

func TestAccountIsReadAnew(t *testing.T) {
	var given []string
	inPod(t, func(o *KubernetesOptions) { o.Obtained = func(b string) { given = append(given, b) } }, func(ctx context.Context, d *demo, a *apiServer) {
		d.s.Look(ctx)
		a.rotate("planted-account-second")
		if st := d.s.Look(ctx).States[KubernetesSource]; st.Status != OK {
			t.Errorf("after a rotation: %+v", st)
		}
		if strings.Join(given, " ") != "planted-account-first planted-account-second" {
			t.Errorf("told: %q", given)
		}
		for _, broken := range []string{"", "two words", strings.Repeat("x", maxCredentials+1)} {
			a.mount("token", broken)
			if st := d.s.Look(ctx).States[KubernetesSource]; st.Status != Unauthorized || st.Reason != string(becauseNoAccount) {
				t.Errorf("%.20q: %+v", broken, st)
			}
		}
		a.rotate("planted-account-third")
		other := httptest.NewTLSServer(http.NotFoundHandler())
		other.Close()
		a.mount("ca.crt", "-----BEGIN CERTIFICATE-----\nno\n-----END CERTIFICATE-----\n")
		if st := d.s.Look(ctx).States[KubernetesSource]; st.Status != Unauthorized || st.Reason != string(becauseNoAccount) {
			t.Errorf("without an authority: %+v", st)
		}
	})
}

func TestPaceOfThePod(t *testing.T) {
	inPod(t, nil, func(ctx context.Context, d *demo, a *apiServer) {
		d.watch(ctx)
		d.later(ctx, 40*time.Second)
		d.Kill()
		d.later(ctx, 80*time.Second)
		a.mu.Lock()
		defer a.mu.Unlock()
		var pods []time.Time
		for i, uri := range a.asked {
			if strings.HasSuffix(uri, "x2x4q") {
				pods = append(pods, a.at[i])
			}
		}
		if n := len(pods); n < 12 || n > 28 {
			t.Errorf("%d reads", n)
		}
		for i := 1; i < len(pods); i++ {
			if gap := pods[i].Sub(pods[i-1]); gap < podSoon || gap > podInterval {
				t.Errorf("%v between two reads", gap)
			}
		}
		if first := pods[0].Sub(d.begin); first > time.Second {
			t.Errorf("first read after %v", first)
		}
	})
}

func TestClusterThatWantsToBeLeftAlone(t *testing.T) {
	inPod(t, nil, func(ctx context.Context, d *demo, a *apiServer) {
		a.set("", status(429, "TooManyRequests", "Retry-After", "120"))
		d.watch(ctx)
		d.later(ctx, 100*time.Second)
		if n := a.requests()["relay-7c9d6f5b8-x2x4q"]; n != 1 {
			t.Errorf("%d calls", n)
		}
		a.set("", file("pod.json"))
		d.later(ctx, 30*time.Second)
		if st := d.s.States(d.s.opt.Now())[KubernetesSource]; st.Status != OK {
			t.Errorf("afterwards: %+v", st)
		}
	})
}

func TestKubernetesOptions(t *testing.T) {
	good := KubernetesOptions{Host: "10.0.0.1", Port: "443", Namespace: "a", Pod: "b-1.c"}
	if err := good.check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*KubernetesOptions){
		"host": func(o *KubernetesOptions) { o.Host = "" }, "pod": func(o *KubernetesOptions) { o.Pod = "../x" }, "no pod": func(o *KubernetesOptions) { o.Pod = "" },
		"namespace": func(o *KubernetesOptions) { o.Namespace = "A/b" }, "container": func(o *KubernetesOptions) { o.Container = "a?b" }, "lines": func(o *KubernetesOptions) { o.LogLines = 201 },
	} {
		o := good
		change(&o)
		if o.check() == nil {
			t.Errorf("%s passes", name)
		}
	}
}

func TestQuantities(t *testing.T) {
	for text, want := range map[string]float64{"512Mi": 512 << 20, "1Gi": 1 << 30, "1.5G": 1.5e9, "100m": 0.1, "2": 2, "128e6": 128e6, "1E": 1e18, "129M": 129e6, "8Ki": 8192} {
		if got, ok := quantity(text); !ok || got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
	for _, text := range []string{"", "Mi", "-1", "0", "x", "1 Gi", "NaN", "Inf", "0x10", "1e999"} {
		if got, ok := quantity(text); ok {
			t.Errorf("%q is %v", text, got)
		}
	}
	if bytesOf("1500m") != 2 || bytesOf("100Ei") != 0 || coresOf("-1") != 0 {
		t.Error("bounds of quantities")
	}
}

func TestLogIsCutAtALine(t *testing.T) {
	long := bytes.Repeat([]byte("a line\n"), maxLog/7+1)[:maxLog]
	got, err := wholeLines(bytes.NewReader(long))
	if err != nil || !strings.HasSuffix(got, "a line\n") || len(got) < maxLog-7 {
		t.Errorf("%v, %d bytes, ends %q", err, len(got), got[max(0, len(got)-8):])
	}
	if got, _ := wholeLines(strings.NewReader("half")); got != "half" {
		t.Errorf("%q", got)
	}
}

func TestNoPodNoSource(t *testing.T) {
	inBubble(t, demorelay.Options{}, nil, func(ctx context.Context, d *demo) {
		for name := range d.s.Look(ctx).States {
			if strings.HasPrefix(name, "kubernetes") {
				t.Errorf("%s is listed although it is off", name)
			}
		}
	})
	if reflect.ValueOf((*kube)(nil).names()).Len() != 0 {
		t.Error("names without a cluster")
	}
}

// Whatever stands in a pod's environment, annotations or commands changes nothing of what is read.
func FuzzWhatAPodHidesIsPassedOver(f *testing.F) {
	for _, seed := range []string{"x", `"}]}],"nodeName":"planted`, "{", "\xff", `{"status":{"phase":"planted"}}`} {
		f.Add(seed)
	}
	base := fixture("pod.json")
	var want Pod
	if err := want.read(strings.NewReader(base)); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, hidden string) {
		text, err := jsontext.AppendQuote(nil, strings.ToValidUTF8(hidden, "?"))
		if err != nil {
			t.Fatal(err)
		}
		doc := base
		for _, planted := range []string{`"planted-env-8842"`, `"planted-annotation-token-77c1"`, `"planted-env-name-4f4f"`, `"--jwt=planted-command-1c2d"`} {
			doc = strings.Replace(doc, planted, string(text), 1)
		}
		if jsontext.Value(hidden).IsValid() { // as a value of its own shape, too
			doc = strings.Replace(doc, `"fieldsV1": {"f:status"`, `"fieldsV0": `+hidden+`, "fieldsV1": {"f:status"`, 1)
		}
		var got Pod
		if err := got.read(strings.NewReader(doc)); err != nil && !errors.Is(err, errDeep) {
			t.Fatal(err)
		} else if err == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%q changes what is read", hidden)
		}
	})
}

func TestWhichContainerIsTheRelay(t *testing.T) {
	for name, c := range map[string]struct {
		containers string // init containers end in *
		wanted     string
		relay      string
		status     Status
	}{
		"alone":                    {"relaypack* relay", "", "relay", OK},
		"beside an ordinary agent": {"relay relaypack", "", "relay", OK},
		"an init container more":   {"migrate* relaypack* relay", "", "relay", OK},
		"a mesh":                   {"relaypack* relay mesh", "", "", Ambiguous},
		"a mesh, and named":        {"relaypack* relay mesh", "relay", "relay", OK},
		"named, a native sidecar":  {"relay* app", "relay", "relay", OK},
		"named, not there":         {"relay app", "rely", "", Invalid},
		"the agent alone":          {"relaypack", "", "", Invalid},
	} {
		p := &Pod{}
		for _, one := range strings.Fields(c.containers) {
			p.named(strings.TrimSuffix(one, "*"), strings.HasSuffix(one, "*"))
		}
		if status, _ := p.choose(c.wanted); status != c.status || p.Relay != c.relay {
			t.Errorf("%s: %s %q, want %s %q", name, status, p.Relay, c.status, c.relay)
		}
	}
}
