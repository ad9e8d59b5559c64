package datasetweb

import (
	"net/http"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// mappingBytes bounds the form of a mapping: hundreds of fields and their values.
const mappingBytes = 4 << 20

// mapSubject answers the form of a mapping: it shows the effect of what was chosen, or change applies it.
func (d Desk) mapSubject(of func(viewer) web.Handler, change func(planner) web.Handler) web.Handler {
	apply := change(d.mappingEdit)
	return func(w http.ResponseWriter, r *http.Request) error {
		web.LimitBody(w, r, mappingBytes)
		if err := r.ParseForm(); err != nil {
			return err
		}
		switch r.PostFormValue("do") {
		case "open":
			return of(d.openMapping)(w, r)
		case "preview":
		default:
			return apply(w, r)
		}
		return of(func(w http.ResponseWriter, r *http.Request, s subject) error {
			if !s.mayChange {
				return fault.New(fault.Denied, "dataset.not_yours")
			}
			draft, err := d.readMapping(r, s)
			if err != nil {
				return err
			}
			return d.showMapping(w, r, s, draft, mappingState{status: http.StatusOK, tried: true})
		})(w, r)
	}
}

// openMapping leads to the mapping to the schema of a form.
func (d Desk) openMapping(w http.ResponseWriter, r *http.Request, s subject) error {
	e, err := d.Schemas.Find(r.PostFormValue("schema"))
	if err != nil {
		return d.again(w, r, s, edit{}, fault.Field("schema", "datasetweb.mapping_choose"))
	}
	to, err := ui.Query(mappingPath(s), "schema", e.Name)
	if err != nil {
		return err
	}
	return web.Redirect(w, r, to, web.Said{})
}

// readMapping reads the form of a mapping over the draft it was shown with.
func (d Desk) readMapping(r *http.Request, s subject) (dataset.MappingDraft, error) {
	draft, err := d.draft(r, s, r.PostFormValue("schema"))
	if err != nil {
		return draft, err
	}
	m := dataset.Mapping{Schema: draft.Mapping.Schema, Drop: r.PostFormValue("others") == "drop"}
	for i, f := range draft.Schema.Fields {
		n := strconv.Itoa(i)
		mapped := dataset.Mapped{Field: f.Name, Column: r.PostFormValue("field-" + n), Convert: r.PostFormValue("convert-"+n) != ""}
		if mapped.Column == "" {
			if mapped.Constant = strings.TrimSpace(r.PostFormValue("constant-" + n)); mapped.Constant == "" {
				continue
			}
			mapped.Convert = false
		}
		if r.PostFormValue("was-"+n) == mapped.Column {
			mapped.Values = readValues(r, n)
		} else { // another column: its values have not been seen yet
			mapped.Convert = mapped.Column != ""
		}
		m.Fields = append(m.Fields, mapped)
		if before, _ := draft.Mapping.Of(f.Name); draft.Matches != nil && mapped.Column != before.Column { // the choice of a person needs no reason
			draft.Matches[i].Reasons, draft.Matches[i].Score = nil, 1
		}
	}
	draft.Mapping = m
	return draft, nil
}

// readValues reads what was chosen for values out of a list.
func readValues(r *http.Request, field string) map[string]string {
	var out map[string]string
	for k := 0; ; k++ {
		n := field + "-" + strconv.Itoa(k)
		if !r.PostForm.Has("from-" + n) {
			return out
		}
		to := r.PostFormValue("to-" + n)
		if to == "stay" || to == "" {
			continue
		}
		if out == nil {
			out = map[string]string{}
		}
		if to == "empty" {
			to = "="
		}
		out[r.PostFormValue("from-"+n)] = strings.TrimPrefix(to, "=")
	}
}

// mappingEdit reads which mapping is asked for: that of the form, or the one the organisation decided before.
func (d Desk) mappingEdit(r *http.Request, s subject) (edit, error) {
	e := edit{why: dataset.WhyMapped, to: "/schema", retry: d.mappingAgain}
	var draft dataset.MappingDraft
	var err error
	if r.PostFormValue("do") == "replay" {
		if draft, err = d.replayed(r, s); err != nil {
			return e, err
		}
	} else if draft, err = d.readMapping(r, s); err != nil {
		return e, err
	}
	step, err := draft.Mapping.Step(draft.Schema)
	if err != nil {
		return e, err
	}
	if r.PostFormValue("remember") != "" {
		if err := d.Dataset.Remember(r.Context(), web.Actor(r), draft.Mapping, draft.Seen.Names()); err != nil {
			return e, err
		}
	}
	e.said = mappedSaid(web.VisitOf(r).P, draft)
	e.apply = func(src *dataset.Source) error {
		src.Plan, src.Schema = src.Plan.WithMap(step), draft.Mapping.Schema
		return nil
	}
	return e, nil
}

// mappedSaid says what a mapping does to a table; which values it rewrites is told from the rows it was looked at with.
func mappedSaid(p *i18n.Printer, draft dataset.MappingDraft) web.Said {
	columns, constants, rewritten, left := 0, 0, 0, 0
	for _, f := range draft.Mapping.Fields {
		if f.Column != "" {
			columns++
		} else {
			constants++
		}
	}
	for _, t := range draft.Seen.Try(draft.Schema, draft.Mapping) {
		if t.Mapped != nil && t.Mapped.Column != "" && t.Changed > 0 {
			rewritten++
		}
	}
	if draft.Mapping.Drop {
		left = len(draft.Seen.Left(draft.Mapping))
	}
	return web.Said{Kind: "success", Key: "datasetweb.mapped", Args: []string{draft.Schema.Title, p.Number(columns), p.Number(rewritten), p.Number(constants), p.Number(left)}}
}

// replayed is the mapping the organisation decided for files with these columns. Faults: Conflict
// "datasetweb.mapping_forgotten" when there is none any more.
func (d Desk) replayed(r *http.Request, s subject) (dataset.MappingDraft, error) {
	known, ok, err := d.Dataset.Recall(r.Context(), web.Actor(r), s.outcome.Report.Columns)
	if err == nil && !ok {
		err = fault.New(fault.Conflict, "datasetweb.mapping_forgotten")
	}
	if err != nil {
		return dataset.MappingDraft{}, err
	}
	draft, err := d.draft(r, s, known.Mapping.Schema)
	draft.Mapping = known.Mapping
	return draft, err
}

// mappingAgain shows the form of a mapping with what is wrong in it.
func (d Desk) mappingAgain(w http.ResponseWriter, r *http.Request, s subject, err error) error {
	errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
	if !ok || r.PostFormValue("do") == "replay" {
		return err
	}
	draft, failed := d.readMapping(r, s)
	if failed != nil {
		return err
	}
	return d.showMapping(w, r, s, draft, mappingState{status: web.StatusOf(err), errs: errs})
}

// A knownView offers what the organisation decided for files with these columns.
type knownView struct {
	Text   string
	Action string
	Button ui.Button
	Look   ui.LinkButton // to see it, and change it, before
}

// newKnown finds it; nil when there is nothing, or the table is mapped already.
func (d Desk) newKnown(r *http.Request, s subject) (*knownView, error) {
	if _, at := s.source.Plan.MapStep(); at >= 0 || !s.mayChange {
		return nil, nil
	}
	known, ok, err := d.Dataset.Recall(r.Context(), web.Actor(r), s.outcome.Report.Columns)
	if err != nil || !ok {
		return nil, err
	}
	e, err := d.Schemas.Find(known.Mapping.Schema)
	if err != nil {
		return nil, nil // a schema that is gone is nothing to offer
	}
	p := web.VisitOf(r).P
	look, err := ui.Query(mappingPath(s), "schema", e.Name)
	if err != nil {
		return nil, err
	}
	title := e.Title
	if known.Name != "" {
		title += p.T("datasetweb.mapping_called", known.Name)
	}
	return &knownView{Text: p.T("datasetweb.mapping_known", title, known.ByName, p.Date(known.At)), Action: mappingPath(s),
		Look:   ui.LinkButton{Label: p.T("datasetweb.mapping_look"), Href: look, Look: ui.Quiet},
		Button: ui.Button{Label: p.T("datasetweb.mapping_replay"), Icon: "columns-3", Look: ui.Secondary}}, nil
}
