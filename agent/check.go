package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"relaypack/pack"
	"relaypack/scrape/profile"
)

// checkProfile tells every fault of a profile, each in a line of its own with its place; exit 1.
func checkProfile(_ context.Context, p *program, args []string) error {
	fs := p.flags("check")
	if err := p.parse(fs, args, 1, 1); err != nil {
		return err
	}
	made, err := profile.Load(fs.Arg(0))
	var f *profile.Fault
	switch {
	case errors.As(err, &f):
		fmt.Fprintln(p.stdout, err)
		return errNotFine
	case err != nil:
		return oneLine(err)
	}
	fmt.Fprintf(p.stdout, "%s: profile %s is fine: %d sources, %d event classes, %d fields\n",
		fs.Arg(0), made.Name, len(made.Sources), len(made.Events), len(made.Sections))
	return nil
}

func printSchema(_ context.Context, p *program, args []string) error {
	fs := p.flags("schema")
	if err := p.parse(fs, args, 0, 0); err != nil {
		return err
	}
	p.stdout.Write(pack.Schema()) // exit tells when it could not be written
	return nil
}

func printVersion(_ context.Context, p *program, args []string) error {
	fs := p.flags("version")
	if err := p.parse(fs, args, 0, 0); err != nil {
		return err
	}
	b := build()
	commit := b.commit
	if commit == "" {
		commit = "unknown"
	}
	fmt.Fprintf(p.stdout, "relaypack %s, commit %s, %s\n", b.version, commit, b.goVersion)
	return nil
}

// oneLine joins the lines of an error, such as several faults, to one.
func oneLine(err error) error {
	var f *failure
	if errors.As(err, &f) {
		return err
	}
	return errors.New(strings.ReplaceAll(err.Error(), "\n", "; "))
}
