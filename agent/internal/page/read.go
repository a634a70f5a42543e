package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// The agent's views as the page reads them. A pointer is nil for what no source gave.

type statusView struct {
	AsOf      *int64            `json:"asOf"`
	Stale     bool              `json:"stale"`
	Sources   map[string]source `json:"sources"`
	Unwired   bool              `json:"unwired"`
	Relay     relayView         `json:"relay"`
	Process   *processView      `json:"process"`
	Container *containerView    `json:"container"`
	Lives     []life            `json:"lives"`
	Gaps      []gap             `json:"gaps"`
	Windows   map[string]ring   `json:"eventBufferStats"`
	Incidents []incidentView    `json:"incidents"`
	Rules     *rulesView        `json:"rules"`
	State     stateView         `json:"state"`
	Delivery  *deliveryView     `json:"delivery"`
	Self      selfView          `json:"self"`
}

type source struct {
	Name     string  `json:"-"`
	Status   string  `json:"status"`
	LastOK   *int64  `json:"lastOkAt"`
	TookMs   *int64  `json:"tookMs"`
	Bytes    *int64  `json:"bytes"`
	Failures int     `json:"failures"`
	Since    *int64  `json:"since"`
	Error    *string `json:"error"`
}

type relayView struct {
	Port  *string         `json:"port"`
	Build json.RawMessage `json:"build"`
}

type processView struct {
	Pid         *int64   `json:"pid"`
	Resident    *float64 `json:"residentBytes"`
	Threads     *float64 `json:"threads"`
	Descriptors *float64 `json:"openDescriptors"`
	Most        *float64 `json:"maxDescriptors"`
	StartedAt   *int64   `json:"startedAt"`
}

type containerView struct {
	Limit      *float64 `json:"memoryLimitBytes"`
	WorkingSet *float64 `json:"workingSetBytes"`
	OOMKills   *float64 `json:"oomKills"`
	Throttled  *float64 `json:"throttledMs"`
}

type life struct {
	N         int     `json:"life"`
	StartedAt *int64  `json:"startedAt"`
	FirstSeen *int64  `json:"firstSeen"`
	EndedAt   *int64  `json:"endedAt"`
	End       *string `json:"end"`
	Pid       *int64  `json:"pid"`
	ExitCode  *int64  `json:"exitCode"`
	Signal    *string `json:"signal"`
	OOMKill   *string `json:"oomKill"`
}

type gap struct {
	Class  *string `json:"class"`
	Missed int64   `json:"missed"`
	At     *int64  `json:"at"`
	Why    string  `json:"why"`
}

type ring struct {
	Count   *int64 `json:"count"`
	Evicted *int64 `json:"evicted"`
	Missed  *int64 `json:"missed"`
}

type incidentView struct {
	Rule     string          `json:"rule"`
	Severity string          `json:"severity"`
	Summary  string          `json:"summary"`
	OpenedAt *int64          `json:"openedAt"`
	ClosedAt *int64          `json:"closedAt"`
	ClosedBy *string         `json:"closedBy"`
	PackID   *string         `json:"packId"`
	Joined   bool            `json:"joined"`
	Values   []incidentValue `json:"values"`
	Kept     bool            `json:"-"` // its pack can be downloaded
}

type incidentValue struct {
	Name  string          `json:"name"`
	Take  *string         `json:"take"`
	Value json.RawMessage `json:"value"`
	Is    string          `json:"is"`
	Bound *float64        `json:"bound"`
}

type rulesView struct {
	PerHour int `json:"perHour"`
	Used    int `json:"used"`
	Open    int `json:"open"`
	Rules   []struct {
		Rule          string   `json:"rule"`
		Severity      string   `json:"severity"`
		State         string   `json:"state"`
		UnknownSince  *int64   `json:"unknownSince"`
		Missing       []string `json:"missing"`
		PerHour       int      `json:"perHour"`
		Used          int      `json:"used"`
		HeldBackTotal int64    `json:"heldBackTotal"`
	} `json:"rules"`
}

type stateView struct {
	Kept     bool   `json:"kept"`
	Why      string `json:"why"`
	Bytes    int64  `json:"bytes"`
	Failures int64  `json:"failures"`
}

type deliveryView struct {
	Waiting      int64   `json:"waiting"`
	WaitingBytes int64   `json:"waitingBytes"`
	OldestAt     *int64  `json:"oldestAt"`
	Delivered    int64   `json:"delivered"`
	Retried      int64   `json:"retried"`
	LastOK       *int64  `json:"lastOkAt"`
	LastError    *string `json:"lastError"`
}

