package duck

import (
	"context"
	"strconv"
	"strings"

	"cultured/internal/fault"
)

// A Crowd is how many groups of rows that are alike have a number of rows, and a number of different values of another column.
type Crowd struct {
	Rows   int64 // of each group
	Values int64 // of the other column in each, counted up to what was asked; 0 when none was
	Groups int64
}

// A CrowdAsk asks for the crowds of a table.
type CrowdAsk struct {
	Alike []string // columns that make rows alike, at least one
	Of    string   // column whose values are counted in each group, "" for none
	Most  int64    // how far they are counted, at least 1
}

// Crowds counts the groups of a table by their size, the smallest first. A cell without a value is alike another, and the same as an empty text. Rows
// are grouped in two steps, which the engine may do on disk, so that memory does not grow with the groups. Faults: Invalid
// "duck.unknown_column", "duck.bad_measure"; TooLarge where the answer or the engine's memory is passed.
func (e *Engine) Crowds(ctx context.Context, path string, ask CrowdAsk) (_ []Crowd, err error) {
	defer fault.Wrap(&err, "duck.Crowds(%s)", path)
	if len(ask.Alike) == 0 || len(ask.Alike) >= measuresMost || ask.Most < 1 {
		return nil, fault.New(fault.Invalid, "duck.bad_measure", "", "")
	}
	t, err := e.table(ctx, path)
	if err != nil {
		return nil, err
	}
	var alike, names []string
	column := func(name string) error {
		kind, err := t.typeOf(name)
		expression := quoteName(name)
		if kind == Text {
			expression = "coalesce(" + expression + ", '')"
		}
		names = append(names, "c"+strconv.Itoa(len(names)))
		alike = append(alike, expression+" AS "+names[len(names)-1])
		return err
	}
	for _, name := range ask.Alike {
		if err := column(name); err != nil {
			return nil, err
		}
	}
	by := strings.Join(names, ", ")
	if ask.Of != "" {
		if err := column(ask.Of); err != nil {
			return nil, err
		}
	}
	s := &statement{}
	s.sql.WriteString("SELECT n, d, count(*) FROM (SELECT CAST(sum(m) AS BIGINT) AS n, ")
	if ask.Of == "" {
		s.sql.WriteString("CAST(0 AS BIGINT) AS d")
	} else {
		s.sql.WriteString("least(count(*), CAST(" + strconv.FormatInt(ask.Most, 10) + " AS BIGINT)) AS d")
	}
	s.sql.WriteString(" FROM (SELECT " + strings.Join(alike, ", ") + ", count(*) AS m")
	s.from(t, path)
	s.sql.WriteString(" GROUP BY " + strings.Join(names, ", ") + ") GROUP BY " + by + ") GROUP BY n, d ORDER BY n, d LIMIT " + strconv.Itoa(limitMost))
	rows, err := e.ask(ctx, s, 3)
	if err != nil {
		return nil, err
	}
	out := make([]Crowd, len(rows))
	for i, row := range rows {
		for j, to := range []*int64{&out[i].Rows, &out[i].Values, &out[i].Groups} {
			*to, _ = row[j].(int64) // the statement makes nothing else
		}
	}
	return out, nil
}
