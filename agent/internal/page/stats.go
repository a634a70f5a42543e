package page

// Stats is what pages cost, and what their bounds left out.
type Stats struct {
	Open          int    // pages that follow what happens
	Drawn         uint64 // updates, each for all of them
	TooSlow       uint64 // pages that were dropped, and come back by themselves
	SessionsEarly uint64 // sessions that ended because there were too many
	PreviewsEarly uint64 // previews that ended because there were too many, or were replaced
}

// Stats gives the numbers since the agent began.
func (p *Page) Stats() Stats {
	s := Stats{Open: int(p.hub.open.Load()), Drawn: p.hub.drawn.Load(), TooSlow: p.hub.dropped.Load()}
	p.Sessions.mu.Lock()
	s.SessionsEarly = p.Sessions.early
	p.Sessions.mu.Unlock()
	p.holds.mu.Lock()
	s.PreviewsEarly = p.holds.early
	p.holds.mu.Unlock()
	return s
}
