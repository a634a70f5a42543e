package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The kernel's word about a kill, and what is no such word.
func TestOOMLine(t *testing.T) {
	for line, group := range map[string]string{
		"6,1042,26205576422,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,mems_allowed=0,oom_memcg=/a,task_memcg=/a/libpod-77,task=relaypack,pid=20898,uid=10001": "/a/libpod-77",
		"6,1042,26205576422,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),task_memcg=/a/libpod-77,task=relaypack,pid=1,uid=0":                                               "",
		"6,1042,26205576422,-;somebody said oom-kill:constraint=CONSTRAINT_MEMCG,task_memcg=/a,task=x":                                                                              "",
	} {
		m := oomLine.FindStringSubmatch(line)
		if (m == nil) != (group == "") || m != nil && m[2] != group {
			t.Errorf("%s: %q", line, m)
		}
	}
	if _, err := oomKills(); err != nil {
		t.Error(err)
	}
}

// A container's last death is the newest that podman tells, and is the memory's doing where the kernel said so then.
func TestLastDeath(t *testing.T) {
	at := time.Unix(1_700_000_000, 0)
	c := containerState{id: "77", happened: []happening{{at, "create", 0}, {at.Add(1), "start", 0}, {at.Add(time.Minute), "died", 3}, {at.Add(2 * time.Minute), "start", 0}}}
	if e, ok := c.ended(nil); !ok || e.code != 3 || e.oom || !e.started.Equal(at.Add(1)) {
		t.Errorf("one death: %+v, %v", e, ok)
	}
	c.happened = append(c.happened, happening{at.Add(3 * time.Minute), "died", 137})
	for _, k := range []struct {
		kill oomKill
		oom  bool
	}{{oomKill{at.Add(3*time.Minute - time.Second), "/pod/libpod-77"}, true}, {oomKill{at.Add(time.Minute), "/pod/libpod-77"}, false}, {oomKill{at.Add(3 * time.Minute), "/pod/libpod-78"}, false}} {
		if e, _ := c.ended([]oomKill{k.kill}); e.oom != k.oom || e.code != 137 {
			t.Errorf("%+v: %+v", k.kill, e)
		}
	}
	c.happened = nil
	if _, ok := c.ended(nil); ok {
		t.Error("a death of one that lives")
	}
}

// Who asks is judged before podman is asked, and the refusals are of Kubernetes' shape.
func TestClusterRefuses(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "account"), 0o700); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(folder, "account", "token"), "good\n")
	write(t, filepath.Join(folder, "rights"), "get pods/log\n")
	c := &cluster{folder: folder, pod: &playedPod{name: "p", namespace: "n"}}
	for _, q := range []struct {
		method, path, bearer string
		code                 int
	}{
		{"GET", "/api/v1/namespaces/n/pods/p", "bad", 401},
		{"GET", "/api/v1/namespaces/n/pods/p", "good", 403},
		{"GET", "/api/v1/namespaces/n/events", "good", 403},
		{"GET", "/api/v1/namespaces/n/pods/q", "good", 404},
		{"POST", "/api/v1/namespaces/n/pods/p", "good", 405},
	} {
		r := httptest.NewRequest(q.method, q.path, http.NoBody)
		r.Header.Set("Authorization", "Bearer "+q.bearer)
		if code, answer := c.answer(r); code != q.code || answer.(object).text("kind") != "Status" || answer.(object)["code"] != q.code {
			t.Errorf("%s %s: %d %v", q.method, q.path, code, answer)
		}
	}
}

// What the downward API says of another container is that one's limit.
func TestMemoryLimit(t *testing.T) {
	pod := object{"containers": []any{map[string]any{"name": "relay", "resources": map[string]any{"limits": map[string]any{"memory": "96Mi"}}}}}
	if got, err := memoryLimit(pod, object{"containerName": "relay", "resource": "limits.memory"}); got != "100663296" || err != nil {
		t.Errorf("%s, %v", got, err)
	}
	for _, ref := range []object{{"containerName": "other", "resource": "limits.memory"}, {"containerName": "relay", "resource": "limits.cpu"}} {
		if got, err := memoryLimit(pod, ref); err == nil {
			t.Errorf("%v: %s", ref, got)
		}
	}
}
