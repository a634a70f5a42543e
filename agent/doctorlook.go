package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// soonOver is how long a bearer must still count for not being worth a line.
const soonOver = 2 * time.Hour

// relay says whether the relay can be reached.
func (e *examination) relay(snap *scrape.Snapshot) {
	fix := "start the relay, or correct " + variableName("RelayURL")
	address := e.s.relayURL
	if u, err := url.Parse(address); err == nil {
		address = u.Scheme + "://" + u.Host // a path may be what lets somebody in
	}
	switch snap.Port {
	case scrape.PortOpen:
		e.add(fine, "relay", "", "%s takes connections", address)
	case scrape.PortRefused:
		e.add(wrong, "relay", fix, "%s refuses connections", address)
	default:
		e.add(wrong, "relay", fix+", or a network policy that is in the way", "%s takes no connection within a second", address)
	}
}

// bearer says with what the agent comes to the relay, and how long that counts.
func (e *examination) bearer(snap *scrape.Snapshot, issued string) {
	st, tried := snap.States[scrape.LoginSource]
	fixed := e.s.bearer.first()
	switch {
	case fixed != "":
		e.expiry("configured", fixed, "put a new one into "+variableName("RelayTokenFile")+", or use "+variableName("RelayLoginFile"))
	case e.s.login == nil:
		e.add(worth, "login", "set "+variableName("RelayTokenFile")+" or "+variableName("RelayLoginFile"), "no account or bearer for the relay: only its open endpoints are read")
	case e.s.profile.Login == nil:
		e.add(wrong, "login", "set "+variableName("RelayTokenFile"), "the profile %s knows no login", e.s.profile.Name)
	case issued != "":
		e.expiry("given by a login", issued, "see why the relay gives such a short one")
	case !tried:
		e.add(worth, "login", "see gate", "not tried: the gate was shut")
	case st.Status == scrape.Unauthorized:
		e.add(wrong, "login", "correct e-mail and password in "+variableName("RelayLoginFile"), "not accepted by the relay")
	default:
		e.add(wrong, "login", "see the relay's log", "no bearer came of it: %s", statusText(st))
	}
}

func (e *examination) expiry(whence, bearer, fix string) {
	end, ok := expiryOf(bearer)
	left := time.Until(end).Round(time.Minute)
	switch {
	case !ok:
		e.add(fine, "login", "", "bearer %s; it does not tell how long it counts", whence)
	case left <= 0:
		e.add(wrong, "login", fix, "bearer %s; it ended %s ago", whence, -left)
	case left < soonOver && e.s.login == nil:
		e.add(worth, "login", fix, "bearer %s; it ends in %s", whence, left)
	default:
		e.add(fine, "login", "", "bearer %s; it ends in %s", whence, left)
	}
}

// expiryOf reads the end of a JWT, which is no proof of anything: the relay alone decides.
func expiryOf(bearer string) (time.Time, bool) {
	parts := strings.Split(bearer, ".")
	if len(parts) != 3 {
		return time.Time{}, false
	}
	body, err := base64.RawURLEncoding.DecodeString(parts[1])
	var claims struct {
		Exp float64 `json:"exp"`
	}
	if err != nil || json.Unmarshal(body, &claims) != nil || claims.Exp <= 0 || claims.Exp > 1e11 {
		return time.Time{}, false
	}
	return time.Unix(int64(claims.Exp), 0), true
}

// gate says whether the relay lets the bearer be sent at all.
func (e *examination) gate(snap *scrape.Snapshot) {
	g := e.s.profile.Gate
	if g == nil {
		e.add(fine, "gate", "", "the profile has none")
		return
	}
	st := snap.States[g.Source]
	shut := ""
	for _, s := range snap.States {
		if s.Status == scrape.Gated {
			shut = s.Reason
		}
	}
	if shut == "" && st.Status != scrape.OK {
		shut = statusText(st)
	}
	switch {
	case shut != "":
		e.add(wrong, "gate", "see the relay's database and log: nothing is asked with the bearer until it is well", "shut: %s", shut)
	default:
		e.add(fine, "gate", "", "open: the relay says that it is ready")
	}
}