type selfView struct {
	StartedAt *int64   `json:"startedAt"`
	UptimeMs  *float64 `json:"uptimeMs"`
	CPUUser   *float64 `json:"cpuUserMs"`
	CPUSystem *float64 `json:"cpuSystemMs"`
	Resident  *float64 `json:"residentBytes"`
	Looks     *int64   `json:"looks"`
	LookMs    *float64 `json:"lookMs"`
	Longest   *float64 `json:"longestLookMs"`
	RecordMs  *float64 `json:"recordMs"`
	Errors    *int64   `json:"expressionErrors"`
}

// share is the CPU that the agent used since it began, in percent of a core.
func (s selfView) share() *float64 {
	if s.CPUUser == nil || s.CPUSystem == nil || s.UptimeMs == nil || *s.UptimeMs <= 0 {
		return nil
	}
	percent := (*s.CPUUser + *s.CPUSystem) * 100 / *s.UptimeMs
	return &percent
}

type summaryView struct {
	AsOf    *int64 `json:"asOf"`
	Stale   bool   `json:"stale"`
	Summary struct {
		Environment *string  `json:"environment"`
		Uptime      *float64 `json:"uptime"`
		Sessions    *float64 `json:"activeSessions"`
		Connections *float64 `json:"activeConnections"`
	} `json:"summary"`
	Sockets struct {
		Connects    *float64            `json:"totalConnects"`
		Disconnects *float64            `json:"totalDisconnects"`
		AuthFails   *float64            `json:"totalAuthFails"`
		Joins       *float64            `json:"totalJoins"`
		Leaves      *float64            `json:"totalLeaves"`
		ByRole      map[string]*float64 `json:"byRole"`
		BySurface   map[string]*float64 `json:"bySurface"`
	} `json:"socketStats"`
	Relay struct {
		Frames *float64 `json:"totalFrames"`
		Drops  *float64 `json:"totalDrops"`
		Drift  *float64 `json:"totalDriftWarnings"`
		Rate   *float64 `json:"ingestRate"`
	} `json:"relayStats"`
	Runtime struct {
		Memory struct {
			Used  *string `json:"heapUsed"`
			Total *string `json:"heapTotal"`
		} `json:"memory"`
		CPU struct {
			User   *float64 `json:"user"`
			System *float64 `json:"system"`
		} `json:"cpu"`
	} `json:"runtimeStats"`
}

// listView is the view of sessions or sockets.
type listView struct {
	AsOf  *int64
	Stale bool
	Count *int64
	List  []json.RawMessage
}

// readView reads a view of the agent. Its members are the agent's and the profile's: one that has another form than
// expected, because a profile made it so, leaves its field as not given.
func readView(src Source, name string, into any) error {
	body, err := src.View(name)
	if err != nil {
		return fmt.Errorf("view %s: %w", name, err)
	}
	var wrong *json.UnmarshalTypeError
	if err := json.Unmarshal(body, into); err != nil && !errors.As(err, &wrong) {
		return fmt.Errorf("read view %s: not as expected", name)
	}
	return nil
}

func readList(src Source, name string) (l listView, err error) {
	var raw map[string]json.RawMessage
	if err := readView(src, name, &raw); err != nil {
		return l, err
	}
	// A member of another form stays as not given.
	_ = json.Unmarshal(raw["asOf"], &l.AsOf)
	_ = json.Unmarshal(raw["stale"], &l.Stale)
	_ = json.Unmarshal(raw["count"], &l.Count)
	_ = json.Unmarshal(raw[name], &l.List)
	return l, nil
}

// member is one member of an object, in the order of the source.
type member struct {
	Name  string
	Value string // a text as it is, all else as JSON
	text  bool
}

// membersOf takes an object apart; nil for what is none.
func membersOf(object []byte) (list []member) {
	d := jsontext.NewDecoder(bytes.NewReader(object), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	if t, err := d.ReadToken(); err != nil || t.Kind() != '{' {
		return nil
	}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return list
		}
		m := member{Name: name.String()}
		value, err := d.ReadValue()
		if err != nil {
			return list
		}
		m.Value = string(value)
		if value.Kind() == '"' {
			if text, err := jsontext.AppendUnquote(nil, value); err == nil {
				m.Value, m.text = string(text), true
			}
		}
		list = append(list, m)
	}
	return list
}
