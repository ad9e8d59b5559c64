package cleaningweb

import (
	"unicode/utf8"

	"cultured/internal/cleaning"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// A previewView is the first rows after the steps.
type previewView struct {
	Title, Sum string
	Columns    []cleaning.TriedColumn
	Rows       []rowView
	All        *ui.LinkButton
}

type rowView struct {
	Number string
	Cells  []cellView
}

type cellView struct {
	Text, Before    string
	Changed, Absent bool
	WasEmpty        bool
}

// longest is how many characters of a value a cell shows.
const longest = 60

func newPreview(p *i18n.Printer, t cleaning.Trial, see, steps int) previewView {
	v := previewView{Title: p.T("cleaningweb.preview"), Columns: t.Columns}
	if see < steps {
		v.Title = p.T("cleaningweb.preview_step", see)
		v.All = &ui.LinkButton{Label: p.T("cleaningweb.preview_all"), Href: "?#preview-title", Look: ui.Quiet, Small: true}
	}
	key := "cleaningweb.tried_first"
	if t.All {
		key = "cleaningweb.tried_all"
	}
	v.Sum = p.T(key, p.T("cleaningweb.rows", t.Tried), p.T("cleaningweb.rows", int(t.Given)), p.T("cleaningweb.columns", len(t.Columns)))
	for _, row := range t.Rows {
		r := rowView{Number: p.Number(row.Number)}
		for _, c := range row.Cells {
			r.Cells = append(r.Cells, cellView{Text: short(c.Value), Before: short(c.Before), Changed: c.Changed, Absent: c.Value == "", WasEmpty: c.Before == ""})
		}
		v.Rows = append(v.Rows, r)
	}
	return v
}

func short(s string) string {
	if utf8.RuneCountInString(s) <= longest {
		return s
	}
	return string([]rune(s)[:longest-1]) + "…"
}
