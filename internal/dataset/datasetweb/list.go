package datasetweb

import (
	"cmp"
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type listPage struct {
	Head  ui.PageHead
	Table ui.Table
	Empty *ui.Empty
	CSV   string
}

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl")

// orders are the ways to sort the list, by the word of the address.
var orders = map[string]func(a, b dataset.Dataset) int{
	"title":    func(a, b dataset.Dataset) int { return french.Compare(a.Title, b.Title) },
	"rows":     func(a, b dataset.Dataset) int { return cmp.Compare(a.Rows, b.Rows) },
	"columns":  func(a, b dataset.Dataset) int { return cmp.Compare(a.Columns, b.Columns) },
	"problems": func(a, b dataset.Dataset) int { return cmp.Compare(a.Problems, b.Problems) },
	"modified": func(a, b dataset.Dataset) int { return a.Modified.Compare(b.Modified) },
	"owner":    func(a, b dataset.Dataset) int { return french.Compare(a.OwnerName, b.OwnerName) },
}

// sorted returns the datasets the visitor may change, in the order of the address, and that order.
func (d Desk) sorted(r *http.Request) (all []dataset.Dataset, by string, down bool, err error) {
	if all, err = d.Dataset.List(r.Context(), web.Actor(r)); err != nil {
		return nil, "", false, err
	}
	by, down = strings.CutPrefix(r.URL.Query().Get("sort"), "-")
	order, ok := orders[by]
	if !ok {
		return all, "modified", true, nil // as the store gives them
	}
	slices.SortStableFunc(all, func(a, b dataset.Dataset) int {
		if down {
			return order(b, a)
		}
		return order(a, b)
	})
	return all, by, down, nil
}

// list shows the datasets of a person and of their colleagues of the same service.
func (d Desk) list(w http.ResponseWriter, r *http.Request) error {
	all, by, down, err := d.sorted(r)
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	page := listPage{Head: ui.PageHead{Title: p.T("ui.nav_datasets"), Lead: p.T("datasetweb.list_lead")}, CSV: "/datasets.csv"}
	if len(all) == 0 {
		page.Empty = &ui.Empty{Icon: "database", Title: p.T("datasetweb.list_empty_title"), Text: p.T("datasetweb.list_empty"), Example: p.T("datasetweb.list_empty_example"),
			Action: &ui.LinkButton{Label: p.T("ui.check_mine"), Href: "/check", Look: ui.Primary, Icon: "upload"}}
	} else {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("ui.check_mine"), Href: "/check", Look: ui.Primary, Icon: "upload"},
			{Label: p.T("datasetweb.mappings"), Href: mappingsPath, Look: ui.Quiet, Icon: "columns-3"}}
		page.Table = listTable(p, all, by, down)
	}
	return listTemplate.Render(w, r, http.StatusOK, ui.Head{Title: p.T("ui.nav_datasets"), Section: "/datasets"}, page)
}

// sortLink is the head of a column that sorts; the same link again turns the order round.
func sortLink(path, name, label, by string, down bool) ui.Column {
	c := ui.Column{Label: label}
	to := name
	if by == name {
		c.Sorted = "descending"
		if !down {
			c.Sorted, to = "ascending", "-"+name
		}
	}
	c.Sort, _ = ui.Query(path, "sort", to) // pairs: cannot fail
	return c
}

func listTable(p *i18n.Printer, all []dataset.Dataset, by string, down bool) ui.Table {
	t := ui.Table{ID: "datasets", Caption: p.T("datasetweb.list_caption", len(all)), FirstIsHeader: true}
	for _, name := range []string{"title", "rows", "columns", "problems", "modified", "owner"} {
		c := sortLink("/datasets", name, p.T("datasetweb.list_"+name), by, down)
		c.Numeric = name == "rows" || name == "columns"
		t.Columns = append(t.Columns, c)
	}
	for _, ds := range all {
		state := ui.Badge{Kind: ui.Success, Icon: "circle-check", Label: p.T("datasetweb.no_problem")}
		if ds.Problems > 0 {
			state = ui.Badge{Kind: ui.Warning, Icon: "triangle-alert", Label: p.T("datasetweb.problem_count", ds.Problems), Href: datasetPath(ds.ID) + "/quality"}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: ds.Title, Href: datasetPath(ds.ID)}, {Text: p.Number(ds.Rows)}, {Text: p.Number(ds.Columns)},
			{Badge: &state}, {Text: p.DateTime(ds.Modified)}, {Text: ds.OwnerName}}})
	}
	return t
}

// listTable gives the list as a table.
func (d Desk) listTable(w http.ResponseWriter, r *http.Request) error {
	all, _, _, err := d.sorted(r)
	if err != nil {
		return err
	}
	return attach(w, dataset.CSV.MediaType(), web.VisitOf(r).P.T("datasetweb.list_file")+".csv", func() error {
		lines := [][]string{{"id", "title", "rows", "columns", "problems", "fixable", "version", "modified", "owner"}}
		for _, ds := range all {
			lines = append(lines, []string{string(ds.ID), tabular.CSVCell(ds.Title), strconv.FormatInt(ds.Rows, 10), strconv.Itoa(ds.Columns), strconv.Itoa(ds.Problems),
				strconv.Itoa(ds.Fixable), strconv.Itoa(ds.Current), ds.Modified.UTC().Format(time.RFC3339), tabular.CSVCell(ds.OwnerName)})
		}
		return csv.NewWriter(w).WriteAll(lines)
	})
}
