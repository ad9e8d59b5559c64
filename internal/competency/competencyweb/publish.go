package competencyweb

import (
	"net/http"
	"strconv"

	"cultured/internal/competency"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type publishPage struct {
	Head     ui.PageHead
	Action   string
	Revision int
	Changes  []changed
	Summary  string
	Note     ui.Textarea
	Empty    *ui.Empty
}

var publishTemplate = ui.Page[publishPage](pages, "pages/publish.tmpl", "pages/changes.tmpl")

func showPublish(w http.ResponseWriter, r *http.Request, v competency.View, status int, errs ui.FormErrors) error {
	p, f := web.VisitOf(r).P, v.Framework
	pending := v.Pending()
	page := publishPage{Head: ui.PageHead{Title: p.T("competencyweb.publish_title"), Lead: p.T("competencyweb.publish_lead")}, Action: frameworkPath(f.ID, "publish"), Revision: v.Revision,
		Summary: p.T("competencyweb.pending", len(pending)),
		Note:    ui.Textarea{Name: "note", Label: p.T("competencyweb.note"), Hint: p.T("competencyweb.note_hint"), Value: r.PostFormValue("note"), Error: errs.For("note"), Rows: 3, Required: true}}
	if v.Published != nil { // before the first version everything is new, and the list would be the framework itself
		page.Changes = sayChanges(p, f, pending)
	}
	if len(pending) == 0 {
		page.Empty = &ui.Empty{Icon: "circle-check", Text: p.T("competency.nothing_to_publish"), Action: &ui.LinkButton{Label: p.T("competencyweb.back"), Href: frameworkPath(f.ID), Look: ui.Primary}}
	}
	return publishTemplate.Render(w, r, status, ui.Head{Title: p.T("competencyweb.publish_title"), Section: "/competencies", Crumbs: crumbs(p, f), Errors: errs}, page)
}

// publishForm shows what a version would change.
func publishForm(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := lookToEdit(r, d)
		if err != nil {
			return err
		}
		return showPublish(w, r, v, http.StatusOK, nil)
	}
}

// publish makes the working copy the next version.
func publish(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := lookToEdit(r, d)
		if err != nil {
			return err
		}
		seen, _ := strconv.Atoi(r.PostFormValue("revision")) // none: the working copy is not the one seen, and the page says so
		k, err := d.Competency.Publish(r.Context(), web.Actor(r), v.Framework.ID, seen, r.PostFormValue("note"))
		if err != nil {
			errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
			if !ok {
				return err
			}
			return showPublish(w, r, v, web.StatusOf(err), errs)
		}
		return web.Redirect(w, r, frameworkPath(v.Framework.ID), web.Said{Kind: "success", Key: "competencyweb.published", Args: []string{strconv.Itoa(k.Number)}})
	}
}

type versionsPage struct {
	Head  ui.PageHead
	Table ui.Table
	Empty *ui.Empty
}

var versionsTemplate = ui.Page[versionsPage](pages, "pages/versions.tmpl")

// versions lists what everybody could read, the newest first.
func versions(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := look(r, d)
		if err != nil {
			return err
		}
		p, f := web.VisitOf(r).P, v.Framework
		list, err := d.Competency.Versions(r.Context(), web.Actor(r), f.ID)
		if err != nil {
			return err
		}
		var people []string
		for _, one := range list {
			people = append(people, one.Person)
		}
		names, err := d.Names(r.Context(), web.Actor(r), people...)
		if err != nil {
			return err
		}
		page := versionsPage{Head: ui.PageHead{Title: p.T("competencyweb.versions"), Lead: p.T("competencyweb.versions_lead")}, Table: versionTable(p, f, list, names)}
		if len(list) == 0 {
			page.Empty = &ui.Empty{Icon: "history", Text: p.T("competencyweb.never_published")}
		}
		return versionsTemplate.Render(w, r, http.StatusOK, ui.Head{Title: p.T("competencyweb.versions"), Section: "/competencies", Crumbs: crumbs(p, f)}, page)
	}
}

func versionTable(p *i18n.Printer, f competency.Framework, list []competency.Version, names map[string]string) ui.Table {
	t := ui.Table{Caption: p.T("competencyweb.versions"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{
		{Label: p.T("competencyweb.version_word")}, {Label: p.T("competencyweb.when")}, {Label: p.T("competencyweb.who")}, {Label: p.T("competencyweb.why")}}}
	for _, one := range list {
		note := one.Note
		if note == "" {
			note = p.T(one.Verb)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: p.T("competencyweb.version_number", one.Number), Href: frameworkPath(f.ID, "versions", strconv.Itoa(one.Number))},
			{Text: p.DateTime(one.At)}, {Text: personName(p, names, one.Person)}, {Text: note}}})
	}
	return t
}

type versionPage struct {
	Head     ui.PageHead
	Note     string
	Changes  []changed
	First    bool
	Families []family
	Restore  string // address, "" for those who may not
	Number   string
	Latest   bool
}

var versionTemplate = ui.Page[versionPage](pages, "pages/version.tmpl", "pages/changes.tmpl", "pages/row.tmpl", "pages/words.tmpl")

// version shows what a version said, and what it changed of the one before.
func version(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := look(r, d)
		if err != nil {
			return err
		}
		number, err := strconv.Atoi(r.PathValue("number"))
		if err != nil {
			number = 0 // there is none: the answer is the same
		}
		one, err := d.Competency.Version(r.Context(), web.Actor(r), v.Framework.ID, number)
		if err != nil {
			return err
		}
		p, f := web.VisitOf(r).P, v.Framework
		page := versionPage{Head: ui.PageHead{Eyebrow: say(p, f, f.Title).Text, Title: p.T("competencyweb.version_number", number), Lead: p.T("competencyweb.version_of", number, p.Date(one.At))},
			Note: one.Note, First: number == 1, Families: families(p, one.Framework), Number: strconv.Itoa(number), Latest: number == v.Number}
		if number > 1 {
			before, err := d.Competency.Version(r.Context(), web.Actor(r), f.ID, number-1)
			if err != nil {
				return err
			}
			page.Changes = sayChanges(p, one.Framework, competency.Changes(before.Framework, one.Framework))
		}
		if v.MayEdit {
			page.Restore = frameworkPath(f.ID, "restore")
		}
		return versionTemplate.Render(w, r, http.StatusOK, ui.Head{Title: p.T("competencyweb.version_number", number), Section: "/competencies",
			Crumbs: crumbs(p, f, ui.Crumb{Label: p.T("competencyweb.versions"), Href: frameworkPath(f.ID, "versions")})}, page)
	}
}

// restore makes the working copy say what a version said.
func restore(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, err := lookToEdit(r, d)
		if err != nil {
			return err
		}
		number, err := strconv.Atoi(r.PostFormValue("number"))
		if err != nil {
			number = 0 // there is none: the answer is the same
		}
		if err := d.Competency.Restore(r.Context(), web.Actor(r), v.Framework.ID, number); err != nil {
			return err
		}
		return web.Redirect(w, r, frameworkPath(v.Framework.ID, "publish"), web.Said{Kind: "success", Key: "competencyweb.restored", Args: []string{strconv.Itoa(number)}})
	}
}
