package recipe

import (
	"errors"
	"io"
	"slices"
	"strings"
	"time"

	"cultured/internal/tabular"
)

// SQL makes a table of what one SELECT answers over the table before it, which it calls [SQLTable]. What the rows and the engine decide was
// learned when the step was written and is part of it: the columns the question names, which of them it reads as numbers and dates, those
// it gives. So a recipe still fits or refuses before the first row, and a month whose amounts turn into words is refused at the row, not summed.
type SQL struct {
	Query   string   `json:"query"`
	Uses    []string `json:"uses"`
	Wholes  []string `json:"wholes,omitempty"`  // of Uses: each cell is a whole number or empty
	Numbers []string `json:"numbers,omitempty"` // a number with a point
	Dates   []string `json:"dates,omitempty"`   // 2026-01-31
	Into    []string `json:"into"`
}

// SQLTable is what a question in SQL calls the table.
const SQLTable = "donnees"

// How a question reads a column.
const (
	AsText   = "text"
	AsWhole  = "whole"
	AsNumber = "number"
	AsDate   = "date"
)

// A Question is what a step asks of its table.
type Question struct {
	SQL     string
	Columns []Typed // those it may name, no two alike but for case
}

// A Typed column is read as one of the kinds above. An empty cell is no value.
type Typed struct{ Name, As string }

// A Verdict is what is known of a question before its first row.
type Verdict struct {
	Refused *Refusal // why there is no row; nil when it runs
	Columns []string // it gives
	Uses    []string // of those it may name; known even of some that are refused
}

// A Refusal is a question that cannot be answered, or no further. Why completes "recipe.sql_" to a sentence: "error", "select", "long",
// "much", "rows", "changing". Said is what the engine said of it in its own English, or the word at fault.
type Refusal struct{ Why, Said string }

// Error implements error.
func (r *Refusal) Error() string { return "question refused: " + r.Why + ": " + r.Said }

// An Inquiry is one question on its way: all rows go in, then it is asked, then rows come out, in an order that is the same each time. It runs apart,
// with no file, no network, and bounds of memory and time.
type Inquiry interface {
	// Add gives a row, which is copied.
	Add(cells []string) error
	// Ask ends the rows and says what came of it.
	Ask() (Verdict, error)
	// Next returns a row of the answer, io.EOF after the last. Its errors may be a *Refusal.
	Next() ([]string, error)
	// Close ends the inquiry, wherever it is.
	Close() error
}

// Kind implements [Step].
func (*SQL) Kind() string { return "sql" }

// Say implements [Step].
func (s *SQL) Say() Sentence {
	return Sentence{"recipe.say_sql", []any{strings.Join(strings.Fields(s.Query), " "), listed(s.Into)}}
}

// as is how the question reads a column.
func (s *SQL) as(column string) string {
	switch {
	case slices.Contains(s.Wholes, column):
		return AsWhole
	case slices.Contains(s.Numbers, column):
		return AsNumber
	case slices.Contains(s.Dates, column):
		return AsDate
	}
	return AsText
}

func (s *SQL) fit(at *site) (worker, error) {
	switch {
	case at.kitchen.Ask == nil:
		return worker{}, at.bad("recipe.no_sql")
	case len(s.Uses) == 0 || len(s.Into) == 0:
		return worker{}, at.bad("recipe.sql_untried")
	}
	places := make([]int, len(s.Uses))
	for i, name := range s.Uses {
		var err error
		if places[i], err = at.column(name); err != nil {
			return worker{}, err
		}
	}
	if err := at.fresh(nil, s.Into...); err != nil {
		return worker{}, err
	}
	a := &asking{at: at, step: s, places: places, line: make([]string, len(places))}
	for _, name := range s.Uses {
		a.reads = append(a.reads, Typed{name, s.as(name)})
	}
	return worker{header: s.Into, each: a.each, rest: a.rest, close: a.close}, nil
}

// An asking is a step in SQL at work.
type asking struct {
	at      *site
	step    *SQL
	places  []int
	reads   []Typed
	line    []string
	inquiry Inquiry // nil before the first row
	asked   bool
}

func (a *asking) open() (err error) {
	if a.inquiry == nil {
		a.inquiry, err = a.at.kitchen.Ask(Question{SQL: a.step.Query, Columns: a.reads})
	}
	return err
}

func (a *asking) each(r row, _ emit) error {
	if err := a.open(); err != nil {
		return err
	}
	for i, p := range a.places {
		v := r.cells[p]
		if a.reads[i].As != AsText {
			if v = strings.TrimSpace(v); v != "" && !readsAs(a.reads[i].As, v) {
				return a.at.bad("recipe.sql_not_"+a.reads[i].As, r.number, a.step.Uses[i], v)
			}
		}
		a.line[i] = v
	}
	return a.inquiry.Add(a.line)
}

func (a *asking) rest() (row, error) {
	if !a.asked {
		if err := a.ask(); err != nil {
			return row{}, err
		}
	}
	cells, err := a.inquiry.Next()
	if err == io.EOF {
		if err := a.close(); err != nil {
			return row{}, err
		}
		return row{}, errEnd
	}
	return row{0, cells}, a.at.told(err)
}

