package competencyweb

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type editPage struct {
	Head     ui.PageHead
	Action   string
	Back     string
	Revision int
	Kind     string
	Clash    []clashField
	Code     ui.Field
	Parent   *ui.Choice
	Mark     *ui.Group
	Texts    []texts
}

// texts are the fields of one language.
type texts struct {
	ID, Title   string
	Label       ui.Field
	Description ui.Textarea
	Levels      []ui.Textarea
}

// A clashField is one field that two people changed.
type clashField struct {
	Diff   ui.Diff
	Choice ui.Group
}

var editTemplate = ui.Page[editPage](pages, "pages/edit.tmpl")

// lookToEdit is [look] for those who edit. Fault: Denied "competency.steward_only".
func lookToEdit(r *http.Request, d Desk) (competency.View, error) {
	v, err := look(r, d)
	if err == nil && !v.MayEdit {
		err = fault.New(fault.Denied, "competency.steward_only")
	}
	return v, err
}

func lookItemToEdit(r *http.Request, d Desk) (competency.View, competency.Item, error) {
	v, it, err := lookItem(r, d)
	if err == nil && !v.MayEdit {
		err = fault.New(fault.Denied, "competency.steward_only")
	}
	return v, it, err
}

// A draft is an item's form about to be shown.
type draft struct {
	view     competency.View
	item     competency.Item
	fresh    bool // it is not in the framework yet
	revision int
	status   int
	errs     ui.FormErrors
	clash    *competency.Clash
}

func showEdit(w http.ResponseWriter, r *http.Request, dr draft) error {
	p, f, it := web.VisitOf(r).P, dr.view.Framework, dr.item
	page := editPage{Revision: dr.revision, Kind: string(it.Kind), Back: itemPath(f.ID, it.ID), Action: itemPath(f.ID, it.ID, "edit"),
		Code:  ui.Field{Name: "code", Label: p.T("competencyweb.code"), Hint: p.T("competencyweb.code_hint"), Value: it.Code, Error: dr.errs.For("code"), Size: "short", Autocomplete: "off"},
		Texts: textFields(p, f, it, dr.errs)}
	title := p.T("competencyweb.edit_title", cite(p, f, it))
	if dr.fresh {
		title = p.T("competencyweb.new_" + string(it.Kind))
		page.Back, page.Action = frameworkPath(f.ID), frameworkPath(f.ID, "items")
	}
	page.Head = ui.PageHead{Title: title, Lead: p.T("competencyweb.edit_lead")}
	if it.Kind == competency.Family {
		page.Mark = markField(p, it, dr.errs)
	} else {
		page.Parent = parentField(p, f, it, dr.errs)
	}
	if dr.clash != nil {
		page.Clash = clashFields(p, f, dr.clash)
	}
	way := crumbs(p, f)
	if !dr.fresh {
		way = crumbs(p, f, ui.Crumb{Label: savedName(p, f, it), Href: page.Back})
	}
	return editTemplate.Render(w, r, dr.status, ui.Head{Title: title, Section: "/competencies", Crumbs: way, Errors: dr.errs}, page)
}

func textFields(p *i18n.Printer, f competency.Framework, it competency.Item, errs ui.FormErrors) []texts {
	var out []texts
	for i, lang := range f.Languages {
		label := competency.FieldOf("label", lang)
		t := texts{ID: "texts-" + lang, Title: languageTitle(p, lang),
			Label: ui.Field{Name: label, Label: p.T("competencyweb.label_" + string(it.Kind)), Value: it.Label[lang], Error: errs.For(label), Required: i == 0, Optional: i > 0, Autocomplete: "off"},
			Description: ui.Textarea{Name: competency.FieldOf("description", lang), Label: p.T("competencyweb.description"), Value: it.Description[lang],
				Error: errs.For(competency.FieldOf("description", lang)), Rows: 3, Optional: true}}
		if i == 0 && it.Kind == competency.Competence {
			t.Label.Hint = p.T("competencyweb.label_hint")
		}
		if it.Kind == competency.Competence {
			for _, l := range f.Levels {
				name := competency.LevelField(l.Code, lang)
				t.Levels = append(t.Levels, ui.Textarea{Name: name, Label: p.T("competencyweb.level_does", l.Code, say(p, f, l.Label).Text), Value: it.Levels[l.Code][lang], Error: errs.For(name), Rows: 2, Optional: true})
			}
		}
		out = append(out, t)
	}
	return out
}

