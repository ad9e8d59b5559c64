// Package cleaningweb is the pages where a dataset is cleaned with steps: what it looks like, the steps so far as sentences, each with
// what it changed, a form for the next one. Everything works without JavaScript: each change is a form, and the page that
// follows shows what it did.
package cleaningweb

import (
	"context"
	"embed"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/cleaning"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/recipe"
	"cultured/internal/schema"
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
	Cleaning *cleaning.Service
	// Tabs are those of a dataset's pages.
	Tabs func(r *http.Request, id, title string) ui.Tabs
	// Datasets lists those a person may change.
	Datasets func(ctx context.Context, by actor.Actor) ([]dataset.Dataset, error)
	// Schemas are those a table can be brought to.
	Schemas *schema.Pack
	// Wait gives a job a moment to end.
	Wait func(ctx context.Context, job string, upTo time.Duration) error
}

// patience is how long an answer waits for a change of a small file.
const patience = 1200 * time.Millisecond

// Routes adds the room's routes to the site.
func Routes(site *web.Site, d Desk) {
	site.Handle("GET /datasets/{id}/clean", d.show)
	site.Handle("GET /datasets/{id}/clean/values", d.values)
	site.Handle("POST /datasets/{id}/clean/values", d.merge)
	site.Handle("POST /datasets/{id}/clean/step", d.put)
	site.Handle("POST /datasets/{id}/clean/change", d.change)
	site.Handle("POST /datasets/{id}/clean/apply", d.apply)
	site.Handle("GET /datasets/{id}/clean/recipe.json", d.draftFile)
	site.Handle("POST /datasets/{id}/clean/save", d.save)
	site.Handle("POST /datasets/{id}/clean/load", d.load)
	site.Handle("POST /datasets/{id}/clean/import", d.take)
	site.Handle("GET /recipes", d.list)
	site.Handle("GET /recipes/{id}", d.recipe)
	site.Handle("GET /recipes/{id}/recipe.json", d.recipeFile)
	site.Handle("POST /recipes/{id}/use", d.use)
	site.Handle("POST /recipes/{id}/drop", d.drop)
}

func of(r *http.Request) dataset.ID { return dataset.ID(r.PathValue("id")) }

func path(id dataset.ID) string { return ui.Link("/datasets", string(id), "clean") }

func whole(s string, otherwise int) int {
	if n, err := strconv.Atoi(s); err == nil {
		return n
	}
	return otherwise
}

// show answers with the dataset, the draft and what it does.
func (d Desk) show(w http.ResponseWriter, r *http.Request) error {
	b, err := d.Cleaning.Open(r.Context(), web.Actor(r), of(r))
	if err != nil {
		return err
	}
	q := r.URL.Query()
	v := view{status: http.StatusOK, see: whole(q.Get("see"), len(b.Draft.Steps))}
	if kind := q.Get("add"); kind != "" {
		if _, err := recipe.NewStep(kind); err != nil {
			return err
		}
		v.form = &asked{kind: kind, at: -1}
		if kind == joins {
			v.form.given = map[string][]string{"with": q["with"]}
		}
	} else if at := whole(q.Get("edit"), -1); at >= 0 && at < len(b.Draft.Steps) {
		step := b.Draft.Steps[at]
		v.form = &asked{kind: step.Kind(), at: at, given: recipe.Given(step)}
	}
	return d.render(w, r, b, v)
}

// again shows the page with what is wrong.
func (d Desk) again(w http.ResponseWriter, r *http.Request, form *asked, err error) error {
	errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
	if !ok {
		return err
	}
	b, failed := d.Cleaning.Open(r.Context(), web.Actor(r), of(r))
	if failed != nil {
		return failed
	}
	return d.render(w, r, b, view{status: web.StatusOf(err), see: len(b.Draft.Steps), form: form, errs: errs})
}

