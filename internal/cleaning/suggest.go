package cleaning

import (
	"context"
	"io"
	"slices"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/identifier"
	"cultured/internal/recipe"
)

// Suggest proposes the steps that the first rows call for, after the steps of the draft. A column that the profile knows as a code or a
// telephone number is no amount, however it is written. A draft that does not fit gets no suggestion.
func (s *Service) Suggest(b Bench) (_ []recipe.Suggestion, err error) {
	defer fault.Wrap(&err, "cleaning.Suggest(%s)", b.Dataset.ID)
	top, err := s.top(b)
	if err != nil {
		return nil, err
	}
	defer func() { _ = top.Close() }() // read only
	run, err := recipe.Cook(top, b.Draft.Steps, b.kitchen)
	if err != nil {
		return nil, err
	}
	defer func() { _ = run.Release() }() // rows come no more
	all, err := recipe.Suggest(run)
	if err != nil {
		return nil, err
	}
	var out []recipe.Suggestion
	for _, one := range all {
		if c, known := b.Version.Outcome.Report.Profile.Column(one.Column); known && one.Step.Kind() == "number" && !measured(c.Semantic) {
			continue
		}
		out = append(out, one)
	}
	return append(out, placed(b, run.Columns())...), nil
}

// placed proposes to locate the communes that a column names, where the profile knows of no place yet.
func placed(b Bench, columns []string) []recipe.Suggestion {
	profile := b.Version.Outcome.Report.Profile
	if slices.ContainsFunc(b.Draft.Steps, func(s recipe.Step) bool { return s.Kind() == "commune" }) {
		return nil
	}
	known := map[dataset.Semantic]dataset.ColumnProfile{}
	for _, c := range slices.Backward(profile.Columns) {
		known[c.Semantic] = c
	}
	for _, place := range []dataset.Semantic{dataset.SemanticLatitude, dataset.SemanticPoint, dataset.SemanticGeoJSON, dataset.SemanticLambertX, dataset.SemanticConicX} {
		if _, there := known[place]; there {
			return nil
		}
	}
	step := &recipe.Commune{}
	column, ok := known[dataset.Semantic(identifier.Commune)]
	if !ok {
		if column, ok = known[dataset.SemanticCommuneName]; !ok {
			return nil
		}
		for _, within := range []dataset.Semantic{dataset.Semantic(identifier.PostalCode), dataset.Semantic(identifier.Department)} {
			if c, there := known[within]; there && step.Within == "" && slices.Contains(columns, c.Name) {
				step.Within = c.Name
			}
		}
	}
	if step.Column = column.Name; !slices.Contains(columns, column.Name) {
		return nil
	}
	return []recipe.Suggestion{{Step: step, Column: column.Name, Count: int(profile.Rows - column.Missing)}}
}

// measured says whether a column of this meaning may hold amounts.
func measured(s dataset.Semantic) bool {
	switch s {
	case dataset.SemanticNone, dataset.SemanticMoney, dataset.SemanticPercent, dataset.SemanticLatitude, dataset.SemanticLongitude:
		return true
	}
	return false
}

// mostValues is how many different values of a column are compared.
const mostValues = 50_000

// Values counts the values that the draft gives in a column, in all rows, those of blank cells aside.
// Faults: those of the file and of the steps; NotFound "cleaning.no_column"; TooLarge "cleaning.too_many_values"; ctx's error.
func (s *Service) Values(ctx context.Context, b Bench, column string) (_ []recipe.Counted, err error) {
	defer fault.Wrap(&err, "cleaning.Values(%s)", b.Dataset.ID)
	table, err := b.reread()
	if err != nil {
		return nil, err
	}
	defer func() { _ = table.Close() }() // read only
	run, err := recipe.Cook(table, b.Draft.Steps, b.kitchen)
	if err != nil {
		return nil, err
	}
	defer func() { _ = run.Release() }() // rows come no more
	at := -1
	for i, name := range run.Columns() {
		if name == column {
			at = i
		}
	}
	if at < 0 {
		return nil, fault.New(fault.NotFound, "cleaning.no_column", column)
	}
	counts := map[string]int{}
	for n := 0; ; n++ {
		if n%1024 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		row, err := run.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if at >= len(row.Cells) || strings.TrimSpace(row.Cells[at]) == "" {
			continue
		}
		if _, known := counts[row.Cells[at]]; !known && len(counts) == mostValues {
			return nil, fault.New(fault.TooLarge, "cleaning.too_many_values", mostValues)
		}
		counts[strings.Clone(row.Cells[at])]++
	}
	out := make([]recipe.Counted, 0, len(counts))
	for v, n := range counts {
		out = append(out, recipe.Counted{Value: v, Count: n})
	}
	return out, nil
}
