package ship

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// azToken is a token as Azurite believes it with --oauth basic: it looks at the claims, not at the
// signature.
func azToken(t *testing.T) string { return azTokenFor(t, "https://storage.azure.com") }

// azTokenFor is one for another audience, which Azurite refuses.
func azTokenFor(t *testing.T, audience string) string {
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	now := time.Now().Unix()
	return part(map[string]string{"alg": "HS256", "typ": "JWT"}) + "." + part(map[string]any{
		"iss": "https://sts.windows.net/tenant/", "aud": audience, "sub": "s", "ver": "1.0",
		"nbf": now - 60, "iat": now - 60, "exp": now + 3600}) + "." + base64.RawURLEncoding.EncodeToString([]byte("signature"))
}

// azuriteTLS is a second Azurite, which takes tokens: it does so over TLS only.
func azuriteTLS(t *testing.T) (addr, ca string) {
	t.Helper()
	addr = serverCalled(t, "azurite-tls", "azurite-blob", func(port, dir string) []string {
		cert, own := ownCertificate(t)
		return []string{"--blobHost", "127.0.0.1", "--blobPort", port, "--location", dir, "--skipApiVersionCheck", "--disableTelemetry", "--silent",
			"--oauth", "basic", "--cert", writeFile(t, filepath.Join(dir, "cert.pem"), readFile(t, cert)), "--key", writeFile(t, filepath.Join(dir, "own.pem"), readFile(t, own))}
	})
	running.Lock()
	defer running.Unlock()
	return addr, filepath.Join(running.folders["azurite-tls"], "cert.pem")
}

// overTLS is the address of a new container there.
func overTLS(t *testing.T) (address, endpoint, ca string) {
	t.Helper()
	addr, ca := azuriteTLS(t)
	endpoint = "https://" + addr + "/" + azAccount
	address = "azblob://b" + strings.ToLower(rand.Text())[:20] + "?account=" + azAccount + "&endpoint=" + endpoint
	createAzure(t, azureOf(t, address, ca)) // with the shared key of the test binary
	return address, endpoint, ca
}

func azureOf(t *testing.T, address, ca string) Bucket {
	t.Helper()
	b, err := Open(address, OpenOptions{CAFile: ca})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// entra hands out tokens for what a pod's file says, and notes that.
func entra(t *testing.T) (login *httptest.Server, federated *atomic.Value) {
	t.Helper()
	return entraThat(t, func(string) string { return azToken(t) })
}

// entraThat hands out what give says for an assertion.
func entraThat(t *testing.T, give func(assertion string) string) (login *httptest.Server, federated *atomic.Value) {
	t.Helper()
	federated = new(atomic.Value)
	login = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/openid-configuration") {
			base := "https://" + r.Host + "/tenant"
			fmt.Fprintf(w, `{"token_endpoint":"%s/oauth2/v2.0/token","authorization_endpoint":"%s/a","issuer":"%s/v2.0"}`, base, base, base)
			return
		}
		federated.Store(r.FormValue("client_assertion"))
		fmt.Fprint(w, strings.ReplaceAll(grantedByAzure(give(r.FormValue("client_assertion"))), `"3600"`, "3600"))
	}))
	login.StartTLS()
	t.Cleanup(login.Close)
	return login, federated
}

func grantedByAzure(bearer string) string {
	return `{"access_token":"` + bearer + `","token_type":"Bearer","expires_in":"3600","expires_on":"` +
		fmt.Sprint(time.Now().Add(time.Hour).Unix()) + `","resource":"https://storage.azure.com"}`
}

