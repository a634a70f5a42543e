package main

import (
	"relaypack/pack/redact/scoreboard/corpus"
	"relaypack/pack/redact/scoreboard/score"
	"testing"
)

func TestX(t *testing.T) {
	for _, d := range corpus.Generate(1, corpus.Open) {
		v := score.Output(d, d.Bytes)
		i := 0
		for _, p := range d.Plants {
			for _, s := range p.Secrets {
				if v.Left[i] == "" {
					t.Logf("%s %s %q IN %.900s", p.Kind, d.Carrier, s, d.Bytes)
				}
				i++
			}
		}
	}
}
