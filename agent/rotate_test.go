package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The admin's file holds the old and the new bearer while one replaces the other.
func TestAdminFileRotates(t *testing.T) {
	const second, third = "second-Admin-4711-bearer", "third-Admin-0815-bearer"
	path := filepath.Join(t.TempDir(), "admin")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(testAdmin + "\n")
	s := startServing(t, "RELAY_URL=http://"+freePort(t), "ADMIN_TOKEN_FILE="+path)
	s.begun()
	file := s.agent.s.admin.file
	accepts := func(want map[string]bool) {
		t.Helper()
		for bearer, yes := range want {
			s.bear = bearer
			if code := s.get("/api/ops/status").code; (code == http.StatusOK) != yes {
				t.Errorf("%s: %d", bearer, code)
			}
		}
	}
	accepts(map[string]bool{testAdmin: true, second: false})
	for _, step := range []struct {
		text    string
		changed bool
		fault   string
		want    map[string]bool
	}{
		{testAdmin + "\n" + second + "\n", true, "", map[string]bool{testAdmin: true, second: true, third: false}},
		{second + "\r\n", true, "", map[string]bool{testAdmin: false, second: true}},
		{second, false, "", map[string]bool{second: true}},
		{"short\n", false, "at least 16", map[string]bool{second: true, "short": false}},
		{"", false, "is empty", map[string]bool{second: true}},
		{second + "\n" + third + "\n" + testAdmin + "\n", true, "", map[string]bool{second: true, third: true, testAdmin: false}},
	} {
		write(step.text)
		changed, err := file.poll()
		if changed != step.changed || (err == nil) != (step.fault == "") || err != nil && !strings.Contains(err.Error(), step.fault) {
			t.Errorf("%q: changed %v, %v", step.text, changed, err)
		}
		accepts(step.want)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if _, err := file.poll(); err == nil {
		t.Error("a file that vanished is no fault")
	}
	accepts(map[string]bool{second: true})
	for _, bearer := range []string{testAdmin, second, third} {
		if strings.Contains(s.log.String(), bearer) {
			t.Error("a bearer stands in the log")
		}
	}
}
