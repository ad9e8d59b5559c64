package gridweb

import (
	"encoding/json"
	"strconv"

	"cultured/internal/grid"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// A sheet is what the script of the page is told: as attributes of its element, and the words it says.
type sheet struct {
	Data  []ui.Pair
	Views []ui.Pair // addresses of the plain table and of the sheet, by "table" and "sheet"
	Keys  []keyView
	Keep  string // address where what was edited becomes a version
	// Functions are those of formulas.
	Functions []functionView
	Ops       []ui.Pair // operators of filters, with the word for each
}

// A keyView is a key of the sheet and what it does.
type keyView struct{ Key, Does string }

// sheetWords are the sentences of the script: those that start with "gridweb.sheet_". Numbers and names stand in them as %1, %2 and %3.
var sheetWords = []string{"failed", "loading", "spot", "empty", "edited", "no_more", "row", "yes", "no", "sortable", "frozen", "unfrozen", "row_missing",
	"proposed", "is_waiting", "is_draft", "is_refused", "is_here", "whole_row", "both", "both_by", "keep_mine", "keep_theirs", "understood", "person_at", "size",
	"too_many", "reading", "copied", "not_copied", "rows_left_out", "nothing_to_undo", "nothing_to_redo", "undone", "redone", "refused", "proposed_thanks", "pending_one", "pending",
	"drafts_one", "drafts", "saved", "saving", "waiting_one", "waiting", "away", "not_kept", "formula_selection", "formula_all", "formula_filtered", "filter_title", "filter_more", "filtered", "full_on", "fill_rows", "fill_select", "filled", "filled_series"}

// sheetKeys are its keys: the name of each in "gridweb.key_", what it does in "gridweb.keys_".
var sheetKeys = []string{"arrows", "ends", "corners", "pages", "write", "formula", "formula_fill", "cancel", "clear", "select", "copy", "fill", "series", "handle", "undo", "redo", "sort", "filter", "finding", "found", "full", "leave"}

// sheet tells the script where things are, and what to call them.
func (s subject) sheet(p *i18n.Printer, at address, total int64) sheet {
	words := map[string]string{}
	for _, name := range sheetWords {
		words[name] = p.T("gridweb.sheet_"+name, "%1", "%2", "%3")
	}
	at.view = "table"
	plain := at.to(s.base)
	at.view = "sheet"
	out := sheet{Keep: s.base + "/keep", Functions: functionViews(p), Views: []ui.Pair{{Name: "table", Value: plain}, {Name: "sheet", Value: at.to(s.base)}}, Data: []ui.Pair{
		{Name: "total", Value: strconv.FormatInt(total, 10)}, {Name: "words", Value: inline(words)},
	}}
	for _, op := range grid.Operators() {
		if op != "in" {
			out.Ops = append(out.Ops, ui.Pair{Name: op, Value: p.T("gridweb.op_" + op)})
		}
	}
	for _, key := range sheetKeys {
		out.Keys = append(out.Keys, keyView{p.T("gridweb.key_" + key), p.T("gridweb.keys_" + key)})
	}
	return out
}

// inline writes a value for an attribute.
func inline(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // names and words only
	}
	return string(b)
}
