// Package competencyweb is the framework's pages: browse, search, edit with versions and a change log, align, import and export.
package competencyweb

import (
	"context"
	"embed"
	"net/http"
	"time"

	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Text holds the words of these pages in each language.
//
//go:embed text/*.json
var Text embed.FS

// A Desk is what these pages stand on.
type Desk struct {
	Competency *competency.Service
	Reader     tabular.Reader // of tables people bring in
	// Names says how people are called, by identifier; who has left is left out.
	Names func(ctx context.Context, by actor.Actor, people ...string) (map[string]string, error)
	Now   func() time.Time
}

// Routes adds the room's routes to the site. Every member of the organisation may read; [competency.MayEdit] says who edits.
func Routes(site *web.Site, d Desk) {
	site.Handle("GET /competencies", list(d))
	site.Handle("GET /competencies/{framework}", browse(d))
	site.Handle("GET /competencies/{framework}/items/{item}", item(d))
	site.Handle("GET /competences/{item}", find(d))
	site.Handle("GET /competencies/compare", beside(d))
	site.Handle("GET /competencies/compare.csv", besideFile(d))
	site.Handle("GET /competencies/import", importForm)
	site.Handle("POST /competencies/import", bring(d))
	site.Handle("GET /competencies/{framework}/arrival", arrival(d))
	site.Handle("GET /competencies/{framework}/export/{file}", export(d))
	site.Handle("GET /competencies/{framework}/versions", versions(d))
	site.Handle("GET /competencies/{framework}/versions/{number}", version(d))
	editing(site, d)
}

// editing adds what only those who edit may ask for.
func editing(site *web.Site, d Desk) {
	site.Handle("GET /competencies/{framework}/items/new", newItem(d))
	site.Handle("POST /competencies/{framework}/items", addItem(d))
	site.Handle("GET /competencies/{framework}/items/{item}/edit", edit(d))
	site.Handle("POST /competencies/{framework}/items/{item}/edit", save(d))
	site.Handle("POST /competencies/{framework}/items/{item}/move", move(d))
	site.Handle("GET /competencies/{framework}/items/{item}/alignments", alignments(d))
	site.Handle("POST /competencies/{framework}/items/{item}/alignments", align(d))
	site.Handle("GET /competencies/{framework}/items/{item}/turn", turnForm(d))
	site.Handle("POST /competencies/{framework}/items/{item}/turn", turn(d))
	site.Handle("GET /competencies/new", newFramework)
	site.Handle("POST /competencies/new", create(d))
	site.Handle("GET /competencies/{framework}/edit", headForm(d))
	site.Handle("POST /competencies/{framework}/edit", saveHead(d))
	site.Handle("POST /competencies/{framework}/discard", discard(d))
	site.Handle("GET /competencies/{framework}/publish", publishForm(d))
	site.Handle("POST /competencies/{framework}/publish", publish(d))
	site.Handle("GET /competencies/{framework}/history", history(d))
	site.Handle("POST /competencies/{framework}/undo", undo(d))
	site.Handle("POST /competencies/{framework}/restore", restore(d))
}

// look returns the framework of the address as the visitor sees it.
func look(r *http.Request, d Desk) (competency.View, error) {
	return d.Competency.Look(r.Context(), web.Actor(r), competency.ID(r.PathValue("framework")))
}

// lookItem returns the framework and the item of the address.
func lookItem(r *http.Request, d Desk) (competency.View, competency.Item, error) {
	v, err := look(r, d)
	if err != nil {
		return v, competency.Item{}, err
	}
	it, ok := v.Framework.Item(competency.ItemID(r.PathValue("item")))
	if !ok {
		return v, it, fault.New(fault.NotFound, "competency.item_not_found")
	}
	return v, it, nil
}

// find leads from an identifier alone to its page, for what refers to a competence without knowing its framework.
func find(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v, it, err := d.Competency.Find(r.Context(), web.Actor(r), competency.ItemID(r.PathValue("item")))
		if err != nil {
			return err
		}
		http.Redirect(w, r, itemPath(v.Framework.ID, it.ID), http.StatusFound)
		return nil
	}
}

func frameworkPath(of competency.ID, more ...string) string {
	return ui.Link("/competencies", append([]string{string(of)}, more...)...)
}

func itemPath(of competency.ID, it competency.ItemID, more ...string) string {
	return frameworkPath(of, append([]string{"items", string(it)}, more...)...)
}
