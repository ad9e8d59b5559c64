package learningweb

import (
	"cmp"
	"errors"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/filetype"
	"cultured/internal/i18n"
	"cultured/internal/learning"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type workPage struct {
	Head       ui.PageHead
	Action     string
	Back       string
	Kind       ui.Group
	Title      ui.Field
	Competence ui.Choice
	Level      ui.Group
	Shown      string // legend of the three ways to show it
	File       ui.FileDrop
	Dataset    *ui.Choice
	Address    ui.Field
	Version    ui.Field
	Note       ui.Textarea
	Until      ui.Field
}

var workTemplate = ui.Page[workPage](pages, "pages/work.tmpl")

// blank shows the form to add work, for the competence the address names.
func (d Desk) blank(w http.ResponseWriter, r *http.Request) error {
	if _, err := d.Mine(r.Context(), web.Actor(r)); err != nil {
		return err
	}
	return d.showWork(w, r, r.URL.Query(), nil)
}

func (d Desk) showWork(w http.ResponseWriter, r *http.Request, typed url.Values, errs ui.FormErrors) error {
	v := web.VisitOf(r)
	p := v.P
	f, err := d.framework(r)
	if err != nil {
		return err
	}
	own, err := d.Datasets(r.Context(), v.Actor)
	if err != nil {
		return err
	}
	page := workPage{Head: ui.PageHead{Title: p.T("learningweb.add"), Lead: p.T("learningweb.add_lead")}, Action: home + "/new", Back: home,
		Title:      ui.Field{Name: "title", Label: p.T("learningweb.work_title"), Hint: p.T("learningweb.work_title_hint"), MaxLength: learning.TitleMost, Required: true, Autocomplete: "off"},
		Competence: ui.Choice{Name: "competence", Label: p.T("learningweb.work_competence"), Empty: p.T("learningweb.choose"), Required: true},
		Level:      ui.Group{Name: "level", Label: p.T("learningweb.work_level"), Hint: p.T("learningweb.work_level_hint"), Required: true},
		Shown:      p.T("learningweb.work_shown"),
		File:       ui.FileDrop{Name: "file", Label: p.T("learningweb.work_file"), Hint: p.T("learningweb.work_file_hint"), Error: errs.For("file"), Accept: strings.Join(filetype.Endings(), ","), Limit: learning.FileMost},
		Address:    ui.Field{Name: "address", Label: p.T("learningweb.work_address"), Hint: p.T("learningweb.work_address_hint"), MaxLength: learning.AddressMost, Autocomplete: "off", Optional: true},
		Version:    ui.Field{Name: "version", Label: p.T("learningweb.work_version"), Hint: p.T("learningweb.work_version_hint"), MaxLength: learning.TitleMost, Optional: true, Autocomplete: "off", Size: "medium"},
		Note:       ui.Textarea{Name: "note", Label: p.T("learningweb.work_note"), Hint: p.T("learningweb.work_note_hint"), MaxLength: learning.NoteMost, Required: true},
		Until:      ui.Field{Name: "until", Type: "date", Label: p.T("learningweb.work_until"), Hint: p.T("learningweb.work_until_hint"), Size: "short", Optional: true}}
	for _, field := range []*ui.Field{&page.Title, &page.Address, &page.Version, &page.Until} {
		field.Value, field.Error = typed.Get(field.Name), errs.For(field.Name)
	}
	page.Kind = kindGroup(p, typed.Get("kind"), errs)
	page.Note.Value, page.Note.Error = typed.Get("note"), errs.For("note")
	page.Competence.Error, page.Competence.Options = errs.For("competence"), f.options(typed.Get("competence"))
	page.Level.Error = errs.For("level")
	for n := 1; n <= learning.Highest; n++ {
		value := strconv.Itoa(n)
		page.Level.Options = append(page.Level.Options, ui.Option{Value: value, Label: f.level(n), Hint: p.T("learningweb.means_" + value), Selected: typed.Get("level") == value})
	}
	if len(own) > 0 {
		page.Dataset = datasetChoice(p, own, typed.Get("dataset"))
		page.Dataset.Error = errs.For("dataset")
	}
	return workTemplate.Render(w, r, statusOf(errs), ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbs(p), Errors: errs, NoIndex: true}, page)
}

func kindGroup(p *i18n.Printer, chosen string, errs ui.FormErrors) ui.Group {
	g := ui.Group{Name: "kind", Label: p.T("learningweb.work_kind"), Error: errs.For("kind"), Required: true}
	for _, k := range []string{learning.Work, learning.Event} {
		g.Options = append(g.Options, ui.Option{Value: k, Label: p.T("learningweb.kind_" + k), Hint: p.T("learningweb.kind_hint_" + k), Selected: cmp.Or(chosen, learning.Work) == k})
	}
	return g
}