func (a *asking) ask() error {
	a.asked = true
	if err := a.open(); err != nil { // a table without rows is asked too
		return err
	}
	v, err := a.inquiry.Ask()
	switch {
	case err != nil:
		return err
	case v.Refused != nil:
		return a.at.told(v.Refused)
	case !slices.Equal(v.Columns, a.step.Into):
		return a.at.bad("recipe.sql_columns", listed(v.Columns), listed(a.step.Into))
	}
	return nil
}

// close ends the process of the question, which may hold much.
func (a *asking) close() error {
	if a.inquiry == nil {
		return nil
	}
	return a.inquiry.Close()
}

// told makes the refusal of a question a fault of its step; another error stays.
func (s *site) told(err error) error {
	if r, ok := errors.AsType[*Refusal](err); ok {
		return s.bad("recipe.sql_"+r.Why, r.Said)
	}
	return err
}

// readsAs says whether a filled cell is of a kind: numbers as programs write them, so that a code that begins with 0 is none.
func readsAs(as, v string) bool {
	switch as {
	case AsWhole:
		digits := strings.TrimPrefix(v, "-")
		return allDigits(digits) && len(digits) <= 18 && (digits == "0" || digits[0] != '0')
	case AsNumber:
		whole, fraction, point := strings.Cut(v, ".")
		return len(whole)+len(fraction) <= 16 && (readsAs(AsWhole, whole) || whole == "-0") && (!point || allDigits(fraction))
	case AsDate:
		_, err := time.Parse(time.DateOnly, v)
		return err == nil
	}
	return true
}

func allDigits(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// codeLengths are those of codes that are written with digits alone: of communes and the post, SIREN, SIRET.
var codeLengths = map[int]bool{5: true, 9: true, 14: true}

// A sight is what was seen of the cells of one column.
type sight struct {
	filled                    bool
	noWhole, noNumber, noDate bool
	length                    int // of all cells so far, -1 when they differ
}

func (s *sight) look(v string) {
	if v = strings.TrimSpace(v); v == "" {
		return
	}
	switch {
	case !s.filled:
		s.length = len(v)
	case s.length != len(v):
		s.length = -1
	}
	s.filled = true
	s.noWhole = s.noWhole || !readsAs(AsWhole, v)
	s.noNumber = s.noNumber || !readsAs(AsNumber, v)
	s.noDate = s.noDate || !readsAs(AsDate, v)
}

// as is what the column is read as.
func (s *sight) as() string {
	switch {
	case !s.filled:
		return AsText
	case !s.noWhole && !codeLengths[s.length]:
		return AsWhole
	case !s.noNumber && s.noWhole:
		return AsNumber
	case !s.noDate:
		return AsDate
	}
	return AsText
}

// learn finds what the question names, what its columns hold in all rows, and what it gives.
func (s *SQL) learn(table tabular.Table, at *site) error {
	if at.kitchen.Ask == nil {
		return at.bad("recipe.no_sql")
	}
	all := make([]Typed, len(at.header))
	seen := map[string]bool{}
	for i, name := range at.header {
		if all[i] = (Typed{name, AsText}); seen[strings.ToLower(name)] {
			return at.bad("recipe.sql_twins", name)
		}
		seen[strings.ToLower(name)] = true
	}
	first, err := at.rehearse(s.Query, all)
	if err != nil {
		return err
	}
	if len(first.Uses) == 0 && first.Refused != nil {
		return at.told(first.Refused)
	}
	if s.Uses = first.Uses; len(s.Uses) == 0 { // it counts rows
		s.Uses = at.header[:1]
	}
	places, err := at.columns(s.Uses)
	if err != nil {
		return err
	}
	sights, err := look(table, places)
	if err != nil {
		return err
	}
	s.Wholes, s.Numbers, s.Dates = nil, nil, nil
	reads := make([]Typed, len(places))
	for i := range places {
		kind := sights[i].as()
		reads[i] = Typed{s.Uses[i], kind}
		switch kind {
		case AsWhole:
			s.Wholes = append(s.Wholes, s.Uses[i])
		case AsNumber:
			s.Numbers = append(s.Numbers, s.Uses[i])
		case AsDate:
			s.Dates = append(s.Dates, s.Uses[i])
		}
	}
	v, err := at.rehearse(s.Query, reads)
	if err != nil {
		return err
	}
	if v.Refused != nil {
		return at.told(v.Refused)
	}
	s.Into = v.Columns
	return nil
}

// rehearse asks a question of a table without rows.
func (s *site) rehearse(query string, columns []Typed) (_ Verdict, err error) {
	inquiry, err := s.kitchen.Ask(Question{SQL: query, Columns: columns})
	if err != nil {
		return Verdict{}, err
	}
	defer func() { err = errors.Join(err, inquiry.Close()) }()
	return inquiry.Ask()
}

// look reads a table to its end for what some of its columns hold.
func look(table tabular.Table, places []int) ([]sight, error) {
	sights := make([]sight, len(places))
	for {
		row, err := table.Next()
		if err == io.EOF {
			return sights, nil
		}
		if err != nil {
			return nil, err
		}
		for i, p := range places {
			if p < len(row.Cells) {
				sights[i].look(row.Cells[p])
			}
		}
	}
}
