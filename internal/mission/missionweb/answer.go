package missionweb

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"

	"cultured/internal/mission"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// answer judges what was handed in, and shows what it is worth.
func (d Desk) answer(w http.ResponseWriter, r *http.Request) error {
	id := mission.ID(r.PathValue("mission"))
	m, err := d.Find(r.Context(), web.Actor(r), id)
	if err != nil {
		return err
	}
	if m.Answer == mission.AnswerChart && r.PostFormValue("do") == "draw" {
		return d.showBench(w, r, nil)
	}
	var h mission.Handed
	if set := r.URL.Query().Get("from"); set == "dataset" && m.Answer == mission.AnswerTable {
		_, err = d.HandIn(r.Context(), web.Actor(r), id, r.PostFormValue("variant"), r.PostFormValue("dataset"))
	} else if set == "recipe" && m.Answer == mission.AnswerRecipe {
		_, err = d.HandRecipe(r.Context(), web.Actor(r), id, r.PostFormValue("variant"), r.PostFormValue("dataset"))
	} else if m.Answer == mission.AnswerForm {
		_, err = d.HandForm(r.Context(), web.Actor(r), id, r.PostFormValue("variant"), r.PostFormValue("dataset"))
	} else if h, err = d.handed(w, r, m); err == nil {
		_, err = d.Answer(r.Context(), web.Actor(r), id, h, d.keeper(r, m, h))
	}
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showBench(w, r, whereAsked(errs, m, h))
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, ui.Link("/missions", string(id))+"#feedback", web.Said{})
}

// whereAsked leads what is wrong with an answer to the first field it is given in.
func whereAsked(errs ui.FormErrors, m mission.Mission, h mission.Handed) ui.FormErrors {
	field := "answer"
	switch {
	case m.Answer == mission.AnswerForm:
		field = "dataset"
	case m.Answer == mission.AnswerChoices:
		field = firstMissing(h.Choices)
	case m.Answer == mission.AnswerFields && len(m.Fields) > 0:
		field = fieldPrefix + m.Fields[0].Name
	case m.Answer == mission.AnswerQuery && len(m.Queries) > 0:
		field = queryPrefix + m.Queries[0].Name
	}
	for i := range errs {
		errs[i].Field = field
	}
	return errs
}

// handed reads the form of an answer. Faults: those of reading a file; TooLarge for one over [mostBytes].
func (d Desk) handed(w http.ResponseWriter, r *http.Request, m mission.Mission) (h mission.Handed, err error) {
	kind := m.Answer
	web.LimitBody(w, r, mostBytes+(1<<20))
	if kind != mission.AnswerTable && kind != mission.AnswerRecipe {
		given := r.PostFormValue("answer")
		h.Variant, h.Number = r.PostFormValue("variant"), given
		if kind == mission.AnswerChoices {
			h.Number = ""
			readChoices(r, m, &h.Answer)
		}
		if kind == mission.AnswerFields {
			h.Number, h.Fields = "", map[string]string{}
			for name := range r.PostForm {
				if field, ok := strings.CutPrefix(name, fieldPrefix); ok && len(h.Fields) < mostCases {
					h.Fields[field] = cut(r.PostFormValue(name))
				}
			}
		}
		if kind == mission.AnswerChart {
			h.Number, h.Chart = "", chartOf(r)
		}
		if kind == mission.AnswerQuery {
			h.Number, h.Queries = "", queriesOf(r, m)
		}
		if kind == mission.AnswerRows {
			h.Number = ""
			h.Rows, err = mission.Rows(given)
		}
		return h, err
	}
	file, header, err := r.FormFile("answer")
	h.Variant = r.PostFormValue("variant")
	if errors.Is(err, http.ErrMissingFile) || err == nil && header.Size == 0 {
		return h, nil // judging says what is missing
	}
	if err != nil {
		return h, err
	}
	defer func() { _ = file.Close() }() // read only
	if h.Raw, err = io.ReadAll(file); err != nil {
		return h, err
	}
	h.Name = header.Filename
	if m.Answer == mission.AnswerRecipe {
		h.Recipe, err = mission.ReadRecipe(h.Raw)
		return h, err
	}
	in, err := d.Reader.Open(bytes.NewReader(h.Raw), int64(len(h.Raw)), h.Name, tabular.Options{})
	if err != nil {
		return h, err
	}
	table, err := mission.Read(in)
	h.Table = &table
	return h, errors.Join(err, in.Close())
}

// keeper has a file examined once it has passed; nil when nothing was handed in that could be kept.
func (d Desk) keeper(r *http.Request, m mission.Mission, h mission.Handed) func() (string, error) {
	if m.Because != nil {
		return func() (string, error) { return d.keepDecisions(r, m, h.Answer) }
	}
	if h.Table == nil {
		return nil
	}
	return func() (string, error) {
		return d.Submit(r.Context(), web.Actor(r), mission.ID(r.PathValue("mission")), h.Name, bytes.NewReader(h.Raw))
	}
}

// renew draws other data.
func (d Desk) renew(w http.ResponseWriter, r *http.Request) error {
	id := mission.ID(r.PathValue("mission"))
	if err := d.Renew(r.Context(), web.Actor(r), id); err != nil {
		return err
	}
	return web.Redirect(w, r, ui.Link("/missions", string(id)), web.Said{Key: "missionweb.renewed"})
}
