package accountweb

import (
	"net/http"
	"strconv"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// needAdmin refuses a page that reads nothing an administrator's service would refuse.
func needAdmin(r *http.Request) error {
	if err := needSomebody(r); err != nil {
		return err
	}
	if !web.Actor(r).Is(actor.Admin) {
		return fault.New(fault.Denied, "account.admin_only")
	}
	return nil
}

// personPage is /admin/people/{id}.
type personPage struct {
	ID, Title            string
	Name, Email, Service string
	Chosen               []string
	Version              int
	State                account.State
	Badge                ui.Badge
	Facts                []ui.Fact
	Services, Roles      []ui.Option
	CanMail              bool
	Confirm              ui.Confirm
	Errors               ui.FormErrors
}

// Form reports whether anything may still be changed.
func (p personPage) Form() bool { return p.State != account.Erased }

var personTemplate = ui.Page[personPage](pages, "pages/person.tmpl")

// renderPerson shows a person; p carries what a failed form sent, with its errors.
func (d desk) renderPerson(w http.ResponseWriter, r *http.Request, status int, p personPage) error {
	v := web.VisitOf(r)
	if err := needAdmin(r); err != nil {
		return err
	}
	who, err := d.Find(r.Context(), v.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	services, err := d.Departments(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	if p.Version == 0 {
		p.Name, p.Email, p.Service, p.Version, p.Chosen = who.Name, who.Email, who.Department, who.Version, nil
		for _, role := range who.Roles {
			p.Chosen = append(p.Chosen, string(role))
		}
	}
	t := v.P.T
	p.ID, p.Title, p.State, p.Badge, p.CanMail = who.ID, nameSaid(v.P, who), who.State, stateBadge(v.P, who.State), d.CanMail()
	p.Services, p.Roles = serviceOptions(services), roleOptions(v.P, p.Chosen...)
	p.Facts = []ui.Fact{{Label: t("accountweb.member_since"), Value: v.P.DateTime(who.Created)}, {Label: t("accountweb.last_sign_in"), Value: v.P.DateTime(who.LastSignIn)}}
	p.Confirm.Title, p.Confirm.Text, p.Confirm.Submit = t("accountweb.erase_person"), t("accountweb.erase_person_text"), t("accountweb.erase_person_submit")
	p.Confirm.Action, p.Confirm.Expected = ui.Link("/admin/people", who.ID, "erase"), who.Email
	head := adminHead(v.P, p.Title, t("accountweb.people"), "/admin/people")
	head.Errors = append(p.Errors, p.Confirm.Errors...)
	return personTemplate.Render(w, r, status, head, p)
}

func (d desk) showPerson(w http.ResponseWriter, r *http.Request) error {
	return d.renderPerson(w, r, http.StatusOK, personPage{})
}

func (d desk) savePerson(w http.ResponseWriter, r *http.Request) error {
	e := personForm(r)
	version, _ := strconv.Atoi(r.PostFormValue("version")) // anything else is stale
	version = max(version, 1)
	who, err := d.Edit(r.Context(), web.Actor(r), r.PathValue("id"), e, version)
	if err != nil {
		p := personPage{Name: e.Name, Email: e.Email, Service: e.Department, Chosen: r.PostForm["roles"], Version: version}
		if p.Errors, err = mend(r, err); err != nil {
			return err
		}
		return d.renderPerson(w, r, http.StatusUnprocessableEntity, p)
	}
	return done(w, r, ui.Link("/admin/people", who.ID), "accountweb.saved")
}

func (d desk) newLink(w http.ResponseWriter, r *http.Request) error {
	delivery, err := d.NewLink(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return d.failPerson(w, r, err)
	}
	return d.hand(w, r, delivery)
}

// failPerson shows the person's page with what forbids an action.
func (d desk) failPerson(w http.ResponseWriter, r *http.Request, err error) error {
	wrong, err := mend(r, err)
	if err != nil {
		return err
	}
	return d.renderPerson(w, r, http.StatusUnprocessableEntity, personPage{Errors: wrong})
}

func (d desk) suspend(w http.ResponseWriter, r *http.Request) error {
	who, err := d.Suspend(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return d.failPerson(w, r, err)
	}
	here := ui.Link("/admin/people", who.ID)
	return web.Redirect(w, r, here, web.Said{Kind: "success", Key: "accountweb.suspended", Args: []string{who.Name},
		Undo: &web.SaidUndo{Key: "accountweb.undo", Action: here + "/restore", Name: "undo", Value: "1"}})
}

func (d desk) restore(w http.ResponseWriter, r *http.Request) error {
	who, err := d.Restore(r.Context(), web.Actor(r), r.PathValue("id"))
	if err != nil {
		return d.failPerson(w, r, err)
	}
	return done(w, r, ui.Link("/admin/people", who.ID), "accountweb.restored", who.Name)
}

func (d desk) erasePerson(w http.ResponseWriter, r *http.Request) error {
	by, person := web.Actor(r), r.PathValue("id")
	if err := needAdmin(r); err != nil {
		return err
	}
	if err := d.Erase(r.Context(), by, person, r.PostFormValue("confirm")); err != nil {
		wrong, err := mend(r, err)
		if err != nil {
			return err
		}
		return d.renderPerson(w, r, http.StatusUnprocessableEntity, personPage{Confirm: ui.Confirm{Errors: wrong}})
	}
	if by.ID == person {
		endSession(d, w)
		return done(w, r, "/", "accountweb.erased")
	}
	return done(w, r, "/admin/people", "accountweb.person_erased")
}
