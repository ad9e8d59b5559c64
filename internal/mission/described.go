package mission

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cultured/internal/french"
)

// What is written about a table, and not in it, is judged of a dataset handed in from this product: a file carries neither a dictionary nor a record.

func judgeDescribed(c *answered, check Check) (Result, error) { return c.ofHolding("described", check) }

func judgeRecord(c *answered, check Check) (Result, error) { return c.ofHolding("record", check) }

func (c *answered) ofHolding(kind string, check Check) (Result, error) {
	if c.answer.Holding == nil {
		return Result{where: "_file"}, nil
	}
	return practiceJudges[kind](*c.answer.Holding, check), nil
}

// says reports whether somebody wrote what a column is, in so many characters at least, and not only its name.
func (c HeldColumn) says(least int) bool {
	if least <= 0 {
		return c.Described
	}
	text := strings.Join(strings.Fields(c.Description), " ")
	return utf8.RuneCountInString(text) >= least && french.Fold(text) != french.Fold(c.Name)
}

// written reports whether a check is of what is written about the table.
func (m Mission) written() bool {
	return m.Answer == AnswerTable && slices.ContainsFunc(m.Checks, func(c Check) bool { return c.Kind == "described" || c.Kind == "record" })
}

// wellKept is a table as somebody who knows keeps it: each column says what it is, the record is whole.
func wellKept(t Table) *Holding {
	h := &Holding{Rows: int64(len(t.Rows)), Score: 9}
	for _, name := range t.Columns {
		h.Columns = append(h.Columns, HeldColumn{Name: name, Described: true, Description: strings.Repeat(name+" ", 1+MostWritten/(len(name)+1))})
	}
	return h
}

// barelyKept is a table as it is before anybody wrote about it.
func barelyKept(t Table) *Holding {
	h := &Holding{Rows: int64(len(t.Rows))}
	for _, name := range t.Columns {
		h.Columns = append(h.Columns, HeldColumn{Name: name})
	}
	return h
}

// unwritten takes from a table what was written about a column, or its record.
func unwritten(h Holding, b Bad) *Holding {
	if b.Mistake == poorRecord {
		h.Score = 0
		return &h
	}
	h.Columns = slices.Clone(h.Columns)
	for i, c := range h.Columns {
		if c.Name == b.Column {
			h.Columns[i] = HeldColumn{Name: c.Name}
		}
	}
	return &h
}

// Mistakes of what is written about a table.
const (
	undescribed Mistake = "undescribed" // a column
	poorRecord  Mistake = "poor record"
)
