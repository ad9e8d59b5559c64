package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"cultured/internal/account/accountweb"
	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetweb"
	"cultured/internal/outbox"
	"cultured/internal/situation"
	"cultured/internal/situation/situationdb"
	"cultured/internal/ui"
	"cultured/internal/web"
)

func (h *house) openSituation() {
	store := &situationdb.Store{DB: h.db, Now: time.Now}
	h.situation = &situation.Service{Store: store, Actions: store, Services: h.namedServices, Datasets: h.namedDatasets, Now: time.Now}
}

// namedServices lists the services of a person's organisation for who refers to them.
func (h *house) namedServices(ctx context.Context, by actor.Actor) (out []situation.Named, err error) {
	departments, err := h.account.Departments(ctx, by)
	for _, s := range departments {
		out = append(out, situation.Named{ID: s.ID, Name: s.Name})
	}
	return out, err
}

// namedDatasets lists the datasets of a person's organisation that they may see.
func (h *house) namedDatasets(ctx context.Context, by actor.Actor) (out []situation.Named, err error) {
	if !by.Known() {
		return nil, nil
	}
	all, err := h.dataset.Datasets.List(ctx, by.Organisation)
	if err != nil {
		return nil, err
	}
	for _, d := range all {
		if d.MaySee(by) || h.dataset.Shared(ctx, by, d.ID) {
			out = append(out, situation.Named{ID: string(d.ID), Name: d.Title})
		}
	}
	return out, nil
}

// situationsAt lists the situations in force that keep lets through, as links.
func (h *house) situationsAt(ctx context.Context, by actor.Actor, keep func(situation.Situation) bool) (out []ui.LinkButton, err error) {
	all, err := h.situation.All(ctx, by)
	for _, s := range all {
		if !s.Retired && keep(s) {
			out = append(out, ui.LinkButton{Label: s.Title, Href: ui.Link("/situations/items", string(s.ID))})
		}
	}
	return out, err
}

// datasetUses says on a dataset's page which situations are about it.
func (h *house) datasetUses(r *http.Request, id dataset.ID) (datasetweb.Uses, error) {
	list, err := h.situationsAt(r.Context(), web.Actor(r), func(s situation.Situation) bool { return slices.Contains(s.Datasets, string(id)) })
	return datasetweb.Uses{Situations: list, Map: "/situations/map?dataset=" + url.QueryEscape(string(id))}, err
}

// servicePanels says on a service's page which situations are met there.
func (h *house) servicePanels(r *http.Request, id string) ([]accountweb.Panel, error) {
	p := web.VisitOf(r).P
	list, err := h.situationsAt(r.Context(), web.Actor(r), func(s situation.Situation) bool { return s.Unit == id })
	panel := accountweb.Panel{Title: p.T("cultured.service_situations"), Text: p.T("cultured.service_no_situations"), Links: list}
	if len(list) > 0 {
		panel.Text = ""
		panel.Links = append(panel.Links, ui.LinkButton{Label: p.T("cultured.service_map"), Href: "/situations/map?service=" + url.QueryEscape(id), Icon: "chart-column", Look: ui.Primary})
	}
	return []accountweb.Panel{panel}, err
}

// hearServices moves what stands at a service that is no more to the one that takes it over. Move may be repeated.
func (h *house) hearServices(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "situation services", func(ctx context.Context, e outbox.Event) error {
		id, ok := strings.CutPrefix(e.Subject, "account:")
		if !ok || e.Verb != "account.service_merged" && e.Verb != "account.service_removed" {
			return nil
		}
		var detail struct {
			Into string `json:"into"`
		}
		if len(e.Detail) > 0 {
			if err := json.Unmarshal(e.Detail, &detail); err != nil {
				return err
			}
		}
		return h.situation.Move(ctx, e.Organisation, id, detail.Into)
	})
}
