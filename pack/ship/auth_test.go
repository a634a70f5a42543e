package ship

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The stores are real; what stands in is only what hands out credentials.

func writeFile(t *testing.T, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// handsOut is a service that answers by path, and counts its calls.
func handsOut(t *testing.T, answers map[string]func(r *http.Request) string) (string, *atomic.Int32) {
	t.Helper()
	var calls atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		f := answers[r.URL.Path]
		if f == nil {
			http.NotFound(w, r)
			return
		}
		if said := f(r); said == "" {
			w.WriteHeader(http.StatusUnauthorized)
		} else {
			fmt.Fprint(w, said)
		}
	}))
	t.Cleanup(srv.Close)
	return srv.URL, &calls
}

// noAWS takes away what the test binary has set for all tests.
func noAWS(t *testing.T) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	dir := t.TempDir()
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(dir, "none"))
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(dir, "none-either"))
}

func putOne(t *testing.T, b Bucket, n int) error {
	t.Helper()
	name, o := object(t, fmt.Sprintf("pack-17640000000%02d-abc123", n), 50)
	return b.Put(t.Context(), name, o)
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%v (%v)", err, unwrapped(err))
	}
}

func is(t *testing.T, err error, want Cause) {
	t.Helper()
	if err == nil || faultOf("", err).Cause != want {
		t.Errorf("%v, not %q (%v)", err, want, err)
	}
}

func TestAWSFilesAreReadAgain(t *testing.T) {
	b := stores[1].bucket(t, "")
	noAWS(t)
	is(t, putOne(t, b, 1), NoLogin)
	file := filepath.Join(t.TempDir(), "credentials")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	writeFile(t, file, "[default]\naws_access_key_id=testkey\naws_secret_access_key=old\n")
	is(t, putOne(t, b, 2), Forbidden)
	writeFile(t, file, "[default]\naws_access_key_id=testkey\naws_secret_access_key=testsecret\n")
	ok(t, putOne(t, b, 3))
	writeFile(t, file, "[default]\naws_access_key_id=testkey\naws_secret_access_key=new\n")
	is(t, putOne(t, b, 4), Forbidden)
	writeFile(t, file, "[other]\naws_access_key_id=testkey\naws_secret_access_key=testsecret\n")
	t.Setenv("AWS_PROFILE", "other")
	ok(t, putOne(t, b, 5))
}

func TestAWSWebIdentity(t *testing.T) {
	b := stores[1].bucket(t, "")
	noAWS(t)
	file := writeFile(t, filepath.Join(t.TempDir(), "jwt"), "first")
	var seen []string
	sts, calls := handsOut(t, map[string]func(*http.Request) string{"/": func(r *http.Request) string {
		seen = append(seen, r.FormValue("WebIdentityToken")+" "+r.FormValue("RoleArn"))
		lasts := 2 * time.Second // so short that the next put asks again
		if len(seen) > 1 {
			lasts = time.Hour
		}
		return `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials>
			<AccessKeyId>testkey</AccessKeyId><SecretAccessKey>testsecret</SecretAccessKey><SessionToken></SessionToken>
			<Expiration>` + time.Now().Add(lasts).UTC().Format(time.RFC3339) + `</Expiration>
			</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>`
	}})
	t.Setenv("AWS_ENDPOINT_URL_STS", sts)
	t.Setenv("AWS_ROLE_ARN", "arn:aws:iam::1:role/packs")
	t.Setenv("AWS_WEB_IDENTITY_TOKEN_FILE", file)
	ok(t, putOne(t, b, 1))
	writeFile(t, file, "second")
	waitFor(t, "the credentials to expire", func() bool {
		_, err := b.(*s3).login.credentials(t.Context())
		return err == nil && calls.Load() > 1
	})
	ok(t, putOne(t, b, 2))
	if calls.Load() != 2 || seen[0] != "first arn:aws:iam::1:role/packs" || !strings.HasPrefix(seen[1], "second") {
		t.Errorf("%d calls: %v", calls.Load(), seen)
	}
}

