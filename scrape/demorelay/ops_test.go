package demorelay

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestTraceIsDeletedByTheFirstReadAfterItsEnd(t *testing.T) {
	inBubble(t, DemoOptions(38), func(t *testing.T, b *bench) {
		start := func(body string) string {
			status, _, answer, err := b.ask("POST", "/api/ops/trace/start", b.Bearer(), body)
			if err != nil || status != 200 {
				t.Fatalf("start %s: %d %v %s", body, status, err, answer)
			}
			return answer
		}
		answer := start(`{"sessionId":"` + b.Session() + `","durationSec":1}`)
		if !strings.Contains(answer, `"durationSec":10,`) || strings.Contains(answer, b.Session()) {
			t.Errorf("start answers %s", answer)
		}
		path := "/api/ops/trace/" + firstMember([]byte(answer), "traceId")
		time.Sleep(4 * time.Second)
		if got := b.get(t, path, 200); !strings.Contains(got, `"isExpired":false,"durationMs":4000,"samples":[]`) {
			t.Errorf("running trace: %.300s", got)
		}
		time.Sleep(time.Minute)
		if got := b.get(t, path, 200); !strings.Contains(got, `"isExpired":true,"durationMs":10000,`) || !strings.Contains(got, `"type":"`) {
			t.Errorf("expired trace: %.300s", got)
		}
		b.get(t, path, 404)
		if got := start(`{"sessionId":"sess_abcdefgh1","durationSec":"abc"}`); !strings.Contains(got, `"durationSec":null,"expiresAt":null`) {
			t.Errorf("duration of text: %s", got)
		}
	})
}

func TestSupportPackBodies(t *testing.T) {
	inBubble(t, DemoOptions(39), func(t *testing.T, b *bench) {
		for body, want := range map[string][3]bool{ // parity object, parity null, config
			``: {false, false, true}, `{}`: {false, false, true}, `{"includeConfig":false}`: {}, `{"traceId":"trace-0-none"}`: {false, false, true},
			`{"sessionId":"` + b.Session() + `"}`: {true, false, true}, `{"sessionId":"sess_none0000"}`: {false, true, true},
		} {
			status, _, answer, err := b.ask("POST", "/api/ops/support-pack", b.Bearer(), body)
			if err != nil || status != 200 {
				t.Fatalf("%s: %d %v", body, status, err)
			}
			var in struct{ Data map[string]json.RawMessage }
			if err := json.Unmarshal([]byte(answer), &in); err != nil {
				t.Fatal(err)
			}
			parity := string(in.Data["sessionParity"])
			got := [3]bool{strings.HasPrefix(parity, "{"), parity == "null", in.Data["config"] != nil}
			if got != want || in.Data["trace"] != nil {
				t.Errorf("%s: %v, want %v", body, got, want)
			}
		}
	})
}
