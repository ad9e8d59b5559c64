package mission

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/french"
)

// A Step is one thing somebody who knows does to the truth to make the good answer. Kind is one of [StepKinds].
type Step struct {
	Kind    string   `json:"kind"`
	Column  string   `json:"column,omitempty"`
	Columns []string `json:"columns,omitempty"` // that make a group
	As      string   `json:"as,omitempty"`      // name of the column made
	N       int      `json:"n,omitempty"`
}

var steps = map[string]func(Table, Step) (Table, error){
	"drop":  dropStep,
	"few":   fewStep,
	"total": totalStep,
}

// StepKinds lists the steps: "drop" (a column), "few" (rows whose group has fewer than N), "total" (adds up a column by group, under the name As; a
// total that would hold a hidden value, one that is no number, is [Hidden]).
func StepKinds() []string {
	var kinds []string
	for k := range steps {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// Hidden stands for a figure that statistical secrecy keeps back.
const Hidden = "s"

// made is what the mission's work makes of a truth; the truth itself when there is no work.
func (m Mission) made(truth Table) (Table, error) {
	t := truth.Clone()
	for _, s := range m.Work {
		do, ok := steps[s.Kind]
		if !ok {
			return t, fmt.Errorf("no step %q", s.Kind)
		}
		var err error
		if t, err = do(t, s); err != nil {
			return t, err
		}
	}
	return t, nil
}

func dropStep(t Table, s Step) (Table, error) {
	if t.Column(s.Column) < 0 {
		return t, fmt.Errorf("no column %q to drop", s.Column)
	}
	return lostColumn(t, s.Column), nil
}

func fewStep(t Table, s Step) (Table, error) {
	sizes, of, err := groups(t, s.Columns)
	if err != nil {
		return t, err
	}
	kept := t.Rows[:0]
	for i, row := range t.Rows {
		if sizes[of[i]] >= s.N {
			kept = append(kept, row)
		}
	}
	t.Rows = kept
	return t, nil
}

// groups says which group each row is of, by the columns there are, and how many rows each has.
func groups(t Table, columns []string) (sizes map[string]int, of []string, err error) {
	var at []int
	for _, name := range columns {
		c := t.Column(name)
		if c < 0 {
			return nil, nil, fmt.Errorf("no column %q", name)
		}
		at = append(at, c)
	}
	sizes, of = map[string]int{}, make([]string, len(t.Rows))
	for i, row := range t.Rows {
		of[i] = joined(row, at, plainCell)
		sizes[of[i]]++
	}
	return sizes, of, nil
}

// joined is what a row says in some columns, each cell as how has it.
func joined(row []string, at []int, how func(string) string) string {
	var b strings.Builder
	for _, c := range at {
		b.WriteString(how(row[c]))
		b.WriteByte(0)
	}
	return b.String()
}

// plainCell is one writing for all cells that say the same, as [same] has it.
func plainCell(s string) string {
	s = strings.TrimSpace(s)
	if coded(s) {
		return s
	}
	if n, ok := french.Number(s); ok {
		return strconv.FormatFloat(n, 'g', 12, 64)
	}
	if d, _, ok := french.Date(s); ok {
		return d.Format("2006-01-02")
	}
	return s
}

func totalStep(t Table, s Step) (Table, error) {
	_, of, err := groups(t, s.Columns)
	if err != nil {
		return t, err
	}
	at := t.Column(s.Column)
	if at < 0 {
		return t, fmt.Errorf("no column %q to add up", s.Column)
	}
	out := Table{Columns: append(slices.Clone(s.Columns), s.As)}
	totals, hidden, place := map[string]float64{}, map[string]bool{}, map[string]int{}
	for i, row := range t.Rows {
		g := of[i]
		if _, ok := place[g]; !ok {
			place[g] = len(out.Rows)
			line := make([]string, 0, len(out.Columns))
			for _, name := range s.Columns {
				line = append(line, row[t.Column(name)])
			}
			out.Rows = append(out.Rows, append(line, ""))
		}
		if n, ok := french.Number(row[at]); ok {
			totals[g] += n
		} else if strings.TrimSpace(row[at]) != "" {
			hidden[g] = true
		}
	}
	for g, i := range place {
		out.Rows[i][len(s.Columns)] = strconv.FormatFloat(totals[g], 'f', -1, 64)
		if hidden[g] {
			out.Rows[i][len(s.Columns)] = Hidden
		}
	}
	return out, nil
}
