package ship

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// noAWS takes away what the test binary has set for all tests.
func noAWS(t *testing.T) {
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"} {
		t.Setenv(name, "")
	}
	dir := t.TempDir()
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", filepath.Join(dir, "none"))
	t.Setenv("AWS_CONFIG_FILE", filepath.Join(dir, "none-either"))
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
