package mission

import (
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
)

// An Anomaly is one thing planted in a variant. Row is its 0-based row in the variant; Column is "" for a whole row; Was is the cell of the truth.
type Anomaly struct {
	Kind   string
	Row    int
	Column string
	Was    string
	Is     string
	Pair   int // of a row that repeats another: that row in the variant; -1 for a cell
}

// A Variant is what one person gets: the table to work on, the truth behind it, and what was planted.
type Variant struct {
	Table     Table
	Above     [][]string // rows of the file above the header: a title, a note, a blank row
	Below     [][]string // rows of the file under the last: a total
	Truth     Table
	Anomalies []Anomaly
	Cases     []int         // places in the mission's cases of those to decide, in order
	claims    map[int]claim // by the place of their case
	unseen    []Variant     // other draws, that steps are tried on
	Subject   int           // place in the mission's subjects of the one to write about
	rows      []int         // of each row of Table: its row in Truth; -1 for a row that was added
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

// Disturbances of whole rows: repeated as they stand, repeated under another key and a little otherwise, and those of the file around the table.
const (
	rowPlanted  = "twin"
	nearPlanted = "near"
	titleAbove  = "title"
	totalBelow  = "total"
)

// wholeRows reports whether a disturbance is of rows.
func wholeRows(kind string) bool {
	return kind == rowPlanted || kind == nearPlanted || kind == titleAbove || kind == totalBelow
}

// DisturbanceKinds lists what can be planted: "swap" (two neighbouring digits), "zeros" (the zeros a code begins with are lost), "date" (another
// writing), "spaces", "comma" (for a decimal point), "case", "ten" (ten times too much), "blank"; "twin" (a row
// repeated), "near" (a row that comes again under another key, the column written a little otherwise), "title" (rows above the header), "total" (of
// a column, under the last row).
func DisturbanceKinds() []string {
	kinds := []string{rowPlanted, nearPlanted, titleAbove, totalBelow}
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
	if m.Answer == AnswerFields {
		return m.subject(r)
	}
	if m.Answer == AnswerForm {
		if len(m.Forms) == 0 {
			return Variant{}, fmt.Errorf("mission %s: no form to put right", m.ID)
		}
		return Variant{Subject: r.IntN(len(m.Forms))}, nil
	}
	if m.Answer == AnswerChoices {
		return m.deal(source, r)
	}
	v, err := m.spoilt(source, r)
	if err == nil && m.Answer == AnswerRecipe {
		for i := range uint64(Unseen) {
			var other Variant
			if other, err = m.spoilt(source, rand.New(rand.NewPCG(^seed, h.Sum64()+i))); err != nil {
				break
			}
			v.unseen = append(v.unseen, other)
		}
	}
	if err != nil {
		return Variant{}, fmt.Errorf("mission %s: %w", m.ID, err)
	}
	return v, nil
}

// errFew says that a part of the source has too few cells that can be disturbed as asked; another part may have enough.
var errFew = errors.New("too few cells")

// drawsMost is how many parts of the source are drawn before a mission is said not to work on it.
const drawsMost = 20

// spoilt draws a part of the source and plants anomalies in it. A part that has not what they need is drawn again: nobody meets a mission that
// cannot begin because of their seed.
func (m Mission) spoilt(source Table, r *rand.Rand) (v Variant, err error) {
	for range drawsMost {
		if v, err = m.spoiltOnce(source, r); !errors.Is(err, errFew) {
			break
		}
	}
	return v, err
}

func (m Mission) spoiltOnce(source Table, r *rand.Rand) (Variant, error) {
	truth, err := m.draw(source, r)
	if err != nil {
		return Variant{}, err
	}
	v := Variant{Table: truth.Clone(), Truth: truth, rows: make([]int, len(truth.Rows))}
	for i := range v.rows {
		v.rows[i] = i
	}
	taken := map[[2]int]bool{}
	for _, d := range m.Disturb {
		if wholeRows(d.Kind) {
			continue // after the cells, so that a repeated row is repeated as it stands
		}
		if err := v.plant(r, d, taken); err != nil {
			return Variant{}, err
		}
	}
	for _, d := range m.Disturb {
		if err := v.around(r, m, d); err != nil {
			return Variant{}, err
		}
	}
	if len(v.Above) > 0 {
		v.Table.Numbers = make([]int, len(v.Table.Rows))
		for i := range v.Table.Numbers {
			v.Table.Numbers[i] = i + 2 + len(v.Above)
		}
	}
	return v, nil
}

// deal draws the cases to decide, and for claims about data a part of it.
func (m Mission) deal(source Table, r *rand.Rand) (v Variant, err error) {
	v.Cases = m.evenly(r)
	if m.Source.File == "" {
		return v, nil
	}
	if v.Truth, err = m.draw(source, r); err != nil {
		return v, fmt.Errorf("mission %s: %w", m.ID, err)
	}
	part := len(v.Truth.Rows) * (70 + r.IntN(25)) / 100 // another part for each seed, so that figures differ
	kept := r.Perm(len(v.Truth.Rows))[:part]
	slices.Sort(kept)
	rows := make([][]string, part)
	for i, at := range kept {
		rows[i] = v.Truth.Rows[at]
	}
	v.Truth.Rows = rows
	v.Table = v.Truth.Clone()
	return v, m.claims(&v, r)
}

// evenly draws the cases to decide, as many of each right option as there are: no single option answers them all.
func (m Mission) evenly(r *rand.Rand) []int {
	round := make([]int, len(m.Cases)) // how many of its option come before a case
	times := map[string]int{}
	all := r.Perm(len(m.Cases))
	for _, at := range all {
		round[at] = times[m.Cases[at].Right]
		times[m.Cases[at].Right]++
	}
	slices.SortStableFunc(all, func(a, b int) int { return round[a] - round[b] })
	all = all[:min(m.Rows, len(all))]
	r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}

// draw takes the mission's columns and, in their order, some rows of the source.
func (m Mission) draw(source Table, r *rand.Rand) (Table, error) {
	keep, rows := m.Keep, m.Rows
	if m.Answer == AnswerChoices { // Rows counts the cases
		rows = 0
	}
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
	if rows > 0 {
		n = min(n, rows)
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
		v.Anomalies = append(v.Anomalies, Anomaly{Kind: d.Kind, Row: i, Column: v.Table.Columns[c], Was: was, Is: is, Pair: -1})
		left--
	}
	if left > 0 {
		return fmt.Errorf("%w: %d more of %q are to be disturbed by %q", errFew, left, d.Column, d.Kind)
	}
	return nil
}
