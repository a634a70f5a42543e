package known

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func look(o Options) []string {
	var out []string
	values, _ := New(o).Look()
	for _, v := range values {
		out = append(out, string(v))
	}
	slices.Sort(out)
	return out
}

const random = "q7Vd0sLx2Kf9Rt4W"

// Each variable alone, and what it makes known: with a near miss beside what counts.
func TestVariables(t *testing.T) {
	service, _ := json.Marshal(map[string]any{"type": "service_account", "project_id": "box-prod-1234567", "private_key_id": "77ab12cd90ef34567812",
		"private_key": "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nq7Vd0sLx2Kf9Rt4WMIIEvQIBADANBgkqh=\n-----END PRIVATE KEY-----\n"})
	for _, c := range []struct {
		nv   string
		want string // divided by blanks; "": nothing
	}{
		{"AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE1KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE1KEY"},
		{"AZURE_STORAGE_KEY=/Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq==", "/Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq=="},
		{"DB_PASSWORD=" + random, random},
		{"dbPassword='" + random + "'", random},
		{"DB_USER=" + random, ""},
		{"GIT_SHA=3f2a9c1b7d5e8f60", ""},
		{"JWT_SECRET=my-super-secret-jwt-key", "my-super-secret-jwt-key"},
		{"AUTHORIZATION=Bearer " + random, random},
		{"DATABASE_URL=postgres://svc:" + random + "@db.internal:5432/box", random},
		{"DATABASE_URL=postgres://svc:p%40" + random + "@db.internal:5432/box?sslmode=require", "p%40" + random + " p@" + random},
		{"DATABASE_URL=postgres://postgres:postgres@localhost:5432/postgres", ""},
		{"HTTPS_PROXY=http://bob:" + random + "@proxy.internal:3128", random},
		{"NO_PROXY=localhost,127.0.0.1,.cluster.local", ""},
		{"SENTRY_DSN=https://8f3b2c1d9e7a4f60b5c6d7e8f9a0b1c2@o1.ingest.sentry.io/2", "8f3b2c1d9e7a4f60b5c6d7e8f9a0b1c2"},
		{"RELAYPACK_PUSH_URL=s3://bucket/p?secret_access_key=" + random + "&region=eu-central-1", random},
		{"AZURE_STORAGE_CONNECTION_STRING=DefaultEndpointsProtocol=https;AccountName=box;AccountKey=" + random + "==;EndpointSuffix=core.windows.net", random + "=="},
		{"PG=host=db.internal user=svc password=" + random + " dbname=box", random},
		{"MYSQL_DSN=svc:" + random + "@tcp(db:3306)/box", random},
		{"OTEL_EXPORTER_OTLP_HEADERS=x-tenant=box,api-key=" + random, random},
		{"JAVA_OPTS=-Xmx512m -Djavax.net.ssl.keyStorePassword=" + random, random},
		{"ARGS=--verbose --password " + random + " --port 3001", random},
		{"GOOGLE_CREDENTIALS=" + string(service), "77ab12cd90ef34567812 MIIEvQIBADANBgkqhkiG9w0BAQEFAASC q7Vd0sLx2Kf9Rt4WMIIEvQIBADANBgkqh="},
		{"TLS_CERT=-----BEGIN CERTIFICATE-----\nMIIDvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END CERTIFICATE-----", ""},
		// What stands everywhere is no secret, whatever the name says.
		{"DB_PASSWORD=production", ""},
		{"DB_PASSWORD=true", ""},
		{"DB_PASSWORD=controlbox-redis-01", ""},
		{"APP_SECRET=auth.example.com", ""},
		{"APP_SECRET=us-east-1", ""},
		{"APP_SECRET=aaaaaaaaaaaaaaaaaaa", ""},
		{"APP_SECRET=2026-11-24T10:00:00Z", ""},
		{"APP_SECRET=168h30m0s", ""},
		{"APP_SECRET=/etc/controlbox/relay/value.txt", ""},
		{"APP_SECRET=10.20.30.40:8080", ""},
		{"APP_SECRET=1795424858000", ""},
		{"APP_SECRET=${FROM_ANOTHER_PLACE_2}", ""},
		{"APP_SECRET=relay-0-production-x7f9q2k", ""},
		{"SECRET_NAME=relay-" + random, ""},
		{"TOKEN_ISSUER=https://login.example.com/t/" + random, ""},
		{"TOKEN_SERVICE_PORT_8080_TCP=tcp://10.0.0.1:8080", ""},
		{"JWT_ALGORITHM=HS256,RS256,ES512", ""},
		{"JWT_PUBLIC_KEY=" + random, ""},
		{"RELAYPACK_SECRET_PATHS=/mnt/" + random + random, ""},
		{"SSH_AUTH_SOCK=/tmp/ssh-" + random + "/agent.77", ""},
		{"PASSWORD_MIN_LENGTH=" + random, ""},
	} {
		want := strings.Fields(c.want)
		slices.Sort(want)
		got := look(Options{Environ: []string{c.nv}, Root: t.TempDir(), Harmless: []string{"relay-0-production-x7f9q2k"}})
		got = slices.DeleteFunc(got, func(v string) bool {
			return v == strings.SplitN(c.nv, "=", 2)[1] && len(want) > 0 && !slices.Contains(want, v)
		}) // the whole, too
		if !slices.Equal(got, want) {
			t.Errorf("%.60s: %q, want %q", c.nv, got, want)
		}
	}
}

