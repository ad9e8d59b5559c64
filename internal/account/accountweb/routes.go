package accountweb

import (
	"embed"
	"net"
	"net/http"

	"cultured/internal/account"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Text holds the words of these pages in each language.
//
//go:embed text/*.json
var Text embed.FS

// Options is what the pages take from elsewhere.
type Options struct {
	// Address is the network address of who asks, as far as it can be trusted; nil takes the connection's.
	Address func(r *http.Request) string
	// Overview gives what the page /admin shows besides people: health, jobs, links to other rooms; nil gives nothing.
	Overview func(r *http.Request) []Panel
	// Service gives what the page of a service shows besides people; nil gives nothing.
	Service func(r *http.Request, id string) ([]Panel, error)
}

// A Panel is one block of the page /admin, or of a service's. Title is required; everything is translated.
type Panel struct {
	Title, Text string
	Notices     []ui.Notice
	Facts       []ui.Fact
	Links       []ui.LinkButton
}

// desk is what every handler of this room has at hand.
type desk struct {
	*account.Service
	site *web.Site
	Options
}

// Routes adds the room's pages to the site.
func Routes(site *web.Site, s *account.Service, o Options) {
	if o.Address == nil {
		o.Address = connection
	}
	d := desk{Service: s, site: site, Options: o}
	for pattern, h := range map[string]web.Handler{
		"GET /sign-in":               d.showSignIn,
		"POST /sign-in":              d.signIn,
		"POST /sign-out":             d.signOut,
		"GET /sign-in/link":          d.showAskLink,
		"POST /sign-in/link":         d.askLink,
		"GET /sign-in/link/{token}":  d.showLink,
		"POST /sign-in/link/{token}": d.followLink,
		"GET /setup/{token}":         d.showSetup,
		"POST /setup/{token}":        d.setup,
		"GET /invitation/{token}":    d.showInvitation,
		"POST /invitation/{token}":   d.accept,

		"GET /account":                    d.showProfile,
		"POST /account":                   d.saveProfile,
		"GET /account/password":           d.showPassword,
		"POST /account/password":          d.savePassword,
		"GET /account/email":              d.showEmail,
		"POST /account/email":             d.saveEmail,
		"GET /account/sessions":           d.showSessions,
		"POST /account/sessions/{id}/end": d.endSession,
		"POST /account/sessions/end":      d.endSessions,
		"GET /account/data":               d.showData,
		"POST /account/data/export":       d.exportData,
		"POST /account/erase":             d.erase,
		"POST /language":                  d.language,
		"POST /theme":                     d.theme,

		"GET /admin":                       d.showAdmin,
		"GET /admin/people":                d.showPeople,
		"GET /admin/people.csv":            d.peopleCSV,
		"GET /admin/people/new":            d.showInvite,
		"POST /admin/people":               d.invite,
		"GET /admin/people/{id}":           d.showPerson,
		"POST /admin/people/{id}":          d.savePerson,
		"POST /admin/people/{id}/link":     d.newLink,
		"POST /admin/people/{id}/suspend":  d.suspend,
		"POST /admin/people/{id}/restore":  d.restore,
		"POST /admin/people/{id}/erase":    d.erasePerson,
		"GET /admin/services":              d.showServices,
		"POST /admin/services":             d.addService,
		"GET /admin/services/{id}":         d.showService,
		"POST /admin/services/{id}":        d.renameService,
		"POST /admin/services/{id}/remove": d.removeService,
		"GET /admin/organisation":          d.showOrganisation,
		"POST /admin/organisation":         d.saveOrganisation,
		"GET /admin/audit":                 d.showAudit,
		"GET /admin/audit.csv":             d.auditCSV,
	} {
		site.Handle(pattern, h)
	}
}

// connection is the address of the connection, without its port.
func connection(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// visitor says who asks to come in.
func (d desk) visitor(r *http.Request) account.Visitor {
	return account.Visitor{Address: d.Address(r), Agent: r.UserAgent(), Session: d.site.Session(r)}
}

// welcome gives the browser its session and goes on.
func (d desk) welcome(w http.ResponseWriter, r *http.Request, t account.Ticket, path string, said web.Said) error {
	d.site.SetSession(w, t.Secret, t.Until)
	if t.Person.Language != "" {
		d.site.Remember(w, "lang", t.Person.Language)
	}
	return web.Redirect(w, r, web.LocalPath(path), said)
}

// secretPage keeps a page whose address is a secret out of caches and referrers.
func secretPage(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
}

// mend turns err into what a form shows. An err that no form can mend comes back as it is.
func mend(r *http.Request, err error) (ui.FormErrors, error) {
	if wrong, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return wrong, nil
	}
	return nil, err
}

// done goes to a page and says that it worked.
func done(w http.ResponseWriter, r *http.Request, path, key string, args ...string) error {
	return web.Redirect(w, r, path, web.Said{Kind: "success", Key: key, Args: args})
}

// needSomebody sends visitors to the sign-in page.
func needSomebody(r *http.Request) error {
	if !web.Actor(r).Known() {
		return fault.New(fault.SignIn, "account.sign_in_first")
	}
	return nil
}

// Words says the catalogue's sentences for mails. It implements [account.Words].
type Words struct{ Catalogue *i18n.Catalogue }

// Say implements [account.Words].
func (w Words) Say(lang, key string, args ...any) string {
	return w.Catalogue.For(i18n.Lang(lang)).T(key, args...)
}
