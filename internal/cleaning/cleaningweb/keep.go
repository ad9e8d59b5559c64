package cleaningweb

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"cultured/internal/cleaning"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/recipe"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// A keepView is where steps come from and where they are kept.
type keepView struct {
	Name    *ui.Field  // to save the steps, nil while there are none
	Recipes *ui.Choice // to add those of a recipe, nil while none is saved
	Earlier string     // what an earlier version was made with, "" for nothing
	File    string     // address of the steps as a file, "" while there are none
	Import  ui.Textarea
	Open    bool // the import, which failed
}

func (d Desk) newKeep(r *http.Request, b cleaning.Bench, v view) (keepView, error) {
	p := web.VisitOf(r).P
	k := keepView{Import: ui.Textarea{Name: "text", Label: p.T("cleaningweb.import_text"), Hint: p.T("cleaningweb.import_hint"), Error: v.errs.For("text"), Value: v.typed["text"], Rows: 4, Fixed: true}, Open: v.errs.For("text") != ""}
	all, err := d.Cleaning.All(r.Context(), web.Actor(r))
	if err != nil {
		return k, err
	}
	if len(all) > 0 {
		k.Recipes = &ui.Choice{Name: "recipe", Label: p.T("cleaningweb.load_recipe"), Empty: p.T("cleaningweb.choose"), Error: v.errs.For("recipe")}
		for _, s := range all {
			k.Recipes.Options = append(k.Recipes.Options, ui.Option{Value: s.ID, Label: s.Name})
		}
	}
	if len(b.Draft.Steps) > 0 {
		k.File = path(b.Dataset.ID) + "/recipe.json"
		k.Name = &ui.Field{Name: "called", Label: p.T("cleaningweb.save_name"), Hint: p.T("cleaningweb.save_hint"), Error: v.errs.For("called"), Value: v.typed["called"], MaxLength: cleaning.NameMost, Autocomplete: "off"}
		for _, s := range all {
			if s.MaySave(web.Actor(r)) {
				k.Name.Suggestions = append(k.Name.Suggestions, s.Name)
			}
		}
		return k, nil
	}
	e, err := d.Cleaning.Earlier(r.Context(), web.Actor(r), b.Dataset.ID)
	if err == nil && len(e.Steps) > 0 {
		k.Earlier = p.T("cleaningweb.earlier", e.Version, p.T("cleaningweb.steps", len(e.Steps)))
	}
	return k, err
}

// save keeps the steps by name.
func (d Desk) save(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	name := r.PostForm.Get("called")
	one, err := d.Cleaning.Keep(r.Context(), web.Actor(r), seen(r), name)
	if err != nil {
		return d.wrong(w, r, map[string]string{"called": name}, err)
	}
	return web.Redirect(w, r, path(of(r)), web.Said{Kind: "success", Key: "cleaningweb.saved", Args: []string{one.Name, web.VisitOf(r).P.Number(one.Version)}})
}

// wrong shows the page with what was typed in one of its small forms.
func (d Desk) wrong(w http.ResponseWriter, r *http.Request, typed map[string]string, err error) error {
	errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
	if !ok {
		return err
	}
	b, failed := d.Cleaning.Open(r.Context(), web.Actor(r), of(r))
	if failed != nil {
		return failed
	}
	return d.render(w, r, b, view{status: web.StatusOf(err), see: len(b.Draft.Steps), errs: errs, typed: typed})
}

// load adds the steps of a recipe, or of the version before a new file.
func (d Desk) load(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return err
	}
	var steps recipe.Recipe
	said := web.Said{Kind: "success", Key: "cleaningweb.loaded_earlier"}
	if id := r.PostForm.Get("recipe"); id != "" {
		all, err := d.Cleaning.Versions(r.Context(), web.Actor(r), id)
		if err != nil {
			return err
		}
		steps, said = all[0].Steps, web.Said{Kind: "success", Key: "cleaningweb.loaded", Args: []string{all[0].Name}}
	} else if r.PostForm.Get("earlier") != "" {
		e, err := d.Cleaning.Earlier(r.Context(), web.Actor(r), of(r))
		if err != nil {
			return err
		}
		steps = e.Steps
	}
	if len(steps) == 0 {
		return d.wrong(w, r, nil, fault.Field("recipe", "cleaningweb.need_recipe"))
	}
	if err := d.Cleaning.Load(r.Context(), web.Actor(r), seen(r), steps); err != nil {
		return d.wrong(w, r, nil, err)
	}
	return web.Redirect(w, r, path(of(r)), said)
}