func languageTitle(p *i18n.Printer, lang string) string {
	switch lang {
	case "fr":
		return p.T("competencyweb.words_fr")
	case "en":
		return p.T("competencyweb.words_en")
	}
	return p.T("competencyweb.words_other", lang)
}

func markField(p *i18n.Printer, it competency.Item, errs ui.FormErrors) *ui.Group {
	g := ui.Group{Name: "mark", Label: p.T("competencyweb.mark"), Hint: p.T("competencyweb.mark_hint"), Error: errs.For("mark"), Inline: true,
		Options: []ui.Option{{Value: "0", Label: p.T("competencyweb.mark_none"), Selected: it.Mark == 0}}}
	for n := 1; n <= competency.MarksMost; n++ {
		g.Options = append(g.Options, ui.Option{Value: strconv.Itoa(n), Label: p.Number(n), Selected: it.Mark == n})
	}
	return &g
}

// parentField offers the families and the competences an item may stand under.
func parentField(p *i18n.Printer, f competency.Framework, it competency.Item, errs ui.FormErrors) *ui.Choice {
	c := ui.Choice{Name: "parent", Label: p.T("competencyweb.parent"), Error: errs.For("parent"), Empty: p.T("competencyweb.no_family")}
	for _, other := range f.Items {
		if other.Retired || other.ID == it.ID || other.Kind != competency.Family && other.ID != it.Parent {
			continue
		}
		c.Options = append(c.Options, ui.Option{Value: string(other.ID), Label: cite(p, f, other), Selected: other.ID == it.Parent})
	}
	return &c
}

// fieldLabel says a field of [competency.Item.Fields] in words.
func fieldLabel(p *i18n.Printer, f competency.Framework, name string) string {
	what, rest, _ := strings.Cut(name, ".")
	lang := rest
	label := p.T("competencyweb.field_" + what)
	if what == "levels" {
		dot := strings.LastIndexByte(rest, '.')
		label, lang = p.T("competencyweb.level_of", rest[:dot]), rest[dot+1:]
	}
	if lang == "" || lang == string(p.Lang()) {
		return label
	}
	return p.T("competencyweb.field_in", label, lang)
}

// fieldValue says what a field holds: identifiers by what they name.
func fieldValue(p *i18n.Printer, f competency.Framework, name, value string) string {
	if name != "parent" && name != "successors" {
		return value
	}
	var out []string
	for _, one := range strings.Fields(value) {
		if it, ok := f.Item(competency.ItemID(one)); ok {
			one = cite(p, f, it)
		}
		out = append(out, one)
	}
	return strings.Join(out, "\n")
}

func clashFields(p *i18n.Printer, f competency.Framework, c *competency.Clash) []clashField {
	var out []clashField
	for _, d := range c.Differences {
		if !d.Conflict {
			continue
		}
		label := fieldLabel(p, f, d.Field)
		out = append(out, clashField{
			Diff: ui.Compare(label, p.T("competencyweb.theirs"), fieldValue(p, f, d.Field, d.Theirs), p.T("competencyweb.mine"), fieldValue(p, f, d.Field, d.Mine)),
			Choice: ui.Group{Name: "keep-" + d.Field, Label: p.T("competencyweb.keep_which", label), Required: true, Inline: true, Options: []ui.Option{
				{Value: string(competency.Theirs), Label: p.T("competencyweb.keep_theirs")}, {Value: string(competency.Mine), Label: p.T("competencyweb.keep_mine"), Selected: true}}}})
	}
	return out
}

// readItem writes what was typed over an item. A mark that is no number is one that no framework has: saving says so.
func readItem(form url.Values, f competency.Framework, it competency.Item) competency.Item {
	it.Code = strings.TrimSpace(form.Get("code"))
	if it.Kind == competency.Family {
		n, err := strconv.Atoi(cmp.Or(form.Get("mark"), "0"))
		if err != nil {
			n = -1
		}
		it.Mark = n
	} else {
		it.Parent = competency.ItemID(form.Get("parent"))
	}
	for _, lang := range f.Languages {
		it.Label = it.Label.With(lang, strings.Join(strings.Fields(form.Get(competency.FieldOf("label", lang))), " "))
		it.Description = it.Description.With(lang, form.Get(competency.FieldOf("description", lang)))
		for _, l := range f.Levels {
			it.SetLevel(l.Code, it.Levels[l.Code].With(lang, form.Get(competency.LevelField(l.Code, lang))))
		}
	}
	it.Label, it.Description = it.Label.Clean(), it.Description.Clean()
	for code, t := range it.Levels {
		it.SetLevel(code, t.Clean())
	}
	return it
}

