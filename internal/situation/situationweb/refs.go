package situationweb

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/situation"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// refs are what situations refer to, as far as the visitor may see it.
type refs struct{ services, datasets []situation.Named }

func (d Desk) refs(r *http.Request) (f refs, err error) {
	list := func(of func(context.Context, actor.Actor) ([]situation.Named, error)) (out []situation.Named, err error) {
		if out, err = of(r.Context(), web.Actor(r)); err == nil {
			slices.SortStableFunc(out, func(a, b situation.Named) int { return french.Compare(a.Name, b.Name) })
		}
		return out, err
	}
	if f.services, err = list(d.Situation.Services); err != nil {
		return f, err
	}
	f.datasets, err = list(d.Situation.Datasets)
	return f, err
}

func named(list []situation.Named, id string) (string, bool) {
	i := slices.IndexFunc(list, func(n situation.Named) bool { return n.ID == id })
	if i < 0 {
		return "", false
	}
	return list[i].Name, true
}

// place is what a [situation.Situation.Place] is called.
func (f refs) place(of string) string {
	if name, ok := named(f.services, of); ok {
		return name
	}
	return of
}

// placeCalled is the place people call so: a service of the organisation where one has that name.
func (f refs) placeCalled(name string) string {
	for _, s := range f.services {
		if s.Name == name {
			return s.ID
		}
	}
	return name
}

// where is the place of a situation, as it is called.
func (f refs) where(s situation.Situation) string { return f.place(s.Place()) }

// names are those of the services and datasets a situation refers to, by identifier.
func (f refs) names() map[string]string {
	out := map[string]string{}
	for _, n := range append(slices.Clone(f.services), f.datasets...) {
		out[n.ID] = n.Name
	}
	return out
}

// places lists where the situations are met, by name.
func (f refs) places(all []situation.Situation) (out []ui.Option) {
	for _, place := range distinct(all, situation.Situation.Place) {
		out = append(out, ui.Option{Value: place, Label: f.place(place)})
	}
	slices.SortStableFunc(out, func(a, b ui.Option) int { return french.Compare(a.Label, b.Label) })
	return out
}

// used lists the datasets the situations are about, those the visitor may see.
func (f refs) used(all []situation.Situation) (out []ui.Option) {
	for _, set := range f.datasets {
		if slices.ContainsFunc(all, func(s situation.Situation) bool { return slices.Contains(s.Datasets, set.ID) }) {
			out = append(out, ui.Option{Value: set.ID, Label: set.Name})
		}
	}
	return out
}

// datasetTable lists the datasets a situation is about; nil for none. One the visitor may not see says so.
func (f refs) datasetTable(p *i18n.Printer, s situation.Situation) *ui.Table {
	if len(s.Datasets) == 0 {
		return nil
	}
	t := &ui.Table{ID: "datasets", Caption: p.T("situationweb.datasets"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("situationweb.dataset")}}}
	for _, id := range s.Datasets {
		cell := ui.Cell{Text: p.T("situationweb.gone_dataset")}
		if name, ok := named(f.datasets, id); ok {
			cell = ui.Cell{Text: name, Href: ui.Link("/datasets", id)}
		}
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{cell}})
	}
	return t
}

// about names the datasets a situation is about; one the visitor may not see says so.
func (f refs) about(p *i18n.Printer, s situation.Situation) (names []string) {
	for _, id := range s.Datasets {
		name, ok := named(f.datasets, id)
		if !ok {
			name = p.T("situationweb.gone_dataset")
		}
		names = append(names, name)
	}
	return names
}

// datasetForms are the choices of the form: the datasets a situation is about, and one more.
func (f refs) datasetForms(p *i18n.Printer, s situation.Situation, bad string) (out []ui.Choice) {
	for i, id := range append(slices.Clone(s.Datasets), "") {
		c := ui.Choice{Name: "dataset", ID: "dataset-" + p.Number(i+1), Label: p.T("situationweb.dataset_number", i+1), Empty: p.T("situationweb.no_dataset"), Optional: true}
		if i == 0 {
			c.ID, c.Error = "datasets", bad
		}
		for _, set := range f.datasets {
			c.Options = append(c.Options, ui.Option{Value: set.ID, Label: set.Name, Selected: set.ID == id})
		}
		if _, seen := named(f.datasets, id); id != "" && !seen {
			c.Options = append(c.Options, ui.Option{Value: id, Label: p.T("situationweb.gone_dataset"), Selected: true})
		}
		out = append(out, c)
	}
	return out
}

// unitChoice offers the services of the organisation.
func (f refs) unitChoice(p *i18n.Printer, chosen string) ui.Choice {
	c := ui.Choice{Name: "unit", Label: p.T("situationweb.unit"), Hint: p.T("situationweb.unit_hint"), Empty: p.T("situationweb.no_unit"), Optional: true}
	for _, s := range f.services {
		c.Options = append(c.Options, ui.Option{Value: s.ID, Label: s.Name, Selected: s.ID == chosen})
	}
	return c
}

// today is the day, AAAA-MM-JJ.
func (d Desk) today() string { return d.Situation.Now().Format(time.DateOnly) }

// day writes a day of a record; "" for none.
func day(p *i18n.Printer, text string) string {
	at, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return strings.TrimSpace(text)
	}
	return p.Date(at)
}
