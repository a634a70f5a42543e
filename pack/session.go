package pack

import (
	"bytes"
	"context"
	"strings"
	"time"

	"relaypack/pack/redact"
	"relaypack/scrape"
	"relaypack/scrape/profile"
)

// askTime bounds all questions of one pack together.
const askTime = 3 * time.Second

// maxCandidates bounds supportBundle.sessionMatch.candidates.
const maxCandidates = 50

// What keeps the relay from being asked about a session that was named in its masked form.
const (
	whyNoCandidate    = "no live session has this masked form"
	whyManyCandidates = "several live sessions have this masked form"
	whyNotAllListed   = "not all live sessions could be listed"
)

// session is the one that a request names.
type session struct {
	raw        []byte   // nil: not known
	hash       uint64   // of raw
	masked     uint64   // hash of the masked form
	candidates [][]byte // raw ids of live sessions with this masked form
	partial    bool     // there may be others: not all live sessions could be listed
}

// fits says whether an event is of the session: by the raw id where the relay named it raw, else by
// the masked form, which other sessions may have too.
func (s *session) fits(e *event) (exact, masked bool) {
	if s.raw != nil && e.raw != 0 {
		return e.raw == s.hash, false
	}
	return false, e.masked != 0 && e.masked == s.masked
}

// answers is what the relay said to the questions of one request.
type answers struct {
	session *session // nil: none was asked for
	results map[string]*scrape.Result
	refused map[string]string // source -> why it was not asked
}

// ask resolves the session and puts all questions together to the relay. What it does not answer is
// missing in the pack, with its source's status.
func (b *Builder) ask(ctx context.Context, req Request) *answers {
	a := &answers{results: make(map[string]*scrape.Result), refused: make(map[string]string)}
	if req.SessionID == "" && req.TraceID == "" {
		return a
	}
	ctx, cancel := context.WithTimeout(ctx, askTime)
	defer cancel()
	var asks []scrape.Ask
	if req.SessionID != "" {
		a.session = b.session(ctx, req.SessionID)
		for _, source := range b.sourcesOf("sessionParity.") {
			switch {
			case a.session.raw != nil:
				asks = append(asks, scrape.Ask{Source: source, Params: map[string]string{"session": string(a.session.raw)}})
			case len(a.session.candidates) > 1:
				a.refused[source] = whyManyCandidates
			case a.session.partial:
				a.refused[source] = whyNotAllListed
			default:
				a.refused[source] = whyNoCandidate
			}
		}
	}
	own := b.askOwn(req.TraceID)
	asks = append(asks, own...)
	if req.TraceID != "" && !b.opts.Recorder.hasTrace(req.TraceID) {
		for _, source := range b.sourcesOf("trace.") {
			asks = append(asks, scrape.Ask{Source: source, Params: map[string]string{"trace": req.TraceID}})
		}
	}
	if b.opts.Asker == nil || len(asks) == 0 {
		return a
	}
	for _, res := range b.opts.Asker.Ask(ctx, asks) {
		if res != nil {
			a.results[res.Source] = res
		}
	}
	if len(own) > 0 {
		b.hearOwn(req.TraceID, own, a.results[own[0].Source])
	}
	return a
}

// session resolves a raw or masked id. A masked one is looked for among the relay's live sessions: one
// that fits is it, where all could be listed; several are told as candidates and nobody guesses.
func (b *Builder) session(ctx context.Context, id string) *session {
	red := b.opts.Redactor
	s := &session{}
	if !isMasked(id) {
		s.raw = []byte(id)
		s.candidates = [][]byte{s.raw}
	} else if b.opts.Asker != nil {
		ids, complete := b.opts.Asker.Sessions(ctx)
		s.partial = !complete
		for _, live := range ids {
			if string(red.Mask(nil, "session", live)) == id && len(s.candidates) < maxCandidates {
				s.candidates = append(s.candidates, live)
			}
		}
		if len(s.candidates) == 1 && complete {
			s.raw = s.candidates[0]
		}
	}
	s.hash, s.masked = sessionHashes(red, []byte(id))
	if s.raw != nil {
		s.hash, s.masked = sessionHashes(red, s.raw)
	}
	return s
}

// encodeMatch is supportBundle.sessionMatch: how many of the events were found by the raw id, how
// many by the masked form alone, and the names of the live sessions that have this masked form.
func (s *session) encodeMatch(red *redact.Redactor, exact, masked int) []byte {
	var a array
	for _, id := range s.candidates {
		a.text("[id-" + red.Name("session", id) + "]")
	}
	var o object
	o.number("exact", int64(exact))
	o.number("masked", int64(masked))
	o.raw("candidates", a.done())
	return o.done()
}

// sourcesOf names the sources that the fields below a prefix are asked from.
func (b *Builder) sourcesOf(prefix string) (names []string) {
	seen := make(map[string]bool)
	from := b.opts.Recorder.profile
	for _, s := range from.Sections {
		if !strings.HasPrefix(s.Field, prefix) {
			continue
		}
		for _, one := range s.Rules {
			source := from.Source(one.From)
			if source != nil && source.Every == profile.EveryAsk && !seen[one.From] {
				seen[one.From] = true
				names = append(names, one.From)
			}
		}
	}
	return names
}

// hide masks the id that the request named wherever the answer has it: the redactor may never have
// heard of it. An id that could be a number or a plain word is left to the fields that hold ids.
func (s *session) hide(red *redact.Redactor, body []byte) []byte {
	if s == nil || !distinct(s.raw) {
		return body
	}
	return bytes.ReplaceAll(body, s.raw, red.Mask(nil, "session", s.raw))
}

// distinct says whether an id can be told from other text: 8 signs or more, a letter and a digit among
// them, and none that JSON would write otherwise.
func distinct(id []byte) bool {
	letter, digit := false, false
	for _, c := range id {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z':
			letter = true
		case c >= '0' && c <= '9':
			digit = true
		case c != '_' && c != '-' && c != '.' && c != ':':
			return false
		}
	}
	return len(id) >= 8 && letter && digit
}