// newItem shows the empty form of a family or a competence.
func newItem(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := lookToEdit(r, d)
		if err != nil {
			return err
		}
		q := r.URL.Query()
		return showEdit(w, r, draft{view: v, fresh: true, status: http.StatusOK, revision: v.Revision,
			item: competency.Item{Kind: kindOf(q.Get("kind")), Parent: competency.ItemID(q.Get("parent"))}})
	}
}

func kindOf(s string) competency.Kind {
	if s == string(competency.Family) {
		return competency.Family
	}
	return competency.Competence
}

// addItem adds what the form says, or shows it again with what is wrong.
func addItem(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := lookToEdit(r, d)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return err
		}
		it := readItem(r.PostForm, v.Framework, competency.Item{Kind: kindOf(r.PostForm.Get("kind"))})
		id, err := d.Competency.AddItem(r.Context(), web.Actor(r), v.Framework.ID, it)
		if err != nil {
			errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
			if !ok {
				return err
			}
			return showEdit(w, r, draft{view: v, item: it, fresh: true, revision: v.Revision, status: web.StatusOf(err), errs: errs})
		}
		return web.Redirect(w, r, itemPath(v.Framework.ID, id), web.Said{Kind: "success", Key: "competencyweb.added"})
	}
}

// edit shows an item's form.
func edit(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, it, err := lookItemToEdit(r, d)
		if err != nil {
			return err
		}
		return showEdit(w, r, draft{view: v, item: it, revision: v.Revision, status: http.StatusOK})
	}
}

// save writes an item, or shows what is wrong, or what somebody else wrote meanwhile.
func save(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, it, err := lookItemToEdit(r, d)
		if err != nil {
			return err
		}
		if err := r.ParseForm(); err != nil {
			return err
		}
		it = readItem(r.PostForm, v.Framework, it)
		opened, _ := strconv.Atoi(r.PostForm.Get("revision")) // none: everything since the beginning counts as changed meanwhile
		choice := map[string]competency.Side{}
		for name, values := range r.PostForm {
			if field, ok := strings.CutPrefix(name, "keep-"); ok {
				choice[field] = competency.Side(values[0])
			}
		}
		k, err := d.Competency.SaveItem(r.Context(), web.Actor(r), v.Framework.ID, competency.Edit{Mine: it, Opened: opened, Choice: choice})
		dr := draft{view: v, item: it, revision: opened, status: http.StatusUnprocessableEntity}
		if clash, ok := errors.AsType[*competency.Clash](err); ok {
			dr.status, dr.clash, dr.errs = http.StatusConflict, clash, ui.FormErrors{{Text: web.VisitOf(r).P.T("competencyweb.clash")}}
			return showEdit(w, r, dr)
		}
		if err != nil {
			errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
			if !ok {
				return err
			}
			dr.errs = errs
			return showEdit(w, r, dr)
		}
		return web.Redirect(w, r, itemPath(v.Framework.ID, it.ID), done(v, k, "competencyweb.saved"))
	}
}

// done says what was done, with the way back when something was.
func done(was competency.View, is competency.Kept, key string) web.Said {
	said := web.Said{Kind: "success", Key: key}
	if is.Revision > was.Revision {
		said.Undo = &web.SaidUndo{Key: "competencyweb.undo", Action: frameworkPath(was.Framework.ID, "undo"), Name: "revision", Value: strconv.Itoa(is.Revision)}
	}
	return said
}

// move exchanges an item with the one before or after it.
func move(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, it, err := lookItemToEdit(r, d)
		if err != nil {
			return err
		}
		if err := d.Competency.Move(r.Context(), web.Actor(r), v.Framework.ID, it.ID, r.PostFormValue("to") == "up"); err != nil {
			return err
		}
		return web.Redirect(w, r, itemPath(v.Framework.ID, it.ID), web.Said{Kind: "success", Key: "competencyweb.moved"})
	}
}

// savedName is how an item is called as it is saved, whatever was typed since.
func savedName(p *i18n.Printer, f competency.Framework, it competency.Item) string {
	if saved, ok := f.Item(it.ID); ok {
		it = saved
	}
	return cite(p, f, it)
}
