package ui

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"sync"

	"cultured/internal/i18n"
	"cultured/internal/web"
)

// A Template is one page or fragment whose dot is a T. It is parsed once per language and safe for concurrent use.
type Template[T any] struct {
	name   string
	files  fs.FS
	others []string
	mu     sync.Mutex
	parsed map[i18n.Lang]*template.Template
}

// A Registration is what a guard needs to check one template against its type, in one language.
type Registration struct {
	Name  string // path of the template in its room
	Zero  any    // a zero value of the template's type
	Parse func(p *i18n.Printer) (*template.Template, error)
}

var registered struct {
	sync.Mutex
	all   []Registration
	reset []func()
}

// Page declares a template, as a package variable of a room:
//
//	var checkPage = ui.Page[CheckPage](pages, "pages/check.tmpl", "pages/verdict.tmpl")
//
// name is the page; others are files it may call by base name: {{template "verdict.tmpl" .Verdict}}. Nothing is parsed yet.
func Page[T any](files fs.FS, name string, others ...string) *Template[T] {
	t := &Template[T]{name: name, files: files, others: others, parsed: map[i18n.Lang]*template.Template{}}
	var zero T
	registered.Lock()
	defer registered.Unlock()
	registered.all = append(registered.all, Registration{Name: name, Zero: zero, Parse: t.parse})
	registered.reset = append(registered.reset, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		clear(t.parsed)
	})
	return t
}

// Registered lists every template declared in the program, sorted by name.
func Registered() []Registration {
	registered.Lock()
	defer registered.Unlock()
	return slices.SortedFunc(slices.Values(registered.all), func(a, b Registration) int { return cmp.Compare(a.Name, b.Name) })
}

// Prepare makes every template forget the words it was parsed with and parses it again in each language, so that a broken one stops the
// program at start and no visitor waits for parsing.
func Prepare(c *i18n.Catalogue) error {
	forget()
	registered.Lock()
	reset := slices.Clone(registered.reset)
	registered.Unlock()
	for _, again := range reset {
		again()
	}
	for _, lang := range i18n.Langs() {
		for _, r := range Registered() {
			if _, err := r.Parse(c.For(lang)); err != nil {
				return fmt.Errorf("ui: %s: %w", r.Name, err)
			}
		}
	}
	return nil
}

// parse returns the template in the printer's language, from memory if it can.
func (t *Template[T]) parse(p *i18n.Printer) (*template.Template, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if parsed, ok := t.parsed[p.Lang()]; ok {
		return parsed, nil
	}
	set, err := parseFiles(p, t.files, append([]string{t.name}, t.others...)...)
	if err != nil {
		return nil, err
	}
	t.parsed[p.Lang()] = set
	return set, nil
}

// pages are buffers pages are made in: one that grew to a page's size is good for the next.
var pages = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// largestPage is the largest buffer kept for the next page, in bytes.
const largestPage = 1 << 20

func giveBack(b *bytes.Buffer) {
	if b.Cap() <= largestPage {
		b.Reset()
		pages.Put(b)
	}
}

// execute renders the template alone; give the buffer back.
func (t *Template[T]) execute(p *i18n.Printer, data T) (*bytes.Buffer, error) {
	set, err := t.parse(p)
	if err != nil {
		return nil, fmt.Errorf("ui: parse %s: %w", t.name, err)
	}
	buf := pages.Get().(*bytes.Buffer)
	if err := set.ExecuteTemplate(buf, path.Base(t.name), data); err != nil {
		giveBack(buf)
		return nil, fmt.Errorf("ui: render %s: %w", t.name, err)
	}
	return buf, nil
}

// Render answers with the whole page: layout, then data in the template. Nothing is written when it returns an error before the answer starts.
func (t *Template[T]) Render(w http.ResponseWriter, r *http.Request, status int, head Head, data T) error {
	visit := web.VisitOf(r)
	body, err := t.execute(visit.P, data)
	if err != nil {
		return err
	}
	defer giveBack(body)
	return writeLayout(w, status, newLayout(visit, r, head), body.Bytes())
}

// Text is the template alone, for one message to many.
func (t *Template[T]) Text(p *i18n.Printer, data T) (string, error) {
	body, err := t.execute(p, data)
	if err != nil {
		return "", err
	}
	defer giveBack(body)
	return body.String(), nil
}

// Fragment answers with the template alone, without layout: what the islands ask for.
func (t *Template[T]) Fragment(w http.ResponseWriter, r *http.Request, status int, data T) error {
	body, err := t.execute(web.VisitOf(r).P, data)
	if err != nil {
		return err
	}
	defer giveBack(body)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err = body.WriteTo(w)
	return err
}
