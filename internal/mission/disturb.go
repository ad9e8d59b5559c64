package mission

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"

	"cultured/internal/french"
)

// An Anomaly is one thing planted in a variant. Row is its 0-based row in the variant; Column is "" for a whole row; Was is the cell of the truth.
type Anomaly struct {
	Kind   string
	Row    int
	Column string
	Was    string
	Is     string
}

// A Variant is what one person gets: the table to work on, the truth behind it, and what was planted.
type Variant struct {
	Table     Table
	Truth     Table
	Anomalies []Anomaly
	Cases     []int // places in the mission's cases of those to decide, in order
	rows      []int // of each row of Table: its row in Truth; -1 for a row that was added
}

// A planter changes a cell so that somebody who looks sees that it is wrong; false when the cell cannot be.
type planter func(r *rand.Rand, cell string) (string, bool)

var planters = map[string]planter{
	"swap":   swapDigits,
	"zeros":  loseZero,
	"date":   otherDate,
	"spaces": strayspaces,
	"comma":  decimalComma,
	"case":   otherCase,
	"ten":    tenTimes,
	"blank":  func(_ *rand.Rand, cell string) (string, bool) { return "", strings.TrimSpace(cell) != "" },
}

// rowPlanted is the disturbance that repeats whole rows.
const rowPlanted = "twin"

