package privacy

import (
	"cmp"
	"hash/maphash"
	"slices"

	"cultured/internal/fault"
)

// mostClasses bounds what a Meter holds: some 100 bytes each.
const mostClasses = 5_000_000

// MostValues is how far the different values of a class are counted.
const MostValues = 16

// A Question says what is measured in a table.
type Question struct {
	Known  []string // columns others may know of somebody (quasi-identifiers): age, commune, occupation
	Secret string   // column that must not be learnt, "" for none
}

// A Meter reads rows and counts those that are alike in what others may know. An empty cell is a value like any other: rows that lack it are
// alike.
type Meter struct {
	known   []int
	secret  int // -1 for none
	seeds   [2]maphash.Seed
	classes map[[2]uint64]*class
	rows    int64
}

type class struct {
	rows   int64
	values []uint64 // hashes of the secret's values, MostValues at most
}

// A Size is how many classes have a number of rows.
type Size struct{ Rows, Classes int64 }

// A Measure is what a Meter found.
type Measure struct {
	Rows    int64
	Classes int64
	K       int64  // rows of the smallest class, 0 in an empty table
	Sizes   []Size // by rows, ascending
	L       int    // distinct values of the secret in the class that has fewest, counted up to [MostValues]; 0 when nothing is secret
	Told    int64  // rows whose class has one value of the secret: to know who somebody is like is to know it
}

// NewMeter prepares to measure a table that has this header. Faults: Invalid "privacy.nothing_known", "privacy.no_column" with its name,
// "privacy.known_and_secret" with its name.
func NewMeter(header []string, q Question) (*Meter, error) {
	m := &Meter{secret: -1, classes: map[[2]uint64]*class{}, seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}}
	if len(q.Known) == 0 {
		return nil, fault.New(fault.Invalid, "privacy.nothing_known")
	}
	for _, name := range q.Known {
		i := slices.Index(header, name)
		if i < 0 {
			return nil, fault.New(fault.Invalid, "privacy.no_column", name)
		}
		m.known = append(m.known, i)
	}
	if q.Secret == "" {
		return m, nil
	}
	if m.secret = slices.Index(header, q.Secret); m.secret < 0 {
		return nil, fault.New(fault.Invalid, "privacy.no_column", q.Secret)
	}
	if slices.Contains(m.known, m.secret) {
		return nil, fault.New(fault.Invalid, "privacy.known_and_secret", q.Secret)
	}
	return m, nil
}

// Add reads one row; cells beyond its end are empty. Fault: TooLarge "privacy.too_many_classes".
func (m *Meter) Add(cells []string) error {
	m.rows++
	key := m.key(cells)
	c := m.classes[key]
	if c == nil {
		if len(m.classes) == mostClasses {
			return fault.New(fault.TooLarge, "privacy.too_many_classes", mostClasses)
		}
		c = &class{}
		m.classes[key] = c
	}
	c.rows++
	if m.secret >= 0 && len(c.values) < MostValues {
		if v := maphash.String(m.seeds[0], cell(cells, m.secret)); !slices.Contains(c.values, v) {
			c.values = append(c.values, v)
		}
	}
	return nil
}

// key names a class by two hashes: one alone would bring two classes together once in a table of some millions, and overstate k.
func (m *Meter) key(cells []string) (out [2]uint64) {
	for i, seed := range m.seeds {
		var h maphash.Hash
		h.SetSeed(seed)
		for _, at := range m.known {
			v := cell(cells, at)
			maphash.WriteComparable(&h, len(v)) // "a", "bc" is not "ab", "c"
			_, _ = h.WriteString(v)             // never fails
		}
		out[i] = h.Sum64()
	}
	return out
}

func cell(cells []string, i int) string {
	if i < len(cells) {
		return cells[i]
	}
	return ""
}

// Measure says what was found so far.
func (m *Meter) Measure() Measure {
	out := Measure{Rows: m.rows, Classes: int64(len(m.classes))}
	sizes := map[int64]int64{}
	for _, c := range m.classes {
		sizes[c.rows]++
		if m.secret < 0 {
			continue
		}
		if out.L == 0 || len(c.values) < out.L {
			out.L = len(c.values)
		}
		if len(c.values) == 1 {
			out.Told += c.rows
		}
	}
	for rows, classes := range sizes {
		out.Sizes = append(out.Sizes, Size{rows, classes})
	}
	slices.SortFunc(out.Sizes, func(a, b Size) int { return cmp.Compare(a.Rows, b.Rows) })
	if len(out.Sizes) > 0 {
		out.K = out.Sizes[0].Rows
	}
	return out
}

// Under counts the rows of classes with fewer than k rows: what would have to be left out, or said more roughly, to reach k.
func (m Measure) Under(k int64) (rows int64) {
	for _, s := range m.Sizes {
		if s.Rows < k {
			rows += s.Rows * s.Classes
		}
	}
	return rows
}

// Spread is the mean number of rows of a class over K: 1 when every class is just large enough; the higher, the more was blurred for nothing.
func (m Measure) Spread() float64 {
	if m.Classes == 0 || m.K == 0 {
		return 0
	}
	return float64(m.Rows) / float64(m.Classes) / float64(m.K)
}
