package dataset

import (
	"math"
	"math/bits"
)

// hashText spreads the bytes of s over 64 bits. It is the same on each run, so that a profile is; it is not a secret,
// so whoever needs certainty compares the texts too. Source: after wyhash (Wang Yi, public domain), simplified.
func hashText(s string) uint64 {
	const k0, k1, k2 = 0xa0761d6478bd642f, 0xe7037ed1a0b428db, 0x8ebc6af09c88c6e3
	h := uint64(len(s)) ^ k2
	for len(s) > 16 {
		h = mix(load64(s)^k0, load64(s[8:])^h)
		s = s[16:]
	}
	var a, b uint64
	switch n := len(s); {
	case n >= 8:
		a, b = load64(s), load64(s[n-8:])
	case n >= 4:
		a, b = load32(s), load32(s[n-4:])
	case n > 0:
		a = uint64(s[0])<<16 | uint64(s[n/2])<<8 | uint64(s[n-1])
	}
	return mix(mix(a^k0, b^h)^k1, h^k0)
}

func mix(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

func load64(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

func load32(s string) uint64 {
	_ = s[3]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24
}

// hashBudget is how many hashes the exact sets of one profile may hold in all: at 8 bytes each, in tables at most twice
// as large, 190 MB.
const hashBudget = 12 << 20

// A hashSet holds hashes exactly, up to the budget it shares with others.
type hashSet struct {
	slots  []uint64
	n      int
	budget *int
	owed   int  // slots to give back to the budget at the next reserve
	full   bool // the budget ran out: the set no longer grows
}

// reserve makes room for n more hashes, as far as the budget allows; else the set is full.
func (s *hashSet) reserve(n int) {
	*s.budget += s.owed
	s.owed = 0
	if s.full {
		return
	}
	size := max(1024, len(s.slots))
	for (s.n+n)*4 > size*3 {
		size *= 2
	}
	if size == len(s.slots) {
		return
	}
	if *s.budget < size-len(s.slots) {
		s.drop()
		*s.budget += s.owed
		s.owed = 0
		return
	}
	*s.budget -= size - len(s.slots)
	s.grow(size)
}

// add says whether h was there already. It must not be asked once full, nor past what was reserved.
func (s *hashSet) add(h uint64) bool {
	if h == 0 {
		h = 1
	}
	mask := uint64(len(s.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		switch s.slots[i] {
		case h:
			return true
		case 0:
			s.slots[i] = h
			s.n++
			return false
		}
	}
}

// room makes room for one more hash, and says whether there is.
func (s *hashSet) room() bool {
	s.reserve(1)
	return !s.full
}

func (s *hashSet) grow(size int) {
	old := s.slots
	s.slots = make([]uint64, size)
	mask := uint64(size - 1)
	for _, h := range old {
		if h == 0 {
			continue
		}
		i := h & mask
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = h
	}
}

// drop forgets the set, and owes its share of the budget.
func (s *hashSet) drop() {
	s.owed += len(s.slots)
	s.slots, s.n, s.full = nil, 0, true
}

const sketchBits = 14

// A sketch estimates how many different hashes it has seen, within about 0.8 % (one standard error).
// Source: Flajolet et al., HyperLogLog (2007), with linear counting for small sets.
type sketch struct{ registers []uint8 }

func (s *sketch) add(h uint64) {
	if s.registers == nil {
		s.registers = make([]uint8, 1<<sketchBits)
	}
	h *= 0x9e3779b97f4a7c15 // the tables use the low bits; this takes fresh ones
	h ^= h >> 32
	i := h >> (64 - sketchBits)
	rank := uint8(bits.LeadingZeros64(h<<sketchBits|1<<(sketchBits-1)) + 1)
	s.registers[i] = max(s.registers[i], rank)
}

func (s *sketch) estimate() int64 {
	if s.registers == nil {
		return 0
	}
	m := float64(len(s.registers))
	sum, zeros := 0.0, 0
	for _, r := range s.registers {
		sum += math.Ldexp(1, -int(r))
		if r == 0 {
			zeros++
		}
	}
	e := 0.7213 / (1 + 1.079/m) * m * m / sum
	if e <= 2.5*m && zeros > 0 {
		e = m * math.Log(m/float64(zeros))
	}
	return int64(math.Round(e))
}
