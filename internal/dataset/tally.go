package dataset

import (
	"cmp"
	"slices"
	"strings"
)

// longValue is the size in bytes past which a value is a text that is not kept whole.
const longValue = 256

// An entry is one value of a column and how often it was met.
type entry struct {
	hash    uint64
	loose   uint64 // of the value as looseHash gives it
	count   uint32 // rows of a table are fewer
	pending uint32 // of count, not yet described
	at      uint32
	size    uint16 // 0xFFFF: a long value, of which the first bytes are kept
}

const isLong = 0xFFFF

// longHead is how much of a long value is kept.
const longHead = 120

// A tally counts the values of one column. Each different value is described once, however often it comes, which is
// what makes a profile fast. When it is full it hands over what is pending, keeps the most frequent values and goes on:
// counts are then lower bounds (lossy counting: Manku and Motwani, 2002).
type tally struct {
	limit    int
	entries  []entry
	slots    []int32 // index+1 in entries
	arena    []byte
	last     int32 // entry of the value before: tables are often sorted
	pruned   bool
	added    int64
	inserted int64
	repeated bool                                 // some value came twice
	describe func(v string, hash uint64, n int64) // receives each value with how often it came since last told
	fresh    func(hash uint64)                    // after the first pruning: a value not among the entries
	spilled  func(entries []entry)                // just before the first pruning
}

// add counts one value, not blank.
func (t *tally) add(v string, hash uint64) {
	t.added++
	if len(t.entries) > 0 {
		if e := &t.entries[t.last]; e.hash == hash && t.same(e, v) {
			t.hit(e, v)
			return
		}
	}
	if len(t.slots) == 0 {
		t.slots = make([]int32, 256)
	}
	mask := uint64(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		n := t.slots[i]
		if n == 0 {
			break
		}
		if e := &t.entries[n-1]; e.hash == hash && t.same(e, v) {
			t.last = n - 1
			t.hit(e, v)
			return
		}
	}
	t.insert(v, hash)
}

func (t *tally) same(e *entry, v string) bool {
	if e.size == isLong {
		return len(v) > longValue
	}
	return string(t.arena[e.at:e.at+uint32(e.size)]) == v
}

func (t *tally) hit(e *entry, v string) {
	e.count++
	t.repeated = true
	if e.size == isLong {
		t.describe(v, e.hash, 1)
		return
	}
	e.pending++
}

func (t *tally) insert(v string, hash uint64) {
	t.inserted++
	if len(t.entries) >= t.limit || len(t.arena)+len(v) > t.limit*64 {
		t.prune()
	}
	if t.pruned {
		t.fresh(hash)
	}
	e := entry{hash: hash, loose: looseHash(v, hash), count: 1, pending: 1, at: uint32(len(t.arena)), size: uint16(min(len(v), isLong))}
	if len(v) > longValue {
		t.describe(v, hash, 1)
		e.pending, e.size = 0, isLong
		v = v[:longHead]
	}
	t.arena = append(t.arena, v...)
	t.entries = append(t.entries, e)
	if len(t.entries)*2 > len(t.slots) {
		t.rehash(2 * len(t.slots))
		return
	}
	t.last = int32(len(t.entries) - 1)
	t.place(t.last)
}

func (t *tally) place(at int32) {
	mask := uint64(len(t.slots) - 1)
	i := t.entries[at].hash & mask
	for t.slots[i] != 0 {
		i = (i + 1) & mask
	}
	t.slots[i] = at + 1
}

func (t *tally) rehash(size int) {
	if size == len(t.slots) {
		clear(t.slots)
	} else {
		t.slots = make([]int32, size)
	}
	for i := range t.entries {
		t.place(int32(i))
	}
	t.last = int32(max(len(t.entries)-1, 0))
}

// flush describes what is pending.
func (t *tally) flush() {
	whole := string(t.arena) // one copy for all: the values given out are cut from it
	for i := range t.entries {
		e := &t.entries[i]
		if e.pending > 0 {
			t.describe(whole[e.at:e.at+uint32(e.size)], e.hash, int64(e.pending))
			e.pending = 0
		}
	}
}

// prune keeps the most frequent eighth of the values that came twice or more.
func (t *tally) prune() {
	t.flush()
	if !t.pruned {
		t.pruned = true
		t.spilled(t.entries)
	}
	if t.inserted*2 > t.added && t.limit > 1<<12 {
		t.limit = 1 << 12 // few values come back: a small table stays in the processor's cache
	}
	old := t.arena
	kept := slices.DeleteFunc(slices.Clone(t.entries), func(e entry) bool { return e.count < 2 })
	slices.SortStableFunc(kept, func(a, b entry) int { return cmp.Compare(b.count, a.count) })
	if most := max(t.limit/8, 1); len(kept) > most {
		kept = kept[:most]
	}
	t.arena = make([]byte, 0, min(cap(old), t.limit*32))
	t.entries = make([]entry, 0, t.limit)
	for _, e := range kept {
		size := t.stored(e)
		at := uint32(len(t.arena))
		if len(t.arena)+int(size) > t.limit*32 {
			break
		}
		t.arena = append(t.arena, old[e.at:e.at+size]...)
		e.at = at
		t.entries = append(t.entries, e)
	}
	if size := 4 * t.limit; size < len(t.slots) {
		t.slots = nil
		t.rehash(size)
		return
	}
	t.rehash(len(t.slots))
}

func (t *tally) stored(e entry) uint32 {
	if e.size == isLong {
		return longHead
	}
	return uint32(e.size)
}

// mayPrune says whether n more values may fill the tally.
func (t *tally) mayPrune(n int) bool {
	return len(t.entries)+n >= t.limit || len(t.arena)+n*(longValue+1) > t.limit*64
}

// values lists the values kept, the most frequent first, then in byte order.
func (t *tally) values() []ValueCount {
	whole := string(t.arena)
	out := make([]ValueCount, 0, len(t.entries))
	for _, e := range t.entries {
		v := whole[e.at : e.at+t.stored(e)]
		if e.size == isLong {
			v = strings.ToValidUTF8(v, "") + "…"
		}
		out = append(out, ValueCount{v, int64(e.count)})
	}
	slices.SortFunc(out, func(a, b ValueCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Value, b.Value))
	})
	return out
}
