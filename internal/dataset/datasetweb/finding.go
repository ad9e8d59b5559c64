package datasetweb

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"cultured/internal/dataset"
	"cultured/internal/finding"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type findingsPage struct {
	Frame   frame
	Summary string
	Mend    string
	Why     []string // how what is listed is recognised, when it is of one reason
	Title   string
	Table   ui.Table
	Pages   ui.Pagination
	Reports reportLinks
	All     string // address without a filter, "" when there is none
}

var findingsTemplate = ui.Page[findingsPage](pages, "pages/findings.tmpl", "pages/frame.tmpl")

// findingsShown is how many findings a page lists.
const findingsShown = 100

// findings lists every finding, or those of one reason, each with the way to its cell.
func (d Desk) findings(w http.ResponseWriter, r *http.Request, s subject) error {
	p, q := web.VisitOf(r).P, r.URL.Query()
	reason, field, rule, page := q.Get("reason"), q.Get("field"), q.Get("rule"), whole(q.Get("page"), 1)
	total, title, mend, reasons := 0, p.T("datasetweb.all_findings"), "", []string(nil)
	for _, g := range s.outcome.Report.Groups {
		if (reason == "" || g.Reason == reason) && (field == "" || g.Field == field) && (rule == "" || g.Rule == rule) {
			total += g.Count
			if reason != "" {
				title, mend, reasons = p.T(g.Reason+"_title", words(g.Args)...), p.T(g.Reason+"_mend", words(g.Args)...), why(p, g)
			}
		}
	}
	last := max(1, (total+findingsShown-1)/findingsShown)
	page = min(page, last)
	list, err := d.Dataset.Findings(r.Context(), s.outcome, dataset.FindingQuery{Reason: reason, Field: field, Rule: rule, Skip: (page - 1) * findingsShown, Limit: findingsShown})
	if err != nil {
		return err
	}
	out := findingsPage{Frame: d.frameOf(r, s, "datasetweb.tab_quality", false), Mend: mend, Why: reasons, Title: title, Summary: p.T("datasetweb.findings_sum", total),
		Table: findingTable(p, s, list, title), Reports: reportsOf(s)}
	if field != "" {
		out.Summary = p.T("datasetweb.findings_sum_in", total, field)
	}
	if s.kept == nil {
		out.Frame.Head.Title = title
	}
	if reason != "" || field != "" {
		out.All = s.quality + "/findings"
	}
	out.Pages = ui.Pages(page, last, func(n int) string {
		path, _ := ui.Query(s.quality+"/findings", "reason", reason, "field", field, "rule", rule, "page", strconv.Itoa(n)) // pairs: cannot fail
		return path
	})
	head := headOf(r, s, "datasetweb.tab_quality")
	head.Title = title + " – " + s.title
	if s.kept != nil {
		head.Crumbs = append(head.Crumbs, ui.Crumb{Label: p.T("datasetweb.tab_quality"), Href: s.quality})
	}
	return findingsTemplate.Render(w, r, http.StatusOK, head, out)
}

func findingTable(p *i18n.Printer, s subject, list []finding.Finding, title string) ui.Table {
	t := ui.Table{ID: "findings", Caption: title, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("datasetweb.row_head")}, {Label: p.T("datasetweb.column")},
		{Label: p.T("datasetweb.what")}, {Label: p.T("datasetweb.value")}, {Label: p.T("datasetweb.proposal")}}}
	for _, f := range list {
		where := ui.Cell{Text: s.rowWords(p, f.Row), Href: cellPath(s, f.Row, f.Column)}
		if f.Row == 0 {
			where = ui.Cell{Text: p.T("datasetweb.whole_table")}
			if f.Column >= 0 {
				where = ui.Cell{Text: p.T("datasetweb.whole_column"), Href: columnPath(s, f.Column)}
			}
		}
		value := ui.Cell{Text: shorten(f.Value, 120), Fixed: true}
		if f.Value == "" {
			value = ui.Cell{Missing: f.Row > 0 && f.Column >= 0}
		}
		after := ui.Cell{}
		if f.Fix != "" {
			after = ui.Cell{Text: shorten(f.After, 120), Fixed: true, Missing: f.After == ""}
			if kind, ok := dataset.FindFix(f.Fix); ok && kind.Rows {
				after = ui.Cell{Text: p.T("dataset.fix_" + f.Fix)}
			}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{where, {Text: f.Field}, {Text: p.T(f.Reason, s.places(p).Words(f.Reason, f.Args)...)}, value, after}})
	}
	return t
}

// reportLinks are the addresses of a report in its formats.
type reportLinks struct{ CSV, JSON, SARIF string }

func reportsOf(s subject) reportLinks {
	at := s.quality + "/findings."
	return reportLinks{at + dataset.PrintCSV, at + dataset.PrintJSON, at + dataset.PrintSARIF}
}

// reportMedia are the media types of a report's formats.
var reportMedia = map[string]string{dataset.PrintCSV: "text/csv; charset=utf-8", dataset.PrintJSON: "application/json", dataset.PrintSARIF: "application/sarif+json"}

// findingsFile gives every finding as a file: CSV for tables, JSON for programs, SARIF for pipelines.
func (d Desk) findingsFile(format string) viewer {
	return func(w http.ResponseWriter, r *http.Request, s subject) error {
		p := web.VisitOf(r).P
		return attach(w, reportMedia[format], dataset.Title(s.source.Name)+" – "+p.T("datasetweb.findings_file")+"."+format, func() error {
			out := dataset.NewPrinter(w, format, p.T)
			out.About(s.source.Name, s.outcome.Report.Reading)
			if err := d.eachFinding(r.Context(), s.outcome, out.Add); err != nil {
				return err
			}
			return out.Close(s.outcome.Report)
		})
	}
}

// findingBatch is how many findings are held at once.
const findingBatch = 10_000

// eachFinding hands over all findings in bounded memory: batches that start at a row, the last row of a full batch being
// read again by the next.
func (d Desk) eachFinding(ctx context.Context, o dataset.Outcome, add finding.Sink) error {
	from, limit := 0, findingBatch
	for {
		list, err := d.Dataset.Findings(ctx, o, dataset.FindingQuery{From: int64(from), Limit: limit})
		if err != nil {
			return err
		}
		if len(list) < limit {
			for _, f := range list {
				add(f)
			}
			return nil
		}
		last := list[len(list)-1].Row
		if last == from { // more findings in one row than a batch holds
			limit *= 2
			continue
		}
		for _, f := range list {
			if f.Row < last {
				add(f)
			}
		}
		from = last
	}
}

// columnPath is where a column is described.
func columnPath(s subject, column int) string {
	path := s.base + "/columns"
	if page := column/columnsShown + 1; page > 1 {
		path += "?" + url.Values{"page": {strconv.Itoa(page)}}.Encode()
	}
	return path + "#column-" + strconv.Itoa(column+1)
}
