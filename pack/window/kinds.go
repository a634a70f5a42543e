package window

// kind is what a Ring knows of the items of one kind. Its items form a queue through the slots.
type kind struct {
	name        string
	count       int
	bytes       int
	first, last int    // slots of its oldest and newest item
	firstSeq    uint64 // the Push of its oldest item
	rank        int    // its place in kindSet.ranked
}

// kindSet keeps the kinds in order of their number of items, rarest first.
type kindSet struct {
	byName map[string]*kind
	ranked []*kind
	items  int
}

// get finds or makes the kind of that name. A new one has no item yet and is the rarest.
func (s *kindSet) get(name string) *kind {
	if k := s.byName[name]; k != nil {
		return k
	}
	k := &kind{name: name}
	s.byName[name] = k
	s.ranked = append(s.ranked, nil)
	copy(s.ranked[1:], s.ranked)
	for i, other := range s.ranked[1:] {
		other.rank = i + 1
	}
	s.ranked[0] = k
	return k
}

// grow counts one more item of kind k.
func (s *kindSet) grow(k *kind, size int) {
	s.items++
	k.count++
	k.bytes += size
	for k.rank+1 < len(s.ranked) && s.ranked[k.rank+1].count < k.count {
		s.swap(k.rank, k.rank+1)
	}
}

// shrink counts one item less of kind k and forgets a kind that has none.
func (s *kindSet) shrink(k *kind, size int) {
	s.items--
	k.count--
	k.bytes -= size
	for k.rank > 0 && s.ranked[k.rank-1].count > k.count {
		s.swap(k.rank-1, k.rank)
	}
	if k.count > 0 {
		return
	}
	delete(s.byName, k.name)
	last := len(s.ranked) - 1
	for i := k.rank; i < last; i++ {
		s.ranked[i] = s.ranked[i+1]
		s.ranked[i].rank = i
	}
	s.ranked[last] = nil
	s.ranked = s.ranked[:last]
}

func (s *kindSet) swap(i, j int) {
	s.ranked[i], s.ranked[j] = s.ranked[j], s.ranked[i]
	s.ranked[i].rank, s.ranked[j].rank = i, j
}

// victim is the kind whose oldest item goes next: the oldest item of all kinds that are not rare.
// bytes is the size of all items. The set must not be empty.
func (s *kindSet) victim(bytes int) *kind {
	common := s.ranked[s.rare(bytes):]
	oldest := common[0]
	for _, k := range common[1:] {
		if k.firstSeq < oldest.firstSeq {
			oldest = k
		}
	}
	return oldest
}

// rare tells how many kinds, from the rarest on, are rare. Kinds with equally many items are so together
// or not at all. Since all kinds together hold all items, at least one is not rare.
func (s *kindSet) rare(bytes int) int {
	rare, count, size := 0, 0, 0
	for i, k := range s.ranked {
		count += k.count
		size += k.bytes
		if count > s.items/5 || (bytes > 0 && size > bytes/5) {
			break
		}
		if i+1 == len(s.ranked) || s.ranked[i+1].count > k.count {
			rare = i + 1
		}
	}
	return rare
}
