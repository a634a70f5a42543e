package web

import (
	"context"
	"errors"
	"sync/atomic"
)

const (
	maxBuilds  = 2 // packs built at the same time
	maxWaiting = 8 // requests that wait for their turn
)

var errFull = errors.New("the queue is full")

// queue lets maxBuilds in, has maxWaiting wait, and refuses the others.
type queue struct {
	places  chan struct{} // of those that build or wait
	turns   chan struct{} // of those that build
	refused atomic.Uint64
}

func newQueue() *queue {
	return &queue{places: make(chan struct{}, maxBuilds+maxWaiting), turns: make(chan struct{}, maxBuilds)}
}

// enter waits for a turn until ctx ends. Whoever got a turn gives it back by leave, once.
func (q *queue) enter(ctx context.Context) (leave func(), err error) {
	select {
	case q.places <- struct{}{}:
	default:
		q.refused.Add(1)
		return nil, errFull
	}
	select {
	case q.turns <- struct{}{}:
		return func() { <-q.turns; <-q.places }, nil
	case <-ctx.Done():
		<-q.places
		return nil, ctx.Err()
	}
}

// load is how many build, and how many wait.
func (q *queue) load() (building, waiting int) {
	building = len(q.turns)
	return building, max(0, len(q.places)-building)
}