// statusOf is 422 for a form with something wrong in it.
func statusOf(errs ui.FormErrors) int {
	if len(errs) > 0 {
		return http.StatusUnprocessableEntity
	}
	return http.StatusOK
}

// options are the competences, by family.
func (f Framework) options(chosen string) (out []ui.Option) {
	for _, c := range f.Competences {
		out = append(out, ui.Option{Value: c.Code, Label: c.named(), Group: c.Family, Selected: c.Code == chosen})
	}
	return out
}

func datasetChoice(p *i18n.Printer, own []Dataset, chosen string) *ui.Choice {
	c := &ui.Choice{Name: "dataset", Label: p.T("learningweb.work_dataset"), Hint: p.T("learningweb.work_dataset_hint"), Empty: p.T("learningweb.work_elsewhere"), Optional: true}
	for _, ds := range own {
		c.Options = append(c.Options, ui.Option{Value: ds.ID, Label: ds.Title, Selected: ds.ID == chosen})
	}
	return c
}

// create adds work. A dataset that was chosen stands before the address that was written: it has a version and a hash.
func (d Desk) create(w http.ResponseWriter, r *http.Request) error {
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, parseWork(w, r)); ok {
		return d.showWork(w, r, url.Values{}, errs) // nothing of it could be read
	}
	form := r.PostForm
	level, _ := strconv.Atoi(form.Get("level")) // no number is no level: the rule says so
	draft := learning.Draft{Title: form.Get("title"), Address: form.Get("address"), Version: form.Get("version"), Note: form.Get("note"), Kind: form.Get("kind"), Code: form.Get("competence"), Level: level, Until: untilOf(form.Get("until"))}
	chosen := chosenFile(r)
	id, err := d.addWith(r, draft, form.Get("dataset"), chosen)
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		if chosen != nil && errs.For("file") == "" { // a page cannot choose it for them
			errs = append(errs, ui.FormError{Field: "file", Text: web.VisitOf(r).P.T("learningweb.file_again", filetype.Name(chosen.Filename))})
		}
		return d.showWork(w, r, form, errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, path(id), web.Said{Kind: "success", Key: "learningweb.added"})
}

// Bounds of a sending, in bytes: what is a little too large is refused beside its field, with the rest kept.
const (
	sentMost = 3 * learning.FileMost
	memory   = 1 << 20 // held in memory; the rest lies on disk until the request ends
)

// parseWork reads the form, with its file where it was sent as one.
func parseWork(w http.ResponseWriter, r *http.Request) error {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		if err := r.ParseForm(); err != nil {
			return fault.New(fault.Invalid, "learningweb.bad_sending").Because(err)
		}
		return nil
	}
	web.LimitBody(w, r, sentMost)
	err = r.ParseMultipartForm(memory)
	if _, large := errors.AsType[*http.MaxBytesError](err); large {
		return fault.Field("file", "learningweb.sending_large", learning.FileMost/1_000_000)
	}
	if err != nil {
		err = fault.New(fault.Invalid, "learningweb.bad_sending").Because(err)
	}
	return err
}

// chosenFile is the file that was sent, nil for none: a field nobody touched sends an empty one without a name.
func chosenFile(r *http.Request) *multipart.FileHeader {
	if r.MultipartForm == nil {
		return nil
	}
	for _, one := range r.MultipartForm.File["file"] {
		if one.Filename != "" || one.Size > 0 {
			return one
		}
	}
	return nil
}

// addWith adds work with the file that was chosen, nil for none.
func (d Desk) addWith(r *http.Request, draft learning.Draft, dataset string, chosen *multipart.FileHeader) (learning.ID, error) {
	if chosen == nil {
		return d.add(r, draft, dataset)
	}
	body, err := chosen.Open()
	if err != nil {
		return "", err
	}
	draft.File = &learning.Upload{Name: chosen.Filename, Bytes: chosen.Size, Body: body}
	id, err := d.add(r, draft, dataset)
	return id, errors.Join(err, body.Close())
}

func (d Desk) add(r *http.Request, draft learning.Draft, chosen string) (learning.ID, error) {
	by := web.Actor(r)
	f, err := d.framework(r)
	if err != nil {
		return "", err
	}
	if f.find(draft.Code).Label == "" {
		return "", fault.Field("competence", "learning.bad_competence")
	}
	if chosen != "" {
		ds, err := d.Dataset(r.Context(), by, chosen)
		if err != nil {
			return "", err
		}
		draft.Address, draft.Version, draft.Hash = ui.Link("/datasets", ds.ID), ds.Version, ds.Hash
	}
	return d.Add(r.Context(), by, draft)
}

// untilOf is the first moment after a day that was written, zero for none; what is no date is the distant past, which the rules refuse.
func untilOf(day string) time.Time {
	if day == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return time.Unix(0, 0)
	}
	return at.AddDate(0, 0, 1)
}