// put adds a step, or writes one anew.
func (d Desk) put(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	form := &asked{kind: r.PostForm.Get("kind"), at: whole(r.PostForm.Get("at"), -1), given: r.PostForm}
	if other := r.PostForm.Get("with"); form.kind == joins && !r.PostForm.Has("on") { // the table is chosen, its columns come next
		if other == "" {
			return d.again(w, r, form, fault.Field("with", "cleaningweb.need_dataset"))
		}
		to, err := ui.Query(path(of(r)), "add", joins, "with", other)
		if err != nil {
			return err
		}
		return web.Redirect(w, r, to+"#step-title", web.Said{})
	}
	step, err := recipe.Read(form.kind, r.PostForm)
	if fault.KindOf(err) == fault.NotFound {
		return err
	}
	if err == nil {
		err = d.named(r, step)
	}
	if err == nil {
		err = d.Cleaning.Put(r.Context(), web.Actor(r), seen(r), form.at, step)
	}
	if err != nil {
		return d.again(w, r, form, ofQuery(form.kind, err))
	}
	said := web.Said{Kind: "success", Key: "cleaningweb.step_added"}
	if form.at >= 0 {
		said.Key = "cleaningweb.step_changed"
	}
	return web.Redirect(w, r, path(of(r)), said)
}

// ofQuery makes what is said of a question in SQL a fault of the field it is written in.
func ofQuery(kind string, err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if kind != "sql" || !ok || !strings.HasPrefix(f.Key, "recipe.sql_") {
		return err
	}
	return fault.Field("query", f.Key, f.Args...)
}

// seen is the state of the draft that a form was made from.
func seen(r *http.Request) cleaning.Seen {
	return cleaning.Seen{Dataset: of(r), Revision: whole(r.PostForm.Get("revision"), -1)}
}

// change removes a step, moves it, or takes the last change back. Fault: NotFound "web.not_found" for anything else.
func (d Desk) change(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	at, said := whole(r.PostForm.Get("at"), -1), "cleaningweb.step_moved"
	edit := func(fn func(recipe.Recipe) recipe.Recipe) error {
		return d.Cleaning.Edit(r.Context(), web.Actor(r), seen(r), fn)
	}
	var err error
	switch r.PostForm.Get("do") {
	case "remove":
		said = "cleaningweb.step_removed"
		err = edit(func(steps recipe.Recipe) recipe.Recipe { return steps.Without(at) })
	case "up":
		err = edit(func(steps recipe.Recipe) recipe.Recipe { return steps.Moved(at, -1) })
	case "down":
		err = edit(func(steps recipe.Recipe) recipe.Recipe { return steps.Moved(at, 1) })
	case "undo":
		said = "cleaningweb.undone"
		err = d.Cleaning.Undo(r.Context(), web.Actor(r), seen(r))
	default: // no button of the page
		return fault.New(fault.NotFound, "web.not_found")
	}
	if err != nil {
		return d.again(w, r, nil, err)
	}
	return web.Redirect(w, r, path(of(r)), web.Said{Kind: "success", Key: said})
}

// apply makes the draft the next version. The dataset's page says how far a long one is.
func (d Desk) apply(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	before, err := d.Cleaning.Open(r.Context(), web.Actor(r), of(r))
	if err != nil {
		return err
	}
	c, err := d.Cleaning.Apply(r.Context(), web.Actor(r), seen(r))
	if err != nil {
		return d.again(w, r, nil, err)
	}
	if err := d.Wait(r.Context(), c.Job, patience); err != nil {
		return err
	}
	after, err := d.Cleaning.Open(r.Context(), web.Actor(r), of(r))
	if err != nil {
		return err
	}
	home := ui.Link("/datasets", string(of(r)))
	switch {
	case after.Dataset.Current > before.Dataset.Current:
		undo := &web.SaidUndo{Key: "cleaningweb.undo", Action: home + "/undo", Name: "to", Value: strconv.Itoa(before.Dataset.Current)}
		return web.Redirect(w, r, home, web.Said{Kind: "success", Key: "cleaningweb.applied", Undo: undo})
	case after.Dataset.Pending != nil && after.Dataset.Pending.State == dataset.Failed:
		return web.Redirect(w, r, path(of(r)), web.Said{}) // the page says what is wrong beside the steps
	}
	return web.Redirect(w, r, home, web.Said{})
}
