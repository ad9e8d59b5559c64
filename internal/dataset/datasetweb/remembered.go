package datasetweb

import (
	"net/http"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// mappingsPath is where an organisation sees the mappings it remembers.
const mappingsPath = "/mappings"

type rememberedPage struct {
	Head     ui.PageHead
	Empty    *ui.Empty
	Mappings []rememberedView
	Bound    string // said when there may be more than serve
}

// A rememberedView is one mapping: which column is which field, and what its people may do with it.
type rememberedView struct {
	ID, Key, Title string
	Schema, Href   string // Href is "" when the schema is not in the pack any more
	By             string
	Sum            string
	Table          ui.Table
	Name           *ui.Field // nil for who may not change it
}

var rememberedTemplate = ui.Page[rememberedPage](pages, "pages/remembered.tmpl")

// remembered lists the mappings the organisation remembers, the last decided first.
func (d Desk) remembered(w http.ResponseWriter, r *http.Request) error {
	return d.showRemembered(w, r, http.StatusOK, nil)
}

func (d Desk) showRemembered(w http.ResponseWriter, r *http.Request, status int, errs ui.FormErrors) error {
	all, err := d.Dataset.Remembered(r.Context(), web.Actor(r))
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	page := rememberedPage{Head: ui.PageHead{Title: p.T("datasetweb.mappings"), Lead: p.T("datasetweb.mappings_lead")}}
	if len(all) == 0 {
		page.Empty = &ui.Empty{Icon: "columns-3", Title: p.T("datasetweb.mappings_empty_title"), Text: p.T("datasetweb.mappings_empty"), Example: p.T("datasetweb.mappings_empty_example"),
			Action: &ui.LinkButton{Label: p.T("ui.check_mine"), Href: "/check", Look: ui.Primary, Icon: "upload"}}
	}
	if len(all) == dataset.KnownMappings {
		page.Bound = p.T("datasetweb.mappings_bound", dataset.KnownMappings)
	}
	for _, m := range all {
		v := d.newRemembered(p, m)
		if m.MayChange(web.Actor(r)) {
			v.Name = &ui.Field{Name: "name", ID: "name-" + v.ID, Label: p.T("datasetweb.mappings_name"), Value: m.Name, Hint: p.T("datasetweb.mappings_name_hint"), Optional: true}
			if r.PostFormValue("of") == v.Key && errs != nil {
				v.Name.Value, v.Name.Error = r.PostFormValue("name"), errs.For("name")
			}
		}
		page.Mappings = append(page.Mappings, v)
	}
	return rememberedTemplate.Render(w, r, status, ui.Head{Title: p.T("datasetweb.mappings"), Section: "/datasets", Errors: errs}, page)
}

func (d Desk) newRemembered(p *i18n.Printer, m dataset.Remembered) rememberedView {
	key := mappingWord(m.Key())
	v := rememberedView{ID: "m" + m.Header[:min(8, len(m.Header))] + strings.Map(letters, m.Mapping.Schema), Key: key, Title: m.Name, Schema: m.Mapping.Schema,
		By: p.T("datasetweb.by_at", m.ByName, p.DateTime(m.At))}
	title := map[string]string{}
	if e, err := d.Schemas.Find(m.Mapping.Schema); err == nil {
		v.Schema, v.Href = e.Title, ui.Link("/schemas", strings.Split(e.Name, "/")...)
		if s, err := d.Dataset.Schema(e.Name); err == nil {
			for _, f := range s.Fields {
				title[f.Name] = f.Title
			}
		}
	}
	if v.Title == "" {
		v.Title = v.Schema
	}
	v.Table = ui.Table{ID: "table-" + v.ID, Caption: p.T("datasetweb.mappings_caption", v.Title), CaptionHidden: true,
		Columns: []ui.Column{{Label: p.T("datasetweb.mappings_column")}, {Label: p.T("datasetweb.mappings_field")}, {Label: p.T("datasetweb.mappings_values")}}}
	columns := 0
	for _, f := range m.Mapping.Fields {
		from, done := f.Column, ""
		switch {
		case f.Column == "":
			from, done = p.T("datasetweb.mappings_every_row"), p.T("datasetweb.mappings_constant", f.Constant)
		case len(f.Values) > 0:
			done = p.T("datasetweb.mappings_chosen", len(f.Values))
		case f.Convert:
			done = p.T("datasetweb.mappings_convert")
		default:
			done = p.T("datasetweb.mappings_as_is")
		}
		if f.Column != "" {
			columns++
		}
		to := f.Field
		if t := title[f.Field]; t != "" && t != f.Field {
			to = t + " (" + f.Field + ")"
		}
		v.Table.Rows = append(v.Table.Rows, ui.Row{Cells: []ui.Cell{{Text: from}, {Text: to}, {Text: done}}})
	}
	v.Sum = p.T("datasetweb.mappings_sum", columns)
	if m.Mapping.Drop {
		v.Sum += " · " + p.T("datasetweb.mappings_drop")
	}
	return v
}

// letters keeps what an id of a page may hold.
func letters(r rune) rune {
	if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
		return r
	}
	return '-'
}

// mappingWord writes a key for a form, which [mappingOf] reads.
func mappingWord(k dataset.MappingKey) string { return k.Header + ":" + k.Schema }

func mappingOf(r *http.Request, field string) dataset.MappingKey {
	header, schema, _ := strings.Cut(r.PostFormValue(field), ":")
	return dataset.MappingKey{Schema: schema, Header: header}
}

// callMapping names a remembered mapping.
func (d Desk) callMapping(w http.ResponseWriter, r *http.Request) error {
	err := d.Dataset.Call(r.Context(), web.Actor(r), mappingOf(r, "of"), r.PostFormValue("name"))
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showRemembered(w, r, web.StatusOf(err), errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, mappingsPath, web.Said{Kind: "success", Key: "datasetweb.mappings_named"})
}

// forgetMapping forgets a remembered mapping, with a way back.
func (d Desk) forgetMapping(w http.ResponseWriter, r *http.Request) error {
	if err := d.Dataset.Unlearn(r.Context(), web.Actor(r), mappingOf(r, "of"), false); err != nil {
		return err
	}
	return web.Redirect(w, r, mappingsPath, web.Said{Kind: "success", Key: "datasetweb.mappings_forgotten",
		Undo: &web.SaidUndo{Key: "datasetweb.undo", Action: mappingsPath + "/recall", Name: "of", Value: r.PostFormValue("of")}})
}

// recallMapping takes a forgotten mapping back.
func (d Desk) recallMapping(w http.ResponseWriter, r *http.Request) error {
	if err := d.Dataset.Unlearn(r.Context(), web.Actor(r), mappingOf(r, "of"), true); err != nil {
		return err
	}
	return web.Redirect(w, r, mappingsPath, web.Said{Kind: "success", Key: "datasetweb.undone"})
}
