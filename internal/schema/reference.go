package schema

import (
	"slices"
	"strings"

	"cultured/internal/finding"
)

// A Target is the set of values some columns of another table have: what a foreign key may refer to.
type Target struct {
	Resource string   // name of the other table
	Fields   []string // its columns, in the order of the foreign key
	at       []int
	missing  [][]string
	seen     *seen
}

// NewTarget prepares to gather the values of the columns fields of the table resource, which has the header and the
// schema. ok is false when it lacks one of the columns.
func NewTarget(resource string, fields []string, s Schema, header []string) (t *Target, ok bool) {
	c := &Checker{schema: s}
	t = &Target{Resource: resource, Fields: fields, seen: newSeen()}
	t.at, t.missing, ok = c.locate(match(&c.schema, header), fields)
	return t, ok
}

// Add gathers the values of one row.
func (t *Target) Add(row int, cells []string) {
	if h, empty := join(cells, t.at, t.missing); empty < 0 {
		t.seen.add(h, row)
	}
}

// A reference is a foreign key. In the table itself, values not yet met wait until the end; those of another table are
// all known.
type reference struct {
	from, to           []int
	missing, missingTo [][]string
	field, names       string
	targets            *seen
	known              bool
	waiting            []pending
}

type pending struct {
	hash  uint64
	row   int
	value string
}

// addReference compiles a foreign key, or tells why it is not checked.
func (c *Checker) addReference(k ForeignKey, h *pairing, targets []*Target) []finding.Finding {
	from, missing, ok := c.locate(h, k.Fields)
	if !ok {
		return nil // the column itself is told absent
	}
	r := &reference{from: from, missing: missing, field: strings.Join(k.Fields, ", "), names: strings.Join(k.ReferenceFields, ", ")}
	if k.Resource == "" {
		if r.to, r.missingTo, ok = c.locate(h, k.ReferenceFields); ok {
			r.targets = newSeen()
			c.refs = append(c.refs, r)
		}
		return nil
	}
	i := slices.IndexFunc(targets, func(t *Target) bool { return t.Resource == k.Resource && slices.Equal(t.Fields, k.ReferenceFields) })
	if i < 0 {
		return []finding.Finding{{Column: from[0], Field: r.field, Severity: finding.Info, Reason: "schema.foreign_elsewhere",
			Args: []string{r.field, k.Resource}, Rule: c.rule("foreignKeys")}}
	}
	r.targets, r.known, r.names = targets[i].seen, true, r.names+" ("+k.Resource+")"
	c.refs = append(c.refs, r)
	return nil
}

func (r *reference) check(c *Checker, row int, cells []string, sink finding.Sink) {
	if !r.known {
		if h, empty := join(cells, r.to, r.missingTo); empty < 0 {
			r.targets.add(h, row)
		}
	}
	h, empty := join(cells, r.from, r.missing)
	if empty >= 0 || r.targets.has(h) {
		return
	}
	p := pending{h, row, strings.Clone(quote(cells, r.from))}
	if r.known {
		sink(r.finding(c, p))
		return
	}
	r.waiting = append(r.waiting, p)
}

func (r *reference) finish(c *Checker, sink finding.Sink) {
	for _, p := range r.waiting {
		if !r.targets.has(p.hash) {
			sink(r.finding(c, p))
		}
	}
	r.waiting = nil
}

func (r *reference) finding(c *Checker, p pending) finding.Finding {
	return finding.Finding{Row: p.row, Column: r.from[0], Field: r.field, Value: p.value, Reason: "schema.foreign_key",
		Args: []string{p.value, r.names}, Severity: finding.Error, Rule: c.rule("foreignKeys")}
}
