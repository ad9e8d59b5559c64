package accountweb

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/account"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

func notFound() error { return fault.New(fault.NotFound, "account.no_service") }

// auditPage is /admin/audit.
type auditPage struct {
	Verb, Person  string
	Verbs, People []ui.Option
	Table         ui.Table
	Pages         ui.Pagination
	CSV           string
	Filtered      bool
}

var auditTemplate = ui.Page[auditPage](pages, "pages/audit.tmpl")

func journalQuery(r *http.Request) account.JournalQuery {
	before, _ := strconv.ParseInt(r.FormValue("before"), 10, 64) // anything else is the newest page
	return account.JournalQuery{Verb: r.FormValue("verb"), Person: r.FormValue("person"), Before: max(before, 0), Limit: pageSize}
}

func (d desk) showAudit(w http.ResponseWriter, r *http.Request) error {
	v, q := web.VisitOf(r), journalQuery(r)
	q.Limit++
	entries, err := d.Read(r.Context(), v.Actor, q)
	if err != nil {
		return err
	}
	p := auditPage{Verb: q.Verb, Person: q.Person, Filtered: q.Verb != "" || q.Person != ""}
	address := func(path, before string) string {
		a, _ := ui.Query(path, "verb", q.Verb, "person", q.Person, "before", before) // pairs: cannot fail
		return a
	}
	p.CSV = address("/admin/audit.csv", "")
	if q.Before > 0 {
		p.Pages.Previous = address("/admin/audit", "")
	}
	if len(entries) == q.Limit {
		entries = entries[:q.Limit-1]
		p.Pages.Next = address("/admin/audit", strconv.FormatInt(entries[len(entries)-1].Seq, 10))
	}
	if err := d.auditFilters(r, &p); err != nil {
		return err
	}
	names, err := d.auditNames(r, p.People)
	if err != nil {
		return err
	}
	p.Table = auditTable(v.P, entries, names)
	head := adminHead(v.P, v.P.T("accountweb.audit"))
	head.Wide = true
	return auditTemplate.Render(w, r, http.StatusOK, head, p)
}

// filterPeople bounds the list of people one may choose from; the address ?person= takes anybody.
const filterPeople = 500

func (d desk) auditFilters(r *http.Request, p *auditPage) error {
	v := web.VisitOf(r)
	verbs, err := d.Verbs(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	for _, verb := range verbs {
		p.Verbs = append(p.Verbs, ui.Option{Value: verb, Label: verbSaid(v.P, verb)})
	}
	list, err := d.List(r.Context(), v.Actor, account.PeopleQuery{Size: filterPeople})
	if err != nil {
		return err
	}
	found := p.Person == ""
	for _, one := range list.People {
		found = found || one.ID == p.Person
		p.People = append(p.People, ui.Option{Value: one.ID, Label: nameSaid(v.P, one)})
	}
	if !found {
		who, err := d.Find(r.Context(), v.Actor, p.Person)
		if err != nil {
			return err
		}
		p.People = append(p.People, ui.Option{Value: who.ID, Label: nameSaid(v.P, who)})
	}
	return nil
}

// verbSaid is the sentence of a verb; a room that has none for it shows the verb.
func verbSaid(p *i18n.Printer, verb string) string {
	if p.Has(verb) {
		return p.T(verb)
	}
	return verb
}

// actorSaid is who did it, as they were called then.
func actorSaid(p *i18n.Printer, e account.Entry) string {
	switch {
	case e.ActorName != "":
		return e.ActorName
	case e.Actor != "":
		return p.T("accountweb.erased_name")
	}
	return p.T("accountweb.nobody")
}

// auditNames says how what a line is about is called, and where it is, by subject.
func (d desk) auditNames(r *http.Request, people []ui.Option) (map[string]ui.Cell, error) {
	by := web.Actor(r)
	o, err := d.House(r.Context(), by)
	if err != nil {
		return nil, err
	}
	services, err := d.Departments(r.Context(), by)
	if err != nil {
		return nil, err
	}
	names := map[string]ui.Cell{"account:" + o.ID: {Text: o.Name, Href: "/admin/organisation"}}
	for _, one := range services {
		names["account:"+one.ID] = ui.Cell{Text: one.Name, Href: ui.Link("/admin/services", one.ID)}
	}
	for _, one := range people {
		names["account:"+one.Value] = ui.Cell{Text: one.Label, Href: ui.Link("/admin/people", one.Value)}
	}
	return names, nil
}

func auditTable(p *i18n.Printer, entries []account.Entry, names map[string]ui.Cell) ui.Table {
	t := ui.Table{Caption: p.T("accountweb.audit"), CaptionHidden: true, Compact: true, Columns: []ui.Column{{Label: p.T("accountweb.when")},
		{Label: p.T("accountweb.who")}, {Label: p.T("accountweb.what")}, {Label: p.T("accountweb.about")}, {Label: p.T("accountweb.detail")}}}
	titles := titlesIn(entries)
	for _, e := range entries {
		about, known := names[e.Subject]
		if !known {
			about = aboutSaid(p, e.Subject, titles)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.DateTime(e.At)}, {Text: actorSaid(p, e)}, {Text: verbSaid(p, e.Verb)}, about, {Text: detailSaid(p, e.Detail)}}})
	}
	return t
}

