package accountweb

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const pageSize = 50

// peoplePage is /admin/people.
type peoplePage struct {
	Query            account.PeopleQuery
	State            string
	Services, States []ui.Option
	Roles            []ui.Option
	Table            ui.Table
	Pages            ui.Pagination
	Total            int
	Filtered         bool
	CSV              string
}

var peopleTemplate = ui.Page[peoplePage](pages, "pages/people.tmpl")

// adminHead is the head of a page under /admin; crumbs are label, address pairs below it.
func adminHead(p *i18n.Printer, title string, crumbs ...string) ui.Head {
	h := ui.Head{Title: title, NoIndex: true, Crumbs: []ui.Crumb{{Label: p.T("accountweb.admin"), Href: "/admin"}}}
	for i := 0; i+1 < len(crumbs); i += 2 {
		h.Crumbs = append(h.Crumbs, ui.Crumb{Label: crumbs[i], Href: crumbs[i+1]})
	}
	return h
}

// peopleQuery reads the filters of the list.
func peopleQuery(r *http.Request) account.PeopleQuery {
	n, _ := strconv.Atoi(r.FormValue("page")) // anything else is the first page
	return account.PeopleQuery{Words: r.FormValue("q"), Department: r.FormValue("service"), State: account.State(r.FormValue("state")),
		Role: actor.Role(r.FormValue("role")), Page: min(max(n, 1), 1_000_000), Size: pageSize}
}

// address is the list's own with these filters.
func listAddress(path string, q account.PeopleQuery, page int) (string, error) {
	number := ""
	if page > 1 {
		number = strconv.Itoa(page)
	}
	return ui.Query(path, "q", q.Words, "service", q.Department, "state", string(q.State), "role", string(q.Role), "page", number)
}

func (d desk) showPeople(w http.ResponseWriter, r *http.Request) error {
	v, q := web.VisitOf(r), peopleQuery(r)
	list, err := d.List(r.Context(), v.Actor, q)
	if err != nil {
		return err
	}
	services, err := d.Departments(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	p := peoplePage{Query: q, Services: serviceOptions(services), States: stateOptions(v.P), Roles: roleOptions(v.P), Total: list.Total,
		Filtered: q.Words != "" || q.Department != "" || q.State != "" || q.Role != "", Table: peopleTable(v.P, list.People, services)}
	if p.CSV, err = listAddress("/admin/people.csv", q, 1); err != nil {
		return err
	}
	p.Pages = ui.Pages(q.Page, (list.Total+pageSize-1)/pageSize, func(page int) string {
		address, _ := listAddress("/admin/people", q, page) // fails on an odd number of arguments only
		return address
	})
	head := adminHead(v.P, v.P.T("accountweb.people"))
	head.Wide = true
	return peopleTemplate.Render(w, r, http.StatusOK, head, p)
}

func peopleTable(p *i18n.Printer, people []account.Person, services []account.Department) ui.Table {
	t := ui.Table{Caption: p.T("accountweb.people"), CaptionHidden: true, FirstIsHeader: true}
	for _, key := range []string{"name", "email", "service", "roles", "state", "last_sign_in"} {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("accountweb." + key)})
	}
	for _, one := range people {
		service := cmp.Or(serviceName(services, one.Department), "–")
		badge := stateBadge(p, one.State)
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: nameSaid(p, one), Href: ui.Link("/admin/people", one.ID)}, {Text: one.Email, Missing: one.Email == ""},
			{Text: service}, {Text: rolesSaid(p, one)}, {Badge: &badge}, {Text: p.DateTime(one.LastSignIn)}}})
	}
	return t
}

// nameSaid is a person's name, or what stands for it once erased.
func nameSaid(p *i18n.Printer, one account.Person) string {
	if one.Name == "" {
		return p.T("accountweb.erased_name")
	}
	return one.Name
}

func stateBadge(p *i18n.Printer, s account.State) ui.Badge {
	kind := map[account.State]string{account.Active: ui.Success, account.Invited: ui.Info, account.Suspended: ui.Warning}[s]
	return ui.Badge{Label: p.T("account.state_" + string(s)), Kind: kind}
}

func serviceOptions(services []account.Department) []ui.Option {
	var out []ui.Option
	for _, s := range services {
		out = append(out, ui.Option{Value: s.ID, Label: s.Name})
	}
	return out
}

func stateOptions(p *i18n.Printer) []ui.Option {
	var out []ui.Option
	for _, s := range account.States() {
		out = append(out, ui.Option{Value: string(s), Label: p.T("account.state_" + string(s))})
	}
	return out
}

