package ship

import (
	"path/filepath"
	"testing"
)

// What the tests outside of the package need of those inside.
var Tool = tool

// NewS3 makes a bucket on the S3 server; folder is where that keeps the objects below its prefix.
func NewS3(t *testing.T) (b Bucket, folder string) {
	t.Helper()
	b = stores[1].bucket(t, "")
	running.Lock()
	defer running.Unlock()
	return b, filepath.Join(running.folders["versitygw"], "data", bucketOf(b), "in", "side")
}
