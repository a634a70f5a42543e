package main

import (
	"context"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
)

// stopSignals ends stop at the first SIGTERM or SIGINT (or with ctx), and cut at the second one, which
// means that nothing more is waited for. release gives the signals back.
func stopSignals(ctx context.Context, log *slog.Logger) (stop, cut context.Context, release func()) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	stop, cut, heed := heedSignals(ctx, signals, log)
	return stop, cut, func() { signal.Stop(signals); heed() }
}

func heedSignals(ctx context.Context, signals <-chan os.Signal, log *slog.Logger) (stop, cut context.Context, release func()) {
	stop, first := context.WithCancel(ctx)
	cut, second := context.WithCancel(context.WithoutCancel(ctx))
	go func() {
		select {
		case <-cut.Done():
			return
		case s := <-signals:
			log.Info("stopping", "signal", s.String())
			first()
		}
		select {
		case <-cut.Done():
		case s := <-signals:
			log.Warn("stopping at once", "signal", s.String())
			second()
		}
	}()
	return stop, cut, func() { first(); second() }
}