// roleOptions lists the roles one may be given, the chosen ones selected; everyone is an agent.
func roleOptions(p *i18n.Printer, chosen ...string) []ui.Option {
	var out []ui.Option
	for _, role := range actor.Roles() {
		if role != actor.Agent {
			out = append(out, ui.Option{Value: string(role), Label: p.T("account.role_" + string(role)), Hint: p.T("account.role_" + string(role) + "_hint"),
				Selected: slices.Contains(chosen, string(role))})
		}
	}
	return out
}

func (d desk) peopleCSV(w http.ResponseWriter, r *http.Request) error {
	v, q := web.VisitOf(r), peopleQuery(r)
	services, err := d.Departments(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	q.Size, q.Page = 1000, 1
	list, err := d.List(r.Context(), v.Actor, q)
	if err != nil {
		return err
	}
	sheet := newSheet(w, v.P.T("accountweb.people_file"), "id", "name", "email", "service", "roles", "state", "created_at", "last_sign_in_at")
	for {
		for _, one := range list.People {
			roles := "agent"
			for _, role := range one.Roles {
				roles += " " + string(role)
			}
			sheet.row(one.ID, one.Name, one.Email, serviceName(services, one.Department), roles, string(one.State), stamp(one.Created), stamp(one.LastSignIn))
		}
		if q.Page*q.Size >= list.Total {
			return sheet.end()
		}
		q.Page++
		if list, err = d.List(r.Context(), v.Actor, q); err != nil {
			return err
		}
	}
}

// invitePage is /admin/people/new.
type invitePage struct {
	Name, Email, Service string
	Chosen               []string
	Services, Roles      []ui.Option
	CanMail              bool
	Errors               ui.FormErrors
}

var inviteTemplate = ui.Page[invitePage](pages, "pages/invite.tmpl")

func (d desk) renderInvite(w http.ResponseWriter, r *http.Request, status int, p invitePage) error {
	v := web.VisitOf(r)
	services, err := d.Departments(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	p.Services, p.Roles, p.CanMail = serviceOptions(services), roleOptions(v.P, p.Chosen...), d.CanMail()
	head := adminHead(v.P, v.P.T("accountweb.invite"), v.P.T("accountweb.people"), "/admin/people")
	head.Errors = p.Errors
	return inviteTemplate.Render(w, r, status, head, p)
}

func (d desk) showInvite(w http.ResponseWriter, r *http.Request) error {
	if err := needAdmin(r); err != nil {
		return err
	}
	return d.renderInvite(w, r, http.StatusOK, invitePage{})
}

// personForm reads what the forms of invitation and of a person share. It also parses the form.
func personForm(r *http.Request) account.PersonEdit {
	e := account.PersonEdit{Name: r.PostFormValue("name"), Email: r.PostFormValue("email"), Department: r.PostFormValue("service")}
	for _, role := range r.PostForm["roles"] {
		e.Roles = append(e.Roles, actor.Role(role))
	}
	return e
}

func (d desk) invite(w http.ResponseWriter, r *http.Request) error {
	e := personForm(r)
	delivery, err := d.Invite(r.Context(), web.Actor(r), e, string(web.VisitOf(r).Lang))
	if err != nil {
		p := invitePage{Name: e.Name, Email: e.Email, Service: e.Department, Chosen: r.PostForm["roles"]}
		if p.Errors, err = mend(r, err); err != nil {
			return err
		}
		return d.renderInvite(w, r, http.StatusUnprocessableEntity, p)
	}
	return d.hand(w, r, delivery)
}

// handPage shows a link the administrator has to hand over.
type handPage struct {
	Name, URL, Href string
	Purpose         account.Purpose
	Failed          bool // mail is configured, and did not leave
}

var handTemplate = ui.Page[handPage](pages, "pages/hand.tmpl")

// hand says that a link was mailed, or shows it once: it is not kept, so this page is never cached.
func (d desk) hand(w http.ResponseWriter, r *http.Request, one account.Delivery) error {
	href := ui.Link("/admin/people", one.Person.ID)
	if one.Mailed {
		return done(w, r, href, "accountweb.link_mailed", one.Person.Email)
	}
	secretPage(w)
	p := web.VisitOf(r).P
	return handTemplate.Render(w, r, http.StatusOK, adminHead(p, p.T("accountweb.hand"), p.T("accountweb.people"), "/admin/people"),
		handPage{Name: one.Person.Name, URL: one.URL, Href: href, Purpose: one.Link, Failed: d.CanMail()})
}
