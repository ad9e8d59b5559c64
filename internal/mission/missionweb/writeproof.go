package missionweb

import (
	"fmt"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/mission"
	"cultured/internal/ui"
)

// checkName is what the form calls a kind of check.
func checkName(p *i18n.Printer, kind string) string {
	if p.Has("missionweb.check_" + kind) {
		return p.T("missionweb.check_" + kind)
	}
	return kind
}

// doubtSaid is a doubt in the words of the form.
func doubtSaid(p *i18n.Printer, key string, args []any) string {
	switch key {
	case "mission.doubt_check":
		name := checkName(p, fmt.Sprint(args[0]))
		if args[1] == "" {
			return p.T("missionweb.doubt_check", name)
		}
		args = []any{name, args[1]}
	case "mission.doubt_good":
		var failed []string
		for kind := range strings.SplitSeq(fmt.Sprint(args[0]), ", ") {
			failed = append(failed, checkName(p, kind))
		}
		args = []any{strings.Join(failed, ", ")}
	}
	return p.T(key, args...)
}

// unproved says why a mission is not published, in the words of the form.
func unproved(p *i18n.Printer, f *fault.Error) string {
	if f.Key != "mission.unproved" || len(f.Args) != 2 {
		return p.Say(f)
	}
	doubt, ok := f.Args[1].(*fault.Error)
	if !ok {
		return p.Say(f)
	}
	return p.T(f.Key, f.Args[0], doubtSaid(p, doubt.Key, doubt.Args))
}

// prove says what trying the draft said, and returns the columns of its data.
func (page *writePage) prove(p *i18n.Printer, proof mission.Proof) []string {
	page.Tried, page.Proved = true, len(proof.Doubts) == 0
	for _, doubt := range proof.Doubts {
		var said string
		if s, ok := doubt.(interface{ Sentence() (string, []any) }); ok {
			key, args := s.Sentence()
			said = doubtSaid(p, key, args)
		} else {
			said = doubt.Error()
		}
		if !slices.Contains(page.Doubts, said) {
			page.Doubts = append(page.Doubts, said)
		}
	}
	t := proof.Variant.Table
	if len(t.Columns) == 0 {
		return nil
	}
	page.File = p.T("missionweb.write_has", strings.Join(t.Columns, ", "))
	page.Sample = &ui.Table{ID: "sample", Caption: p.T("missionweb.write_sample"), Compact: true}
	for _, c := range t.Columns {
		page.Sample.Columns = append(page.Sample.Columns, ui.Column{Label: c})
	}
	for _, row := range t.Rows[:min(8, len(t.Rows))] {
		var cells []ui.Cell
		for _, cell := range row {
			cells = append(cells, ui.Cell{Text: cell, Missing: cell == ""})
		}
		page.Sample.Rows = append(page.Sample.Rows, ui.Row{Cells: cells})
	}
	return t.Columns
}
