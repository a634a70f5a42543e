package ship

import (
	"encoding/base64"
	"encoding/pem"
	"net/http"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
)

// heals has a store refuse a spool's packs, then what refused them heals, and all of them arrive, once.
func heals(t *testing.T, s store, b, straight Bucket, heal func()) {
	t.Helper()
	spool := filled(t, SpoolOptions{Dir: t.TempDir()}, 3)
	sh := NewShipper(b, spool, ShipperOptions{})
	run(t, sh)
	waitFor(t, "the store to refuse", func() bool { return sh.Status().Faults[Forbidden] > 0 })
	if st := sh.Status(); st.Delivered != 0 || len(st.Faults) != 1 {
		t.Errorf("delivered %d, faults %v: %s", st.Delivered, st.Faults, st.LastFault)
	}
	heal()
	sh.nudge()
	waitFor(t, "all packs to arrive", func() bool { return sh.Status().Delivered == 3 })
	if st := sh.Status(); st.AlreadyThere != 0 || st.Cause != "" {
		t.Errorf("already there %d, cause %q", st.AlreadyThere, st.Cause)
	}
	s.holds(t, straight, spool)
}

// A bearer that is taken back, an account that is another one by now, a right that is given later: Google's
// store refuses all that comes with another bearer than the good one.
func TestRefusedByGoogleUntilItHeals(t *testing.T) {
	s := stores[2]
	var given atomic.Value // by the first account
	given.Store("old")
	granted := func(bearer string) string {
		return `{"access_token":"` + bearer + `","token_type":"Bearer","expires_in":3600}`
	}
	service, _ := handsOut(t, map[string]func(*http.Request) string{
		"/first":  func(*http.Request) string { return granted(given.Load().(string)) },
		"/second": func(*http.Request) string { return granted("good") },
	})
	account := googleAccount(t)
	for name, heal := range map[string]func(t *testing.T, file string, may *atomic.Value){
		"logged in anew":     func(*testing.T, string, *atomic.Value) { given.Store("good") },
		"another account":    func(t *testing.T, file string, _ *atomic.Value) { writeFile(t, file, account(service+"/second")) },
		"a right given late": func(_ *testing.T, _ string, may *atomic.Value) { may.Store("Bearer old") },
	} {
		t.Run(name, func(t *testing.T) {
			given.Store("old")
			l := newLine(t, s)
			var may atomic.Value
			may.Store("Bearer good")
			l.answer(func(w http.ResponseWriter, r *http.Request, _ http.Handler) bool {
				if r.Header.Get("Authorization") == may.Load() {
					return false
				}
				w.WriteHeader(http.StatusForbidden)
				return true
			})
			file := writeFile(t, filepath.Join(t.TempDir(), "adc.json"), account(service+"/first"))
			t.Setenv("GOOGLE_APPLICATION_CREDENTIALS", file)
			straight := s.bucket(t, "")
			b, err := Open("gs://"+bucketOf(straight)+"/in/side?endpoint=http://"+l.addr, OpenOptions{})
			if err != nil {
				t.Fatal(err)
			}
			heals(t, s, b, straight, func() { heal(t, file, &may) })
		})
	}
}

// Azurite itself refuses: a bearer for another audience, until the login gives the right one, or until the
// pod's own file, for which it is given, is the new one.
func TestRefusedByAzureUntilItHeals(t *testing.T) {
	s := stores[3]
	for name, heal := range map[string]func(t *testing.T, file string, right *atomic.Bool){
		"logged in anew": func(_ *testing.T, _ string, right *atomic.Bool) { right.Store(true) },
		"the pod's file": func(t *testing.T, file string, _ *atomic.Bool) { writeFile(t, file, "the new one") },
	} {
		t.Run(name, func(t *testing.T) {
			address, _, ca := overTLS(t)
			address = strings.Replace(address, "?", "/in/side?", 1)
			straight := azureOf(t, address, ca) // with the shared key
			var right atomic.Bool
			login, _ := entraThat(t, func(assertion string) string {
				if right.Load() || assertion == "the new one" {
					return azToken(t)
				}
				return azTokenFor(t, "https://elsewhere.example")
			})
			both := writeFile(t, filepath.Join(t.TempDir(), "both.pem"), readFile(t, ca)+string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: login.Certificate().Raw})))
			file := writeFile(t, filepath.Join(t.TempDir(), "jwt"), "the old one")
			for name, value := range map[string]string{
				"AZURE_STORAGE_KEY": "", "AZURE_CLIENT_ID": "client", "AZURE_TENANT_ID": "tenant", "AZURE_AUTHORITY_HOST": login.URL, "AZURE_FEDERATED_TOKEN_FILE": file,
			} {
				t.Setenv(name, value)
			}
			heals(t, s, azureOf(t, address, both), straight, func() { heal(t, file, &right) })
		})
	}
}

// A shared key is a variable: it heals with the next agent, which finds what waits.
func TestWrongSharedKeyHealsWithTheNextAgent(t *testing.T) {
	s := stores[3]
	straight := s.bucket(t, "")
	folder := t.TempDir()
	t.Setenv("AZURE_STORAGE_KEY", base64.StdEncoding.EncodeToString([]byte("another")))
	spool := filled(t, SpoolOptions{Dir: folder}, 3)
	sh := NewShipper(s.opened(t, "", bucketOf(straight)), spool, ShipperOptions{})
	if wait := sh.step(t.Context()); wait != 0 || sh.Status().Faults[Forbidden] != 1 {
		t.Errorf("wait %v, faults %v", wait, sh.Status().Faults)
	}
	t.Setenv("AZURE_STORAGE_KEY", azSecret)
	next, err := OpenSpool(SpoolOptions{Dir: folder})
	if err != nil {
		t.Fatal(err)
	}
	sh = NewShipper(s.opened(t, "", bucketOf(straight)), next, ShipperOptions{})
	if err := sh.Drain(t.Context()); err != nil {
		t.Error(err)
	}
	if st := sh.Status(); st.Delivered != 3 || st.Retried != 1 {
		t.Errorf("delivered %d, tried again %d", st.Delivered, st.Retried)
	}
	s.holds(t, straight, next)
}
