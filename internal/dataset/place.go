package dataset

import (
	"slices"
	"strconv"

	"cultured/internal/finding"
	"cultured/internal/tabular"
)

// rowArgs are the arguments of sentences that are rows, by reason.
var rowArgs = map[string][]int{
	"schema.unique": {1}, "schema.key": {2}, "dataset.duplicate_row": {0, 1}, "dataset.repeated_row": {0, 1}, "dataset.similar_row": {0, 1},
	"dataset.empty_row": {0}, "dataset.long_row": {0}, "dataset.open_quote": {0}, "dataset.short_row": {0}, "dataset.total_row": {0},
}

// Places says where findings are in words of people: in a table of several files, the file and the row in that file.
type Places struct {
	Reading tabular.Reading
	Say     Say
}

// Words gives the arguments of a finding's sentence, with the rows they name as people find them.
func (p Places) Words(reason string, args []string) []any {
	out := anys(args)
	if len(p.Reading.Pieces) == 0 {
		return out
	}
	for _, i := range rowArgs[reason] {
		if i >= len(args) {
			continue
		}
		if row, err := strconv.Atoi(args[i]); err == nil {
			file, at := p.Reading.Place(row)
			out[i] = p.Say("dataset.row_in_file", strconv.Itoa(at), file)
		}
	}
	return out
}

// found is a finding with its row and its arguments as people find them; file is where it is, "" in a table of one file.
func (p Places) found(f finding.Finding) (_ finding.Finding, file string) {
	if len(p.Reading.Pieces) == 0 {
		return f, ""
	}
	if rows := rowArgs[f.Reason]; len(rows) > 0 {
		f.Args = slices.Clone(f.Args)
		for i, a := range p.Words(f.Reason, f.Args) {
			f.Args[i], _ = a.(string)
		}
	}
	file, f.Row = p.Reading.Place(f.Row)
	return f, file
}
