package schema

import (
	"hash/maphash"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/finding"
)

func number(n int) string { return strconv.Itoa(n) }

// seed makes the hashes of one process; they are never stored.
var seed = maphash.MakeSeed()

// hash is never 0, which marks a free place. Two different values collide once in 2^63: for ten million rows, the risk
// that a table has one false duplicate is about one in 200,000.
func hash(v string) uint64 { return maphash.String(seed, v) | 1<<63 }

// seen remembers the row where each value first came, by hash, in open-addressing tables of 12 bytes a place: about 180 MB
// for ten million values. There are many small tables, so that growing doubles one of them at a time.
type seen struct{ tables [64]seenTable }

type seenTable struct {
	hashes []uint64
	rows   []uint32
	used   int
}

func newSeen() *seen { return &seen{} }

// table is where a hash belongs: by its high bits, under the one that is always set; the low ones give its place there.
func (s *seen) table(h uint64) *seenTable { return &s.tables[h>>57&63] }

// add records the value and returns the row of its first occurrence if it is not new.
func (s *seen) add(h uint64, row int) (before int, again bool) {
	t := s.table(h)
	if t.used*8 >= len(t.hashes)*7 {
		t.grow()
	}
	i, found := t.find(h)
	if found {
		return int(t.rows[i]), true
	}
	t.hashes[i], t.rows[i] = h, uint32(row)
	t.used++
	return 0, false
}

func (s *seen) has(h uint64) bool {
	t := s.table(h)
	if t.used == 0 {
		return false
	}
	_, found := t.find(h)
	return found
}

func (t *seenTable) find(h uint64) (place int, found bool) {
	mask := len(t.hashes) - 1
	for i := int(h) & mask; ; i = (i + 1) & mask {
		switch t.hashes[i] {
		case h:
			return i, true
		case 0:
			return i, false
		}
	}
}

func (t *seenTable) grow() {
	old := *t
	size := max(16, 2*len(old.hashes))
	t.hashes, t.rows = make([]uint64, size), make([]uint32, size)
	for i, h := range old.hashes {
		if h != 0 {
			j, _ := t.find(h)
			t.hashes[j], t.rows[j] = h, old.rows[i]
		}
	}
}

// A key is a primary or unique key whose columns are all in the table.
type key struct {
	at      []int
	names   string
	primary bool
	missing [][]string
	seen    *seen
}

// addKeys compiles the keys whose columns are there.
func (c *Checker) addKeys(h *pairing, targets []*Target) (findings []finding.Finding) {
	add := func(columns []string, primary bool) {
		if at, missing, ok := c.locate(h, columns); ok && len(columns) > 0 {
			c.keys = append(c.keys, &key{at: at, names: strings.Join(columns, ", "), primary: primary, missing: missing, seen: newSeen()})
		}
	}
	add(c.schema.PrimaryKey, true)
	for _, columns := range c.schema.UniqueKeys {
		add(columns, false)
	}
	for _, k := range c.schema.ForeignKeys {
		findings = append(findings, c.addReference(k, h, targets)...)
	}
	return findings
}

// locate finds the positions and missing values of columns; ok is false when one is not in the table.
func (c *Checker) locate(h *pairing, columns []string) (at []int, missing [][]string, ok bool) {
	for _, name := range columns {
		i := h.at(&c.schema, name)
		if i < 0 {
			return nil, nil, false
		}
		f, _ := c.schema.Field(name)
		values := f.MissingValues
		if values == nil {
			values = c.schema.MissingValues
		}
		at, missing = append(at, i), append(missing, values)
	}
	return at, missing, true
}

// join hashes the cells at the positions; empty tells which first one is missing, -1 for none.
func join(cells []string, at []int, missing [][]string) (h uint64, empty int) {
	if len(at) == 1 {
		v := cell(cells, at[0])
		if slices.Contains(missing[0], v) {
			return 0, 0
		}
		return hash(v), -1
	}
	var m maphash.Hash
	m.SetSeed(seed)
	for i, p := range at {
		v := cell(cells, p)
		if slices.Contains(missing[i], v) {
			return 0, i
		}
		m.WriteString(v)
		m.WriteByte(0xFF) // never in UTF-8: ("a","b") is not ("ab","")
	}
	return m.Sum64() | 1<<63, -1
}

func cell(cells []string, at int) string {
	if at < 0 || at >= len(cells) {
		return ""
	}
	return cells[at]
}

func quote(cells []string, at []int) string {
	parts := make([]string, len(at))
	for i, p := range at {
		parts[i] = cell(cells, p)
	}
	return cut(strings.Join(parts, ", "))
}

func (k *key) check(c *Checker, row int, cells []string, sink finding.Sink) {
	h, empty := join(cells, k.at, k.missing)
	rule := "uniqueKeys"
	if k.primary {
		rule = "primaryKey"
	}
	if empty >= 0 {
		f, known := c.schema.Field(c.nameAt(k.at[empty]))
		if k.primary && !(known && f.Constraints.Required) { // required already says it
			sink(finding.Finding{Row: row, Column: k.at[empty], Field: f.Name, Reason: "schema.key_empty", Severity: finding.Error,
				Args: []string{"", k.names}, Rule: c.rule(rule)})
		}
		return
	}
	if before, again := k.seen.add(h, row); again {
		v := quote(cells, k.at)
		sink(finding.Finding{Row: row, Column: k.at[0], Field: k.names, Value: v, Reason: "schema.key", Severity: finding.Error,
			Args: []string{v, k.names, number(before)}, Rule: c.rule(rule)})
	}
}

// nameAt returns the field of the column at the position.
func (c *Checker) nameAt(at int) string {
	for i := range c.columns {
		if c.columns[i].at == at {
			return c.columns[i].field.Name
		}
	}
	return ""
}
