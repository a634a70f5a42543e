package scrape

import (
	"bufio"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/shirou/gopsutil/v3/process"
)

// stat is what is read of /proc/PID/stat.
type stat struct {
	state string
	ticks uint64 // field 22: start, in clock ticks since boot; no clock step moves it
}

var errStat = errors.New("read stat: not as expected")

// readStat reads /proc/PID/stat. The command stands in parentheses and may itself hold blanks and
// parentheses, so the fields are counted from the last one.
func readStat(proc string, pid int32) (stat, error) {
	data, err := os.ReadFile(filepath.Join(proc, strconv.Itoa(int(pid)), "stat"))
	if err != nil {
		return stat{}, err
	}
	text := string(data)
	fields := strings.Fields(text[strings.LastIndexByte(text, ')')+1:])
	if len(fields) < 20 {
		return stat{}, errStat
	}
	ticks, err := strconv.ParseUint(fields[19], 10, 64) // the first of them is field 3
	if err != nil {
		return stat{}, errStat
	}
	return stat{fields[0], ticks}, nil
}

// residentSet reads the bytes of memory that a process holds, of /proc/PID/statm; 0 where that cannot be read.
func residentSet(proc string, pid int32) uint64 {
	data, err := os.ReadFile(filepath.Join(proc, strconv.Itoa(int(pid)), "statm"))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseUint(fields[1], 10, 40)
	if err != nil {
		return 0
	}
	return pages * uint64(os.Getpagesize())
}

// identify gives pid and start ticks of a process that lives. A zombie lives no more. Where there is
// no /proc the start time stands for the ticks.
func (f *finder) identify(pid int32) (identity, bool) {
	st, err := readStat(f.proc, pid)
	if err == nil {
		return identity{pid: pid, ticks: st.ticks}, st.state != "Z" && st.state != "X"
	}
	if _, err := os.Stat(filepath.Join(f.proc, "self")); err == nil || f.proc != "/proc" {
		return identity{}, false
	}
	alive, err := process.PidExistsWithContext(f.env, pid)
	if err != nil || !alive {
		return identity{}, false
	}
	return identity{pid: pid, ticks: uint64(max(f.startedAt(pid).Unix(), 0))}, true
}

// listeners gives the uids that own a listening socket on port, by /proc/net/tcp and tcp6. Both are
// world-readable and speak of every uid, where the owner of a socket's descriptor does not.
func listeners(proc string, port int) ([]int64, error) {
	var uids []int64
	var faults []error
	for _, name := range []string{"tcp", "tcp6"} {
		file, err := os.Open(filepath.Join(proc, "net", name))
		if err != nil {
			faults = append(faults, err)
			continue
		}
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			if uid, ok := listener(lines.Text(), port); ok && !slices.Contains(uids, uid) {
				uids = append(uids, uid)
			}
		}
		file.Close()
	}
	if len(faults) == 2 {
		return nil, errors.Join(faults...)
	}
	return uids, nil
}

// listener reads one line: slot, local address, remote address, state (0A: listens), queues, timer,
// retransmits, uid.
func listener(line string, port int) (uid int64, ok bool) {
	fields := strings.Fields(line)
	if len(fields) < 8 || fields[3] != "0A" {
		return 0, false
	}
	_, hex, found := strings.Cut(fields[1], ":")
	n, err := strconv.ParseUint(hex, 16, 16)
	if !found || err != nil || int(n) != port {
		return 0, false
	}
	uid, err = strconv.ParseInt(fields[7], 10, 64)
	return uid, err == nil
}
