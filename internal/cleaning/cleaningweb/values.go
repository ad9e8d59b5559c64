package cleaningweb

import (
	"net/http"
	"net/url"
	"strconv"

	"cultured/internal/cleaning"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/recipe"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// groupsShown is how many groups of values a page asks about; those left wait for the next look.
const groupsShown = 40

type valuesPage struct {
	Head     ui.PageHead
	Tabs     ui.Tabs
	Base     string
	Revision int
	Column   ui.Choice
	Method   ui.Choice
	Chosen   string // the column looked at, "" for none yet
	Way      string
	Groups   []groupView
	More     string // how many groups wait, "" for none
	None     string // why there is no group
}

// A groupView is values that may be the same.
type groupView struct {
	Values ui.Group
	From   string // name of the hidden list of them all
	To     ui.Field
}

var valuesTemplate = ui.Page[valuesPage](pages, "pages/values.tmpl")

// values shows values of a column that may be the same, for people to choose.
func (d Desk) values(w http.ResponseWriter, r *http.Request) error {
	return d.showValues(w, r, r.URL.Query(), view{status: http.StatusOK})
}

func (d Desk) showValues(w http.ResponseWriter, r *http.Request, asked url.Values, v view) error {
	p := web.VisitOf(r).P
	b, err := d.Cleaning.Open(r.Context(), web.Actor(r), of(r))
	if err != nil {
		return err
	}
	columns, err := d.Cleaning.Columns(b, len(b.Draft.Steps))
	if err != nil {
		return err
	}
	page := valuesPage{Head: ui.PageHead{Title: p.T("recipe.kind_cluster"), Eyebrow: b.Dataset.Title, Lead: p.T("cleaningweb.values_lead")}, Tabs: d.Tabs(r, string(of(r)), b.Dataset.Title),
		Base: path(of(r)), Revision: b.Draft.Revision, Chosen: asked.Get("column"), Way: asked.Get("method")}
	if page.Way == "" {
		page.Way = recipe.Methods()[0]
	}
	page.Column = ui.Choice{Name: "column", Label: p.T("recipe.input_column"), Empty: p.T("cleaningweb.choose"), Options: options(columns, []string{page.Chosen})}
	page.Method = ui.Choice{Name: "method", Label: p.T("cleaningweb.method")}
	for _, m := range recipe.Methods() {
		page.Method.Options = append(page.Method.Options, ui.Option{Value: m, Label: p.T("recipe.method_" + m), Selected: m == page.Way})
	}
	if page.Chosen != "" {
		if err := d.group(r, b, &page, asked); err != nil {
			errs, ok := ui.FormErrorsOf(p, err)
			if !ok {
				return err
			}
			v.status, v.errs = web.StatusOf(err), errs
		}
	}
	return valuesTemplate.Render(w, r, v.status, ui.Head{Title: p.T("recipe.kind_cluster") + " – " + b.Dataset.Title, Errors: v.errs, Section: "/datasets", NoIndex: true,
		Crumbs: []ui.Crumb{{Label: p.T("ui.nav_datasets"), Href: "/datasets"}, {Label: b.Dataset.Title, Href: ui.Link("/datasets", string(of(r)))}, {Label: p.T("cleaningweb.title"), Href: path(of(r))}}}, page)
}

// group finds the groups of the column; what somebody ticked and wrote stays.
func (d Desk) group(r *http.Request, b cleaning.Bench, page *valuesPage, asked url.Values) error {
	p := web.VisitOf(r).P
	counted, err := d.Cleaning.Values(r.Context(), b, page.Chosen)
	if err != nil {
		return err
	}
	groups, err := recipe.Near(counted, page.Way, 1)
	if err != nil {
		return err
	}
	for i, g := range groups[:min(len(groups), groupsShown)] {
		page.Groups = append(page.Groups, newGroup(p, i, g, page.Way, asked))
	}
	if left := len(groups) - len(page.Groups); left > 0 {
		page.More = p.T("cleaningweb.groups_more", left)
	}
	if len(groups) == 0 {
		page.None = p.T("cleaningweb.groups_none", len(counted))
	}
	return nil
}

func newGroup(p *i18n.Printer, i int, values []recipe.Counted, way string, asked url.Values) groupView {
	n := strconv.Itoa(i + 1)
	again := asked.Has("to-" + n)
	v := groupView{From: "from-" + n, To: ui.Field{Name: "to-" + n, Label: p.T("cleaningweb.write_all"), Value: values[0].Value, Autocomplete: "off"}}
	if again {
		v.To.Value = asked.Get("to-" + n)
	}
	v.Values = ui.Group{Name: "from-" + n, Label: p.T("cleaningweb.group", i+1), Many: true}
	for _, c := range values {
		on := way == recipe.Methods()[0] // the surest; what merely sounds alike is ticked by hand
		if again {
			on = false
			for _, ticked := range asked["from-"+n] {
				on = on || ticked == c.Value
			}
		}
		v.Values.Options = append(v.Values.Options, ui.Option{Value: c.Value, Label: p.T("cleaningweb.value_count", c.Value, p.T("cleaningweb.cells", c.Count)), Selected: on})
	}
	return v
}

// merge adds the step of the values ticked.
func (d Desk) merge(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	step := &recipe.Cluster{Column: r.PostForm.Get("column"), Values: map[string]string{}}
	for i := 1; i <= groupsShown; i++ {
		n := strconv.Itoa(i)
		to := r.PostForm.Get("to-" + n)
		for _, from := range r.PostForm["from-"+n] {
			if from != to && to != "" {
				step.Values[from] = to
			}
		}
	}
	var err error
	if len(step.Values) == 0 {
		err = fault.New(fault.Invalid, "recipe.need_values")
	} else {
		err = d.Cleaning.Put(r.Context(), web.Actor(r), seen(r), -1, step)
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showValues(w, r, r.PostForm, view{status: web.StatusOf(err), errs: errs})
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(of(r)), web.Said{Kind: "success", Key: "cleaningweb.step_added"})
}
