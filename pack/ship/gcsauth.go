package ship

import (
	"context"
	"net"
	"net/http"
	"os"
	"sync"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/google"
)

const gcsScope = "https://www.googleapis.com/auth/devstorage.read_write"

// googleLogin gives access tokens by Application Default Credentials: the file that
// GOOGLE_APPLICATION_CREDENTIALS names (a service account, workload identity federation), gcloud's file,
// the metadata server (GKE workload identity, GCE_METADATA_HOST). Tokens are renewed in time; a file that
// changed is read again, and what the store refused is looked up anew.
type googleLogin struct {
	client *http.Client

	mu     sync.Mutex
	source oauth2.TokenSource
	file   string // what the file was when the source was made
}

func (l *googleLogin) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.source = nil
}

func (l *googleLogin) bearer(ctx context.Context) (string, error) {
	type result struct {
		token *oauth2.Token
		err   error
	}
	// The library's sources take no context for one call; its client has a time limit.
	got := make(chan result, 1)
	go func() {
		t, err := l.token()
		got <- result{t, err}
	}()
	select {
	case <-ctx.Done():
		return "", &Fault{Cause: Unreachable, Step: "log in", Detail: wordsFor(ctx.Err()), err: ctx.Err()}
	case r := <-got:
		if r.err != nil {
			return "", &Fault{Cause: NoLogin, Step: "log in", err: r.err,
				Detail: "neither the file, a federated identity, nor the metadata server gave any"}
		}
		return r.token.AccessToken, nil
	}
}

func (l *googleLogin) token() (*oauth2.Token, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	file := ""
	if path := os.Getenv("GOOGLE_APPLICATION_CREDENTIALS"); path != "" {
		content, err := os.ReadFile(path)
		if err == nil {
			file = hashOf(content)
		}
	}
	if l.source == nil || file != l.file {
		ctx := context.WithValue(context.Background(), oauth2.HTTPClient, l.client)
		c, err := google.FindDefaultCredentials(ctx, gcsScope)
		if err != nil {
			return nil, err
		}
		l.source, l.file = c.TokenSource, file
	}
	return l.source.Token()
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
