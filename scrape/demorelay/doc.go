// Package demorelay is a telemetry relay to run against: it answers as the real one does, down to
// its faults, and keeps a log by which a test can judge the manners of whoever reads it.
//
//	r := demorelay.New(demorelay.DemoOptions(1))
//	go r.Serve(r.Listener())                     // or a net.Listener of TCP
//	client := &http.Client{Transport: &http.Transport{DialContext: r.Dial}}
//	...
//	r.Close()
//
// A live relay (New) makes up traffic from its seed: sessions that begin and end, sockets that come
// and go, drops, drift, errors with planted made-up secrets (Canaries). Nothing ticks: the traffic
// between two requests is computed when the second one comes in, so an idle relay costs nothing and
// a bubble of testing/synctest ends when the relay is closed. The same seed, options and start time
// give the same traffic, however often somebody looks.
//
// A replayed relay (NewReplay) serves a folder of captured answers on the captures' own clock.
// Both stand behind the same front: bearers, rate limits, headers, faults, deaths and log.
//
// Deaths are as measured on the real relay: a valid bearer on any /api path while the database is
// down, GET /api/health while Redis is down, an idle pooled connection that is cut. A dead relay
// closes every connection without an answer and refuses new ones until Restart. That needs
// Relay.Serve; behind another server (httptest) ServeHTTP can only break the connections.
//
// It is no model of the relay's speed: answers that block the real relay's event loop for tens of
// milliseconds cost it microseconds.
package demorelay
