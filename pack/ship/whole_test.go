package ship

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// watch reads all files that come to stand under a folder, again and again, and says of each whether it
// was whole when it was first seen.
func watch(t *testing.T, root string, wanted func(name string) bool, whole func(path string) bool) (stop func() int) {
	t.Helper()
	quit, ended := make(chan struct{}), make(chan int)
	go func() {
		seen := map[string]bool{}
		defer func() { ended <- len(seen) }()
		for {
			select {
			case <-quit:
				return
			default:
			}
			_ = filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error { // what went meanwhile is no matter
				if err == nil && !d.IsDir() && wanted(d.Name()) && !seen[path] {
					seen[path] = true
					if !whole(path) {
						t.Errorf("%s was there before it was whole", path)
					}
				}
				return nil
			})
		}
	}()
	return func() int { close(quit); return <-ended }
}

// Whoever looks at a folder while it is written, or finds it after a kill, sees whole files alone.
func TestNoFileIsSeenHalf(t *testing.T) {
	const packs, size = 12, 1 << 19
	folder := t.TempDir()
	s := opened(t, SpoolOptions{Dir: folder})
	stop := watch(t, folder, func(name string) bool { return strings.HasSuffix(name, waitingEnd) }, func(path string) bool {
		b, err := os.ReadFile(path)
		if err != nil {
			return false
		}
		a, _, err := readHead(b)
		if err != nil {
			return false
		}
		_, err = readBody(path, a)
		return err == nil
	})
	for i := range packs {
		if _, err := s.Add(packOf(at(i), Manual, size)); err != nil {
			t.Fatal(err)
		}
	}
	if n := stop(); n < packs/2 {
		t.Errorf("only %d files were seen", n)
	}

	b := stores[0].bucket(t, "")
	stop = watch(t, b.(*dir).root, func(name string) bool { return strings.HasPrefix(name, "pack-") }, func(path string) bool {
		name, err := filepath.Rel(b.(*dir).root, path)
		if err != nil {
			return false
		}
		e, err := b.Look(t.Context(), name)
		return err == nil && hashOf(getDir(t, b, name).body) == e.SHA256
	})
	if err := NewShipper(b, s, ShipperOptions{}).Drain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := stop(); n < packs/2 {
		t.Errorf("only %d objects were seen", n)
	}
}
