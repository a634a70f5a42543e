package main

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"path/filepath"
	"time"

	"relaypack/agent/internal/web"
	"relaypack/pack"
	"relaypack/pack/ship"
)

// shipping is where packs wait for their delivery: a spool (in STATE_DIR, else in memory) and, where
// PUSH_URL names a store, whoever brings them there.
type shipping struct {
	log     *slog.Logger
	o       *observer
	s       *settings
	now     func() time.Time
	spool   *ship.Spool
	shipper *ship.Shipper                          // nil: no store
	built   func(p *pack.Pack, took time.Duration) // counts a pack
}

func newShipping(s *settings, o *observer, k *keeper, now func() time.Time, log *slog.Logger) (*shipping, error) {
	sh := &shipping{log: log, o: o, s: s, now: now, built: func(*pack.Pack, time.Duration) {}}
	opt := ship.SpoolOptions{MaxBytes: s.spoolBytes, MaxAge: s.spoolAge, OnDrop: func(d ship.Drop) {
		log.Warn("pack dropped undelivered", "pack", d.ID, "kind", string(d.Kind), "reason", string(d.Reason))
	}}
	if k.store != nil { // a folder that another agent holds is not ours to write
		opt.Dir = filepath.Join(s.stateDir, "spool")
	}
	var err error
	if sh.spool, err = ship.OpenSpool(opt); err != nil {
		log.Error("the spool is not used, packs wait in memory", "reason", err.Error())
		opt.Dir = ""
		if sh.spool, err = ship.OpenSpool(opt); err != nil {
			return nil, err
		}
	}
	if s.bucket != nil {
		sh.shipper = ship.NewShipper(s.bucket, sh.spool, ship.ShipperOptions{Log: log})
	}
	return sh, nil
}

// add puts a finished pack where it waits. An error is in the log already.
func (sh *shipping) add(p *pack.Pack, kind pack.TriggerKind) error {
	if sh.s.withhold {
		sh.log.Error("pack withheld, its policy is faulty", "pack", p.ID(), "kind", string(kind))
		return errWithheld
	}
	receipt, err := sh.spool.Add(ship.Pack{
		ID: p.ID(), Kind: ship.Kind(kind), Namespace: sh.s.identity.Namespace, Pod: sh.s.identity.Pod, JSON: p.Bytes(),
	})
	if err != nil {
		sh.log.Error("pack not kept for delivery", "pack", p.ID(), "kind", string(kind), "reason", err.Error())
		return err
	}
	sh.log.Info("pack kept", "pack", p.ID(), "kind", string(kind), "durable", receipt.Durable, "bytes", receipt.Bytes)
	return nil
}

// kept gives the oldest pack of an incident or of the relay's end that was made since, "" for none.
func (sh *shipping) kept(since time.Time) (id string) {
	for _, it := range sh.spool.List() { // newest first
		if it.At.Before(since.Truncate(time.Millisecond)) {
			break
		}
		if it.Kind == ship.Incident || it.Kind == ship.Final {
			id = it.ID
		}
	}
	return id
}

// run delivers, and makes a periodic pack in each interval, until ctx ends.
func (sh *shipping) run(ctx context.Context) error {
	if sh.shipper == nil {
		<-ctx.Done()
		return nil
	}
	if sh.s.pushInterval > 0 {
		go sh.periodic(ctx)
	}
	return sh.shipper.Run(ctx)
}

// periodic makes packs at a time of its own in each interval, so that a fleet does not push in step.
func (sh *shipping) periodic(ctx context.Context) {
	for begin := time.Now(); ; begin = begin.Add(sh.s.pushInterval) {
		at := begin.Add(time.Duration(rand.Int64N(int64(sh.s.pushInterval))))
		timer := time.NewTimer(time.Until(at))
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
		began := time.Now()
		made, err := sh.o.builder.Build(ctx, pack.Request{IncludeConfig: true, Trigger: pack.Trigger{Kind: pack.Periodic}})
		if err != nil {
			sh.log.Error("periodic pack not built", "reason", err.Error())
			continue
		}
		sh.built(made, time.Since(began))
		_ = sh.add(made, pack.Periodic) // the log says why not
	}
}

// drain brings to the store what waits, until ctx ends.
func (sh *shipping) drain(ctx context.Context) {
	if sh.shipper == nil {
		return
	}
	if err := sh.shipper.Drain(ctx); err != nil {
		st := sh.shipper.Status()
		sh.log.Warn("packs wait for the next start", "packs", st.Waiting, "bytes", st.WaitingBytes, "reason", err.Error())
	}
}

// List is web.Packs.
func (sh *shipping) List() []web.KeptPack {
	items := sh.spool.List()
	list := make([]web.KeptPack, 0, len(items))
	for _, it := range items {
		list = append(list, web.KeptPack{
			ID: it.ID, Kind: string(it.Kind), MadeAt: it.At.UnixMilli(), State: string(it.State), Durable: it.Durable,
			Bytes: it.Bytes, SHA256: it.SHA256, Object: it.Name, Failures: it.Tries, Held: string(it.Cause),
		})
	}
	return list
}

// Read is web.Packs.
func (sh *shipping) Read(id string) ([]byte, error) {
	body, err := sh.spool.Read(id)
	if errors.Is(err, ship.ErrNoPack) {
		return nil, web.ErrNoPack
	}
	return body, err
}

// Push is web.Packs.
func (sh *shipping) Push(ctx context.Context, req pack.Request) (web.KeptPack, error) {
	if sh.shipper == nil {
		return web.KeptPack{}, web.ErrNoPush
	}
	began := time.Now()
	made, err := sh.o.builder.Build(ctx, req)
	if err != nil {
		return web.KeptPack{}, err
	}
	sh.built(made, time.Since(began))
	if err := sh.add(made, pack.Manual); err != nil {
		return web.KeptPack{}, err
	}
	for _, one := range sh.List() {
		if one.ID == made.ID() {
			return one, nil
		}
	}
	return web.KeptPack{ID: made.ID(), Kind: string(pack.Manual), State: "waiting"}, nil // delivered and gone already
}

// numbers say in packs how deliveries stand.
func (sh *shipping) numbers() pack.DeliveryNumbers {
	if sh.shipper == nil {
		return pack.DeliveryNumbers{}
	}
	st := sh.shipper.Status()
	n := pack.DeliveryNumbers{
		Configured: true, Waiting: st.Waiting + st.Held, Bytes: st.WaitingBytes, Since: st.Since, Delivered: int64(st.Delivered), Retried: int64(st.Retried),
		SetAside: int64(st.SetAside), LastOK: st.LastSuccess, LastError: string(st.Cause), Dropped: make(map[string]int64),
	}
	if st.OldestWaiting > 0 {
		n.OldestAt = sh.now().Add(-st.OldestWaiting)
	}
	for reason, count := range st.Dropped {
		n.Dropped[string(reason)] = int64(count)
	}
	return n
}