func TestAzureIdentities(t *testing.T) {
	address, endpoint, ca := overTLS(t)
	login, federated := entra(t)
	both := writeFile(t, filepath.Join(t.TempDir(), "both.pem"), readFile(t, ca)+string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: login.Certificate().Raw})))
	service, calls := handsOut(t, map[string]func(*http.Request) string{"/msi": func(r *http.Request) string {
		if r.Header.Get("X-Identity-Header") != "planted" {
			return ""
		}
		return grantedByAzure(azToken(t))
	}})
	open := func(t *testing.T) Bucket {
		t.Setenv("AZURE_STORAGE_KEY", "")
		return azureOf(t, address, both)
	}
	t.Run("managed identity", func(t *testing.T) {
		t.Setenv("IDENTITY_ENDPOINT", service+"/msi")
		t.Setenv("IDENTITY_HEADER", "planted")
		ok(t, putOne(t, open(t), 1))
		if calls.Load() == 0 {
			t.Error("the service was not asked")
		}
	})
	t.Run("workload identity", func(t *testing.T) {
		t.Setenv("AZURE_CLIENT_ID", "client")
		t.Setenv("AZURE_TENANT_ID", "tenant")
		t.Setenv("AZURE_AUTHORITY_HOST", login.URL)
		t.Setenv("AZURE_FEDERATED_TOKEN_FILE", writeFile(t, filepath.Join(t.TempDir(), "jwt"), "of the pod"))
		ok(t, putOne(t, open(t), 2))
		if federated.Load() != "of the pod" {
			t.Errorf("logged in with %v", federated.Load())
		}
	})
	t.Run("connection string", func(t *testing.T) {
		t.Setenv("AZURE_STORAGE_KEY", "")
		t.Setenv("AZURE_STORAGE_CONNECTION_STRING", "AccountName="+azAccount+";AccountKey="+azSecret+";BlobEndpoint="+endpoint+";")
		short, _, _ := strings.Cut(address, "?")
		ok(t, putOne(t, azureOf(t, short, ca), 3))
	})
	t.Run("wrong", func(t *testing.T) {
		t.Setenv("AZURE_STORAGE_KEY", base64.StdEncoding.EncodeToString([]byte("another")))
		is(t, putOne(t, azureOf(t, address, ca), 4), Forbidden)
	})
}

func TestTheCAFileChanges(t *testing.T) {
	address, _, ca := overTLS(t)
	file := filepath.Join(t.TempDir(), "ca.pem")
	b := azureOf(t, address, file)
	err := putOne(t, b, 1)
	is(t, err, Unreachable)
	if !strings.Contains(err.Error(), errCAFile.Error()) {
		t.Error(err)
	}
	other, _ := ownCertificate(t)
	writeFile(t, file, readFile(t, other))
	err = putOne(t, b, 2)
	is(t, err, Unreachable)
	if !strings.Contains(err.Error(), "certificate") {
		t.Error(err)
	}
	writeFile(t, file, readFile(t, ca))
	ok(t, putOne(t, b, 3))
}

// A shared access signature stands in the query of every request: nothing that is told holds it.
func TestASignatureInTheQueryIsNotTold(t *testing.T) {
	t.Setenv("AZURE_STORAGE_KEY", "")
	t.Setenv("AZURE_STORAGE_SAS_TOKEN", "?sv=2021-12-02&sig=planted")
	var asked atomic.Value
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.URL.RawQuery)
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, r.URL.RawQuery)
	}))
	defer srv.Close()
	b, err := Open("azblob://packs?account=acc&endpoint="+srv.URL, OpenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	spool := filled(t, SpoolOptions{}, 1)
	var out strings.Builder
	sh := NewShipper(b, spool, ShipperOptions{Log: slog.New(slog.NewTextHandler(&out, nil))})
	sh.step(t.Context())
	srv.Close()
	sh.nudge()
	sh.step(t.Context())
	if asked.Load() != "sv=2021-12-02&sig=planted" {
		t.Errorf("asked with %v", asked.Load())
	}
	st := sh.Status()
	if told := out.String() + fmt.Sprintf("%+v", st) + b.String(); strings.Contains(told, "planted") || st.Faults[Forbidden] != 1 || st.Faults[Unreachable]+st.Faults[Unsure] != 1 {
		t.Errorf("told: %s", told)
	}
}
