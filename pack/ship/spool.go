package ship

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Bounds that SpoolOptions does not set.
const (
	spoolPacks    = 2048     // packs kept, waiting and delivered
	spoolAsides   = 8        // broken files kept for who wants to look at them
	spareBytes    = 8 << 20  // held in memory while the folder takes nothing
	longestPack   = 64 << 20 // bytes of a pack's JSON when it is read back
	blockBytes    = 4096     // a file is charged in blocks: an emptyDir is, too
	memoryPerPack = 256      // charged for a pack in memory beside its bytes
)

// SpoolOptions are a Spool's folder and bounds.
type SpoolOptions struct {
	Dir      string        // made when missing; "" keeps packs in memory only
	MaxBytes int64         // of all that is kept; 64 MiB when 0
	MaxAge   time.Duration // by the pack's id; 168 h when 0
	OnDrop   func(Drop)    // called for each pack that a bound took, when not nil; it must not call the Spool
}

// Reason says which bound took a pack.
type Reason string

// The reasons.
const (
	TooOld   Reason = "age"
	NoRoom   Reason = "space"     // for packs of the same or of more worth
	TooLarge Reason = "too large" // for the whole spool
	NoDisk   Reason = "disk"      // the folder took it not, and the memory was full, too
	Torn     Reason = "broken"    // its file was damaged, and is set aside
)

// Drop is a pack that was given up undelivered.
type Drop struct {
	ID     string
	Kind   Kind
	Reason Reason
}

// Errors of Add and Read.
var (
	ErrNoRoom  = errors.New("no room in the spool")
	ErrTwice   = errors.New("the spool has this pack")
	ErrNoPack  = errors.New("no such pack in the spool")
	ErrDamaged = errors.New("the pack's file was damaged and is set aside")
	ErrBadPack = errors.New("not a pack's id or kind")
)

// Receipt is what Add promises.
type Receipt struct {
	Durable bool   // on disk and synced; false: in memory only, by configuration or because the folder failed
	Name    string // of the object that it will be, below the store's prefix
	Bytes   int64  // of the object
}

// Spool keeps packs until they are delivered, and after that while there is room. All its methods may
// be called at once.
type Spool struct {
	o    SpoolOptions
	wake chan struct{}

	adding sync.Mutex // one Add at a time; taken before mu

	mu     sync.Mutex
	packs  map[string]*entry
	asides []aside
	bytes  int64 // charged for packs and asides
	counts SpoolCounts
}

// entry is one pack.
type entry struct {
	about
	at        time.Time
	delivered bool
	body      []byte // nil when it is in a file
	charged   int64

	busy     bool  // being delivered: no bound takes it
	held     Cause // not tried again in this life: the name is taken
	failures int
	notYet   time.Time
}

type aside struct {
	file    string
	charged int64
}

// OpenSpool opens a spool and takes up what an earlier life left in its folder. It never fails for
// good: with an error the Spool works in memory. Broken files are set aside as broken-*, foreign ones
// are left alone.
func OpenSpool(o SpoolOptions) (*Spool, error) {
	if o.MaxBytes <= 0 {
		o.MaxBytes = 64 << 20
	}
	if o.MaxAge <= 0 {
		o.MaxAge = 168 * time.Hour
	}
	s := &Spool{o: o, wake: make(chan struct{}, 1), packs: map[string]*entry{}}
	s.counts.Since, s.counts.Dropped = time.Now(), map[Reason]uint64{}
	if o.Dir == "" {
		return s, nil
	}
	if err := s.takeUp(); err != nil {
		s.o.Dir = ""
		return s, fmt.Errorf("open spool: %w", err)
	}
	s.adding.Lock()
	defer s.adding.Unlock()
	s.expire()
	s.makeRoom(Incident, 0)
	return s, nil
}

