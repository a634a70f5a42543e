package web

import (
	"bytes"
	"compress/gzip"
	"strconv"
	"strings"
	"sync"
)

// gzipWriters saves the 800 KiB that a new compressor costs.
var gzipWriters = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

// compress gives body as gzip. Into memory nothing of it can fail.
func compress(body []byte) []byte {
	var out bytes.Buffer
	z := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(z)
	z.Reset(&out)
	_, _ = z.Write(body)
	_ = z.Close()
	return out.Bytes()
}

// wantsGzip reads Accept-Encoding (RFC 9110, 12.5.3): gzip is sent when it is named, or meant by "*",
// with a weight above 0 that is not below the weight of "identity" where that is named.
func wantsGzip(values []string) bool {
	zipped, plain, rest := -1.0, -1.0, -1.0
	for element := range strings.SplitSeq(strings.Join(values, ","), ",") {
		coding, parameters, _ := strings.Cut(element, ";")
		q, ok := weight(parameters)
		if !ok {
			continue
		}
		switch strings.ToLower(strings.TrimSpace(coding)) {
		case "gzip", "x-gzip":
			zipped = max(zipped, q)
		case "identity":
			plain = max(plain, q)
		case "*":
			rest = max(rest, q)
		}
	}
	if zipped < 0 {
		zipped = rest
	}
	return zipped > 0 && zipped >= plain
}

// weight reads ";q=0.5": 0 to 1 with at most three decimals, 1 when it is not there.
func weight(parameters string) (q float64, ok bool) {
	parameters = strings.TrimSpace(parameters)
	if parameters == "" {
		return 1, true
	}
	name, value, _ := strings.Cut(parameters, "=")
	if !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 0, false
	}
	value = strings.TrimSpace(value)
	if len(value) == 0 || len(value) > 5 || strings.Trim(value, "0123456789.") != "" {
		return 0, false
	}
	q, err := strconv.ParseFloat(value, 64)
	return q, err == nil && q <= 1
}
