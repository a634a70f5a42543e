package ship

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

const (
	packContentType = "application/gzip"
	suffix          = ".json.gz"
	noNamespace     = "_none" // no namespace can be called so: names in Kubernetes hold no underscore
	longestValue    = 200     // bytes of a name's part, below the 255 of a file system
)

// ErrNotOneLine says that a pack is not one line of JSON.
var ErrNotOneLine = errors.New("not one line of JSON")

var packID = regexp.MustCompile(`^pack-\d{13}-[a-z0-9]{6}$`)

// instant is when the pack of an id was made: the id says so.
func instant(id string) (time.Time, bool) {
	if !packID.MatchString(id) {
		return time.Time{}, false
	}
	ms, err := strconv.ParseInt(id[len("pack-"):len("pack-")+13], 10, 64)
	return time.UnixMilli(ms).UTC(), err == nil
}

// Name is the object's name below a bucket's prefix,
//
//	date=YYYY-MM-DD/namespace=N/pod=P/<packId>.json.gz
//
// so that engines read a fleet's packs as one table partitioned by date, namespace and pod. The values
// are escaped as Hive does; no namespace is _none. A later side object is called _<packId>.*: engines
// pass over names that begin with an underscore. id must be a pack's id.
func Name(id, namespace, pod string) (string, error) {
	at, ok := instant(id)
	if !ok {
		return "", errors.New("name of an object: not a pack's id")
	}
	if namespace == "" {
		namespace = noNamespace
	}
	return fmt.Sprintf("date=%s/namespace=%s/pod=%s/%s%s",
		at.Format(time.DateOnly), partition(namespace), partition(pod), id, suffix), nil
}

// partition escapes a value: only A-Z a-z 0-9 . _ - stay, all else becomes %XX. A long value is cut and
// ends in a hash of the whole, an empty one is _none.
func partition(v string) string {
	if v == "" {
		return noNamespace
	}
	escaped := percent(v, "-._")
	if len(escaped) <= longestValue {
		return escaped
	}
	sum := sha256.Sum256([]byte(v))
	cut := escaped[:longestValue-9]
	if i := strings.LastIndexByte(cut, '%'); i > len(cut)-3 { // half an escape
		cut = cut[:i]
	}
	return cut + "-" + hex.EncodeToString(sum[:4])
}

// percent escapes all bytes but letters, digits and those in keep.
func percent(v, keep string) string {
	var b strings.Builder
	for i := range len(v) {
		c := v[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte(keep, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// compress gives a pack's line as it is sent: gzip without time and name, so that the same pack gives
// the same bytes.
func compress(line []byte) ([]byte, error) {
	line = bytes.TrimSuffix(line, []byte("\n"))
	if len(line) < 2 || line[0] != '{' || line[len(line)-1] != '}' || bytes.ContainsAny(line, "\r\n") {
		return nil, ErrNotOneLine
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(line)
	if err == nil {
		_, err = z.Write([]byte("\n"))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("compress: %w", err)
	}
	return b.Bytes(), nil
}

func hashOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

func objectOf(body []byte) Object {
	return Object{Body: body, SHA256: hashOf(body), ContentType: packContentType}
}
