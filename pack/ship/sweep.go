package ship

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// A life that is killed while it writes leaves a temp file. Nothing else in a folder is ever removed: not
// what has another name, not what is no plain file, not what somebody may still be writing.
const (
	staleTemp    = time.Hour // a temp file that old is nobody's work any more
	mostSwept    = 2048      // folders that one life looks through, the newest days first
	folderLevels = 3         // date, namespace, pod
)

var (
	tempName    = regexp.MustCompile(`^\.relaypack-temp-[a-z2-7]{26}$`) // as writeTemp gives them
	folderNames = [folderLevels]*regexp.Regexp{
		regexp.MustCompile(`^date=\d{4}-\d\d-\d\d$`), regexp.MustCompile(`^namespace=[\w.%-]+$`), regexp.MustCompile(`^pod=[\w.%-]+$`),
	}
)

// sweep removes what killed lives left, each folder once: with the first put, in the folders of all days,
// and in a new folder with the first put into it. What cannot be removed stays, hidden by its name.
func (d *dir) sweep(folder string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.swept == nil {
		d.swept = map[string]bool{}
		d.sweepBelow(d.root, 0)
	}
	d.sweepOne(folder)
}

func (d *dir) sweepBelow(folder string, level int) {
	if level == folderLevels {
		d.sweepOne(folder)
		return
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range slices.Backward(entries) { // sorted by name, so by date
		if e.IsDir() && folderNames[level].MatchString(e.Name()) && len(d.swept) < mostSwept {
			d.sweepBelow(filepath.Join(folder, e.Name()), level+1)
		}
	}
}

func (d *dir) sweepOne(folder string) {
	if d.swept[folder] {
		return
	}
	if len(d.swept) >= mostSwept {
		clear(d.swept) // of folders that are looked through again no harm comes
	}
	d.swept[folder] = true
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.Type().IsRegular() || !tempName.MatchString(e.Name()) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > staleTemp {
			os.Remove(filepath.Join(folder, e.Name()))
		}
	}
}
