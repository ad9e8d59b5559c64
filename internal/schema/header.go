package schema

import (
	"slices"
	"strings"

	"cultured/internal/finding"
)

// A pairing says which column of a header holds which field.
type pairing struct {
	header   []string
	position []int // by field: 0-based column, -1 when absent
	spelling []bool
	repeated []int // columns that hold a field already found before
	unknown  []int // columns of no field
}

// match pairs a header with the fields: by exact name first, then by name without case, accents and spaces.
func match(s *Schema, header []string) *pairing {
	p := &pairing{header: header, position: make([]int, len(s.Fields)), spelling: make([]bool, len(s.Fields))}
	byName, byLoose := map[string]int{}, map[string]int{}
	for i, f := range s.Fields {
		p.position[i], byName[f.Name] = -1, i
		if _, twice := byLoose[loose(f.Name)]; twice {
			byLoose[loose(f.Name)] = -1 // two fields that look alike: only the exact name says which
		} else {
			byLoose[loose(f.Name)] = i
		}
	}
	var rest []int
	for at, name := range header {
		i, ok := byName[name]
		switch {
		case !ok:
			rest = append(rest, at)
		case p.position[i] >= 0:
			p.repeated = append(p.repeated, at)
		default:
			p.position[i] = at
		}
	}
	for _, at := range rest {
		i, ok := byLoose[loose(header[at])]
		if !ok || i < 0 || p.position[i] >= 0 || header[at] == "" {
			p.unknown = append(p.unknown, at)
			continue
		}
		p.position[i], p.spelling[i] = at, true
	}
	return p
}

// at returns the column of the named field, -1 when the table has none.
func (p *pairing) at(s *Schema, name string) int {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return p.position[i]
		}
	}
	return -1
}

// findings says what is wrong with the header.
func (p *pairing) findings(c *Checker) []finding.Finding {
	var list []finding.Finding
	add := func(at int, name, reason string, severity finding.Severity, args ...string) *finding.Finding {
		list = append(list, finding.Finding{Column: at, Field: name, Value: cut(name), Reason: reason, Severity: severity,
			Args: append([]string{cut(name)}, args...), Rule: c.rule("fields")})
		return &list[len(list)-1]
	}
	s := &c.schema
	for i, f := range s.Fields {
		switch {
		case p.position[i] < 0:
			p.missing(s, f, add)
		case p.spelling[i]:
			found := add(p.position[i], p.header[p.position[i]], "schema.column_spelling", finding.Error, f.Name)
			found.Fix, found.After = "column_name", f.Name
		}
	}
	for _, at := range p.repeated {
		add(at, p.header[at], "schema.column_repeated", finding.Error, number(slices.Index(p.header, p.header[at])+1), number(at+1))
	}
	p.extra(s, add)
	if at := p.outOfOrder(); at >= 0 && s.FieldsMatch == MatchExact {
		add(at, p.header[at], "schema.column_order", finding.Error)
	}
	if s.FieldsMatch == MatchPartial && !slices.ContainsFunc(p.position, func(at int) bool { return at >= 0 }) {
		add(-1, s.Fields[0].Name, "schema.column_none", finding.Error)
	}
	return list
}

type addFinding func(at int, name, reason string, severity finding.Severity, args ...string) *finding.Finding

// missing tells about a field no column holds.
func (p *pairing) missing(s *Schema, f Field, add addFinding) {
	title := f.Title
	if title == "" {
		title = exampleOf(f)
	}
	switch {
	case s.FieldsMatch == MatchPartial, s.FieldsMatch == MatchSuperset && !s.Required(f.Name):
	case s.Required(f.Name) || s.FieldsMatch != "" && s.FieldsMatch != MatchSuperset:
		add(-1, f.Name, "schema.column_missing", finding.Error, title)
	default:
		add(-1, f.Name, "schema.column_optional", finding.Info, title)
	}
}

// extra tells about the columns of no field, and proposes the absent field they look like.
func (p *pairing) extra(s *Schema, add addFinding) {
	severity := finding.Warning
	if s.FieldsMatch == MatchExact || s.FieldsMatch == MatchEqual || s.FieldsMatch == MatchSuperset {
		severity = finding.Error
	}
	taken := map[int]bool{}
	for _, at := range p.unknown {
		name := p.header[at]
		if strings.TrimFunc(name, isBlank) == "" {
			add(at, "", "schema.column_unnamed", finding.Warning, number(at+1))
			continue
		}
		if i := p.nearest(s, name, taken); i >= 0 {
			taken[i] = true
			add(at, name, "schema.column_near", severity, s.Fields[i].Name)
			continue
		}
		if first := slices.Index(p.header, name); first < at {
			add(at, name, "schema.column_repeated", severity, number(first+1), number(at+1))
			continue
		}
		add(at, name, "schema.column_unknown", severity)
	}
}

// nearest returns the absent field whose name is closest to name, -1 if none is close.
func (p *pairing) nearest(s *Schema, name string, taken map[int]bool) int {
	best, bestDistance := -1, 0
	key := loose(name)
	for i, f := range s.Fields {
		if p.position[i] >= 0 || taken[i] {
			continue
		}
		for _, candidate := range [...]string{loose(f.Name), loose(f.Title)} {
			allowed := max(len(candidate), len(key)) / 4
			if d := distance(key, candidate, allowed); candidate != "" && d <= allowed && (best < 0 || d < bestDistance) {
				best, bestDistance = i, d
			}
		}
	}
	return best
}

// outOfOrder returns the first column that comes before a column of an earlier field, -1 if none.
func (p *pairing) outOfOrder() int {
	last := -1
	for _, at := range p.position {
		if at < 0 {
			continue
		}
		if at < last {
			return at
		}
		last = at
	}
	return -1
}

// distance is the Damerau-Levenshtein distance (optimal string alignment) in bytes, or limit+1 when it is over limit.
func distance(a, b string, limit int) int {
	if d := len(a) - len(b); d > limit || -d > limit || len(a) > 64 || len(b) > 64 {
		return limit + 1
	}
	var before, row, next [65]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		next[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			next[j] = min(row[j]+1, next[j-1]+1, row[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				next[j] = min(next[j], before[j-2]+1)
			}
		}
		before, row = row, next
	}
	return min(row[len(b)], limit+1)
}
