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

// seen remembers the row where each value first came, by hash, in an open-addressing table of 12 bytes a place.
type seen struct {
	hashes []uint64
	rows   []uint32
	used   int
}

func newSeen() *seen { return &seen{hashes: make([]uint64, 64), rows: make([]uint32, 64)} }

// add records the value and returns the row of its first occurrence if it is not new.
func (s *seen) add(h uint64, row int) (before int, again bool) {
	if s.used*4 >= len(s.hashes)*3 {
		s.grow()
	}
	i, found := s.find(h)
	if found {
		return int(s.rows[i]), true
	}
	s.hashes[i], s.rows[i] = h, uint32(row)
	s.used++
	return 0, false
}

func (s *seen) has(h uint64) bool {
	_, found := s.find(h)
	return found
}

func (s *seen) find(h uint64) (place int, found bool) {
	mask := len(s.hashes) - 1
	for i := int(h) & mask; ; i = (i + 1) & mask {
		switch s.hashes[i] {
		case h:
			return i, true
		case 0:
			return i, false
		}
	}
}

func (s *seen) grow() {
	old := *s
	s.hashes, s.rows = make([]uint64, 2*len(old.hashes)), make([]uint32, 2*len(old.hashes))
	for i, h := range old.hashes {
		if h != 0 {
			j, _ := s.find(h)
			s.hashes[j], s.rows[j] = h, old.rows[i]
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
