package ship

import (
	"strings"
	"testing"
)

func TestAddresses(t *testing.T) {
	for address, want := range map[string]string{
		"file:///var/lib/packs": "file:///var/lib/packs",
		"s3://evidence":         "s3://evidence",
		"s3://evidence/a/b/?region=eu-central-1&sse=aws:kms&kms_key_id=arn:planted": "s3://evidence/a/b",
		"s3://evidence?endpoint=https://minio.lan:9000/x&style=virtual":             "s3://evidence",
		"gs://evidence/p?kms_key=projects/planted":                                  "gs://evidence/p",
		"azblob://evidence/p?account=acc&encryption_scope=planted":                  "azblob://evidence/p",
	} {
		b, err := Open(address, OpenOptions{})
		if err != nil {
			t.Errorf("%s: %v", address, err)
			continue
		}
		if b.String() != want {
			t.Errorf("%s is told as %s", address, b)
		}
	}
	for _, bad := range []string{
		"", "ftp://planted", "s3://", "s3://planted:planted@bucket", "s3://b?planted=1", "s3://b?sse=planted", "s3://b?kms_key_id=planted",
		"s3://b?endpoint=planted.lan", "s3://b?endpoint=https://u:planted@x", "s3://b?endpoint=https://x?sig=planted", "s3://b?region=pla/nted",
		"s3://b/../planted", "s3://b/a//planted", "file://planted/folder", "file:planted", "azblob://c?account=PLANTED/", "azblob://c",
		"gs://b?auth=planted", "s3://b?a=%zzplanted", "://planted", "s3://b\x7fplanted", "file:///x?planted=1",
	} {
		_, err := Open(bad, OpenOptions{})
		if err == nil {
			t.Errorf("%q was taken", bad)
		} else if strings.Contains(strings.ToLower(err.Error()), "planted") {
			t.Errorf("%q: the fault quotes it: %v", bad, err)
		}
	}
}

func TestWhereAnS3ObjectGoes(t *testing.T) {
	for address, want := range map[string]string{
		"s3://evidence/p?region=eu-central-1":                      "https://evidence.s3.eu-central-1.amazonaws.com/p/date%3D2026/x%25y",
		"s3://evidence":                                            "https://evidence.s3.us-east-1.amazonaws.com/date%3D2026/x%25y",
		"s3://evi.dence?region=eu-west-1":                          "https://s3.eu-west-1.amazonaws.com/evi.dence/date%3D2026/x%25y",
		"s3://evidence?region=cn-north-1":                          "https://evidence.s3.cn-north-1.amazonaws.com.cn/date%3D2026/x%25y",
		"s3://evidence?style=path":                                 "https://s3.us-east-1.amazonaws.com/evidence/date%3D2026/x%25y",
		"s3://evidence?endpoint=http://minio:9000":                 "http://minio:9000/evidence/date%3D2026/x%25y",
		"s3://evidence?endpoint=http://minio:9000/a&style=virtual": "http://evidence.minio:9000/a/date%3D2026/x%25y",
	} {
		b, err := Open(address, OpenOptions{})
		if err != nil {
			t.Fatal(err)
		}
		s := b.(*s3)
		if got := s.address("date=2026/x%y", *s.region.Load()); got != want {
			t.Errorf("%s: %s, not %s", address, got, want)
		}
	}
}

func TestNames(t *testing.T) {
	for in, want := range map[[2]string]string{
		{"shop", "relay-0"}:   "date=2025-11-24/namespace=shop/pod=relay-0/" + oneID + ".json.gz",
		{"", ""}:              "date=2025-11-24/namespace=_none/pod=_none/" + oneID + ".json.gz",
		{"a/../b", "..=%é\n"}: "date=2025-11-24/namespace=a%2F..%2Fb/pod=..%3D%25%C3%A9%0A/" + oneID + ".json.gz",
	} {
		if got, err := Name(oneID, in[0], in[1]); err != nil || got != want {
			t.Errorf("%q is %s, %v", in, got, err)
		}
	}
	long1, err1 := Name(oneID, "n", strings.Repeat("é", 300))
	long2, err2 := Name(oneID, "n", strings.Repeat("é", 301))
	if err1 != nil || err2 != nil || long1 == long2 || len(long1) > 300 || !objectName.MatchString(long1) {
		t.Errorf("%s\n%s", long1, long2)
	}
	if _, err := Name("../x", "n", "p"); err == nil {
		t.Error("a name of no id")
	}
}

func TestTheSamePackGivesTheSameBytes(t *testing.T) {
	a, err := compress(line(oneID, 5000))
	b, err2 := compress(append(line(oneID, 5000), '\n'))
	if err != nil || err2 != nil || hashOf(a) != hashOf(b) {
		t.Error("two ways to write one pack", err, err2)
	}
}
