package web

import (
	"bytes"
	"context"
	"log"
	"log/slog"
	"net/http"
	"time"
)

// The limits of a server.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 15 * time.Second // header and body together
	writeTimeout   = 60 * time.Second // from the header's end to the answer's end
	idleTimeout    = 60 * time.Second
	maxHeaderBytes = 16 << 10
)

// Server makes a server with all limits set, HTTP/1.1 only: a sidecar's few clients do not gain by HTTP/2,
// and its limits per connection would be others. What net/http logs by itself goes to log, at debug and
// by its kind only, because it quotes what clients sent.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	return &http.Server{
		Handler:                      h,
		DisableGeneralOptionsHandler: true, // OPTIONS * is answered as all else is
		ReadHeaderTimeout:            headerTimeout,
		ReadTimeout:                  readTimeout,
		WriteTimeout:                 writeTimeout,
		IdleTimeout:                  idleTimeout,
		MaxHeaderBytes:               maxHeaderBytes,
		Protocols:                    &protocols,
		ErrorLog:                     serverLog(log),
	}
}

func serverLog(to *slog.Logger) *log.Logger {
	if to == nil {
		to = slog.New(slog.DiscardHandler)
	}
	return log.New(kindWriter{to}, "", 0)
}

// kindWriter logs of each line of net/http only what kind of line it is.
type kindWriter struct{ log *slog.Logger }

func (k kindWriter) Write(line []byte) (int, error) {
	kind := "other"
	for _, known := range []struct{ start, kind string }{
		{"http: TLS handshake error", "tls handshake"},
		{"http: Accept error", "accept"},
		{"http: panic serving", "panic"},
		{"http: superfluous", "two answers"},
	} {
		if bytes.HasPrefix(line, []byte(known.start)) {
			kind = known.kind
		}
	}
	k.log.LogAttrs(context.Background(), slog.LevelDebug, "http server", slog.String("kind", kind))
	return len(line), nil
}
