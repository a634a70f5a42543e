package window_test

import (
	"fmt"
	"strings"
	"time"

	"relaypack/pack/window"
)

func Example() {
	r := window.New(window.Options[string]{
		Count: 5,
		Age:   time.Hour,
		Kind:  func(s string) string { return strings.Fields(s)[0] },
	})
	now := time.Date(2026, 11, 23, 9, 7, 0, 0, time.UTC)
	r.Push(now, "auth_fail")
	for i := range 9 {
		now = now.Add(time.Second)
		r.Push(now, fmt.Sprint("drop ", i))
	}
	r.Newest(func(_ time.Time, s string) bool { fmt.Println(s); return true })
	fmt.Println(r.Len(), "kept,", r.Evicted(), "evicted")
	// Output:
	// drop 8
	// drop 7
	// drop 6
	// drop 5
	// auth_fail
	// 5 kept, 5 evicted
}

// The sweep after a session id was seen for the first time: rewrite what names it, drop what must not stay.
func ExampleRing_Rewrite() {
	r := window.New(window.Options[string]{Count: 10, Size: func(s string) int { return len(s) }})
	r.Push(time.Now(), "joined by sess_abc123def456")
	r.Push(time.Now(), "spoiled")
	r.Rewrite(func(s string) (string, bool) {
		return strings.ReplaceAll(s, "sess_abc123def456", "sess...f456"), s != "spoiled"
	})
	r.Newest(func(_ time.Time, s string) bool { fmt.Println(s); return true })
	fmt.Println(r.Bytes(), "bytes,", r.Evicted(), "evicted")
	// Output:
	// joined by sess...f456
	// 21 bytes, 0 evicted
}
