package formweb

import (
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type settingsPage struct {
	Head          ui.PageHead
	Tabs          ui.Tabs
	Action        string
	Revision      int
	Title         ui.Field
	Edition       ui.Field
	Intro         ui.Textarea
	Thanks        ui.Textarea
	Contact       ui.Field
	Door          ui.Group
	Code          ui.Field
	Named         ui.Textarea
	Opens, Closes ui.Field
	Limit         ui.Field
	Track         ui.Checkbox
	Days          ui.Field
	Tell          *ui.Choice // none while no question asks for an address
}

var settingsTemplate = ui.Page[settingsPage](pages, "pages/settings.tmpl")

// A settingsDraft is the settings in their form.
type settingsDraft struct {
	form        form.Form
	limit, days string // as typed
	opened      int
	status      int
	errs        ui.FormErrors
}

// settings shows who may answer, when, and what is said around the questions.
func (d Desk) settings(w http.ResponseWriter, r *http.Request) error {
	f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	in := settingsDraft{form: f, opened: f.Revision, status: http.StatusOK}
	if f.Limit > 0 {
		in.limit = strconv.Itoa(f.Limit)
	}
	if f.Days > 0 {
		in.days = strconv.Itoa(f.Days)
	}
	return d.showSettings(w, r, in)
}

func (d Desk) showSettings(w http.ResponseWriter, r *http.Request, in settingsDraft) error {
	p, f := web.VisitOf(r).P, in.form
	line := func(name, value string) ui.Field {
		return ui.Field{Name: name, Label: p.T("formweb.set_" + name), Hint: p.T("formweb.set_" + name + "_hint"), Value: value, Error: in.errs.For(name), Autocomplete: "off"}
	}
	area := func(name, value string) ui.Textarea {
		return ui.Textarea{Name: name, Label: p.T("formweb.set_" + name), Hint: p.T("formweb.set_" + name + "_hint"), Value: value, Error: in.errs.For(name), Rows: 3, Optional: true, MaxLength: form.HintMost}
	}
	page := settingsPage{Head: ui.PageHead{Title: p.T("formweb.settings_of", f.Title), Eyebrow: p.T("formweb.form"), Badges: []ui.Badge{stateOf(p, f)}}, Tabs: tabs(p, f, "settings"), Action: path(f.ID, "settings"), Revision: in.opened,
		Title: ui.Field{Name: "title", Label: p.T("formweb.form_title"), Value: f.Title, Error: in.errs.For("title"), Required: true, MaxLength: form.LabelMost, Autocomplete: "off"},
		Intro: area("intro", f.Intro), Thanks: area("thanks", f.Thanks), Contact: line("contact", f.Contact), Door: doorGroup(p, in), Code: line("code", f.Code), Named: area("named", strings.Join(f.Named, "\n")),
		Opens: line("opens", f.Opens), Closes: line("closes", f.Closes), Limit: line("limit", in.limit),
		Days: line("days", in.days), Track: ui.Checkbox{Name: "track", Label: p.T("formweb.set_track"), Hint: p.T("formweb.set_track_hint"), Checked: f.Track}}
	page.Tell = tellChoice(p, in)
	page.Edition = line("edition", f.Edition)
	page.Edition.Size, page.Edition.Optional, page.Edition.MaxLength = "medium", true, form.EditionMost
	page.Contact.Type, page.Contact.Optional, page.Contact.Autocomplete = "email", true, "email"
	page.Named.MaxLength = 0
	page.Opens.Type, page.Opens.Size, page.Opens.Optional = "date", "short", true
	page.Closes.Type, page.Closes.Size, page.Closes.Optional = "date", "short", true
	page.Limit.Mode, page.Limit.Size, page.Limit.Optional = "numeric", "short", true
	page.Days.Mode, page.Days.Size, page.Days.Optional = "numeric", "short", true
	page.Code.Size = "medium"
	return settingsTemplate.Render(w, r, in.status, ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbsOf(p, f), Errors: in.errs}, page)
}

func doorGroup(p *i18n.Printer, in settingsDraft) ui.Group {
	g := ui.Group{Name: "door", Label: p.T("formweb.who"), Error: in.errs.For("door"), Required: true}
	for _, door := range form.Doors() {
		g.Options = append(g.Options, ui.Option{Value: string(door), Label: p.T(door.Word()), Selected: door == in.form.Door})
	}
	return g
}

// tellChoice is which question gives the address the author is written at.
func tellChoice(p *i18n.Printer, in settingsDraft) *ui.Choice {
	c := &ui.Choice{Name: "tell", Label: p.T("formweb.set_tell"), Hint: p.T("formweb.set_tell_hint"), Empty: p.T("formweb.set_tell_nobody")}
	for _, b := range in.form.Blocks {
		if b.Kind == form.Email && b.Within == "" {
			c.Options = append(c.Options, ui.Option{Value: b.Name, Label: b.Label, Selected: b.Name == in.form.Tell})
		}
	}
	if len(c.Options) == 0 {
		return nil
	}
	return c
}

// saveSettings writes them. Whoever answers meets them at once; the words around the questions wait for the next version.
func (d Desk) saveSettings(w http.ResponseWriter, r *http.Request) error {
	get := func(name string) string {
		return strings.TrimSpace(strings.ReplaceAll(r.PostFormValue(name), "\r\n", "\n"))
	}
	set := func(f *form.Form) error {
		f.Title, f.Intro, f.Thanks, f.Contact, f.Door = get("title"), get("intro"), get("thanks"), get("contact"), form.Door(get("door"))
		f.Code, f.Named, f.Opens, f.Closes, f.Limit = get("code"), strings.Fields(get("named")), get("opens"), get("closes"), count(get("limit"))
		f.Track, f.Days, f.Tell, f.Edition = get("track") != "", count(get("days")), get("tell"), get("edition")
		return nil
	}
	f, err := d.Form.Edit(r.Context(), web.Actor(r), idOf(r), revision(r), set)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		now, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
		if err != nil {
			return err
		}
		in := settingsDraft{form: now, limit: get("limit"), days: get("days"), opened: now.Revision, status: http.StatusUnprocessableEntity, errs: errs}
		_ = set(&in.form) // never fails
		return d.showSettings(w, r, in)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(f.ID, "settings"), web.Said{Kind: "success", Key: "formweb.settings_saved"})
}

// count reads a number, 0 for nothing typed; what is no number is -1, of which the rule says so.
func count(typed string) int {
	if typed == "" {
		return 0
	}
	n, err := strconv.Atoi(typed)
	if err != nil {
		return -1
	}
	return n
}
