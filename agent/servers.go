package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	rungroup "github.com/oklog/run"

	"relaypack/agent/internal/web"
)

const (
	maxConnections = 256             // of the API, likewise of the probes
	listenRetry    = 5 * time.Second // after a port was taken
	probeGrace     = 2 * time.Second // for the probes' last answers
)

func (a *agent) apiServer() (*http.Server, error) {
	srv := web.Server(a.api, a.log)
	if a.s.tlsCert == "" {
		return srv, nil
	}
	conf, err := web.TLSConfig(a.s.tlsCert, a.s.tlsKey, a.s.tlsClientCA, func(err error) {
		if err != nil {
			a.log.Warn("certificate not usable, the last one stays in force", "reason", err.Error())
			return
		}
		a.log.Info("certificate changed")
	})
	srv.TLSConfig = conf
	return srv, err
}

// addServer serves on an address as soon as it is free: a port that is taken is a degraded state, not
// an end. which is its place in notUp. Its end waits for the requests under way, for grace at most and
// not beyond the end of cut.
func (a *agent) addServer(cut context.Context, g *rungroup.Group, srv *http.Server, address string, which int, grace time.Duration) {
	actor, cancel := context.WithCancel(context.Background())
	a.notUp[which].Store(true)
	g.Add(func() error {
		l, err := a.listen(actor, address)
		if err != nil {
			return nil // told to stop before the port was free
		}
		a.notUp[which].Store(false)
		a.log.Info("listening", "address", l.Addr().String())
		limited := web.LimitListener(l, maxConnections)
		a.limits[which].Store(limited)
		if srv.TLSConfig != nil {
			err = srv.ServeTLS(limited, "", "")
		} else {
			err = srv.Serve(limited)
		}
		if !errors.Is(err, http.ErrServerClosed) {
			a.log.Error("server ended", "address", address, "reason", err.Error())
			return err
		}
		<-actor.Done() // Serve returns at the beginning of Shutdown, which must come to its end
		return nil
	}, func(error) {
		drain, done := context.WithTimeout(cut, grace)
		defer done()
		if srv.Shutdown(drain) != nil {
			srv.Close()
		}
		cancel()
	})
}

// listen waits for the address to be free.
func (a *agent) listen(ctx context.Context, address string) (net.Listener, error) {
	for told := false; ; told = true {
		l, err := net.Listen("tcp", address)
		if err == nil {
			return l, nil
		}
		if !told {
			a.log.Error("cannot listen, trying again", "address", address, "every", listenRetry.String(), "reason", err.Error())
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(listenRetry):
		}
	}
}