func TestAWSServices(t *testing.T) {
	credentials := func(*http.Request) string {
		return `{"Code":"Success","AccessKeyId":"testkey","SecretAccessKey":"testsecret","Token":"","Expiration":"` + time.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `"}`
	}
	const roles = "/latest/meta-data/iam/security-credentials/"
	for name, set := range map[string]func(t *testing.T, service string){
		"container": func(t *testing.T, service string) {
			t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", service+"/container")
		},
		"instance": func(t *testing.T, service string) {
			t.Setenv("AWS_EC2_METADATA_DISABLED", "")
			t.Setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", service)
			t.Setenv("HTTP_PROXY", "http://127.0.0.1:1") // not for what is on this machine
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := stores[1].bucket(t, "")
			noAWS(t)
			service, calls := handsOut(t, map[string]func(*http.Request) string{
				"/container":        credentials,
				"/latest/api/token": func(r *http.Request) string { return map[bool]string{true: "session"}[r.Method == http.MethodPut] },
				roles: func(r *http.Request) string {
					return map[bool]string{true: "role"}[r.Header.Get("X-Aws-Ec2-Metadata-Token") == "session"]
				},
				roles + "role": credentials,
			})
			set(t, service)
			ok(t, putOne(t, b, 1))
			n := calls.Load()
			ok(t, putOne(t, b, 2))
			if calls.Load() != n || n == 0 {
				t.Errorf("%d calls for the first put, %d for both", n, calls.Load())
			}
		})
	}
}