// Add takes a pack. When it returns a durable Receipt the pack is on disk. A pack that is refused for a
// bound is counted.
func (s *Spool) Add(p Pack) (Receipt, error) {
	name, err := Name(p.ID, p.Namespace, p.Pod)
	if err != nil || p.Kind.worth() == 0 {
		return Receipt{}, fmt.Errorf("spool: %w", ErrBadPack)
	}
	body, err := compress(p.JSON)
	if err != nil {
		return Receipt{}, fmt.Errorf("spool %s: %w", p.ID, err)
	}
	at, _ := instant(p.ID)
	e := &entry{at: at, about: about{ID: p.ID, Kind: p.Kind, Name: name, Bytes: int64(len(body)), SHA256: hashOf(body)}}

	s.adding.Lock()
	defer s.adding.Unlock()
	if s.has(p.ID) {
		return Receipt{}, fmt.Errorf("spool %s: %w", p.ID, ErrTwice)
	}
	s.expire()
	e.charged = s.charge(e)
	if e.charged > s.o.MaxBytes {
		s.drop(e, TooLarge)
		return Receipt{}, fmt.Errorf("spool %s: larger than the whole spool: %w", p.ID, ErrNoRoom)
	}
	if !s.makeRoom(p.Kind, e.charged) {
		s.drop(e, NoRoom)
		return Receipt{}, fmt.Errorf("spool %s: %w", p.ID, ErrNoRoom)
	}
	durable := s.o.Dir != "" && s.write(e, body) == nil
	if !durable && !s.keepInMemory(e, body) {
		s.drop(e, NoDisk)
		return Receipt{}, fmt.Errorf("spool %s: the folder took it not: %w", p.ID, ErrNoRoom)
	}
	s.insert(e)
	return Receipt{Durable: durable, Name: name, Bytes: e.Bytes}, nil
}

// write brings a pack to disk. A disk without space is given some by the ladder's victims, one by one.
func (s *Spool) write(e *entry, body []byte) error {
	for {
		err := s.writeFile(e, body)
		if err == nil || !noSpace(err) || !s.giveUpOne(e.Kind) {
			return err
		}
	}
}

// keepInMemory is the place of last resort, and the only one of a spool without a folder.
func (s *Spool) keepInMemory(e *entry, body []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.o.Dir != "" {
		var held int64
		for _, other := range s.packs {
			held += int64(len(other.body))
		}
		if held+int64(len(body)) > spareBytes {
			return false
		}
		s.counts.NotDurable++
	}
	e.body = body
	e.charged = e.Bytes + memoryPerPack
	return true
}

func (s *Spool) insert(e *entry) {
	s.mu.Lock()
	s.packs[e.ID] = e
	s.bytes += e.charged
	s.counts.Added++ // written with the next thing that happens to a pack
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

func (s *Spool) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.packs[id] != nil
}

func (s *Spool) charge(e *entry) int64 {
	if s.o.Dir == "" {
		return e.Bytes + memoryPerPack
	}
	return blocks(e.Bytes + int64(len(e.head())))
}

func blocks(n int64) int64 { return (n + blockBytes - 1) / blockBytes * blockBytes }

// Read gives a kept pack's JSON, without a line end; its bytes are checked against their hash first.
func (s *Spool) Read(id string) ([]byte, error) {
	body, _, err := s.object(id)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", id, err)
	}
	line, err := io.ReadAll(io.LimitReader(z, longestPack))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", id, err)
	}
	return bytes.TrimSuffix(line, []byte("\n")), nil
}

// object gives a pack as it is sent, and its name. A file that is not what was written is set aside.
func (s *Spool) object(id string) (body []byte, name string, err error) {
	s.mu.Lock()
	e := s.packs[id]
	if e == nil {
		s.mu.Unlock()
		return nil, "", ErrNoPack
	}
	name, body = e.Name, e.body
	path := filepath.Join(s.o.Dir, e.file())
	s.mu.Unlock()
	if body == nil {
		body, err = readBody(path, e.about)
	}
	if err == nil {
		return body, name, nil
	}
	if errors.Is(err, errNotWhole) || os.IsNotExist(err) {
		s.setAside(id)
		return nil, "", fmt.Errorf("read %s: %w", id, ErrDamaged)
	}
	return nil, "", fmt.Errorf("read %s: %w", id, err)
}
