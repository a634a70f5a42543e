package ship

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"os"
	"strconv"
)

// gcs is a bucket of Google Cloud Storage, by its JSON API: objects.insert with ifGenerationMatch=0 and
// objects.get.
type gcs struct {
	place
	client  *client
	login   *googleLogin // nil: none is sent
	base    url.URL
	kms     string
	project string
}

var _ Bucket = (*gcs)(nil)

func openGCS(u *url.URL, p *parameters, o OpenOptions) (Bucket, error) {
	at, err := placeOf(u)
	if err != nil {
		return nil, err
	}
	b := &gcs{place: at, client: newClient(o.CAFile), kms: p.get("kms_key"), project: p.get("user_project")}
	endpoint, err := p.endpoint("STORAGE_EMULATOR_HOST")
	if err != nil {
		return nil, err
	}
	auth, err := p.oneOf("auth", "", "none")
	if err != nil {
		return nil, err
	}
	// An emulator has no logins; the variable that names it says so in Google's own clients.
	if auth != "none" && (p.query.Get("endpoint") != "" || os.Getenv("STORAGE_EMULATOR_HOST") == "") {
		b.login = &googleLogin{client: b.client.logins()}
	}
	if endpoint == nil {
		endpoint = &url.URL{Scheme: "https", Host: "storage.googleapis.com"}
	}
	b.base = *endpoint
	return b, nil
}

func (b *gcs) Put(ctx context.Context, name string, o Object) error {
	sum := md5.Sum(o.Body)
	body, contentType, err := related(map[string]any{
		"name":        b.full(name),
		"contentType": o.ContentType,
		"md5Hash":     base64.StdEncoding.EncodeToString(sum[:]), // the server compares
		"metadata":    map[string]string{"sha256": o.SHA256},
	}, o)
	if err != nil {
		return &Fault{Cause: Refused, Step: "put", Detail: "the request cannot be made", err: err}
	}
	q := url.Values{"uploadType": {"multipart"}, "ifGenerationMatch": {"0"}, "fields": {"size"}}
	if b.kms != "" {
		q.Set("kmsKeyName", b.kms)
	}
	a, err := b.call(ctx, "put", http.MethodPost, "/upload/storage/v1/b/"+percent(b.bucket, "-._~")+"/o", q, contentType, body)
	if err != nil {
		return err
	}
	if a.status != http.StatusOK {
		return b.fault("put", a)
	}
	return nil
}

// related is the body of a multipart upload: what the object is, then its bytes.
func related(about any, o Object) (body []byte, contentType string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Type": {"application/json; charset=UTF-8"}})
	if err == nil {
		err = json.NewEncoder(part).Encode(about)
	}
	if err == nil {
		part, err = w.CreatePart(textproto.MIMEHeader{"Content-Type": {o.ContentType}})
	}
	if err == nil {
		_, err = part.Write(o.Body)
	}
	if err == nil {
		err = w.Close()
	}
	return b.Bytes(), "multipart/related; boundary=" + w.Boundary(), err
}

func (b *gcs) Look(ctx context.Context, name string) (Entry, error) {
	path := "/storage/v1/b/" + percent(b.bucket, "-._~") + "/o/" + percent(b.full(name), "-._~")
	a, err := b.call(ctx, "look", http.MethodGet, path, url.Values{"fields": {"size,metadata"}}, "", nil)
	switch {
	case err != nil:
		return Entry{}, err
	case a.status == http.StatusNotFound:
		return Entry{}, ErrAbsent
	case a.status != http.StatusOK:
		return Entry{}, b.fault("look", a)
	}
	var about struct {
		Size     string            `json:"size"`
		Metadata map[string]string `json:"metadata"`
	}
	if err := json.Unmarshal(a.body, &about); err != nil {
		return Entry{}, &Fault{Cause: Broken, Step: "look", Detail: "the answer is not the API's", err: err}
	}
	e := Entry{Size: -1}
	if n, err := parseSize(about.Size); err == nil {
		e.Size = n
	}
	if sum := about.Metadata["sha256"]; isHash(sum) {
		e.SHA256 = sum
	}
	return e, nil
}

func (b *gcs) call(ctx context.Context, step, method, path string, q url.Values, contentType string, body []byte) (*answer, error) {
	if b.project != "" {
		q.Set("userProject", b.project)
	}
	base := b.base.String()
	req, err := http.NewRequestWithContext(ctx, method, base+path+"?"+q.Encode(), nil)
	if err != nil {
		return nil, &Fault{Cause: Refused, Step: step, Detail: "the name gives no address", err: err}
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	return b.client.send(ctx, step, req, body, func(r *http.Request) error {
		if b.login == nil {
			return nil
		}
		t, err := b.login.bearer(ctx)
		if err != nil {
			return err
		}
		return setBearer(r, t)
	})
}

func (b *gcs) fault(step string, a *answer) *Fault {
	f := b.client.fault(step, a)
	if f.Cause == Forbidden && b.login != nil {
		b.login.forget()
	}
	return f
}

// setBearer sets the login of a request, unless the line is open to readers.
func setBearer(r *http.Request, t string) error {
	if host := r.URL.Hostname(); r.URL.Scheme != "https" && host != "localhost" && !loopback(host) {
		return &Fault{Cause: Refused, Step: "log in", Detail: "credentials are not sent over http to another machine"}
	}
	r.Header.Set("Authorization", "Bearer "+t)
	return nil
}

func parseSize(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("size: %w", strconv.ErrSyntax)
	}
	return n, nil
}
