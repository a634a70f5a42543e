package verify_test

import (
	"bytes"
	"fmt"
	"testing"

	"relaypack/pack/verify"
)

// unique makes event JSON in which no two texts are the same, so that nothing is remembered.
func unique(n int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"recentEvents":{"error":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"type":"handler_error","message":"Telemetry payload %d too large","stack":"Error: payload %d too large\n    at Array.<anonymous> (/srv/controlbox/packages/server/src/websocket/AuthGate.ts:122:37)\n    at run (/srv/controlbox/node_modules/socket.io/dist/socket.js:744:19)","context":{"sessionId":"sess...38f1"},"id":"rb-%d","timestamp":%d}`, i, i, i, 1795424857101+i)
	}
	b.WriteString("]}}")
	return b.Bytes()
}

// BenchmarkScanUnique is the slow side of BenchmarkScan: a document without repetition, a detector that
// knows ids and values.
func BenchmarkScanUnique(b *testing.B) {
	doc := unique(1500)
	d := verify.New(verify.Options{
		Known:  func([]byte) bool { return false },
		Values: [][]byte{[]byte("0123456789abcdef-admin"), []byte("relay-bearer-xyz.abc")},
	})
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if len(d.Scan(doc)) > 0 {
			b.Fatal("found something")
		}
	}
}