func put(t *testing.T, root, path, text string) {
	t.Helper()
	path = filepath.Join(root, path)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Each place of files makes its values known; what lies beside it does not.
func TestPlaces(t *testing.T) {
	root := t.TempDir()
	n := 0
	value := func() string { n++; return fmt.Sprintf("%s%02d", random, n) }
	var want []string
	secret := func(path, form string) {
		v := value()
		want = append(want, v)
		put(t, root, path, fmt.Sprintf(form, v))
	}
	secret("/aws/credentials", "[default]\naws_access_key_id = AK\naws_secret_access_key = %s\nregion = eu-central-1\n")
	secret("/aws/web", "%s\n")
	secret("/gcp.json", `{"type":"authorized_user","client_id":"x7c9d8e7f6a5-`+random+`","refresh_token":"%s"}`)
	secret("/home/bob/.config/gcloud/application_default_credentials.json", `{"client_secret":"%s"}`)
	secret("/azure/federated", "%s")
	secret("/etc/db", "%s\n")
	secret("/run/secrets/db/password", "%s\n")
	secret("/run/secrets/relay.yaml", "db:\n  host: db.internal\n  password: \"%s\"\n")
	secret("/run/secrets/opaque", "%s\n") // its name says nothing, but it is random
	secret("/vault/secrets/config", "export API_TOKEN=%s\n")
	secret("/systemd/api", "%s")
	secret("/etc/relay secret/..2026_11/value", "%s")
	secret("/mine/one", "%s")
	secret("/own-file", "%s")
	if err := os.Symlink("..2026_11", filepath.Join(root, "/etc/relay secret/..data")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("..data/value", filepath.Join(root, "/etc/relay secret/value")); err != nil {
		t.Fatal(err)
	}
	put(t, root, "/proc/self/mountinfo", `22 1 0:20 / / rw - overlay overlay rw
31 22 0:30 / /etc/relay\040secret ro,relatime shared:7 - tmpfs tmpfs rw,size=64k
32 22 0:31 / /etc/config ro,relatime - ext4 /dev/sda1 rw
33 22 0:32 / /dev/shm rw - tmpfs shm rw
`)
	// None of these is one.
	put(t, root, "/etc/config/..data/value", value())
	put(t, root, "/dev/shm/value", value())
	put(t, root, "/home/bob/.aws/credentials", "aws_secret_access_key="+value()) // the store is another one
	put(t, root, "/run/secrets/username", "relay-production-db")
	put(t, root, "/run/secrets/uid", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
	put(t, root, "/run/secrets/revision", "3f2a9c1b7d5e8f603f2a9c1b7d5e8f603f2a9c1b")
	put(t, root, "/run/secrets/ca.crt", "-----BEGIN CERTIFICATE-----\nMIIDvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END CERTIFICATE-----\n")
	put(t, root, "/run/secrets/large/password", strings.Repeat(value()+"\n", maxFile/16))
	slices.Sort(want)
	got := look(Options{Root: root, Store: "gs", Paths: []string{"/mine", "/own-file", "/absent"}, Environ: []string{"HOME=/home/bob",
		"AWS_SHARED_CREDENTIALS_FILE=/aws/credentials", "AWS_WEB_IDENTITY_TOKEN_FILE=/aws/web", "AZURE_FEDERATED_TOKEN_FILE=/azure/federated",
		"DB_PASSWORD_FILE=/etc/db", "CREDENTIALS_DIRECTORY=/systemd", "LOG_FILE=/dev/shm/value"}})
	want = slices.DeleteFunc(want, func(v string) bool { return v == random+"03" }) // no variable names that file
	if !slices.Equal(got, want) {
		t.Errorf("%q, want\n%q", got, want)
	}
	named := look(Options{Root: root, Environ: []string{"GOOGLE_APPLICATION_CREDENTIALS=/gcp.json"}})
	if !slices.Contains(named, random+"03") {
		t.Errorf("the named file's: %q", named)
	}
}

// What a file says anew counts with the next look.
func TestLookAgain(t *testing.T) {
	root := t.TempDir()
	put(t, root, "/run/secrets/password", random+"-old")
	f := New(Options{Root: root})
	f.Look()
	put(t, root, "/run/secrets/password", random+"-new")
	if values, n := f.Look(); len(values) != 1 || string(values[0]) != random+"-new" || n.Files != 1 {
		t.Errorf("%q, %+v", values, n)
	}
}

// Values and files without room are counted, and those of the environment come first.
func TestBounds(t *testing.T) {
	root := t.TempDir()
	var env []string
	for i := range MaxValues {
		env = append(env, fmt.Sprintf("P%d_PASSWORD=%s-%d", i, random, i))
	}
	for i := range maxFiles + 6 {
		put(t, root, fmt.Sprintf("/run/secrets/%02d/password", i), fmt.Sprintf("%s=%d", random, i))
	}
	f := New(Options{Root: root, Environ: env})
	values, n := f.Look()
	if len(values) != MaxValues || n.Values != MaxValues || n.Files != maxFiles || n.LeftOut != maxFiles+6 {
		t.Errorf("%d values, %+v", len(values), n)
	}
	if string(values[0]) != random+"-0" || string(values[MaxValues-1]) != fmt.Sprintf("%s-%d", random, MaxValues-1) {
		t.Error("values of files before those of the environment")
	}
	if err := os.Symlink(root, filepath.Join(root, "/run/secrets/loop")); err != nil {
		t.Fatal(err)
	}
	for i := range maxNames {
		put(t, root, fmt.Sprintf("/run/secrets/many/%d", i), "")
	}
	c := f.collector()
	if f.mounts(c); c.names > maxNames || c.n.LeftOut == 0 {
		t.Errorf("%d names of folders, %+v", c.names, c.n)
	}
	if big := look(Options{Root: root, Environ: []string{"A_PASSWORD=" + strings.Repeat(random, mostSize)}}); slices.ContainsFunc(big, func(v string) bool { return len(v) > mostSize }) {
		t.Error("a value without end")
	}
}

// The relay's environment and arguments are taken once for each of its lives.
func TestRelay(t *testing.T) {
	root := t.TempDir()
	put(t, root, "/proc/77/environ", "NODE_ENV=production\x00DB_PASSWORD="+random+"\x00PATH=/usr/bin\x00")
	f := New(Options{Root: root})
	known := func(f *Finder) string {
		values, _ := f.Look()
		return string(bytes.Join(values, []byte(" ")))
	}
	if !f.Relay(77, 1, nil) || f.Relay(77, 1, nil) || known(f) != random {
		t.Errorf("once for a life: %s", known(f))
	}
	put(t, root, "/etc/api", random+"-0")
	put(t, root, "/proc/77/environ", "DB_PASSWORD="+random+"-2\x00API_KEY_FILE=/etc/api\x00")
	if !f.Relay(77, 2, nil) || known(f) != random+"-2 "+random+"-0" {
		t.Errorf("a new life: %s", known(f))
	}
	args := []string{"node", "/srv/controlbox/dist/index.js", "--api-key", random + "-3", "--db-password=" + random + "-4", "-p3001", "-p" + random + "-5",
		"JWT_SECRET=" + random + "-6", "postgres://u:" + random + "-7@h/d", "--header", "Authorization: Bearer " + random + "-8", "--verbose", "--name", random + "-9"}
	want := random + "-3 " + random + "-4 " + random + "-5 " + random + "-6 " + random + "-7 Bearer " + random + "-8 " + random + "-8"
	if !f.Relay(78, 3, args) || known(f) != want {
		t.Errorf("arguments: %s, want\n%s", known(f), want)
	}
	pod := New(Options{Root: root, Podded: true})
	if pod.Relay(77, 2, nil) || known(pod) != "" {
		t.Errorf("in a pod: %s", known(pod))
	}
}