// DisturbanceKinds lists what can be planted: "swap" (two neighbouring digits), "zeros" (the zeros a code begins with are lost), "date" (another
// writing), "spaces", "comma" (for a decimal point), "case", "ten" (ten times too much), "blank", and "twin" (a row repeated).
func DisturbanceKinds() []string {
	kinds := []string{rowPlanted}
	for k := range planters {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// Draw makes the variant of a seed. The same mission, source and seed give the same variant everywhere. Faults: a column that is not there, too few
// cells that can be disturbed as asked.
func (m Mission) Draw(source Table, seed uint64) (Variant, error) {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%s %d", m.ID, m.Version)
	r := rand.New(rand.NewPCG(seed, h.Sum64()))
	if m.Answer == AnswerChoices {
		return Variant{Cases: r.Perm(len(m.Cases))[:min(m.Rows, len(m.Cases))]}, nil
	}
	truth, err := m.draw(source, r)
	if err != nil {
		return Variant{}, fmt.Errorf("mission %s: %w", m.ID, err)
	}
	v := Variant{Table: truth.Clone(), Truth: truth, rows: make([]int, len(truth.Rows))}
	for i := range v.rows {
		v.rows[i] = i
	}
	taken := map[[2]int]bool{}
	for _, d := range m.Disturb {
		if d.Kind == rowPlanted {
			continue // after the cells, so that a repeated row is repeated as it stands
		}
		if err := v.plant(r, d, taken); err != nil {
			return Variant{}, fmt.Errorf("mission %s: %w", m.ID, err)
		}
	}
	for _, d := range m.Disturb {
		if d.Kind == rowPlanted {
			v.repeat(r, d.Count)
		}
	}
	return v, nil
}

// draw takes the mission's columns and, in their order, some rows of the source.
func (m Mission) draw(source Table, r *rand.Rand) (Table, error) {
	keep := m.Keep
	if len(keep) == 0 {
		keep = source.Columns
	}
	at := make([]int, len(keep))
	for i, name := range keep {
		if at[i] = source.Column(name); at[i] < 0 {
			return Table{}, fmt.Errorf("the source has no column %q", name)
		}
	}
	n := len(source.Rows)
	if m.Rows > 0 {
		n = min(n, m.Rows)
	}
	chosen := r.Perm(len(source.Rows))[:n]
	slices.Sort(chosen)
	t := Table{Columns: slices.Clone(keep)}
	for _, i := range chosen {
		row := make([]string, len(at))
		for j, c := range at {
			row[j] = strings.TrimSpace(source.Rows[i][c])
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// plant disturbs cells of one column, each at most once.
func (v *Variant) plant(r *rand.Rand, d Disturbance, taken map[[2]int]bool) error {
	plant, ok := planters[d.Kind]
	if !ok {
		return fmt.Errorf("no disturbance %q", d.Kind)
	}
	c := v.Table.Column(d.Column)
	if c < 0 {
		return fmt.Errorf("no column %q to disturb", d.Column)
	}
	left := d.Count
	for _, i := range r.Perm(len(v.Table.Rows)) {
		if left == 0 {
			return nil
		}
		was := v.Table.Rows[i][c]
		if taken[[2]int{i, c}] {
			continue
		}
		is, can := plant(r, was)
		if !can || is == was {
			continue
		}
		taken[[2]int{i, c}] = true
		v.Table.Rows[i][c] = is
		v.Anomalies = append(v.Anomalies, Anomaly{Kind: d.Kind, Row: i, Column: v.Table.Columns[c], Was: was, Is: is})
		left--
	}
	if left > 0 {
		return fmt.Errorf("%d cells of %q cannot be disturbed by %q", left, d.Column, d.Kind)
	}
	return nil
}

// repeat puts copies of some rows at other places.
func (v *Variant) repeat(r *rand.Rand, count int) {
	for range count {
		from := r.IntN(len(v.Table.Rows))
		to := r.IntN(len(v.Table.Rows) + 1)
		v.Table.Rows = slices.Insert(v.Table.Rows, to, slices.Clone(v.Table.Rows[from]))
		v.rows = slices.Insert(v.rows, to, -1)
		for i := range v.Anomalies {
			if v.Anomalies[i].Row >= to {
				v.Anomalies[i].Row++
			}
		}
		v.Anomalies = append(v.Anomalies, Anomaly{Kind: rowPlanted, Row: to})
	}
}

func swapDigits(r *rand.Rand, cell string) (string, bool) {
	b := []byte(cell)
	var places []int
	for i := 0; i+1 < len(b); i++ {
		if digit(b[i]) && digit(b[i+1]) && b[i] != b[i+1] {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return cell, false
	}
	i := places[r.IntN(len(places))]
	b[i], b[i+1] = b[i+1], b[i]
	return string(b), true
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func loseZero(_ *rand.Rand, cell string) (string, bool) {
	return strings.TrimLeft(cell, "0"), coded(cell) && strings.Trim(cell, "0") != ""
}

func otherDate(r *rand.Rand, cell string) (string, bool) {
	day, _, ok := french.Date(cell)
	if !ok {
		return cell, false
	}
	layouts := []string{"02/01/2006", "2.1.2006", "02-01-06"}
	if !strings.Contains(cell, "-") || len(cell) < len(time.DateOnly) || cell[4] != '-' {
		layouts = []string{time.DateOnly, "2.1.2006", "02-01-06"}
	}
	return day.Format(layouts[r.IntN(len(layouts))]), true
}

func strayspaces(r *rand.Rand, cell string) (string, bool) {
	if strings.TrimSpace(cell) == "" {
		return cell, false
	}
	if i := strings.IndexByte(cell, ' '); i > 0 && r.IntN(2) == 0 {
		return cell[:i] + " " + cell[i:], true
	}
	return []string{" " + cell, cell + " ", cell + "  "}[r.IntN(3)], true
}

func decimalComma(_ *rand.Rand, cell string) (string, bool) {
	_, isNumber := french.Number(cell)
	return strings.Replace(cell, ".", ",", 1), isNumber && strings.Count(cell, ".") == 1
}

func otherCase(_ *rand.Rand, cell string) (string, bool) {
	up := strings.ToUpper(cell)
	if up == cell {
		up = strings.ToLower(cell)
	}
	return up, strings.ContainsFunc(cell, unicode.IsLetter)
}

func tenTimes(r *rand.Rand, cell string) (string, bool) {
	n, ok := french.Number(cell)
	if !ok || n == 0 || coded(cell) {
		return cell, false
	}
	if i := strings.IndexByte(cell, '.'); i > 0 { // the decimal point lost or moved
		return strings.Replace(cell, ".", "", 1), true
	}
	return cell + []string{"0", "00"}[r.IntN(2)], true
}
