package web

import (
	"bytes"
	"log/slog"
	"net/http"
	"sync/atomic"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// ProbeOptions says what the probes tell. All members but Log are needed.
type ProbeOptions struct {
	Started  func() bool                // the first look was tried
	Alive    func() bool                // the loops turn
	NotReady func() []string            // reasons, in our own words; none: ready
	Metrics  func() []*dto.MetricFamily // each family once
	Log      *slog.Logger               // told of panics; nil: nothing is logged
}

// NewProbes makes the handler of PROBE_LISTEN: GET and HEAD of /startupz, /livez, /readyz and /metrics,
// and nothing else. It asks for no bearer and takes every Host, because kubelets and Prometheus come by
// the pod's address; so it tells nothing but whether the agent works, and numbers.
func NewProbes(opt ProbeOptions) http.Handler {
	if opt.Log == nil {
		opt.Log = slog.New(slog.DiscardHandler)
	}
	return &probes{opt: opt}
}

type probes struct {
	opt    ProbeOptions
	panics atomic.Uint64
}

func (p *probes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	handle(&answer{ResponseWriter: w}, r, p.opt.Log, &p.panics, p.answer)
}

func (p *probes) answer(w *answer, r *http.Request) *problem {
	var serve func(*answer, *http.Request) *problem
	switch r.URL.Path {
	case "/startupz":
		serve = yesOrNo(p.opt.Started, "the first look was not tried yet")
	case "/livez":
		serve = yesOrNo(p.opt.Alive, "a loop of the agent stands still")
	case "/readyz":
		serve = p.ready
	case "/metrics":
		serve = p.metrics
	default:
		return fault(http.StatusNotFound, "there are /startupz, /livez, /readyz and /metrics")
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		no := fault(http.StatusMethodNotAllowed, "this path answers "+reads)
		no.allow = reads
		return no
	}
	return serve(w, r)
}

const textType = "text/plain; charset=utf-8"

func yesOrNo(yes func() bool, why string) func(*answer, *http.Request) *problem {
	return func(w *answer, r *http.Request) *problem {
		if !yes() {
			return fault(http.StatusServiceUnavailable, why)
		}
		send(w, r, textType, []byte("ok\n"))
		return nil
	}
}

func (p *probes) ready(w *answer, r *http.Request) *problem {
	if reasons := p.opt.NotReady(); len(reasons) > 0 {
		no := fault(http.StatusServiceUnavailable, "the agent is not ready")
		no.Faults = reasons
		return no
	}
	send(w, r, textType, []byte("ok\n"))
	return nil
}

// metrics writes the exposition as text; a family that cannot be written is a fault of ours.
func (p *probes) metrics(w *answer, r *http.Request) *problem {
	format := expfmt.NewFormat(expfmt.TypeTextPlain)
	families := append(p.opt.Metrics(),
		counter("relaypack_probe_panics_total", "Requests to the probe listener whose handler panicked.", p.panics.Load()))
	var page bytes.Buffer
	enc := expfmt.NewEncoder(&page, format)
	for _, f := range families {
		if err := enc.Encode(f); err != nil {
			p.opt.Log.Error("write metrics", "family", f.GetName(), "reason", err.Error())
			return fault(http.StatusInternalServerError, "the agent could not write its metrics; its log says why")
		}
	}
	send(w, r, string(format), page.Bytes())
	return nil
}
