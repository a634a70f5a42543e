package ship

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync/atomic"

	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// s3 is a bucket of S3 or of a store that speaks its protocol: PutObject with If-None-Match and
// HeadObject, signed by the AWS SDK's signer.
type s3 struct {
	place
	client *client
	login  *awsLogin // nil: none is sent
	base   url.URL   // the bucket's address; the object's name is added to its path
	region atomic.Pointer[string]
	named  bool // the endpoint was named: the host does not depend on the region
	extra  http.Header
}

var _ Bucket = (*s3)(nil)

func openS3(u *url.URL, p *parameters, o OpenOptions) (Bucket, error) {
	at, err := placeOf(u)
	if err != nil {
		return nil, err
	}
	b := &s3{place: at, client: newClient(o.CAFile), extra: http.Header{}}
	region := firstSet(p.get("region"), os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION"), "us-east-1")
	if strings.Trim(region, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" {
		return nil, errors.New("region: only a-z, 0-9 and - can be in it")
	}
	b.region.Store(&region)
	endpoint, err := p.endpoint("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
	if err != nil {
		return nil, err
	}
	style, err := p.oneOf("style", "", "path", "virtual")
	if err != nil {
		return nil, err
	}
	// A certificate for *.s3... does not cover a bucket's name with a dot.
	virtual := style == "virtual" || style == "" && endpoint == nil && !strings.Contains(at.bucket, ".")
	b.named = endpoint != nil
	if endpoint == nil {
		endpoint = &url.URL{Scheme: "https"}
	}
	b.base = *endpoint
	if virtual && b.named {
		b.base.Host = at.bucket + "." + b.base.Host
	}
	if !virtual {
		b.base.Path += "/" + at.bucket
	}
	if err := b.encryption(p); err != nil {
		return nil, err
	}
	auth, err := p.oneOf("auth", "", "none")
	if auth != "none" {
		b.login = newAWSLogin(b.client.logins(), region)
	}
	return b, err
}

func (b *s3) encryption(p *parameters) error {
	sse, err := p.oneOf("sse", "", "AES256", "aws:kms", "aws:kms:dsse")
	if err != nil {
		return err
	}
	id := p.get("kms_key_id")
	if id != "" && !strings.HasPrefix(sse, "aws:kms") {
		return errors.New("kms_key_id goes with sse=aws:kms")
	}
	if sse != "" {
		b.extra.Set("X-Amz-Server-Side-Encryption", sse)
	}
	if id != "" {
		b.extra.Set("X-Amz-Server-Side-Encryption-Aws-Kms-Key-Id", id)
	}
	return nil
}

func (b *s3) Put(ctx context.Context, name string, o Object) error {
	h := b.extra.Clone()
	sum := md5.Sum(o.Body)
	h.Set("Content-Type", o.ContentType)
	h.Set("Content-Md5", base64.StdEncoding.EncodeToString(sum[:]))
	h.Set("If-None-Match", "*")
	h.Set("X-Amz-Meta-Sha256", o.SHA256)
	a, err := b.call(ctx, "put", http.MethodPut, name, h, o.Body, o.SHA256)
	if err != nil {
		return err
	}
	if a.status != http.StatusOK {
		return b.fault("put", a)
	}
	return nil
}

func (b *s3) Look(ctx context.Context, name string) (Entry, error) {
	a, err := b.call(ctx, "look", http.MethodHead, name, http.Header{}, nil, hashOf(nil))
	switch {
	case err != nil:
		return Entry{}, err
	case a.status == http.StatusNotFound:
		return Entry{}, ErrAbsent
	case a.status != http.StatusOK:
		return Entry{}, b.fault("look", a)
	}
	return entryOf(a, "X-Amz-Meta-Sha256"), nil
}

// call signs and sends. A store that names another region is asked again, once, as it wishes.
func (b *s3) call(ctx context.Context, step, method, name string, h http.Header, body []byte, sum string) (*answer, error) {
	for again := false; ; again = true {
		region := *b.region.Load()
		req, err := http.NewRequestWithContext(ctx, method, b.address(name, region), nil)
		if err != nil {
			return nil, &Fault{Cause: Refused, Step: step, Detail: "the name gives no address", err: err}
		}
		req.Header = h.Clone()
		req.Header.Set("X-Amz-Content-Sha256", sum)
		req.ContentLength = int64(len(body)) // signed
		a, err := b.client.send(ctx, step, req, body, func(r *http.Request) error { return b.sign(r, sum, region) })
		if err != nil {
			return nil, err
		}
		home := a.header.Get("X-Amz-Bucket-Region")
		if again || home == "" || home == region || strings.Trim(home, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" ||
			a.status != http.StatusMovedPermanently && a.status != http.StatusBadRequest && a.status != http.StatusTemporaryRedirect {
			return a, nil
		}
		b.region.Store(&home)
	}
}

func (b *s3) address(name, region string) string {
	u := b.base
	if !b.named {
		u.Host = "s3." + region + ".amazonaws.com"
		if strings.HasPrefix(region, "cn-") {
			u.Host += ".cn"
		}
		if u.Path == "" {
			u.Host = b.bucket + "." + u.Host
		}
	}
	u.RawPath = u.EscapedPath() + "/" + percent(b.full(name), "-._~/")
	u.Path += "/" + b.full(name)
	return u.String()
}

func (b *s3) sign(req *http.Request, sum, region string) error {
	if b.login == nil {
		return nil
	}
	c, err := b.login.credentials(req.Context())
	if err != nil {
		return err
	}
	err = v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = true }).
		SignHTTP(req.Context(), c, req, sum, "s3", region, b.client.now())
	if err != nil {
		return &Fault{Cause: NoLogin, Step: "sign", Detail: "the request could not be signed", err: err}
	}
	return nil
}

// fault adds to what a status says the codes that a status alone does not tell apart.
func (b *s3) fault(step string, a *answer) *Fault {
	f := b.client.fault(step, a)
	code := func(c string) bool { return bytes.Contains(a.body, []byte("<Code>"+c+"</Code>")) }
	switch {
	case code("RequestTimeTooSkewed"):
		f.Cause = ClockOff
	case code("ExpiredToken"), code("InvalidToken"), code("TokenRefreshRequired"), code("InvalidAccessKeyId"):
		f.Cause, f.Detail = Forbidden, "the credentials have expired or are unknown there"
	case code("SignatureDoesNotMatch") && f.Cause == Forbidden:
		f.Detail = "the credentials do not fit"
	case code("SlowDown"):
		f.Cause, f.RetryAfter = Busy, retryAfter(a.header)
	case code("QuotaExceeded"), code("XMinioStorageFull"):
		f.Cause = Full
	case code("NoSuchBucket"), code("InvalidBucketName"):
		f.Cause = NoBucket
	case a.status == http.StatusNotImplemented:
		f.Detail = "the store may lack conditional puts"
	}
	if b.login != nil && f.Cause == Forbidden {
		b.login.forget()
	}
	return f
}

func entryOf(a *answer, hashHeader string) Entry {
	e := Entry{Size: -1}
	if n, err := parseSize(a.header.Get("Content-Length")); err == nil {
		e.Size = n
	}
	if sum := a.header.Get(hashHeader); isHash(sum) {
		e.SHA256 = sum
	}
	return e
}

func firstSet(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
