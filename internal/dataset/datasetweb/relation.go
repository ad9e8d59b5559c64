package datasetweb

import (
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/i18n"
	"cultured/internal/ui"
)

// keysShown is how many ways to tell the rows apart are named.
const keysShown = 6

// keysOf says which columns tell the rows apart, "" when none does.
func keysOf(p *i18n.Printer, profile dataset.Profile) string {
	keys := profile.Keys[:min(len(profile.Keys), keysShown)]
	if len(keys) > 0 {
		return p.T("datasetweb.keys", strings.Join(keys, ", "))
	}
	var pairs []string
	for _, k := range profile.KeyPairs {
		pairs = append(pairs, p.T("datasetweb.key_pair", k[0], k[1]))
	}
	if len(pairs) == 0 {
		return ""
	}
	return p.T("datasetweb.key_pairs", strings.Join(pairs, ", "))
}

// related lists which column tells which, with the way to the rows that say otherwise.
func related(p *i18n.Printer, s subject) ui.Table {
	t := ui.Table{ID: "related", Caption: p.T("datasetweb.related"), Compact: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("datasetweb.column")},
		{Label: p.T("datasetweb.tells")}, {Label: p.T("datasetweb.stat_distinct"), Numeric: true}, {Label: p.T("datasetweb.exceptions"), Numeric: true}}}
	for _, r := range s.outcome.Report.Profile.Relations {
		exceptions := ui.Cell{Text: p.Number(r.Exceptions)}
		for _, g := range s.outcome.Report.Groups {
			if g.Reason == "dataset."+string(r.Kind)+"_conflict" && g.Field == r.To {
				exceptions.Href, _ = ui.Query(s.quality+"/findings", "reason", g.Reason, "field", g.Field) // pairs: cannot fail
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: r.From}, {Text: r.To}, {Text: p.Number(r.Values)}, exceptions}})
	}
	return t
}
