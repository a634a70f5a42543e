package page

import (
	"encoding/json"
	"errors"
	"strings"
)

// traceShown is a trace as the page shows it.
type traceShown struct {
	ID      string
	Done    bool
	Share   int // percent of its time
	Samples []sample
}

type sample struct {
	At     int64
	Frames string // by stream
	Drops  *float64
	Errors *float64
	Age    *float64 // ms since the last frame
}

// Trace gives a trace so far as HTML; pack.ErrNoTrace when there is none of that id.
func (p *Page) Trace(src Source, id string) ([]byte, error) {
	body, err := src.Trace(id)
	if err != nil {
		return nil, err
	}
	var v struct {
		TraceID   string `json:"traceId"`
		StartedAt *int64 `json:"startedAt"`
		ExpiresAt *int64 `json:"expiresAt"`
		Done      bool   `json:"done"`
		Samples   []struct {
			At     int64           `json:"timestamp"`
			Frames json.RawMessage `json:"framesIn"`
			Drops  *float64        `json:"drops"`
			Errors *float64        `json:"errors"`
			Age    *float64        `json:"lastFrameAgeMs"`
		} `json:"samples"`
	}
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal(body, &v); err != nil && !errors.As(err, &wrong) {
		return nil, errors.New("read trace: not as expected")
	}
	shown := traceShown{ID: v.TraceID, Done: v.Done}
	switch {
	case v.Done:
		shown.Share = 100
	case v.StartedAt != nil && v.ExpiresAt != nil && *v.ExpiresAt > *v.StartedAt:
		shown.Share = int(min(100, max(0, (p.opt.Now().UnixMilli()-*v.StartedAt)*100/(*v.ExpiresAt-*v.StartedAt))))
	}
	for _, s := range v.Samples {
		one := sample{At: s.At, Drops: s.Drops, Errors: s.Errors, Age: s.Age}
		for _, m := range membersOf(s.Frames) {
			one.Frames += m.Name + " " + m.Value + "  "
		}
		if one.Frames = strings.TrimSpace(one.Frames); one.Frames == "" {
			one.Frames = none
		}
		shown.Samples = append(shown.Samples, one)
	}
	return render("trace", shown)
}