// Credentials that are good for an hour by themselves, and that the store does not take.
func TestRefusedCredentialsAreAskedForAnew(t *testing.T) {
	b := stores[1].bucket(t, "")
	noAWS(t)
	password := "taken-back"
	service, calls := handsOut(t, map[string]func(*http.Request) string{"/": func(*http.Request) string {
		return `{"Code":"Success","AccessKeyId":"testkey","SecretAccessKey":"` + password + `","Token":"","Expiration":"` + time.Now().Add(time.Hour).UTC().Format(time.RFC3339) + `"}`
	}})
	t.Setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", service+"/")
	is(t, putOne(t, b, 1), Forbidden)
	password = "testsecret"
	ok(t, putOne(t, b, 2))
	if calls.Load() != 2 {
		t.Errorf("%d calls", calls.Load())
	}
}

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
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	private := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey)})
	account := func(at string) string {
		b, err := json.Marshal(map[string]string{"type": "service_account", "client_email": "packs@p", "private_key": string(private), "token_uri": service + at})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
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
		t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", writeFile(t, file, account("/first")))
		b := open(t)
		ok(t, putOne(t, b, 3))
		expect(t, "first")
		writeFile(t, file, account("/second"))
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

// ownCertificate makes a certificate for 127.0.0.1 that signs itself.
func ownCertificate(t *testing.T) (certFile, privateFile string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "store"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	cert, err := x509.CreateCertificate(rand.Reader, about, about, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	return writeFile(t, filepath.Join(dir, "cert.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))),
		writeFile(t, filepath.Join(dir, "own.pem"), string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})))
}

// azToken is a token as Azurite believes it with --oauth basic: it looks at the claims, not at the
// signature.
func azToken(t *testing.T) string {
	part := func(v any) string {
		b, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return base64.RawURLEncoding.EncodeToString(b)
	}
	now := time.Now().Unix()
	return part(map[string]string{"alg": "HS256", "typ": "JWT"}) + "." + part(map[string]any{
		"iss": "https://sts.windows.net/tenant/", "aud": "https://storage.azure.com", "sub": "s", "ver": "1.0",
		"nbf": now - 60, "iat": now - 60, "exp": now + 3600}) + "." + base64.RawURLEncoding.EncodeToString([]byte("signature"))
}

// azuriteTLS is a second Azurite, which takes tokens: it does so over TLS only.
func azuriteTLS(t *testing.T) (addr, ca string) {
	t.Helper()
	cert, own := ownCertificate(t)
	addr = serverCalled(t, "azurite-tls", "azurite-blob", func(port, dir string) []string {
		return []string{"--blobHost", "127.0.0.1", "--blobPort", port, "--location", dir, "--skipApiVersionCheck", "--disableTelemetry", "--silent",
			"--oauth", "basic", "--cert", cert, "--key", own}
	})
	return addr, cert
}

func TestAzureIdentities(t *testing.T) {
	addr, ca := azuriteTLS(t)
	granted := func(*http.Request) string {
		return `{"access_token":"` + azToken(t) + `","token_type":"Bearer","expires_in":"3600","expires_on":"` + fmt.Sprint(time.Now().Add(time.Hour).Unix()) + `","resource":"https://storage.azure.com"}`
	}
	address := "azblob://packs?account=" + azAccount + "&endpoint=https://" + addr + "/" + azAccount
	b, err := Open(address, OpenOptions{CAFile: ca}) // with the shared key of the test binary
	if err != nil {
		t.Fatal(err)
	}
	createAzure(t, b)
	var federated atomic.Value
	login := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/openid-configuration") {
			base := "https://" + r.Host + "/tenant"
			fmt.Fprintf(w, `{"token_endpoint":"%s/oauth2/v2.0/token","authorization_endpoint":"%s/a","issuer":"%s/v2.0"}`, base, base, base)
			return
		}
		federated.Store(r.FormValue("client_assertion"))
		fmt.Fprint(w, strings.ReplaceAll(granted(r), `"3600"`, "3600"))
	}))
	login.StartTLS()
	t.Cleanup(login.Close)
	both := writeFile(t, filepath.Join(t.TempDir(), "both.pem"), readFile(t, ca)+string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: login.Certificate().Raw})))
	service, calls := handsOut(t, map[string]func(*http.Request) string{"/msi": func(r *http.Request) string {
		if r.Header.Get("X-Identity-Header") != "planted" {
			return ""
		}
		return granted(r)
	}})
	open := func(t *testing.T) Bucket {
		t.Setenv("AZURE_STORAGE_KEY", "")
		b, err := Open(address, OpenOptions{CAFile: both})
		if err != nil {
			t.Fatal(err)
		}
		return b
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
		t.Setenv("AZURE_STORAGE_CONNECTION_STRING", "DefaultEndpointsProtocol=https;AccountName="+azAccount+";AccountKey="+azSecret+";BlobEndpoint=https://"+addr+"/"+azAccount+";")
		b, err := Open("azblob://packs", OpenOptions{CAFile: ca})
		if err != nil {
			t.Fatal(err)
		}
		ok(t, putOne(t, b, 3))
	})
	t.Run("wrong", func(t *testing.T) {
		t.Setenv("AZURE_STORAGE_KEY", base64.StdEncoding.EncodeToString([]byte("another")))
		b, err := Open(address, OpenOptions{CAFile: ca})
		if err != nil {
			t.Fatal(err)
		}
		is(t, putOne(t, b, 4), Forbidden)
	})
	t.Run("the CA file changes", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "ca.pem")
		b, err := Open(address, OpenOptions{CAFile: file})
		if err != nil {
			t.Fatal(err)
		}
		is(t, putOne(t, b, 5), Unreachable)
		other, _ := ownCertificate(t)
		writeFile(t, file, readFile(t, other))
		err = putOne(t, b, 6)
		is(t, err, Unreachable)
		if !strings.Contains(err.Error(), "unknown authority") && !strings.Contains(err.Error(), "certificate") {
			t.Error(err)
		}
		writeFile(t, file, readFile(t, ca))
		ok(t, putOne(t, b, 7))
	})
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestMetadataServicesAreNotAskedByProxy(t *testing.T) {
	for host, want := range map[string]bool{
		"169.254.169.254": true, "169.254.170.2": true, "fe80::1": true, "fd00:ec2::254": true, "fd00:ec2::23": true, "metadata.google.internal": true,
		"s3.amazonaws.com": false, "10.0.0.7": false, "fd00:ec2::1": false, "metadata.google.internal.example": false,
	} {
		if ofTheNode(host) != want {
			t.Errorf("%s: %v", host, !want)
		}
	}
}