// mostImported bounds a recipe sent as a file, in bytes.
const mostImported = 2 << 20

// take adds the steps of a file: a recipe of this room, or a history of OpenRefine; it tells what could not be taken.
func (d Desk) take(w http.ResponseWriter, r *http.Request) error {
	raw, err := sent(w, r)
	if err != nil {
		return err
	}
	b, err := d.Cleaning.Open(r.Context(), web.Actor(r), of(r))
	if err != nil {
		return err
	}
	steps, told, err := d.read(b, raw)
	if err == nil && len(steps) > 0 {
		d.Cleaning.Learned(b, steps)
		err = d.Cleaning.Load(r.Context(), web.Actor(r), seen(r), steps)
	}
	if f, ok := ofText(err); ok {
		return d.wrong(w, r, map[string]string{"text": string(raw)}, f)
	}
	if err != nil {
		return err
	}
	if len(told) == 0 {
		return web.Redirect(w, r, path(of(r)), web.Said{Kind: "success", Key: "cleaningweb.taken"})
	}
	if b, err = d.Cleaning.Open(r.Context(), web.Actor(r), of(r)); err != nil {
		return err
	}
	return d.render(w, r, b, view{status: http.StatusOK, see: len(b.Draft.Steps), told: toldNotice(web.VisitOf(r).P, len(steps), told)})
}

// sent is what a form brings: the file when there is one, else what was pasted.
func sent(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, mostImported)
	if strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		if err := r.ParseMultipartForm(mostImported); err != nil {
			return nil, fault.New(fault.TooLarge, "cleaningweb.import_large").Because(err)
		}
	} else if err := r.ParseForm(); err != nil {
		return nil, err
	}
	if file, _, err := r.FormFile("file"); err == nil {
		defer file.Close()
		raw, err := io.ReadAll(file)
		if err != nil || len(bytes.TrimSpace(raw)) > 0 {
			return raw, err
		}
	}
	return []byte(r.PostForm.Get("text")), nil
}

// read tells the two kinds of file apart by the first object: OpenRefine's have an "op", ours a "do".
func (d Desk) read(b cleaning.Bench, raw []byte) (recipe.Recipe, []recipe.Told, error) {
	var kinds []struct {
		Op string `json:"op"`
	}
	if json.Unmarshal(raw, &kinds) == nil && len(kinds) > 0 && kinds[0].Op != "" {
		columns, err := d.Cleaning.Columns(b, len(b.Draft.Steps))
		if err != nil {
			return nil, nil, err
		}
		return recipe.FromOpenRefine(raw, columns)
	}
	var steps recipe.Recipe
	if err := json.Unmarshal(raw, &steps); err != nil {
		if f, ok := ofText(err); ok {
			return nil, nil, f
		}
		return nil, nil, fault.New(fault.Invalid, "recipe.not_json").Because(err)
	}
	if len(steps) == 0 {
		return nil, nil, fault.New(fault.Invalid, "recipe.not_json")
	}
	return steps, nil, nil
}

// toldNotice says what of a history could not be taken.
func toldNotice(p *i18n.Printer, taken int, told []recipe.Told) *ui.Notice {
	n := &ui.Notice{Kind: ui.Warning, Title: p.T("cleaningweb.told", taken), Text: p.T("cleaningweb.told_text")}
	for _, t := range told {
		n.Items = append(n.Items, p.T(t.Key, t.Place, t.Op))
	}
	return n
}

// ofText makes a fault that people can mend one of the field they pasted into.
func ofText(err error) (error, bool) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind != fault.Invalid && f.Kind != fault.TooLarge {
		return err, false
	}
	return fault.Field("text", f.Key, f.Args...), true
}
