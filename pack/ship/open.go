package ship

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// OpenOptions are what an address does not say.
type OpenOptions struct {
	CAFile string // PEM file of the authorities that sign the store's certificate, beside the system's; read again when it changes
}

// Open gives the bucket of an address. It sends nothing and reads no credentials; both happen at the
// first Put or Look.
//
//	file:///folder
//	s3://bucket/prefix?region=R&endpoint=URL&style=path|virtual&sse=AES256|aws:kms|aws:kms:dsse&kms_key_id=K&auth=none
//	gs://bucket/prefix?endpoint=URL&kms_key=K&user_project=P&auth=none
//	azblob://container/prefix?account=A&endpoint=URL&encryption_scope=S
//
// Every query parameter may be left out. An endpoint is an http or https URL, for private clouds; style
// is path behind an endpoint and else virtual. auth=none sends no credentials. The credentials are those
// of the clouds' usual chains, never part of the address. An error never quotes the address's user or
// query.
func Open(address string, o OpenOptions) (Bucket, error) {
	u, err := url.Parse(address)
	if err != nil { // its text quotes the address
		return nil, errors.New("address of the store: not a URL")
	}
	if u.User != nil {
		return nil, errors.New("address of the store: credentials do not belong into it")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, errors.New("address of the store: the query is not readable")
	}
	p := parameters{query: query}
	var b Bucket
	switch u.Scheme {
	case "file":
		b, err = openDir(u)
	case "s3":
		b, err = openS3(u, &p, o)
	case "gs":
		b, err = openGCS(u, &p, o)
	case "azblob":
		b, err = openAzure(u, &p, o)
	default:
		err = errors.New("the scheme is none of file, s3, gs, azblob")
	}
	if err == nil {
		err = p.unknown(u.Scheme)
	}
	if err != nil {
		return nil, fmt.Errorf("address of the store: %w", err)
	}
	return b, nil
}

// parameters are a query that knows which of its names were asked for.
type parameters struct {
	query url.Values
	asked []string
}

func (p *parameters) get(name string) string {
	p.asked = append(p.asked, name)
	return p.query.Get(name)
}

// oneOf is get with the values that there are; the first is the default.
func (p *parameters) oneOf(name string, values ...string) (string, error) {
	v := p.get(name)
	if v == "" {
		return values[0], nil
	}
	if !slices.Contains(values, v) {
		return "", fmt.Errorf("%s is none of %s", name, strings.Trim(strings.Join(values, ", "), ", "))
	}
	return v, nil
}

// unknown refuses what nobody asked for: a misspelled encryption option must not be passed over.
func (p *parameters) unknown(scheme string) error {
	for name := range p.query {
		if !slices.Contains(p.asked, name) {
			slices.Sort(p.asked)
			return fmt.Errorf("a query parameter that %s does not have (it has %s)", scheme, strings.Join(p.asked, ", "))
		}
	}
	return nil
}

// endpoint reads a base URL: a query parameter, else the first of the variables that is set.
func (p *parameters) endpoint(variables ...string) (*url.URL, error) {
	from, v := "endpoint", p.get("endpoint")
	for _, name := range variables {
		if v == "" {
			from, v = name, os.Getenv(name)
		}
	}
	if v == "" {
		return nil, nil
	}
	if !strings.Contains(v, "://") {
		v = "http://" + v // as the emulators' variables are written
		if from == "endpoint" {
			return nil, errors.New("endpoint: no http or https URL")
		}
	}
	u, err := url.Parse(v)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" {
		return nil, fmt.Errorf("%s: no http or https URL without user and query", from)
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u, nil
}

// place is the bucket and the prefix of an address, the prefix without slashes at its ends.
type place struct{ scheme, bucket, prefix string }

func placeOf(u *url.URL) (place, error) {
	p := place{u.Scheme, u.Host, strings.Trim(u.Path, "/")}
	if p.bucket == "" {
		return p, errors.New("the bucket is missing")
	}
	for part := range strings.SplitSeq(p.prefix, "/") {
		if part == "." || part == ".." || part == "" && p.prefix != "" {
			return p, errors.New("the prefix has a part that is empty or leads upward")
		}
	}
	return p, nil
}

func (p place) String() string { return strings.TrimSuffix(p.scheme+"://"+p.bucket+"/"+p.prefix, "/") }

// full is the object's name in the bucket.
func (p place) full(name string) string {
	if p.prefix == "" {
		return name
	}
	return p.prefix + "/" + name
}

func openDir(u *url.URL) (Bucket, error) {
	if u.Host != "" && u.Host != "localhost" || !filepath.IsAbs(u.Path) {
		return nil, errors.New("a folder is written file:///folder")
	}
	return &dir{root: filepath.Clean(u.Path)}, nil
}
