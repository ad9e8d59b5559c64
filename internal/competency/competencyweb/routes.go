// Package competencyweb is the framework's pages: browse, search and read competences.
package competencyweb

import (
	"embed"
	"net/http"

	"cultured/internal/competency"
	"cultured/internal/fault"
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
}

// Routes adds the room's routes to the site. Every member of the organisation may read; [competency.MayEdit] says who edits.
func Routes(site *web.Site, d Desk) {
	site.Handle("GET /competencies", list(d))
	site.Handle("GET /competencies/{framework}", browse(d))
	site.Handle("GET /competencies/{framework}/items/{item}", item(d))
	site.Handle("GET /competences/{item}", find(d))
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
