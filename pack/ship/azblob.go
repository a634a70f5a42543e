package ship

import (
	"context"
	"crypto/md5"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"os"
	"strings"
)

const azVersion = "2021-12-02" // of the REST API, the first with all that is used here

// azure is a container of Azure Blob Storage, by its REST API: Put Blob with If-None-Match and Get Blob
// Properties.
type azure struct {
	place
	client *client
	login  azLogin
	base   url.URL // of the account
	scope  string
}

var _ Bucket = (*azure)(nil)

func openAzure(u *url.URL, p *parameters, o OpenOptions) (Bucket, error) {
	at, err := placeOf(u)
	if err != nil {
		return nil, err
	}
	conn, err := readConnection(os.Getenv("AZURE_STORAGE_CONNECTION_STRING"))
	if err != nil {
		return nil, err
	}
	b := &azure{place: at, client: newClient(o.CAFile), scope: p.get("encryption_scope")}
	account := firstSet(p.get("account"), os.Getenv("AZURE_STORAGE_ACCOUNT"), conn["AccountName"])
	if strings.Trim(account, "abcdefghijklmnopqrstuvwxyz0123456789") != "" || account == "" {
		return nil, errors.New("account: missing, or not a-z and 0-9 (or set AZURE_STORAGE_ACCOUNT)")
	}
	endpoint, err := p.endpoint()
	if err != nil {
		return nil, err
	}
	if endpoint == nil && conn["BlobEndpoint"] != "" {
		q := parameters{query: url.Values{"endpoint": {conn["BlobEndpoint"]}}}
		if endpoint, err = q.endpoint(); err != nil {
			return nil, errors.New("AZURE_STORAGE_CONNECTION_STRING: its BlobEndpoint is no http or https URL")
		}
	}
	if endpoint == nil {
		endpoint = &url.URL{
			Scheme: firstSet(conn["DefaultEndpointsProtocol"], "https"),
			Host:   account + ".blob." + firstSet(conn["EndpointSuffix"], "core.windows.net"),
		}
	}
	b.base = *endpoint
	b.login, err = newAzLogin(b.client, account, conn)
	return b, err
}

// readConnection splits a connection string; its text never comes back in an error.
func readConnection(s string) (map[string]string, error) {
	parts := map[string]string{}
	for part := range strings.SplitSeq(s, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		name, value, ok := strings.Cut(part, "=")
		if !ok {
			return nil, errors.New("AZURE_STORAGE_CONNECTION_STRING: a part without =")
		}
		parts[name] = value
	}
	return parts, nil
}

func (b *azure) Put(ctx context.Context, name string, o Object) error {
	h := http.Header{}
	sum := md5.Sum(o.Body)
	h.Set("Content-Type", o.ContentType)
	h.Set("X-Ms-Blob-Content-Type", o.ContentType)
	h.Set("X-Ms-Blob-Type", "BlockBlob")
	h.Set("Content-Md5", base64.StdEncoding.EncodeToString(sum[:])) // the server compares
	h.Set("If-None-Match", "*")
	h.Set("X-Ms-Meta-Sha256", o.SHA256)
	if b.scope != "" {
		h.Set("X-Ms-Encryption-Scope", b.scope)
	}
	a, err := b.call(ctx, "put", http.MethodPut, name, h, o.Body)
	if err != nil {
		return err
	}
	if a.status != http.StatusCreated {
		return b.fault("put", a)
	}
	return nil
}

func (b *azure) Look(ctx context.Context, name string) (Entry, error) {
	a, err := b.call(ctx, "look", http.MethodHead, name, http.Header{}, nil)
	switch {
	case err != nil:
		return Entry{}, err
	case a.status == http.StatusNotFound:
		return Entry{}, ErrAbsent
	case a.status != http.StatusOK:
		return Entry{}, b.fault("look", a)
	}
	return entryOf(a, "X-Ms-Meta-Sha256"), nil
}

func (b *azure) call(ctx context.Context, step, method, name string, h http.Header, body []byte) (*answer, error) {
	u := b.base
	u.RawPath = u.EscapedPath() + "/" + percent(b.bucket, "-$") + "/" + percent(b.full(name), "-._~/")
	u.Path += "/" + b.bucket + "/" + b.full(name)
	req, err := http.NewRequestWithContext(ctx, method, u.String(), nil)
	if err != nil {
		return nil, &Fault{Cause: Refused, Step: step, Detail: "the name gives no address", err: err}
	}
	req.Header = h
	req.Header.Set("X-Ms-Version", azVersion)
	req.Header.Set("X-Ms-Date", b.client.now().UTC().Format(http.TimeFormat))
	req.ContentLength = int64(len(body)) // signed
	return b.client.send(ctx, step, req, body, b.login.sign)
}

// fault adds what Azure says in a header of its own.
func (b *azure) fault(step string, a *answer) *Fault {
	f := b.client.fault(step, a)
	switch a.header.Get("X-Ms-Error-Code") {
	case "BlobAlreadyExists":
		f.Cause = Exists
	case "ContainerBeingDeleted", "ContainerDisabled", "ContainerNotFound":
		f.Cause = NoBucket
	case "AccountIsDisabled", "InsufficientAccountPermissions", "AuthenticationFailed", "InvalidAuthenticationInfo":
		if f.Cause != ClockOff {
			f.Cause = Forbidden
		}
	}
	if f.Cause == Forbidden {
		b.login.forget()
	}
	return f
}
