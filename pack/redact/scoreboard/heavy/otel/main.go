// Command otel runs the redaction processor of the OpenTelemetry Collector as a
// careful operator would set it up: each document is the body of a log record,
// parsed where it is JSON (as the collector's parsers do), with patterns for
// names and for values.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/redactionprocessor"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/processor"

	"relaypack/pack/redact/scoreboard/child"
	"relaypack/pack/redact/scoreboard/score"
)

func main() {
	f, err := redactor()
	if err == nil {
		err = child.Main(os.Args[2:], f, os.Stdout)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// last keeps what came out of the processor.
type last struct{ logs plog.Logs }

func (*last) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }
func (l *last) ConsumeLogs(_ context.Context, logs plog.Logs) error {
	l.logs = logs
	return nil
}

func redactor() (func([]byte) ([]byte, error), error) {
	factory := redactionprocessor.NewFactory()
	sink := &last{}
	set := processor.Settings{ID: component.NewID(factory.Type()), TelemetrySettings: componenttest.NewNopTelemetrySettings()}
	p, err := factory.CreateLogs(context.Background(), set, &redactionprocessor.Config{
		AllowAllKeys:       true,
		BlockedKeyPatterns: blockedNames,
		IgnoredKeyPatterns: ignoredNames,
		BlockedValues:      blockedValues,
		Summary:            "silent",
	}, sink)
	if err != nil {
		return nil, fmt.Errorf("make the processor: %w", err)
	}
	if err := p.Start(context.Background(), componenttest.NewNopHost()); err != nil {
		return nil, fmt.Errorf("start the processor: %w", err)
	}
	return func(doc []byte) ([]byte, error) { return clean(p, sink, doc) }, nil
}

func clean(p processor.Logs, sink *last, doc []byte) ([]byte, error) {
	logs := plog.NewLogs()
	records := logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
	isJSON := score.IsJSON(doc)
	if err := bodies(records, doc, isJSON); err != nil {
		return nil, err
	}
	if err := p.ConsumeLogs(context.Background(), logs); err != nil {
		return nil, err
	}
	out := sink.logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
	if !isJSON {
		return []byte(out.At(0).Body().AsString()), nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	for i := range out.Len() {
		if err := e.Encode(out.At(i).Body().AsRaw()); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}

// bodies makes a record of each JSON value, or one of a text.
func bodies(records plog.LogRecordSlice, doc []byte, isJSON bool) error {
	if !isJSON {
		records.AppendEmpty().Body().SetStr(string(doc))
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(doc))
	for {
		var v any
		if err := dec.Decode(&v); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		body := pcommon.NewValueEmpty()
		if err := body.FromRaw(v); err != nil {
			return err
		}
		body.CopyTo(records.AppendEmpty().Body())
	}
}
