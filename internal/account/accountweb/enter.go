package accountweb

import (
	"net/http"
	"strings"
	"time"

	"cultured/internal/account"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// endSession makes the browser forget its session.
func endSession(d desk, w http.ResponseWriter) { d.site.SetSession(w, "", time.Time{}) }

// setupPage is /setup/{token}.
type setupPage struct {
	Organisation account.OrganisationEdit
	Name, Email  string
	Errors       ui.FormErrors
}

var setupTemplate = ui.Page[setupPage](pages, "pages/setup.tmpl")

func renderSetup(w http.ResponseWriter, r *http.Request, status int, p setupPage) error {
	secretPage(w)
	return setupTemplate.Render(w, r, status, ui.Head{Title: web.VisitOf(r).P.T("accountweb.setup"), Errors: p.Errors, NoIndex: true, Bare: true}, p)
}

func (d desk) showSetup(w http.ResponseWriter, r *http.Request) error {
	secretPage(w)
	if _, _, err := d.Look(r.Context(), r.PathValue("token"), account.ForSetup); err != nil {
		return err
	}
	return renderSetup(w, r, http.StatusOK, setupPage{})
}

func (d desk) setup(w http.ResponseWriter, r *http.Request) error {
	secretPage(w)
	p := setupPage{Organisation: organisationForm(r), Name: r.PostFormValue("name"), Email: strings.TrimSpace(r.PostFormValue("email"))}
	t, err := d.Setup(r.Context(), r.PathValue("token"), account.SetupForm{Organisation: p.Organisation, Name: p.Name, Email: p.Email,
		Password: r.PostFormValue("password"), Language: string(web.VisitOf(r).Lang)}, d.visitor(r))
	if err != nil {
		if p.Errors, err = mend(r, err); err != nil {
			return err
		}
		return renderSetup(w, r, http.StatusUnprocessableEntity, p)
	}
	return d.welcome(w, r, t, "/admin", web.Said{Kind: "success", Key: "accountweb.setup_done"})
}

// organisationForm reads what the forms of /setup and /admin/organisation share.
func organisationForm(r *http.Request) account.OrganisationEdit {
	return account.OrganisationEdit{Name: r.PostFormValue("organisation"), SIREN: r.PostFormValue("siren"),
		Territory: r.PostFormValue("territory"), Accent: r.PostFormValue("accent")}
}

// invitationPage is /invitation/{token}.
type invitationPage struct {
	House, Name, Email string
	Errors             ui.FormErrors
}

var invitationTemplate = ui.Page[invitationPage](pages, "pages/invitation.tmpl")

func renderInvitation(w http.ResponseWriter, r *http.Request, status int, p invitationPage) error {
	secretPage(w)
	return invitationTemplate.Render(w, r, status, ui.Head{Title: web.VisitOf(r).P.T("accountweb.invitation"), Errors: p.Errors, NoIndex: true, Bare: true}, p)
}

func (d desk) lookAtInvitation(r *http.Request) (invitationPage, error) {
	_, who, err := d.Look(r.Context(), r.PathValue("token"), account.ForInvited)
	if err != nil {
		return invitationPage{}, err
	}
	o, err := d.House(r.Context(), who.Actor())
	return invitationPage{House: o.Name, Name: who.Name, Email: who.Email}, err
}

func (d desk) showInvitation(w http.ResponseWriter, r *http.Request) error {
	secretPage(w)
	p, err := d.lookAtInvitation(r)
	if err != nil {
		return err
	}
	return renderInvitation(w, r, http.StatusOK, p)
}

func (d desk) accept(w http.ResponseWriter, r *http.Request) error {
	secretPage(w)
	p, err := d.lookAtInvitation(r)
	if err != nil {
		return err
	}
	p.Name = r.PostFormValue("name")
	t, err := d.Accept(r.Context(), r.PathValue("token"), p.Name, r.PostFormValue("password"), d.visitor(r))
	if err != nil {
		if p.Errors, err = mend(r, err); err != nil {
			return err
		}
		return renderInvitation(w, r, http.StatusUnprocessableEntity, p)
	}
	return d.welcome(w, r, t, "/", web.Said{Kind: "success", Key: "accountweb.joined"})
}

// language keeps the visitor's language, and the person's when somebody is signed in.
func (d desk) language(w http.ResponseWriter, r *http.Request) error {
	lang := r.PostFormValue("lang")
	if lang == "fr" || lang == "en" {
		d.site.Remember(w, "lang", lang)
		if err := d.SetLanguage(r.Context(), web.Actor(r), lang); err != nil {
			return err
		}
	}
	return web.Redirect(w, r, web.LocalPath(r.PostFormValue("back")), web.Said{})
}

// theme keeps light or dark; anything else goes back to the system's choice.
func (d desk) theme(w http.ResponseWriter, r *http.Request) error {
	theme := r.PostFormValue("theme")
	if theme != "light" && theme != "dark" {
		theme = ""
	}
	d.site.Remember(w, "theme", theme)
	return web.Redirect(w, r, web.LocalPath(r.PostFormValue("back")), web.Said{})
}
