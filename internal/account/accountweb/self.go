package accountweb

import (
	"encoding/json"
	"net/http"
	"strings"

	"cultured/internal/account"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// selfTabs leads through one's own account.
func selfTabs(p *i18n.Printer, at string) ui.Tabs {
	tabs := ui.Tabs{Label: p.T("accountweb.account")}
	for _, one := range []struct{ key, href, icon string }{
		{"accountweb.profile", "/account", "user"}, {"accountweb.password", "/account/password", "key"},
		{"accountweb.email", "/account/email", "mail"}, {"accountweb.sessions", "/account/sessions", "monitor"},
		{"accountweb.my_data", "/account/data", "file-text"},
	} {
		tabs.Items = append(tabs.Items, ui.Tab{Label: p.T(one.key), Href: one.href, Icon: one.icon, Current: one.href == at})
	}
	return tabs
}

func selfHead(p *i18n.Printer, key string, errors ui.FormErrors) ui.Head {
	h := ui.Head{Title: p.T(key), Errors: errors, NoIndex: true}
	if key != "accountweb.account" {
		h.Crumbs = []ui.Crumb{{Label: p.T("accountweb.account"), Href: "/account"}}
	}
	return h
}

// profilePage is /account.
type profilePage struct {
	Tabs      ui.Tabs
	Name      string
	Facts     []ui.Fact
	Lang      string
	Languages []ui.Option
	Back      string
	Errors    ui.FormErrors
}

var profileTemplate = ui.Page[profilePage](pages, "pages/profile.tmpl")

func (d desk) renderProfile(w http.ResponseWriter, r *http.Request, status int, p profilePage) error {
	v := web.VisitOf(r)
	who, err := d.Find(r.Context(), v.Actor, v.Actor.ID)
	if err != nil {
		return err
	}
	services, err := d.Departments(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	if status == http.StatusOK {
		p.Name = who.Name
	}
	p.Tabs, p.Lang, p.Back = selfTabs(v.P, "/account"), string(v.Lang), "/account"
	p.Languages = ui.Options("fr", "Français", "en", "English")
	p.Facts = []ui.Fact{{Label: v.P.T("accountweb.email"), Value: who.Email}, {Label: v.P.T("accountweb.service"), Value: serviceName(services, who.Department)},
		{Label: v.P.T("accountweb.roles"), Value: rolesSaid(v.P, who)}, {Label: v.P.T("accountweb.member_since"), Value: v.P.Date(who.Created)}}
	return profileTemplate.Render(w, r, status, selfHead(v.P, "accountweb.account", p.Errors), p)
}

func (d desk) showProfile(w http.ResponseWriter, r *http.Request) error {
	if err := needSomebody(r); err != nil {
		return err
	}
	return d.renderProfile(w, r, http.StatusOK, profilePage{})
}

func (d desk) saveProfile(w http.ResponseWriter, r *http.Request) error {
	p := profilePage{Name: r.PostFormValue("name")}
	if err := d.Rename(r.Context(), web.Actor(r), p.Name); err != nil {
		if p.Errors, err = mend(r, err); err != nil {
			return err
		}
		return d.renderProfile(w, r, http.StatusUnprocessableEntity, p)
	}
	return done(w, r, "/account", "accountweb.saved")
}

// passwordPage is /account/password and, with Email, /account/email.
type passwordPage struct {
	Tabs    ui.Tabs
	Email   string // for password managers
	Fresh   string // the new e-mail typed
	CanMail bool
	Errors  ui.FormErrors
}

var passwordTemplate = ui.Page[passwordPage](pages, "pages/password.tmpl")
var emailTemplate = ui.Page[passwordPage](pages, "pages/email.tmpl")

func renderPassword(w http.ResponseWriter, r *http.Request, status int, errors ui.FormErrors) error {
	v := web.VisitOf(r)
	return passwordTemplate.Render(w, r, status, selfHead(v.P, "accountweb.password", errors),
		passwordPage{Tabs: selfTabs(v.P, "/account/password"), Email: v.Actor.Email, Errors: errors})
}

func (d desk) showPassword(w http.ResponseWriter, r *http.Request) error {
	if err := needSomebody(r); err != nil {
		return err
	}
	return renderPassword(w, r, http.StatusOK, nil)
}

func (d desk) savePassword(w http.ResponseWriter, r *http.Request) error {
	strength, err := d.ChangePassword(r.Context(), web.Actor(r), r.PostFormValue("current"), r.PostFormValue("password"), d.site.Session(r))
	if err != nil {
		wrong, err := mend(r, err)
		if err != nil {
			return err
		}
		return renderPassword(w, r, http.StatusUnprocessableEntity, wrong)
	}
	return web.Redirect(w, r, "/account/password", saidStrength(strength))
}

func (d desk) renderEmail(w http.ResponseWriter, r *http.Request, status int, p passwordPage) error {
	v := web.VisitOf(r)
	p.Tabs, p.Email, p.CanMail = selfTabs(v.P, "/account/email"), v.Actor.Email, d.CanMail()
	return emailTemplate.Render(w, r, status, selfHead(v.P, "accountweb.email", p.Errors), p)
}

func (d desk) showEmail(w http.ResponseWriter, r *http.Request) error {
	if err := needSomebody(r); err != nil {
		return err
	}
	return d.renderEmail(w, r, http.StatusOK, passwordPage{})
}

func (d desk) saveEmail(w http.ResponseWriter, r *http.Request) error {
	p := passwordPage{Fresh: strings.TrimSpace(r.PostFormValue("email"))}
	asked, err := d.ChangeEmail(r.Context(), web.Actor(r), p.Fresh, r.PostFormValue("current"))
	if err != nil {
		if p.Errors, err = mend(r, err); err != nil {
			return err
		}
		return d.renderEmail(w, r, http.StatusUnprocessableEntity, p)
	}
	if asked {
		return web.Redirect(w, r, "/account/email", web.Said{Kind: "info", Key: "accountweb.email_asked", Args: []string{p.Fresh}})
	}
	return done(w, r, "/account/email", "accountweb.email_changed")
}

// sessionsPage is /account/sessions.
type sessionsPage struct {
	Tabs     ui.Tabs
	Sessions []sessionLine
	Others   bool
}

// sessionLine is one browser of the list.
type sessionLine struct {
	ID, Browser, Began, Seen string
	Current                  bool
}

var sessionsTemplate = ui.Page[sessionsPage](pages, "pages/sessions.tmpl")

func (d desk) showSessions(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	list, err := d.Browsers(r.Context(), v.Actor, d.site.Session(r))
	if err != nil {
		return err
	}
	p := sessionsPage{Tabs: selfTabs(v.P, "/account/sessions"), Others: len(list) > 1}
	for _, one := range list {
		p.Sessions = append(p.Sessions, sessionLine{ID: one.ID, Browser: browserSaid(v.P, one.Agent), Began: v.P.DateTime(one.Created),
			Seen: v.P.DateTime(one.LastSeen), Current: one.Current})
	}
	return sessionsTemplate.Render(w, r, http.StatusOK, selfHead(v.P, "accountweb.sessions", nil), p)
}

func (d desk) endSession(w http.ResponseWriter, r *http.Request) error {
	if err := d.EndSession(r.Context(), web.Actor(r), r.PathValue("id")); err != nil {
		return err
	}
	return done(w, r, "/account/sessions", "accountweb.session_ended")
}

func (d desk) endSessions(w http.ResponseWriter, r *http.Request) error {
	if err := d.EndOtherSessions(r.Context(), web.Actor(r), d.site.Session(r)); err != nil {
		return err
	}
	return done(w, r, "/account/sessions", "accountweb.sessions_ended")
}

// browserSaid names a browser and a system from a User-Agent header, well enough to recognise one's own.
func browserSaid(p *i18n.Printer, agent string) string {
	find := func(pairs ...string) string {
		for i := 0; i < len(pairs); i += 2 {
			if strings.Contains(agent, pairs[i]) {
				return pairs[i+1]
			}
		}
		return ""
	}
	browser := find("Edg/", "Edge", "OPR/", "Opera", "Firefox/", "Firefox", "Chromium/", "Chromium", "Chrome/", "Chrome", "Safari/", "Safari")
	system := find("Android", "Android", "iPhone", "iPhone", "iPad", "iPad", "Windows", "Windows", "Mac OS X", "macOS", "CrOS", "ChromeOS", "Linux", "Linux")
	switch {
	case browser != "" && system != "":
		return p.T("accountweb.browser_on", browser, system)
	case browser+system != "":
		return browser + system
	}
	return p.T("accountweb.browser_unknown")
}

// dataPage is /account/data.
type dataPage struct {
	Tabs    ui.Tabs
	Facts   []ui.Fact
	Confirm ui.Confirm
}

var dataTemplate = ui.Page[dataPage](pages, "pages/data.tmpl")

func (d desk) renderData(w http.ResponseWriter, r *http.Request, status int, errors ui.FormErrors) error {
	v := web.VisitOf(r)
	who, err := d.Find(r.Context(), v.Actor, v.Actor.ID)
	if err != nil {
		return err
	}
	sessions, err := d.Browsers(r.Context(), v.Actor, "")
	if err != nil {
		return err
	}
	t := v.P.T
	p := dataPage{Tabs: selfTabs(v.P, "/account/data"), Confirm: ui.Confirm{Title: t("accountweb.erase_me"), Text: t("accountweb.erase_me_text"),
		Action: "/account/erase", Submit: t("accountweb.erase_me_submit"), Expected: who.Email, Errors: errors}}
	p.Facts = []ui.Fact{{Label: t("accountweb.name"), Value: who.Name}, {Label: t("accountweb.email"), Value: who.Email},
		{Label: t("accountweb.roles"), Value: rolesSaid(v.P, who)}, {Label: t("accountweb.member_since"), Value: v.P.DateTime(who.Created)},
		{Label: t("accountweb.last_sign_in"), Value: v.P.DateTime(who.LastSignIn)},
		{Label: t("accountweb.sessions"), Value: v.P.Number(len(sessions)), Href: "/account/sessions"}}
	return dataTemplate.Render(w, r, status, selfHead(v.P, "accountweb.my_data", errors), p)
}

func (d desk) showData(w http.ResponseWriter, r *http.Request) error {
	if err := needSomebody(r); err != nil {
		return err
	}
	return d.renderData(w, r, http.StatusOK, nil)
}

func (d desk) exportData(w http.ResponseWriter, r *http.Request) error {
	held, err := d.Export(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	b, err := json.MarshalIndent(held, "", "  ")
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	web.Attachment(w, "application/json", web.VisitOf(r).P.T("accountweb.export_file")+".json")
	_, err = w.Write(append(b, '\n'))
	return err
}

func (d desk) erase(w http.ResponseWriter, r *http.Request) error {
	by := web.Actor(r)
	if err := d.Erase(r.Context(), by, by.ID, r.PostFormValue("confirm")); err != nil {
		wrong, err := mend(r, err)
		if err != nil {
			return err
		}
		return d.renderData(w, r, http.StatusUnprocessableEntity, wrong)
	}
	endSession(d, w)
	return done(w, r, "/", "accountweb.erased")
}

// serviceName finds the name of a service, "" when it is none of these.
func serviceName(services []account.Department, id string) string {
	for _, s := range services {
		if s.ID == id {
			return s.Name
		}
	}
	return ""
}

// rolesSaid lists a person's roles; everyone is an agent.
func rolesSaid(p *i18n.Printer, who account.Person) string {
	said := []string{p.T("account.role_agent")}
	for _, role := range who.Roles {
		said = append(said, p.T("account.role_"+string(role)))
	}
	return strings.Join(said, ", ")
}
