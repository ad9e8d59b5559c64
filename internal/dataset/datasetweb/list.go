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
	Kinds *ui.Tabs // real data and exercises, when there are any of these
	Table ui.Table
	Empty *ui.Empty
	CSV   string
	Drop  *ui.Confirm // of one's own exercises
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
	if kind := r.URL.Query().Get("kind"); kind == realKind || kind == lessonKind {
		all = slices.DeleteFunc(all, func(ds dataset.Dataset) bool { return (ds.Lesson != "") != (kind == lessonKind) })
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

// What the address says of which datasets are listed; anything else is all of them.
const (
	realKind   = "data"
	lessonKind = "exercise"
)

// kinds are the ways to list real data apart from exercises, and how to get rid of one's own of these; nothing while there are none.
func (d Desk) kinds(r *http.Request, page *listPage) error {
	v := web.VisitOf(r)
	all, err := d.Dataset.List(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	lessons, own := 0, 0
	for _, ds := range all {
		if ds.Lesson != "" {
			lessons++
			if ds.Owner == v.Actor.ID {
				own++
			}
		}
	}
	if lessons == 0 {
		return nil
	}
	p, now := v.P, r.URL.Query().Get("kind")
	page.Kinds = &ui.Tabs{Label: p.T("datasetweb.kinds")}
	for _, one := range []struct {
		kind, label string
		count       int
	}{{"", "datasetweb.kind_all", len(all)}, {realKind, "datasetweb.kind_data", len(all) - lessons}, {lessonKind, "datasetweb.kind_exercise", lessons}} {
		tab := ui.Tab{Label: p.T(one.label), Href: "/datasets", Count: p.Number(one.count), Current: now == one.kind || one.kind == "" && now != realKind && now != lessonKind}
		if one.kind != "" {
			tab.Href = "/datasets?kind=" + one.kind
		}
		page.Kinds.Items = append(page.Kinds.Items, tab)
	}
	if now == lessonKind && own > 0 {
		page.Drop = &ui.Confirm{Title: p.T("datasetweb.drop_exercises", own), Text: p.T("datasetweb.drop_exercises_text"), Action: "/datasets/exercises/delete", Submit: p.T("datasetweb.drop_exercises_do")}
	}
	return nil
}

// keepTo has the links of the list stay among one kind.
func (page *listPage) keepTo(kind string) {
	page.CSV += "?kind=" + kind
	for i := range page.Table.Columns {
		page.Table.Columns[i].Sort += "&kind=" + kind
	}
}

// dropLessons deletes the visitor's own exercises.
func (d Desk) dropLessons(w http.ResponseWriter, r *http.Request) error {
	if _, err := d.Dataset.DropLessons(r.Context(), web.Actor(r)); err != nil {
		return err
	}
	return web.Redirect(w, r, "/datasets", web.Said{Kind: "success", Key: "datasetweb.exercises_dropped"})
}

// list shows the datasets of a person and of their colleagues of the same service.
func (d Desk) list(w http.ResponseWriter, r *http.Request) error {
	all, by, down, err := d.sorted(r)
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	page := listPage{Head: ui.PageHead{Title: p.T("ui.nav_datasets"), Lead: p.T("datasetweb.list_lead")}, CSV: "/datasets.csv"}
	if err := d.kinds(r, &page); err != nil {
		return err
	}
	if len(all) == 0 && page.Kinds == nil {
		page.Empty = &ui.Empty{Icon: "database", Title: p.T("datasetweb.list_empty_title"), Text: p.T("datasetweb.list_empty"), Example: p.T("datasetweb.list_empty_example"),
			Action: &ui.LinkButton{Label: p.T("ui.check_mine"), Href: "/check", Look: ui.Primary, Icon: "upload"}}
	} else {
		page.Head.Actions = []ui.LinkButton{{Label: p.T("ui.check_mine"), Href: "/check", Look: ui.Primary, Icon: "upload"},
			{Label: p.T("datasetweb.mappings"), Href: mappingsPath, Look: ui.Quiet, Icon: "columns-3"}}
		page.Table = listTable(p, all, by, down)
		if kind := r.URL.Query().Get("kind"); page.Kinds != nil && (kind == realKind || kind == lessonKind) {
			page.keepTo(kind)
		}
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
		title := ui.Cell{Text: ds.Title, Href: datasetPath(ds.ID)}
		if ds.Lesson != "" {
			title.Badge = &ui.Badge{Label: p.T("datasetweb.exercise"), Icon: "book-open"}
		}
		state := ui.Badge{Kind: ui.Success, Icon: "circle-check", Label: p.T("datasetweb.no_problem")}
		if ds.Problems > 0 {
			state = ui.Badge{Kind: ui.Warning, Icon: "triangle-alert", Label: p.T("datasetweb.problem_count", ds.Problems), Href: datasetPath(ds.ID) + "/quality"}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{title, {Text: p.Number(ds.Rows)}, {Text: p.Number(ds.Columns)},
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
		lines := [][]string{{"id", "title", "rows", "columns", "problems", "fixable", "version", "modified", "owner", "exercise"}}
		for _, ds := range all {
			lines = append(lines, []string{string(ds.ID), tabular.CSVCell(ds.Title), strconv.FormatInt(ds.Rows, 10), strconv.Itoa(ds.Columns), strconv.Itoa(ds.Problems),
				strconv.Itoa(ds.Fixable), strconv.Itoa(ds.Current), ds.Modified.UTC().Format(time.RFC3339), tabular.CSVCell(ds.OwnerName), ds.Lesson})
		}
		return csv.NewWriter(w).WriteAll(lines)
	})
}
