package main

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/shirou/gopsutil/v3/process"
)

// settling is how many looks go by before those that are measured: the first ones fill tables and windows.
const settling = 5

// figures is what one process cost.
type figures struct {
	cpu         time.Duration // of one look
	resident    uint64        // bytes, at the end
	first       time.Duration // from its start to its first look
	plain, zip  []time.Duration
	bytes, zips int // of a pack
}

func measure(s subject, series, looks, packs int, every time.Duration) (*figures, error) {
	t, err := newTarget(series)
	if err != nil {
		return nil, err
	}
	defer t.server.Close()
	cmd, err := s.start(t)
	if err != nil {
		return nil, err
	}
	cmd.Stderr = os.Stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	defer func() {
		cmd.Process.Kill()
		cmd.Wait()
	}()
	p, err := process.NewProcess(int32(cmd.Process.Pid))
	if err != nil {
		return nil, err
	}
	m := &figures{}
	if err := t.await(settling, every); err != nil {
		return nil, err
	}
	_, first := t.seen()
	m.first = first.Sub(began)
	if m.cpu, err = perLook(t, p, looks, every); err != nil {
		return nil, err
	}
	if s.api != "" {
		if err := m.askForPacks(s.api, packs); err != nil {
			return nil, err
		}
	}
	memory, err := p.MemoryInfo()
	if err != nil {
		return nil, err
	}
	m.resident = memory.RSS
	return m, nil
}

// await waits until the target was looked at n times more.
func (t *target) await(n int, every time.Duration) error {
	from, _ := t.seen()
	deadline := time.Now().Add(30*time.Second + time.Duration(2*n)*every)
	for time.Now().Before(deadline) {
		if now, _ := t.seen(); now >= from+n {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	return errors.New("it stopped looking at the target")
}

func perLook(t *target, p *process.Process, looks int, every time.Duration) (time.Duration, error) {
	before, err := used(p)
	if err != nil {
		return 0, err
	}
	from, _ := t.seen()
	if err := t.await(looks, every); err != nil {
		return 0, err
	}
	after, err := used(p)
	to, _ := t.seen()
	return (after - before) / time.Duration(to-from), err
}

func used(p *process.Process) (time.Duration, error) {
	times, err := p.Times()
	if err != nil {
		return 0, err
	}
	return time.Duration((times.User + times.System) * float64(time.Second)), nil
}

// askForPacks measures packs as somebody beside the agent gets them, one after the other.
func (m *figures) askForPacks(api string, n int) error {
	for range n {
		for _, encoding := range []string{"identity", "gzip"} {
			took, size, err := askForPack(api, encoding)
			if err != nil {
				return err
			}
			if encoding == "gzip" {
				m.zip, m.zips = append(m.zip, took), size
			} else {
				m.plain, m.bytes = append(m.plain, took), size
			}
		}
	}
	slices.Sort(m.plain)
	slices.Sort(m.zip)
	return nil
}

func askForPack(api, encoding string) (took time.Duration, size int, err error) {
	request, err := http.NewRequest(http.MethodPost, "http://"+api+"/api/ops/support-pack", strings.NewReader("{}"))
	if err != nil {
		return 0, 0, err
	}
	request.Header.Set("Authorization", "Bearer "+bearer)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept-Encoding", encoding)
	began := time.Now()
	resp, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return 0, 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("ask for a pack: status %d", resp.StatusCode)
	}
	return time.Since(began), len(body), err
}

func (m *figures) row(series int, name string) string {
	first, plain, zip := "", "", ""
	if len(m.plain) > 0 {
		first = fmt.Sprintf("%.0f", ms(m.first))
		plain = fmt.Sprintf("%.1f / %.1f (%d KB)", ms(at(m.plain, 0.5)), ms(at(m.plain, 0.99)), m.bytes/1000)
		zip = fmt.Sprintf("%.1f / %.1f (%d KB)", ms(at(m.zip, 0.5)), ms(at(m.zip, 0.99)), m.zips/1000)
	}
	return fmt.Sprintf("| %d | %s | %.2f | %.1f | %s | %s | %s |", series, name, ms(m.cpu), float64(m.resident)/1e6, first, plain, zip)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func at(sorted []time.Duration, share float64) time.Duration {
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}