// titlesIn finds what subjects are called: the newest title their own lines say.
func titlesIn(entries []account.Entry) map[string]string {
	titles := map[string]string{}
	for _, e := range entries {
		var said struct{ Title string }
		if json.Unmarshal([]byte(e.Detail), &said) == nil && said.Title != "" && titles[e.Subject] == "" {
			titles[e.Subject] = said.Title
		}
	}
	return titles
}

// aboutSaid names what a line is about and leads to it: a dataset by its title where a line of the page says it. Anything
// else stays the code it is.
func aboutSaid(p *i18n.Printer, subject string, titles map[string]string) ui.Cell {
	id, isDataset := strings.CutPrefix(subject, "dataset:")
	if !isDataset {
		return ui.Cell{Text: subject, Fixed: true}
	}
	title := titles[subject]
	if title == "" {
		title = p.T("accountweb.a_dataset")
	}
	return ui.Cell{Text: title, Href: ui.Link("/datasets", id)}
}

// detailSaid writes a small JSON object in words; what has no words is "key: value", and what is no object stays as it is.
// Titles and codes are left out: the column before says them.
func detailSaid(p *i18n.Printer, raw string) string {
	var detail map[string]any
	if json.Unmarshal([]byte(raw), &detail) != nil {
		return raw
	}
	var parts []string
	for _, key := range slices.Sorted(maps.Keys(detail)) {
		if key == "title" || key == "record" {
			continue
		}
		value, isText := detail[key].(string)
		if !isText {
			b, err := json.Marshal(detail[key])
			if err != nil {
				return raw
			}
			value = string(b)
		}
		switch {
		case key == "why" && p.Has(value):
			value = p.T(value)
		case p.Has("accountweb.detail_" + key + "_" + value):
			value = p.T("accountweb.detail_" + key + "_" + value)
		case p.Has("accountweb.detail_" + key):
			value = p.T("accountweb.detail_"+key, value)
		default:
			value = key + ": " + value
		}
		parts = append(parts, value)
	}
	return strings.Join(parts, ", ")
}

func (d desk) auditCSV(w http.ResponseWriter, r *http.Request) error {
	v, q := web.VisitOf(r), journalQuery(r)
	q.Limit, q.Before = 1000, 0
	entries, err := d.Read(r.Context(), v.Actor, q)
	if err != nil {
		return err
	}
	sheet := newSheet(w, v.P.T("accountweb.audit_file"), "seq", "at", "actor", "actor_name", "verb", "sentence", "subject", "detail")
	for len(entries) > 0 {
		for _, e := range entries {
			sheet.row(strconv.FormatInt(e.Seq, 10), stamp(e.At), e.Actor, e.ActorName, e.Verb, verbSaid(v.P, e.Verb), e.Subject, e.Detail)
		}
		q.Before = entries[len(entries)-1].Seq
		if entries, err = d.Read(r.Context(), v.Actor, q); err != nil {
			return err
		}
	}
	return sheet.end()
}

// A sheet is a CSV on its way: semicolons and a byte order mark, so that a double click opens it rightly in France.
type sheet struct{ w *csv.Writer }

func newSheet(w http.ResponseWriter, name string, columns ...string) sheet {
	w.Header().Set("Cache-Control", "no-store")
	web.Attachment(w, "text/csv; charset=utf-8", name+".csv")
	_, _ = io.WriteString(w, "\ufeff") // a reader who left is met again at end
	s := sheet{w: csv.NewWriter(w)}
	s.w.Comma, s.w.UseCRLF = ';', true
	s.row(columns...)
	return s
}

// row writes one line; csv.Writer keeps the first error for end.
func (s sheet) row(cells ...string) {
	for i, c := range cells {
		cells[i] = harmless(c)
	}
	_ = s.w.Write(cells)
}

func (s sheet) end() error {
	s.w.Flush()
	return s.w.Error()
}

// harmless stops a spreadsheet from reading text as a formula. Source: OWASP, CSV Injection.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// stamp writes a moment for machines: RFC 3339, UTC; "" for none.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
