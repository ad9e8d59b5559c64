package accountweb

import (
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/account"
	"cultured/internal/i18n"
	"cultured/internal/identifier"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// adminPage is /admin.
type adminPage struct {
	House   string
	Figures ui.Figures
	Cards   []ui.Card
	Panels  []Panel
	CanMail bool
}

var adminTemplate = ui.Page[adminPage](pages, "pages/admin.tmpl")

func (d desk) showAdmin(w http.ResponseWriter, r *http.Request) error {
	v := web.VisitOf(r)
	if err := needAdmin(r); err != nil {
		return err
	}
	o, err := d.House(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	p := adminPage{House: o.Name, CanMail: d.CanMail()}
	for _, state := range []account.State{account.Active, account.Invited, account.Suspended} {
		list, err := d.List(r.Context(), v.Actor, account.PeopleQuery{State: state, Size: 1})
		if err != nil {
			return err
		}
		p.Figures = append(p.Figures, ui.Figure{Label: v.P.T("accountweb.count_" + string(state)), Value: v.P.Number(list.Total)})
	}
	services, err := d.Departments(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	p.Figures = append(p.Figures, ui.Figure{Label: v.P.T("accountweb.services"), Value: v.P.Number(len(services))})
	for _, one := range []struct{ key, href string }{{"people", "/admin/people"}, {"services", "/admin/services"},
		{"organisation", "/admin/organisation"}, {"audit", "/admin/audit"}} {
		p.Cards = append(p.Cards, ui.Card{Title: v.P.T("accountweb." + one.key), Text: v.P.T("accountweb." + one.key + "_card"), Href: one.href, Level: 2})
	}
	if d.Overview != nil {
		p.Panels = d.Overview(r)
	}
	return adminTemplate.Render(w, r, http.StatusOK, ui.Head{Title: v.P.T("accountweb.admin"), NoIndex: true}, p)
}

// servicesPage is /admin/services.
type servicesPage struct {
	Name   string
	Table  ui.Table
	Errors ui.FormErrors
}

var servicesTemplate = ui.Page[servicesPage](pages, "pages/services.tmpl")

func (d desk) renderServices(w http.ResponseWriter, r *http.Request, status int, p servicesPage) error {
	v := web.VisitOf(r)
	if err := needAdmin(r); err != nil {
		return err
	}
	services, err := d.Departments(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	p.Table = ui.Table{Caption: v.P.T("accountweb.services"), CaptionHidden: true, FirstIsHeader: true,
		Columns: []ui.Column{{Label: v.P.T("accountweb.name")}, {Label: v.P.T("accountweb.people"), Numeric: true}}}
	for _, s := range services {
		listed, err := ui.Query("/admin/people", "service", s.ID)
		if err != nil {
			return err
		}
		p.Table.Rows = append(p.Table.Rows, ui.Row{Cells: []ui.Cell{{Text: s.Name, Href: ui.Link("/admin/services", s.ID)}, {Text: v.P.Number(s.People), Href: listed}}})
	}
	head := adminHead(v.P, v.P.T("accountweb.services"))
	head.Errors = p.Errors
	return servicesTemplate.Render(w, r, status, head, p)
}

func (d desk) showServices(w http.ResponseWriter, r *http.Request) error {
	return d.renderServices(w, r, http.StatusOK, servicesPage{})
}

func (d desk) addService(w http.ResponseWriter, r *http.Request) error {
	name := r.PostFormValue("name")
	if _, err := d.AddDepartment(r.Context(), web.Actor(r), name); err != nil {
		wrong, err := mend(r, err)
		if err != nil {
			return err
		}
		return d.renderServices(w, r, http.StatusUnprocessableEntity, servicesPage{Name: name, Errors: wrong})
	}
	return done(w, r, "/admin/services", "accountweb.service_added")
}

// servicePage is /admin/services/{id}.
type servicePage struct {
	ID, Title, Name, Into string
	People                int
	Others                []ui.Option
	Errors                ui.FormErrors
	Panels                []Panel
}

var serviceTemplate = ui.Page[servicePage](pages, "pages/service.tmpl")

func (d desk) renderService(w http.ResponseWriter, r *http.Request, status int, p servicePage) error {
	v := web.VisitOf(r)
	if err := needAdmin(r); err != nil {
		return err
	}
	services, err := d.Departments(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	for _, s := range services {
		if s.ID != r.PathValue("id") {
			p.Others = append(p.Others, ui.Option{Value: s.ID, Label: s.Name})
			continue
		}
		p.ID, p.Title, p.People = s.ID, s.Name, s.People
		if status == http.StatusOK || p.Name == "" && len(p.Errors.For("name")) == 0 {
			p.Name = s.Name
		}
	}
	if p.ID == "" {
		return notFound()
	}
	if d.Options.Service != nil {
		if p.Panels, err = d.Options.Service(r, p.ID); err != nil {
			return err
		}
	}
	head := adminHead(v.P, p.Title, v.P.T("accountweb.services"), "/admin/services")
	head.Errors = p.Errors
	return serviceTemplate.Render(w, r, status, head, p)
}

func (d desk) showService(w http.ResponseWriter, r *http.Request) error {
	return d.renderService(w, r, http.StatusOK, servicePage{})
}

func (d desk) renameService(w http.ResponseWriter, r *http.Request) error {
	name := r.PostFormValue("name")
	if err := d.RenameDepartment(r.Context(), web.Actor(r), r.PathValue("id"), name); err != nil {
		wrong, err := mend(r, err)
		if err != nil {
			return err
		}
		return d.renderService(w, r, http.StatusUnprocessableEntity, servicePage{Name: name, Errors: wrong})
	}
	return done(w, r, "/admin/services", "accountweb.saved")
}

func (d desk) removeService(w http.ResponseWriter, r *http.Request) error {
	into := r.PostFormValue("into")
	if err := d.RemoveDepartment(r.Context(), web.Actor(r), r.PathValue("id"), into); err != nil {
		wrong, err := mend(r, err)
		if err != nil {
			return err
		}
		return d.renderService(w, r, http.StatusUnprocessableEntity, servicePage{Into: into, Errors: wrong})
	}
	return done(w, r, "/admin/services", "accountweb.service_removed")
}

// organisationPage is /admin/organisation.
type organisationPage struct {
	Edit      account.OrganisationEdit
	Contrast  float64 // of the accent with white, 0 for none
	Territory string  // what the code names, "" when nothing
	Errors    ui.FormErrors
}

var organisationTemplate = ui.Page[organisationPage](pages, "pages/organisation.tmpl")

func (d desk) renderOrganisation(w http.ResponseWriter, r *http.Request, status int, p organisationPage) error {
	v := web.VisitOf(r)
	if ratio, ok := account.AccentContrast(strings.ToLower(strings.TrimSpace(p.Edit.Accent))); ok {
		p.Contrast = ratio
	}
	p.Territory = territorySaid(v.P, p.Edit.Territory)
	head := adminHead(v.P, v.P.T("accountweb.organisation"))
	head.Errors = p.Errors
	return organisationTemplate.Render(w, r, status, head, p)
}

func (d desk) showOrganisation(w http.ResponseWriter, r *http.Request) error {
	if err := needAdmin(r); err != nil {
		return err
	}
	o, err := d.House(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	return d.renderOrganisation(w, r, http.StatusOK, organisationPage{Edit: account.OrganisationEdit{Name: o.Name, SIREN: o.SIREN,
		Territory: o.Territory, Accent: o.Accent, Version: o.Version}})
}

func (d desk) saveOrganisation(w http.ResponseWriter, r *http.Request) error {
	e := organisationForm(r)
	e.Version, _ = strconv.Atoi(r.PostFormValue("version")) // anything else is stale
	e.Version = max(e.Version, 1)
	if _, err := d.EditOrganisation(r.Context(), web.Actor(r), e); err != nil {
		wrong, err := mend(r, err)
		if err != nil {
			return err
		}
		return d.renderOrganisation(w, r, http.StatusUnprocessableEntity, organisationPage{Edit: e, Errors: wrong})
	}
	return done(w, r, "/admin/organisation", "accountweb.saved")
}

// territorySaid says what kind of place a code names, and its name where the code alone tells it.
func territorySaid(p *i18n.Printer, code string) string {
	kind := account.TerritoryKind(strings.ToUpper(code))
	if kind == "" {
		return ""
	}
	name := ""
	switch kind {
	case "department":
		name = identifier.DepartmentName(strings.ToUpper(code))
	case "region":
		name = identifier.RegionName(strings.TrimPrefix(strings.ToUpper(code), "R"))
	}
	said := p.T("account.territory_" + kind)
	if name != "" {
		said += " (" + name + ")"
	}
	return said
}
