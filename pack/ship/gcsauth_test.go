package ship

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// watched is the real server behind one that notes the logins: the emulator asks for none.
func watched(t *testing.T, upstream string) (string, func() string) {
	t.Helper()
	var last atomic.Value
	last.Store("")
	proxy := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: upstream})
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		last.Store(r.Header.Get("Authorization"))
		proxy.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://"), func() string { return last.Load().(string) }
}

// googleAccount is the file of a service account, whose tokens come from an address.
func googleAccount(t *testing.T) func(at string) string {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	text := string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(private)}))
	return func(at string) string {
		b, err := json.Marshal(map[string]string{"type": "service_account", "client_email": "packs@p", "private_key": text, "token_uri": at})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
}

func TestGoogleCredentials(t *testing.T) {
	up := fakeGCS(t)
	granted := func(name string) func(*http.Request) string {
		return func(*http.Request) string {
			return `{"access_token":"` + name + `","token_type":"Bearer","expires_in":3600}`
		}
	}
	service, _ := handsOut(t, map[string]func(*http.Request) string{
		"/first": granted("first"), "/second": granted("second"), "/sts": granted("federated"),
		"/computeMetadata/v1/instance/service-accounts/default/token": granted("of-the-node"),
	})
	account := googleAccount(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "adc.json")
	via, login := watched(t, up)
	s := stores[2]
	bucket := bucketOf(s.bucket(t, ""))
	open := func(t *testing.T) Bucket {
		b, err := Open("gs://"+bucket+"?endpoint=http://"+via, OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	expect := func(t *testing.T, want string) {
		t.Helper()
		if login() != "Bearer "+want {
			t.Errorf("logged in as %q, not %q", login(), want)
		}
	}
	t.Run("metadata", func(t *testing.T) {
		t.Setenv("HOME", dir)
		t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", "")
		t.Setenv("GCE_METADATA_HOST", strings.TrimPrefix(service, "http://"))
		ok(t, putOne(t, open(t), 1))
		expect(t, "of-the-node")
	})
	t.Run("federated", func(t *testing.T) {
		subject := writeFile(t, filepath.Join(dir, "jwt"), "of the pod")
		t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", writeFile(t, file, `{"type":"external_account","audience":"a",
			"subject_token_type":"urn:ietf:params:oauth:token-type:jwt","token_url":"`+service+`/sts","credential_source":{"file":"`+subject+`"}}`))
		ok(t, putOne(t, open(t), 2))
		expect(t, "federated")
	})
	t.Run("file that changes", func(t *testing.T) {
		t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", writeFile(t, file, account(service+"/first")))
		b := open(t)
		ok(t, putOne(t, b, 3))
		expect(t, "first")
		writeFile(t, file, account(service+"/second"))
		ok(t, putOne(t, b, 4))
		expect(t, "second")
	})
	t.Run("none", func(t *testing.T) {
		t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", filepath.Join(dir, "nowhere"))
		is(t, putOne(t, open(t), 5), NoLogin)
	})
	t.Run("not over an open line", func(t *testing.T) {
		is(t, setBearer(httptest.NewRequest(http.MethodPut, "http://store.example/x", nil), "x"), Refused)
	})
}