// rights says which sources answer, those that stand alike in one line.
func (e *examination) rights(snap *scrape.Snapshot) {
	type standing struct {
		status scrape.Status
		reason string
	}
	var order []standing
	names := map[standing][]string{}
	for _, src := range e.s.profile.Sources {
		if src.Every == profile.EveryAsk || src.Every == profile.EveryGate {
			continue
		}
		st := snap.States[src.Name]
		s := standing{st.Status, st.Reason}
		if names[s] == nil {
			order = append(order, s)
		}
		names[s] = append(names[s], src.Name)
	}
	slices.SortStableFunc(order, func(a, b standing) int { return strings.Compare(string(a.status), string(b.status)) })
	for _, s := range order {
		g, fix := e.judge(s.status, s.reason)
		e.add(g, "source", fix, "%s: %s", statusText(scrape.State{Status: s.status, Reason: s.reason}), strings.Join(names[s], ", "))
	}
}

// judge grades a source's status.
func (e *examination) judge(st scrape.Status, reason string) (grade, string) {
	switch st {
	case scrape.OK, scrape.Skipped:
		return fine, ""
	case scrape.Off:
		return worth, "switch it on in the relay (its METRICS, DIAGNOSTICS and OPS settings), unless that is meant"
	case scrape.Unauthorized:
		if e.s.bearer.first() == "" && e.s.login == nil {
			return worth, "see login"
		}
		return wrong, "the relay does not accept what it is given: see login"
	case scrape.Forbidden:
		return wrong, "give the account the relay's admin role"
	case scrape.Limited:
		return worth, "wait for a quarter of an hour, or raise the relay's rate limits"
	case scrape.Gated:
		return worth, "see gate"
	case scrape.TooLarge:
		return wrong, "raise " + variableName("ScrapeMaxBytes") + " or " + variableName("MetricsMaxBytes")
	case scrape.Timeout:
		return wrong, "see what holds the relay up, or raise " + variableName("ScrapeTimeout")
	case scrape.Unreachable:
		return wrong, "see relay"
	}
	return wrong, "see whether " + variableName("Profile") + " fits this relay and its version"
}

func statusText(st scrape.State) string {
	if st.Reason == "" {
		return string(st.Status)
	}
	return fmt.Sprintf("%s (%s)", st.Status, st.Reason)
}

// process says how the relay's process was found, and what of it cannot be read.
func (e *examination) process(snap *scrape.Snapshot) {
	st := snap.States[scrape.ProcessSource]
	for _, r := range snap.Results {
		if p := r.Process; p != nil {
			text := fmt.Sprintf("pid %d, found by %s", p.Pid, p.Found)
			if len(p.Unreadable) > 0 {
				text += "; another user's, so not to be read: " + strings.Join(p.Unreadable, ", ")
			}
			e.add(fine, "process", "", "%s", text)
			if p.PodLimit == 0 && (p.Container == nil || p.Container.MemoryLimit == nil) {
				e.add(worth, "memory", "give the relay a limit; in a pod set "+variableName("RelayMemoryLimit")+" or "+variableName("Kubernetes")+"=on", "no limit is known: nothing can warn before it is reached")
			}
			return
		}
	}
	switch {
	case e.s.process == "off":
		e.add(fine, "process", "", "switched off by %s", variableName("Process"))
	case st.Status == scrape.Ambiguous:
		e.add(wrong, "process", "name it with "+variableName("Process")+"=name:REGEXP or pid:N", "%s", statusText(st))
	default:
		e.add(worth, "process", "in a pod set shareProcessNamespace: true; else name it with "+variableName("Process")+"=name:REGEXP", "not found: %s", statusText(st))
	}
}
