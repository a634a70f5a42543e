package main

import (
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"relaypack/scrape/demorelay"
)

const captures = "../scrape/demorelay/testdata"

// testAdmin is a bearer of the API in tests; it may stand nowhere in what comes out.
const testAdmin = "admin-Zx81Qv77Lm20Rt"

// capture reads a folder of captured answers, less the files whose name begins with one of the prefixes.
func capture(t *testing.T, folder string, without ...string) fstest.MapFS {
	t.Helper()
	out := fstest.MapFS{}
	dir := os.DirFS(filepath.Join(captures, folder))
	err := fs.WalkDir(dir, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		for _, prefix := range without {
			if strings.HasPrefix(path, prefix) {
				return nil
			}
		}
		b, err := fs.ReadFile(dir, path)
		out[path] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("read the capture %s: %d files, %v", folder, len(out), err)
	}
	return out
}

// replayed serves captured answers on a port and wires the agent to them, as serve does.
func replayed(t *testing.T, folder fs.FS, withBearer bool) (*settings, *observer, *demorelay.Relay) {
	t.Helper()
	relay, err := demorelay.NewReplay(folder, demorelay.ReplayOptions{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go relay.Serve(l)
	t.Cleanup(func() { relay.Close() })
	env := []string{"RELAYPACK_RELAY_URL=http://" + l.Addr().String(), "RELAYPACK_ADMIN_TOKEN=" + testAdmin, "RELAYPACK_PROCESS=off"}
	if withBearer {
		env = append(env, "RELAYPACK_RELAY_TOKEN="+relay.Bearer())
	}
	s := configuredBy(t, env)
	o, err := observe(s, relay.Clock())
	if err != nil {
		t.Fatal(err)
	}
	return s, o, relay
}

func configuredBy(t *testing.T, env []string) *settings {
	t.Helper()
	v, unknown, err := readVariables(env)
	if err != nil || len(unknown) > 0 {
		t.Fatalf("read variables: %v, unknown %v", err, unknown)
	}
	s, err := validate(v)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func absolute(t *testing.T, path string) string {
	t.Helper()
	abs, err := filepath.Abs(path)
	if err != nil {
		t.Fatal(err)
	}
	return abs
}
