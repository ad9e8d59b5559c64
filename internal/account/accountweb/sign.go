package accountweb

import (
	"net/http"
	"strings"

	"cultured/internal/account"
	"cultured/internal/fault"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// signInPage is /sign-in.
type signInPage struct {
	Email, Next string
	CanMail     bool
	Errors      ui.FormErrors
}

var signInTemplate = ui.Page[signInPage](pages, "pages/sign-in.tmpl")

func (d desk) renderSignIn(w http.ResponseWriter, r *http.Request, status int, p signInPage) error {
	p.CanMail = d.CanMail()
	return signInTemplate.Render(w, r, status, ui.Head{Title: web.VisitOf(r).P.T("accountweb.sign_in"), Errors: p.Errors, NoIndex: true}, p)
}

func (d desk) showSignIn(w http.ResponseWriter, r *http.Request) error {
	next := web.LocalPath(r.FormValue("next"))
	if web.Actor(r).Known() {
		return web.Redirect(w, r, next, web.Said{})
	}
	return d.renderSignIn(w, r, http.StatusOK, signInPage{Next: next})
}

func (d desk) signIn(w http.ResponseWriter, r *http.Request) error {
	p := signInPage{Email: strings.TrimSpace(r.PostFormValue("email")), Next: web.LocalPath(r.PostFormValue("next"))}
	t, err := d.SignIn(r.Context(), p.Email, r.PostFormValue("password"), d.visitor(r))
	if err != nil {
		if p.Errors, err = mend(r, err); err != nil {
			return err
		}
		return d.renderSignIn(w, r, http.StatusUnprocessableEntity, p)
	}
	return d.welcome(w, r, t, p.Next, web.Said{})
}

func (d desk) signOut(w http.ResponseWriter, r *http.Request) error {
	if err := d.SignOut(r.Context(), web.Actor(r), d.site.Session(r)); err != nil {
		return err
	}
	endSession(d, w)
	return done(w, r, "/", "accountweb.signed_out")
}

// askLinkPage is /sign-in/link.
type askLinkPage struct {
	Email, Wish string
	CanMail     bool
	Wishes      []ui.Option
	Errors      ui.FormErrors
}

var askLinkTemplate = ui.Page[askLinkPage](pages, "pages/ask-link.tmpl")

func (d desk) renderAskLink(w http.ResponseWriter, r *http.Request, status int, p askLinkPage) error {
	t := web.VisitOf(r).P.T
	p.CanMail = d.CanMail()
	p.Wishes = ui.Options("sign_in", t("accountweb.wish_sign_in"), "reset", t("accountweb.wish_reset"))
	if p.Wish != "reset" {
		p.Wish = "sign_in"
	}
	return askLinkTemplate.Render(w, r, status, ui.Head{Title: t("accountweb.ask_link"), Errors: p.Errors, NoIndex: true,
		Crumbs: []ui.Crumb{{Label: t("accountweb.sign_in"), Href: "/sign-in"}}}, p)
}

func (d desk) showAskLink(w http.ResponseWriter, r *http.Request) error {
	return d.renderAskLink(w, r, http.StatusOK, askLinkPage{Wish: r.FormValue("wish")})
}

func (d desk) askLink(w http.ResponseWriter, r *http.Request) error {
	p := askLinkPage{Email: strings.TrimSpace(r.PostFormValue("email")), Wish: r.PostFormValue("wish")}
	if err := d.AskLink(r.Context(), p.Email, account.Purpose(p.Wish)); err != nil {
		if p.Errors, err = mend(r, err); err != nil {
			return err
		}
		return d.renderAskLink(w, r, http.StatusUnprocessableEntity, p)
	}
	return done(w, r, "/sign-in", "accountweb.link_asked")
}

// linkPage is /sign-in/link/{token}: one button, or a new password.
type linkPage struct {
	Purpose account.Purpose
	Name    string
	Email   string // the person's, or the new one to confirm
	Errors  ui.FormErrors
}

var linkTemplate = ui.Page[linkPage](pages, "pages/link.tmpl")

func renderLink(w http.ResponseWriter, r *http.Request, status int, p linkPage) error {
	secretPage(w)
	title := web.VisitOf(r).P.T("accountweb.link_title_" + string(p.Purpose))
	return linkTemplate.Render(w, r, status, ui.Head{Title: title, Errors: p.Errors, NoIndex: true, Bare: true}, p)
}

func (d desk) lookAtLink(r *http.Request) (linkPage, error) {
	l, who, err := d.Look(r.Context(), r.PathValue("token"), account.ForSignIn, account.ForReset, account.ForNewEmail)
	if err != nil {
		return linkPage{}, err
	}
	p := linkPage{Purpose: l.Purpose, Name: who.Name, Email: who.Email}
	if l.Purpose == account.ForNewEmail {
		p.Email = l.Email
	}
	return p, nil
}

func (d desk) showLink(w http.ResponseWriter, r *http.Request) error {
	secretPage(w)
	p, err := d.lookAtLink(r)
	if err != nil {
		return err
	}
	return renderLink(w, r, http.StatusOK, p)
}

func (d desk) followLink(w http.ResponseWriter, r *http.Request) error {
	secretPage(w)
	p, err := d.lookAtLink(r)
	if err != nil {
		return err
	}
	switch token := r.PathValue("token"); p.Purpose {
	case account.ForSignIn:
		t, err := d.Follow(r.Context(), token, d.visitor(r))
		if err != nil {
			return err
		}
		return d.welcome(w, r, t, "/", web.Said{})
	case account.ForReset:
		return d.choose(w, r, token, p)
	case account.ForNewEmail:
		if err := d.ConfirmEmail(r.Context(), token); err != nil {
			return err
		}
		return done(w, r, "/account/email", "accountweb.email_changed")
	}
	return fault.New(fault.NotFound, "account.link_dead")
}

func (d desk) choose(w http.ResponseWriter, r *http.Request, token string, p linkPage) error {
	password := r.PostFormValue("password")
	t, err := d.Choose(r.Context(), token, password, d.visitor(r))
	if err != nil {
		if p.Errors, err = mend(r, err); err != nil {
			return err
		}
		return renderLink(w, r, http.StatusUnprocessableEntity, p)
	}
	return d.welcome(w, r, t, "/", saidStrength(account.Strength(password)))
}

// saidStrength says that a password was taken and how long it would resist.
func saidStrength(strength string) web.Said {
	return web.Said{Kind: "success", Key: "accountweb.password_changed_" + strength}
}
