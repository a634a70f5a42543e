// Package window keeps the newest things within bounds of count, age and bytes.
package window

import "time"

// Options bounds a Ring.
type Options[T any] struct {
	Count int           // most items
	Age   time.Duration // longest time since Push; 0: unbounded
	Bytes int           // most bytes, as Size counts them; 0: unbounded
	Size  func(T) int
	Kind  func(T) string // items of rare kinds keep 20 % of the places; nil: all alike
}

// Ring keeps items in the order of Push. It is not safe for concurrent use.
type Ring[T any] struct{}

// New makes an empty Ring.
func New[T any](Options[T]) *Ring[T] { return &Ring[T]{} }

// Push adds an item that was first seen at `at` and evicts what the bounds push out.
func (r *Ring[T]) Push(at time.Time, item T) {}

// Expire evicts what is too old at now.
func (r *Ring[T]) Expire(now time.Time) {}

// Newest calls fn from the newest to the oldest item until it returns false.
func (r *Ring[T]) Newest(fn func(at time.Time, item T) bool) {}

// Rewrite replaces or (false) drops each item, oldest first; what it drops is not counted as evicted.
func (r *Ring[T]) Rewrite(fn func(item T) (T, bool)) {}

// Len is the number of items, Bytes their size, Evicted how many the bounds pushed out so far.
func (r *Ring[T]) Len() int { return 0 }

// Bytes is the size of all items.
func (r *Ring[T]) Bytes() int { return 0 }

// Evicted counts what the bounds pushed out.
func (r *Ring[T]) Evicted() int { return 0 }
