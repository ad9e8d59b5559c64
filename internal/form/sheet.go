package form

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// A Column is one question of a table of answers.
type Column struct {
	Name, Label string
	Kind        Kind
	Personal    bool
	Key         string // of its values
}

// Text is the answers to the question as one cell: several choices, and the names of several files, stand between bars.
func (c Column) Text(v Values) string { return strings.Join(c.Kind.Told(v[c.Key]), "|") }

// Numeric reports whether a cell of the column is a number, which files must not neutralise as a formula.
func (c Column) Numeric(cell string) bool {
	_, err := strconv.ParseFloat(cell, 64)
	return err == nil && (c.Kind == Number || c.Kind == Computed || c.Kind == Repeat)
}

// Told are the values of an answer as files and lists have them: of an attachment its name.
func (k Kind) Told(values []string) []string {
	if !k.Attaches() {
		return values
	}
	names := make([]string, 0, len(values))
	for _, value := range values {
		if a, ok := ReadAttachment(value); ok {
			names = append(names, a.Name)
		}
	}
	return names
}

// A Sheet is the answers to a form as a table. What earlier versions asked and the latest does not stands last.
type Sheet struct {
	Form    Form
	Columns []Column
	Answers []Answer // the oldest first
}

// Open keeps the columns that concern nobody.
func (s Sheet) Open() Sheet {
	s.Columns = slices.DeleteFunc(slices.Clone(s.Columns), func(c Column) bool { return c.Personal })
	return s
}

// Sheet returns the answers to a form that by may change. Faults: those of [Service.Look]; NotFound "form.not_found" of a form never
// published.
func (s *Service) Sheet(ctx context.Context, by actor.Actor, of ID) (sheet Sheet, err error) {
	defer fault.Wrap(&err, "form.Sheet(%s)", of)
	if _, err := s.Look(ctx, by, of); err != nil {
		return sheet, err
	}
	return s.sheet(ctx, by.Organisation, of)
}

func (s *Service) sheet(ctx context.Context, organisation string, of ID) (sheet Sheet, err error) {
	if sheet.Answers, err = s.Replies.Answers(ctx, organisation, of); err != nil {
		return sheet, err
	}
	if sheet.Form, err = s.Store.Published(ctx, of, 0); err != nil {
		return sheet, err
	}
	versions := []Form{sheet.Form}
	for number := sheet.Form.Version - 1; number > 0; number-- {
		if slices.ContainsFunc(sheet.Answers, func(a Answer) bool { return a.Version == number }) {
			f, err := s.Store.Published(ctx, of, number)
			if err != nil {
				return sheet, err
			}
			versions = append(versions, f)
		}
	}
	sheet.Columns = columns(versions, sheet.Answers)
	return sheet, nil
}

// columns are the questions of versions, the latest first; one that any version says concerns a person does. A group is flattened: how
// many rows, then each question for each row that any answer has.
func columns(versions []Form, answers []Answer) (out []Column) {
	for _, f := range versions {
		most := Values{}
		for _, a := range answers {
			for _, g := range f.Blocks {
				if g.Kind == Repeat && a.Values.Rows(g.Name) > most.Rows(g.Name) {
					most[g.Name] = a.Values[g.Name]
				}
			}
		}
		for _, b := range f.Expand(most) {
			if !b.Kind.Asks() {
				continue
			}
			if at := slices.IndexFunc(out, func(c Column) bool { return c.Key == b.Name }); at >= 0 {
				out[at].Personal = out[at].Personal || b.Personal()
				continue
			}
			c := Column{Name: b.Name, Label: b.Label, Kind: b.Kind, Personal: b.Personal(), Key: b.Name}
			if group, row, _, ok := ofRow(b.Name); ok {
				c.Name = strings.ReplaceAll(b.Name, ".", "_")
				c.Label = f.Blocks[f.Find(group)].Label + " " + strconv.Itoa(row) + " – " + b.Label
			}
			out = append(out, c)
		}
	}
	return out
}
