package ship

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// store is a real server, and what a test does to it that the package does not do.
type store struct {
	name     string
	upstream func(*testing.T) string // host:port; nil for a folder
	create   func(t *testing.T, b Bucket)
	address  func(bucket, via string) string
	plant    func(ctx context.Context, b Bucket, name string, body []byte) (int, error) // without a hash
	get      func(t *testing.T, b Bucket, name string) got
	list     func(t *testing.T, b Bucket) []string // names below the prefix, folders' side files aside
}

// got is an object as the store hands it out.
type got struct {
	body          []byte
	typ, encoding string
	there         bool
}

var stores = []store{
	{name: "dir", create: createDir, plant: plantDir, get: getDir, list: listDir,
		address: func(bucket, _ string) string { return "file://" + bucket }},
	{name: "s3", upstream: versitygw, create: createS3, plant: plantS3, get: getS3, list: listS3,
		address: func(bucket, via string) string {
			return "s3://" + bucket + "/in/side?region=us-east-1&endpoint=http://" + via
		}},
	{name: "gcs", upstream: fakeGCS, create: createGCS, plant: plantGCS, get: getGCS, list: listGCS,
		address: func(bucket, via string) string { return "gs://" + bucket + "/in/side?auth=none&endpoint=http://" + via }},
	{name: "azblob", upstream: azurite, create: createAzure, plant: plantAzure, get: getAzure, list: listAzure,
		address: func(bucket, via string) string {
			return "azblob://" + bucket + "/in/side?account=" + azAccount + "&endpoint=http://" + via + "/" + azAccount
		}},
}

// bucket opens a bucket that is new, by way of an address ("" is straight).
func (s store) bucket(t *testing.T, via string) Bucket {
	t.Helper()
	b := s.opened(t, via, s.newName(t))
	straight := b
	if s.upstream != nil {
		straight = s.opened(t, "", bucketOf(b))
	}
	s.create(t, straight)
	return b
}

func (s store) newName(t *testing.T) string {
	if s.upstream == nil {
		return filepath.Join(t.TempDir(), "bucket")
	}
	return "b" + strings.ToLower(rand.Text())[:20]
}

