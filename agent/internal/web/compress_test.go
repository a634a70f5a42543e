package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"testing"
)

func TestWantsGzip(t *testing.T) {
	for header, want := range map[string]bool{
		"": false, "gzip": true, "GZIP": true, "x-gzip": true, "br, gzip": true, "gzip;q=0": false, "gzip; q=0.000": false,
		"gzip;q=0.001": true, "gzip;q=1.000": true, "*": true, "*;q=0": false, "gzip;q=0, *": false, "br, *;q=0.5": true,
		"identity": false, "identity, gzip": true, "identity;q=1, gzip;q=0.5": false, "identity;q=0.2, gzip;q=0.5": true,
		"identity;q=0": false, "gzip;q=2": false, "gzip;q=-1": false, "gzip;q=abc": false, "gzip;q=": false, "gzip;q=1e0": false,
		"gzip;level=9": false, "gzipped": false, ", ,gzip": true, "deflate, br": false, "gzip ; Q=1": true,
	} {
		if got := wantsGzip([]string{header}); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
	if wantsGzip(nil) || !wantsGzip([]string{"br", "gzip"}) {
		t.Error("several lines are not read as one")
	}
}

// TestGzip: the pack inside gzip is the pack, with the length told, and caches are told what it depends on.
func TestGzip(t *testing.T) {
	b := setup(t, nil)
	for range 2 { // the second one uses a compressor again
		got := b.ask("POST", packPath, "", "Accept-Encoding: gzip;q=0.8")
		if got.code != 200 || got.header.Get("Content-Encoding") != "gzip" || got.header.Get("Vary") != "Accept-Encoding" {
			t.Fatalf("%d %v", got.code, got.header)
		}
		z, err := gzip.NewReader(bytes.NewReader(got.body))
		if err != nil {
			t.Fatal(err)
		}
		if data, err := io.ReadAll(z); err != nil || !bytes.Equal(data, b.fake.made.Bytes()) {
			t.Errorf("%d bytes, %v", len(data), err)
		}
	}
	plain := b.ask("POST", packPath, "", "Accept-Encoding: gzip;q=0")
	if plain.header.Get("Content-Encoding") != "" || plain.header.Get("Vary") != "Accept-Encoding" ||
		!bytes.Equal(plain.body, b.fake.made.Bytes()) {
		t.Errorf("without gzip: %v", plain.header)
	}
	get, head := b.ask("GET", gets[0], "", "Accept-Encoding: gzip"), b.ask("HEAD", gets[0], "", "Accept-Encoding: gzip")
	if get.header.Get("Content-Length") != head.header.Get("Content-Length") || len(head.body) != 0 {
		t.Errorf("GET %v, HEAD %v", get.header, head.header)
	}
	if bad := b.ask("GET", gets[0]+"?x=1", "", "Accept-Encoding: gzip"); bad.header.Get("Content-Encoding") != "" {
		t.Error("a problem is compressed")
	}
}
