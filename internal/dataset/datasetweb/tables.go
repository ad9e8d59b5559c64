package datasetweb

import (
	"net/http"
	"strings"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/i18n"
	"cultured/internal/schema"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// tablesPage is what was found in all tables of an archive.
type tablesPage struct {
	Name     string // of the file
	Title    string
	Level    string // of ui's kinds
	Totals   []string
	Figures  ui.Figures
	Progress *ui.Progress // nil once all are read
	Table    ui.Table
	Notes    []string
	Reports  reportLinks
	Promise  string
	Forget   string // address of the POST
}

var tablesTemplate = ui.Page[tablesPage](pages, "pages/tables.tmpl")

// tablesPath is where the tables of a package are.
func tablesPath(c dataset.Check) string { return checkPath(c.ID) + "/tables" }

// A packed is a package that was handed in: what it is, and the checks of its tables.
type packed struct {
	about schema.Package
	all   []dataset.Check
}

// packed finds the package that a check is of. ok is false for a lone check.
func (d Desk) packed(r *http.Request, id dataset.CheckID) (_ packed, ok bool, err error) {
	all, err := d.Dataset.Together(r.Context(), web.Actor(r), id)
	if err != nil || len(all) == 0 || all[0].Package == "" {
		return packed{}, false, err
	}
	about, err := d.Dataset.About(all[0])
	return packed{about, all}, err == nil, err
}

// files names the files of the table of a check.
func (k packed) files(c dataset.Check) string {
	if c.Place < len(k.about.Resources) {
		return strings.Join(k.about.Resources[c.Place].Path, ", ")
	}
	return ""
}

// running counts the tables that are not read yet.
func (k packed) running() (n int) {
	for _, c := range k.all {
		if c.State == dataset.Running {
			n++
		}
	}
	return n
}

// tables shows what was found in all tables of an archive, and the way to each.
func (d Desk) tables(w http.ResponseWriter, r *http.Request) error {
	id := dataset.CheckID(r.PathValue("id"))
	k, ok, err := d.packed(r, id)
	if err != nil {
		return err
	}
	if !ok {
		return web.Redirect(w, r, checkPath(id), web.Said{})
	}
	p, base, of := web.VisitOf(r).P, checkPath(id), k.all[0]
	total, at := dataset.TotalsOf(k.all), base+"/tables."
	key := "datasetweb.tables_title"
	if k.about.Undescribed {
		key = "datasetweb.tables_archive"
	}
	page := tablesPage{Name: of.Source.Name, Title: p.T(key, len(k.all), k.about.Label()), Level: levelKind(total.Level()), Totals: total.Sentences(p.T),
		Figures: ui.Figures{{Label: p.T("datasetweb.tables"), Value: p.Number(total.Tables)}, {Label: p.T("datasetweb.rows"), Value: p.Number(total.Rows)},
			{Label: p.T("datasetweb.problems"), Value: p.Number(total.Errors + total.Warnings)}, {Label: p.T("datasetweb.fixable"), Value: p.Number(total.Fixable)}},
		Promise: p.T("datasetweb.promise", p.DateTime(of.Expires)), Forget: base + "/forget",
		Reports: reportLinks{at + dataset.PrintCSV, at + dataset.PrintJSON, at + dataset.PrintSARIF}}
	page.Table = tableOfTables(p, k, page.Title)
	for _, n := range k.about.Notes {
		page.Notes = append(page.Notes, p.T(n.Key, noteWords(n.Args)...))
	}
	head := ui.Head{Title: page.Title, Section: "/check", NoIndex: true, Crumbs: []ui.Crumb{{Label: p.T("ui.check_mine"), Href: "/check"}}}
	if n := k.running(); n > 0 {
		head.Refresh, page.Level, page.Totals = refresh, ui.Info, nil
		page.Progress = &ui.Progress{Label: p.T("datasetweb.tables_running"), Percent: 100 * (len(k.all) - n) / len(k.all), Text: p.T("datasetweb.tables_left", n)}
	}
	return tablesTemplate.Render(w, r, http.StatusOK, head, page)
}

func tableOfTables(p *i18n.Printer, k packed, caption string) ui.Table {
	t := ui.Table{ID: "tables", Caption: caption, CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{
		{Label: p.T("datasetweb.table")}, {Label: p.T("datasetweb.result")}, {Label: p.T("datasetweb.problems"), Numeric: true},
		{Label: p.T("datasetweb.rows"), Numeric: true}, {Label: p.T("datasetweb.table_files")}}}
	for _, c := range k.all {
		report, result, row := c.Outcome.Report, ui.Cell{}, ui.Row{}
		problems, rows := ui.Cell{}, ui.Cell{}
		switch c.State {
		case dataset.Running:
			result.Badge = &ui.Badge{Label: p.T("datasetweb.table_running"), Icon: "clock"}
		case dataset.Done:
			result.Badge = tableBadge(p, report)
			problems.Text, rows.Text = p.Number(report.Problems()), p.Number(report.Rows)
		default:
			result, row.Kind = ui.Cell{Text: p.T("datasetweb.broken")}, ui.Error
			if c.Fault != nil {
				result.Text = p.T(c.Fault.Key, c.Fault.Args...)
			}
		}
		row.Cells = []ui.Cell{{Text: tableName(c), Href: checkPath(c.ID)}, result, problems, rows, {Text: shorten(k.files(c), 120)}}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// tableBadge says in a word what was found in a table.
func tableBadge(p *i18n.Printer, r dataset.Report) *ui.Badge {
	switch {
	case r.Errors > 0:
		return &ui.Badge{Kind: ui.Error, Label: p.T("datasetweb.table_invalid"), Icon: "circle-x"}
	case r.Warnings > 0:
		return &ui.Badge{Kind: ui.Warning, Label: p.T("datasetweb.table_faulty"), Icon: "triangle-alert"}
	}
	return &ui.Badge{Kind: ui.Success, Label: p.T("datasetweb.table_clean"), Icon: "circle-check"}
}

// tableName is what people call the table of a check.
func tableName(c dataset.Check) string {
	if c.Package == "" {
		return c.Source.Name
	}
	return c.Source.Options.Member
}

// tablesFile gives everything found in all tables of an archive as one file.
func (d Desk) tablesFile(format string) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		id := dataset.CheckID(r.PathValue("id"))
		k, ok, err := d.packed(r, id)
		if err != nil {
			return err
		}
		if !ok {
			return web.Redirect(w, r, checkPath(id), web.Said{})
		}
		if k.running() > 0 {
			return web.Redirect(w, r, checkPath(id)+"/tables", web.Said{})
		}
		return d.writeTables(w, r, k, format)
	}
}

// writeTables writes the report of a package, as the command line does.
func (d Desk) writeTables(w http.ResponseWriter, r *http.Request, k packed, format string) error {
	p := web.VisitOf(r).P
	return attach(w, reportMedia[format], dataset.Title(k.all[0].Source.Name)+" – "+p.T("datasetweb.findings_file")+"."+format, func() error {
		out := dataset.NewBundlePrinter(w, format, p.T, k.about)
		for _, c := range k.all {
			file := k.files(c)
			out.Table(tableName(c), file)
			if c.State != dataset.Done {
				key, args := "datasetweb.broken", []any(nil)
				if c.Fault != nil {
					key, args = c.Fault.Key, c.Fault.Args
				}
				out.Refuse(key, p.T(key, args...))
				continue
			}
			out.About(file, c.Outcome.Report.Reading)
			if err := d.eachFinding(r.Context(), c.Outcome, out.Add); err != nil {
				return err
			}
			out.EndTable(c.Outcome.Report)
		}
		return out.End()
	})
}

// toTables goes to the tables of the archive a check is of, which most often have been read by then.
func (d Desk) toTables(w http.ResponseWriter, r *http.Request, c dataset.Check) error {
	all, err := d.Dataset.Together(r.Context(), web.Actor(r), c.ID)
	if err != nil {
		return err
	}
	d.waitForTables(r, all, patience)
	return web.Redirect(w, r, tablesPath(c), web.Said{})
}

// waitForTables gives the jobs of a package that run some time, all together.
func (d Desk) waitForTables(r *http.Request, all []dataset.Check, upTo time.Duration) {
	end := time.Now().Add(upTo)
	for _, c := range all {
		if c.State == dataset.Running {
			d.progress(r, c.Job, max(0, time.Until(end)))
		}
	}
}

// packageNav is the way between the tables of an archive; the zero value for a lone file.
type packageNav struct {
	Text           string // which of them this is
	All            string // address of the list
	Previous, Next ui.LinkButton
}

func (d Desk) packageNav(r *http.Request, c dataset.Check) (nav packageNav, err error) {
	if c.Package == "" {
		return nav, nil
	}
	all, err := d.Dataset.Together(r.Context(), web.Actor(r), c.ID)
	if err != nil {
		return nav, err
	}
	p := web.VisitOf(r).P
	nav.All = tablesPath(c)
	for i, one := range all {
		if one.ID != c.ID {
			continue
		}
		nav.Text = p.T("datasetweb.table_of", i+1, len(all), c.Source.Name)
		if i > 0 {
			nav.Previous = ui.LinkButton{Label: tableName(all[i-1]), Href: checkPath(all[i-1].ID), Icon: "arrow-left", Look: ui.Quiet}
		}
		if i+1 < len(all) {
			nav.Next = ui.LinkButton{Label: tableName(all[i+1]), Href: checkPath(all[i+1].ID), Icon: "arrow-right", Look: ui.Quiet}
		}
	}
	return nav, nil
}

// crumbsOf lead to the page of a check: through its package, when it has one.
func crumbsOf(p *i18n.Printer, c *dataset.Check) []ui.Crumb {
	crumbs := []ui.Crumb{{Label: p.T("ui.check_mine"), Href: "/check"}}
	if c.Package != "" {
		crumbs = append(crumbs, ui.Crumb{Label: c.Source.Name, Href: tablesPath(*c)})
	}
	return crumbs
}