func (s store) opened(t *testing.T, via, bucket string) Bucket {
	t.Helper()
	if via == "" && s.upstream != nil {
		via = s.upstream(t)
	}
	b, err := Open(s.address(bucket, via), OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func bucketOf(b Bucket) string {
	switch b := b.(type) {
	case *s3:
		return b.bucket
	case *gcs:
		return b.bucket
	case *azure:
		return b.bucket
	}
	return b.(*dir).root
}

// done ends a test when a helper's own call did not work.
func done(t *testing.T, a *answer, err error) *answer {
	t.Helper()
	if err != nil {
		t.Fatalf("%v (%v)", err, unwrapped(err))
	}
	if a.status >= 300 && a.status != http.StatusNotFound {
		t.Fatalf("status %d: %s", a.status, a.body)
	}
	return a
}

func unwrapped(err error) error {
	if f := faultOf("", err); f.err != nil {
		return f.err
	}
	return err
}

func createDir(t *testing.T, b Bucket) {
	if err := os.MkdirAll(b.(*dir).root, 0o755); err != nil {
		t.Fatal(err)
	}
}

func plantDir(_ context.Context, b Bucket, name string, body []byte) (int, error) {
	path := filepath.Join(b.(*dir).root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return 0, err
	}
	return 200, os.WriteFile(path, body, 0o644)
}

func getDir(t *testing.T, b Bucket, name string) got {
	body, err := os.ReadFile(filepath.Join(b.(*dir).root, name))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return got{body: body, typ: packContentType, there: err == nil}
}

func listDir(t *testing.T, b Bucket) []string {
	var names []string
	root := b.(*dir).root
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".sha256") {
			names = append(names, strings.TrimPrefix(path, root+"/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// straightS3 is a copy of a bucket whose names and queries the test chooses.
func callS3(ctx context.Context, b Bucket, method, path, query string, body []byte) (*answer, error) {
	s := b.(*s3)
	u := s.base
	u.Path, u.RawPath = "/"+s.bucket+"/"+path, "/"+s.bucket+"/"+percent(path, "-._~/")
	u.RawQuery = query
	req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.ContentLength = int64(len(body))
	req.Header.Set("X-Amz-Content-Sha256", hashOf(body))
	return s.client.send(ctx, "test", req, body, func(r *http.Request) error { return s.sign(r, hashOf(body), "us-east-1") })
}

func createS3(t *testing.T, b Bucket) {
	a, err := callS3(t.Context(), b, http.MethodPut, "", "", nil)
	done(t, a, err)
}

func plantS3(ctx context.Context, b Bucket, name string, body []byte) (int, error) {
	a, err := callS3(ctx, b, http.MethodPut, b.(*s3).full(name), "", body)
	if err != nil {
		return 0, err
	}
	return a.status, nil
}

func getS3(t *testing.T, b Bucket, name string) got {
	a, err := callS3(t.Context(), b, http.MethodGet, b.(*s3).full(name), "", nil)
	return gotOf(done(t, a, err))
}

func gotOf(a *answer) got {
	return got{a.body, a.header.Get("Content-Type"), a.header.Get("Content-Encoding"), a.status == http.StatusOK}
}

func listS3(t *testing.T, b Bucket) []string {
	a, err := callS3(t.Context(), b, http.MethodGet, "", "list-type=2&max-keys=1000&prefix=in%2Fside%2F", nil)
	return named(done(t, a, err), `<Key>([^<]+)</Key>`)
}

func named(a *answer, pattern string) []string {
	var names []string
	for _, m := range regexp.MustCompile(pattern).FindAllSubmatch(a.body, -1) {
		names = append(names, strings.TrimPrefix(string(m[1]), "in/side/"))
	}
	slices.Sort(names)
	return names
}

func createGCS(t *testing.T, b Bucket) {
	g := b.(*gcs)
	body, err := json.Marshal(map[string]string{"name": g.bucket})
	if err != nil {
		t.Fatal(err)
	}
	a, err := g.call(t.Context(), "test", http.MethodPost, "/storage/v1/b", url.Values{"project": {"p"}}, "application/json", body)
	done(t, a, err)
}

func plantGCS(ctx context.Context, b Bucket, name string, body []byte) (int, error) {
	g := b.(*gcs)
	a, err := g.call(ctx, "test", http.MethodPost, "/upload/storage/v1/b/"+g.bucket+"/o",
		url.Values{"uploadType": {"media"}, "name": {g.full(name)}}, "application/gzip", body)
	if err != nil {
		return 0, err
	}
	return a.status, nil
}

func getGCS(t *testing.T, b Bucket, name string) got {
	g := b.(*gcs)
	path := "/storage/v1/b/" + g.bucket + "/o/" + percent(g.full(name), "-._~")
	a, err := g.call(t.Context(), "test", http.MethodGet, path, url.Values{"alt": {"media"}}, "", nil)
	media := gotOf(done(t, a, err))
	if !media.there {
		return media
	}
	about, err := g.call(t.Context(), "test", http.MethodGet, path, url.Values{}, "", nil)
	done(t, about, err)
	var m struct{ ContentEncoding, ContentType string }
	if err := json.Unmarshal(about.body, &m); err != nil {
		t.Fatal(err)
	}
	media.encoding += m.ContentEncoding
	media.typ = m.ContentType
	return media
}

func listGCS(t *testing.T, b Bucket) []string {
	g := b.(*gcs)
	a, err := g.call(t.Context(), "test", http.MethodGet, "/storage/v1/b/"+g.bucket+"/o", url.Values{"fields": {"items(name)"}}, "", nil)
	return named(done(t, a, err), `"name": ?"(in/side/[^"]+)"`)
}

func callAzure(ctx context.Context, b Bucket, method, path, query string, body []byte, header ...string) (*answer, error) {
	z := b.(*azure)
	u := z.base
	u.RawPath = u.Path + "/" + z.bucket + percent(path, "-._~/")
	u.Path += "/" + z.bucket + path
	u.RawQuery = query
	req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.ContentLength = int64(len(body))
	req.Header.Set("X-Ms-Version", azVersion)
	req.Header.Set("X-Ms-Date", z.client.now().UTC().Format(http.TimeFormat))
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return z.client.send(ctx, "test", req, body, z.login.sign)
}

func createAzure(t *testing.T, b Bucket) {
	a, err := callAzure(t.Context(), b, http.MethodPut, "", "restype=container", nil)
	done(t, a, err)
}

func plantAzure(ctx context.Context, b Bucket, name string, body []byte) (int, error) {
	a, err := callAzure(ctx, b, http.MethodPut, "/"+b.(*azure).full(name), "", body, "X-Ms-Blob-Type", "BlockBlob")
	if err != nil {
		return 0, err
	}
	return a.status, nil
}

func getAzure(t *testing.T, b Bucket, name string) got {
	a, err := callAzure(t.Context(), b, http.MethodGet, "/"+b.(*azure).full(name), "", nil)
	return gotOf(done(t, a, err))
}

func listAzure(t *testing.T, b Bucket) []string {
	a, err := callAzure(t.Context(), b, http.MethodGet, "", "restype=container&comp=list", nil)
	return named(done(t, a, err), `<Name>(in/side/[^<]+)</Name>`)
}
