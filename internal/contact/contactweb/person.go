package contactweb

import (
	"net/http"
	"strings"

	"cultured/internal/contact"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type personPage struct {
	Head       ui.PageHead
	Way        ui.Field
	Said       *ui.Notice
	Found      bool
	Refusal    *ui.Notice
	Lists      []ui.LinkButton
	Agreements []agreementView
	Ways       ui.Textarea
	Purpose    ui.Field
	Day, How   ui.Field
	Text       ui.Textarea
}

// An agreementView is one time somebody said yes.
type agreementView struct {
	ID, Purpose, Way string
	Badge            ui.Badge
	Facts            ui.Facts
	End              *ui.Field // nil when it was taken back
}

var personTemplate = ui.Page[personPage](pages, "pages/person.tmpl")

// A look is what was typed on the page of one person.
type look struct {
	way, ways, purpose string
	consent            contact.Consent
	ending, end        string // agreement taken back, and how
	said               *ui.Notice
	errs               ui.FormErrors
	status             int
}

// person is where one asks what somebody said. The address never stands in that of the page: what is asked is sent.
func (d Desk) person(w http.ResponseWriter, r *http.Request) error {
	return d.showPerson(w, r, look{way: r.PostFormValue("way"), status: http.StatusOK})
}

func (d Desk) showPerson(w http.ResponseWriter, r *http.Request, in look) error {
	by, p := web.Actor(r), web.VisitOf(r).P
	purposes, err := d.Contact.Purposes(r.Context(), by)
	if err != nil {
		return err
	}
	page := personPage{Head: ui.PageHead{Title: p.T("contactweb.person"), Lead: p.T("contactweb.person_lead")}, Said: in.said}
	if r.Method == http.MethodPost && in.way != "" {
		t, err := d.Contact.Look(r.Context(), by, in.way)
		if errs, ok := ui.FormErrorsOf(p, err); ok {
			in.errs, in.status = append(in.errs, errs...), web.StatusOf(err)
		} else if err != nil {
			return err
		} else if err := d.tell(r, &page, t, in); err != nil {
			return err
		}
	}
	page.Way = ui.Field{Name: "way", Label: p.T("contactweb.way"), Value: in.way, Error: in.errs.For("way"), Autocomplete: "off", Required: true}
	page.Ways = ui.Textarea{Name: "ways", Label: p.T("contactweb.agree_ways"), Hint: p.T("contactweb.ways_hint"), Value: in.ways, Error: in.errs.For("ways"), Rows: 3, Required: true}
	page.Purpose = ui.Field{Name: "purpose", Label: p.T("contactweb.purpose"), Hint: p.T("contactweb.purpose_hint"), Value: in.purpose, Error: in.errs.For("purpose"), MaxLength: contact.PurposeMost, Required: true, Autocomplete: "off"}
	if len(purposes) > 0 {
		page.Purpose.Hint = p.T("contactweb.purpose_known", strings.Join(purposes, p.T("contactweb.comma")))
	}
	page.Day, page.How, page.Text = consentFields(p, in.consent, in.errs)
	return personTemplate.Render(w, r, in.status, ui.Head{Title: page.Head.Title, Section: home, NoIndex: true, Crumbs: crumbs(p), Errors: in.errs}, page)
}

// tell fills the page with what somebody said.
func (d Desk) tell(r *http.Request, page *personPage, t contact.Trail, in look) error {
	p := web.VisitOf(r).P
	var people []string
	for _, a := range t.Agreements {
		people = append(people, a.By, a.EndBy)
	}
	if t.Objection != nil {
		people = append(people, t.Objection.By)
	}
	names, err := d.Names(r.Context(), web.Actor(r), people...)
	if err != nil {
		return err
	}
	page.Found = true
	page.Refusal = &ui.Notice{Kind: ui.Success, Text: p.T("contactweb.person_free")}
	if o := t.Objection; o != nil {
		page.Refusal = &ui.Notice{Kind: ui.Warning, Text: p.T("contactweb.person_refused", p.Date(i18n.Civil(o.At)), o.How)}
	}
	for _, l := range t.Lists {
		page.Lists = append(page.Lists, ui.LinkButton{Label: l.Title, Href: path(l.Dataset)})
	}
	for _, a := range t.Agreements {
		v := agreementView{ID: a.ID, Purpose: a.Purpose, Way: in.way, Badge: ui.Badge{Kind: ui.Success, Icon: "circle-check", Label: p.T("contactweb.holds")}}
		v.Facts.Items = []ui.Fact{{Label: p.T("contactweb.consent_day"), Value: day(p, a.Day)}, {Label: p.T("contactweb.consent_how"), Value: a.How}, {Label: p.T("contactweb.consent_text"), Value: a.Text}}
		if name := names[a.By]; name != "" {
			v.Facts.Items = append(v.Facts.Items, ui.Fact{Label: p.T("contactweb.written_by"), Value: name})
		}
		if a.Ended != "" {
			v.Badge = ui.Badge{Kind: ui.Warning, Icon: "circle-x", Label: p.T("contactweb.ended", day(p, a.Ended))}
			v.Facts.Items = append(v.Facts.Items, ui.Fact{Label: p.T("contactweb.end"), Value: a.EndHow})
		} else {
			v.End = &ui.Field{ID: "end-" + a.ID, Name: "end", Label: p.T("contactweb.end"), Hint: p.T("contactweb.end_hint"), MaxLength: 300, Required: true, Autocomplete: "off"}
			if a.ID == in.ending {
				v.End.Value, v.End.Error = in.end, in.errs.For("end-"+a.ID)
			}
		}
		page.Agreements = append(page.Agreements, v)
	}
	return nil
}

// personAgrees notes that people said yes to a purpose.
func (d Desk) personAgrees(w http.ResponseWriter, r *http.Request) error {
	in := look{ways: r.PostFormValue("ways"), purpose: r.PostFormValue("purpose"), consent: typedConsent(r)}
	n, err := d.Contact.Agreed(r.Context(), web.Actor(r), in.ways, in.purpose, in.consent)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		in.errs, in.status = errs, web.StatusOf(err)
		return d.showPerson(w, r, in)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, home+"/person", web.Said{Kind: "success", Key: "contactweb.person_agreed", Args: []string{web.VisitOf(r).P.Number(n)}})
}

// personEnds notes that somebody took an agreement back.
func (d Desk) personEnds(w http.ResponseWriter, r *http.Request) error {
	p := web.VisitOf(r).P
	in := look{way: r.PostFormValue("way"), ending: r.PostFormValue("agreement"), end: r.PostFormValue("end"), status: http.StatusOK}
	err := d.Contact.End(r.Context(), web.Actor(r), in.ending, in.end)
	if errs, ok := ui.FormErrorsOf(p, err); ok {
		for i := range errs {
			if errs[i].Field == "end" {
				errs[i].Field = "end-" + in.ending // one form an agreement
			}
		}
		in.errs, in.status = errs, web.StatusOf(err)
	} else if err != nil {
		return err
	} else {
		in.said = &ui.Notice{Kind: ui.Success, Text: p.T("contactweb.person_ended")}
	}
	return d.showPerson(w, r, in)
}
