package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"relaypack/pack"
	"relaypack/pack/redact"
	"relaypack/scrape/profile"
)

// checkFile tells every fault of a profile, or of a redaction policy, each in a line of its own with its
// place; exit 1.
func checkFile(_ context.Context, p *program, args []string) error {
	fs := p.flags("check")
	policy := fs.Bool("policy", false, "it is a redaction policy")
	if err := p.parse(fs, args, 1, 1); err != nil {
		return err
	}
	check := checkProfile
	if *policy {
		check = checkPolicy
	}
	fine, err := check(fs.Arg(0))
	var ofProfile *profile.Fault
	var ofPolicy *redact.Fault
	switch {
	case errors.As(err, &ofProfile), errors.As(err, &ofPolicy):
		fmt.Fprintln(p.stdout, err)
		return errNotFine
	case err != nil:
		return oneLine(err)
	}
	fmt.Fprintf(p.stdout, "%s: %s\n", fs.Arg(0), fine)
	return nil
}

func checkProfile(name string) (fine string, err error) {
	made, err := profile.Load(name)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("profile %s is fine: %d sources, %d event classes, %d fields",
		made.Name, len(made.Sources), len(made.Events), len(made.Sections)), nil
}

func checkPolicy(path string) (fine string, err error) {
	made, err := redact.LoadPolicy(path)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("the policy is fine: %s", counted(len(made.Exceptions()), "exception")), nil
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
