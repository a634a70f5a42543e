package main

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"time"

	"relaypack/agent/internal/web"
	"relaypack/pack"
)

// configured reads and checks the configuration for a command that cannot work with a faulty one.
func (p *program) configured() (*settings, error) {
	v, unknown, err := readVariables(p.env)
	if err != nil {
		return nil, err
	}
	p.tellUnknown(unknown)
	s, err := validate(v)
	if err != nil {
		return nil, oneLine(err)
	}
	s.surround(p.env)
	return s, nil
}

func once(ctx context.Context, p *program, args []string) error {
	fs := p.flags("once")
	session := fs.String("session", "", "a session, by its raw or masked `id`")
	trace := fs.String("trace", "", "a trace of the relay, by its `id`")
	withConfig := fs.Bool("config", false, "include the relay's six configuration fields")
	if err := p.parse(fs, args, 0, 0); err != nil {
		return err
	}
	if err := checkIDs(fs, "session", "trace"); err != nil {
		return err
	}
	s, err := p.configured()
	if err != nil {
		return err
	}
	if s.pseudonymKey, err = s.installationKey(); err != nil {
		return fmt.Errorf("once: %w", err)
	}
	o, err := observe(s, nil)
	if err != nil {
		return err
	}
	told := p.progress(time.Now)
	told.look(ctx, o)
	return p.printPack(ctx, o, told, pack.Request{SessionID: *session, TraceID: *trace, IncludeConfig: *withConfig})
}

// checkIDs holds the ids that were given as flags to the rules of the API.
func checkIDs(fs *flag.FlagSet, names ...string) (err error) {
	fs.Visit(func(f *flag.Flag) {
		if why := web.IDFault(f.Value.String()); why != "" && slices.Contains(names, f.Name) && err == nil {
			err = fmt.Errorf("%s: --%s %s", fs.Name(), f.Name, why)
		}
	})
	return err
}

// printPack builds one pack and writes it to stdout, followed by a line end.
func (p *program) printPack(ctx context.Context, o *observer, told *progress, req pack.Request) error {
	made, err := o.builder.Build(ctx, req)
	if err != nil {
		return fmt.Errorf("build a pack: %w", err)
	}
	told.made(made)
	if _, err := p.stdout.Write(append(made.Bytes(), '\n')); err != nil {
		return failed("write the pack: %w", err)
	}
	return nil
}
