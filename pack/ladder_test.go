package pack

import (
	"fmt"
	"strings"
	"testing"
)

func TestSizeLadder(t *testing.T) {
	p := okboxbox(t)
	for _, limit := range []int{MinBytes, 100 << 10, 200 << 10, 400 << 10, 700 << 10} {
		b := setup(t, p, limit)
		b.record(look(t, p, "tapped", looked, all...))
		doc, made := b.build(Request{SessionID: "sess_09e18fd43c2d"})
		if len(made.Bytes()) > limit {
			t.Errorf("%d bytes of at most %d", len(made.Bytes()), limit)
		}
		t.Logf("%d: %d bytes, cut %s", limit, len(made.Bytes()), at(doc, "supportBundle.size.cut"))
		want(t, doc, map[string]string{"summary.uptime": `245360`, "eventBufferStats.socket.count": `500`})
		if limit == 400<<10 {
			want(t, doc, map[string]string{
				"supportBundle.size.cut.0":  `{"after":120,"before":500,"what":"recentEvents.error"}`,
				"recentEvents.error.119.id": `"rb-85"`, "recentEvents.error.0.id": `"rb-584"`, "recentEvents.error.100.id": `"rb-104"`,
			})
		}
	}
}

// What no rung of the ladder can cut leaves the minimal pack, and says so.
func TestBeyondTheLadder(t *testing.T) {
	b := setup(t, okboxbox(t), MinBytes)
	var build object
	build.text("version", strings.Repeat("lorem ipsum ", 5000))
	body := fmt.Appendf(nil, `{"build":%s,"uptime":{"uptimeMs":5},"eventBuffers":{"socket":%s}}`, build.done(), build.done())
	b.give(looked, 1, "summary", body)
	doc, made := b.build(Request{})
	if len(made.Bytes()) > MinBytes {
		t.Errorf("%d bytes", len(made.Bytes()))
	}
	want(t, doc, map[string]string{"summary.uptime": `null`, "supportBundle.size.cut.0.what": `"pack"`, "supportBundle.sources": `{}`})
}
