package ui

import (
	"bytes"
	"html/template"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jba/templatecheck"

	"cultured/internal/actor"
	"cultured/internal/assets"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/web"
)

func words(t *testing.T) *i18n.Catalogue {
	t.Helper()
	c, err := i18n.Load(Text)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// visit is a GET of path by who, in lang.
func visit(t *testing.T, path string, lang i18n.Lang, who actor.Actor) (*http.Request, *web.Visit) {
	t.Helper()
	v := &web.Visit{Lang: lang, P: words(t).For(lang), Actor: who, Path: path, Site: web.Brand{Name: "Ville d’Arles"}}
	return web.WithVisit(httptest.NewRequest("GET", path, nil), v), v
}

func TestRegistered_everyTemplateFitsItsType(t *testing.T) {
	c := words(t)
	if err := Prepare(c); err != nil {
		t.Fatal(err)
	}
	for _, r := range Registered() {
		tmpl, err := r.Parse(c.For(i18n.French))
		if err != nil {
			t.Fatal(err)
		}
		if err := templatecheck.CheckHTMLStrict(tmpl, r.Zero); err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
	}
}

func TestLayout_fitsItsType(t *testing.T) {
	set, err := layoutIn(words(t).For(i18n.French))
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"layout.tmpl", "end"} {
		if err := templatecheck.CheckHTMLStrict(set.Lookup(part), layout{}); err != nil {
			t.Errorf("%s: %v", part, err)
		}
	}
}

func TestComponents_fitTheirTypes(t *testing.T) {
	p := words(t).For(i18n.French)
	for name, zero := range map[string]any{"c-button": Button{}, "c-link-button": LinkButton{}, "c-field": Field{}, "c-textarea": Textarea{},
		"c-choice": Choice{}, "c-group": Group{}, "c-checkbox": Checkbox{}, "c-file-drop": FileDrop{}, "c-errors": FormErrors{}, "c-notice": Notice{},
		"c-toast": Toast{}, "c-badge": Badge{}, "c-empty": Empty{}, "c-page-head": PageHead{}, "c-tabs": Tabs{}, "c-pagination": Pagination{},
		"c-steps": Steps{}, "c-stepper": Stepper{}, "c-menu": Menu{}, "c-card": Card{}, "c-facts": Facts{}, "c-figures": Figures{},
		"c-confirm": Confirm{}, "c-code": Code{}, "c-details": Disclosure{}, "c-diff": Diff{}, "c-table": Table{}, "c-cell": Cell{},
		"c-facets": Facets{}, "c-progress": Progress{}, "c-score": Score{}, "c-split": Split{}, "c-bars": Bars{}, "c-histogram": Histogram{}} {
		one, err := template.New("one").Funcs(funcs(p)).Parse(`{{template "` + name + `" .}}`)
		if err != nil {
			t.Fatal(err)
		}
		if one, err = withComponents(p, one); err != nil {
			t.Fatal(err)
		}
		if err := templatecheck.CheckHTMLStrict(one, zero); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestComponents_refuseToBeNameless(t *testing.T) {
	for code, want := range map[string]string{
		`{{template "c-button" (button "")}}`:                    "c-button",
		`{{template "c-field" (field "a" " ")}}`:                 "c-field",
		`{{template "c-field" (field "" "A")}}`:                  "c-field",
		`{{template "c-group" (radios "a" "" (options))}}`:       "c-group",
		`{{template "c-link-button" (linkButton "Lire" "")}}`:    "c-link-button",
		`{{template "c-score" (score "" 1 9)}}`:                  "c-score",
		`{{template "c-notice" (notice "info" "")}}`:             "c-notice",
		`{{template "c-file-drop" (fileDrop "file" "")}}`:        "c-file-drop",
		`{{template "c-code" (code "" "x")}}`:                    "c-code",
		`{{template "c-page-head" (pageHead "" "Une phrase.")}}`: "c-page-head",
		`{{icon "unicorn"}}`:                                     "unicorn",
		`{{asset "unicorn.css"}}`:                                "unicorn.css",
	} {
		page := &Template[struct{}]{name: "x.tmpl", files: fstest.MapFS{"x.tmpl": {Data: []byte(code)}}, parsed: map[i18n.Lang]*template.Template{}}
		_, err := page.execute(words(t).For(i18n.French), struct{}{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got error %v, want one about %s", code, err, want)
		}
	}
}

func TestField_tiesLabelHintAndErrorToTheInput(t *testing.T) {
	errors := FormErrors{{"email", "Il manque un @."}}
	html := render(t, `{{template "c-field" ((((field "email" "Adresse").WithHint "Au travail.").WithValue "\"><b>").From .).Must}}`, errors)
	for _, want := range []string{`<label class="c-field__label" for="email">`, `id="email" name="email" type="text"`, `aria-invalid="true"`,
		`aria-describedby="email-hint email-error"`, `id="email-hint"`, `id="email-error"`, ` required>`, `value="&#34;&gt;&lt;b&gt;"`} {
		if !strings.Contains(html, want) {
			t.Errorf("got %s\nwant it to hold %s", html, want)
		}
	}
}

// render executes a template's text with data, in French.
func render[T any](t *testing.T, code string, data T) string {
	t.Helper()
	page := &Template[T]{name: "x.tmpl", files: fstest.MapFS{"x.tmpl": {Data: []byte(code)}}, parsed: map[i18n.Lang]*template.Template{}}
	b, err := page.execute(words(t).For(i18n.French), data)
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestRender_layout(t *testing.T) {
	steward := actor.Actor{ID: "p1", Name: "claire morel", Email: "claire@exemple.fr", Roles: []actor.Role{actor.Steward}}
	page := &Template[string]{name: "x.tmpl", files: fstest.MapFS{"x.tmpl": {Data: []byte(`<h1>{{.}}</h1>`)}}, parsed: map[i18n.Lang]*template.Template{}}
	for _, tc := range []struct {
		what, path string
		lang       i18n.Lang
		who        actor.Actor
		head       Head
		theme      string
		want       []string
		not        []string
	}{
		{"a visitor", "/catalogue/x", i18n.French, actor.Actor{}, Head{Title: "Gymnases", Crumbs: []Crumb{{"Catalogue", "/catalogue"}}}, "",
			[]string{`<html lang="fr">`, `<title>Gymnases — Ville d’Arles</title>`, `href="/catalogue" aria-current="page"`, `<span aria-current="page">Gymnases</span>`,
				`href="/sign-in?next=%2Fcatalogue%2Fx"`, `<h1>&lt;i&gt;</h1>`, `href="#content"`, `name="back" value="/catalogue/x"`},
			[]string{"/reviews", "/admin", "/datasets", "sign-out", "noindex", "/brand.css", "http-equiv"}},
		{"a steward, in English, in the dark", "/reviews", i18n.English, steward, Head{Title: "Reviews", NoIndex: true, Refresh: 2}, "dark",
			[]string{`<html lang="en" data-theme="dark">`, `href="/reviews" aria-current="page"`, `/sign-out`, `>CM<`, `noindex`,
				`<noscript><meta http-equiv="refresh" content="2"></noscript>`, `value="dark" aria-pressed="true"`, `lang="fr">Français`},
			[]string{`href="/admin"`, `href="/sign-in`}},
		{"a failed form", "/datasets/1", i18n.French, steward, Head{Title: "Fiche", Errors: FormErrors{{"title", "Donnez un titre."}}}, "",
			[]string{`<title>Erreur`, `<a href="#title">Donnez un titre.</a>`, `tabindex="-1" autofocus`, `href="/datasets" aria-current="page"`}, nil},
	} {
		r, v := visit(t, tc.path, tc.lang, tc.who)
		v.Theme = tc.theme
		w := httptest.NewRecorder()
		if err := page.Render(w, r, http.StatusOK, tc.head, "<i>"); err != nil {
			t.Fatalf("%s: %v", tc.what, err)
		}
		for _, want := range tc.want {
			if !strings.Contains(w.Body.String(), want) {
				t.Errorf("%s: want it to hold %s", tc.what, want)
			}
		}
		for _, not := range tc.not {
			if strings.Contains(w.Body.String(), not) {
				t.Errorf("%s: want it not to hold %s", tc.what, not)
			}
		}
		checkHTML(t, tc.what, w.Body.Bytes())
	}
}

func TestRender_writesNothingWhenTheTemplateFails(t *testing.T) {
	page := &Template[string]{name: "x.tmpl", files: fstest.MapFS{"x.tmpl": {Data: []byte(`before {{icon .}}`)}}, parsed: map[i18n.Lang]*template.Template{}}
	r, _ := visit(t, "/", i18n.French, actor.Actor{})
	w := httptest.NewRecorder()
	if err := page.Render(w, r, http.StatusOK, Head{Title: "x"}, "none"); err == nil {
		t.Error("got no error, want one")
	}
	if got := w.Body.Len(); got != 0 {
		t.Errorf("got %d bytes, want none", got)
	}
}

func TestRenderError_isAWholePage(t *testing.T) {
	r, _ := visit(t, "/x", i18n.French, actor.Actor{})
	w := httptest.NewRecorder()
	ShowError(w, r, web.Problem{Status: 404, Title: "Page introuvable", Text: "Vérifiez l’adresse."})
	if got, want := w.Code, 404; got != want {
		t.Errorf("got status %d, want %d", got, want)
	}
	checkHTML(t, "error page", w.Body.Bytes())
}

func TestGallery_showsEachComponentInBothLanguages(t *testing.T) {
	for _, lang := range i18n.Langs() {
		r, _ := visit(t, "/ui", lang, actor.Actor{})
		w := httptest.NewRecorder()
		if err := GalleryHandler(w, r); err != nil {
			t.Fatal(err)
		}
		checkHTML(t, "gallery", w.Body.Bytes())
		for _, bad := range []string{"⟦", " style=", "<style", "onclick"} {
			if bytes.Contains(w.Body.Bytes(), []byte(bad)) {
				t.Errorf("%s: got %q in the page, want none", lang, bad)
			}
		}
	}
}

var (
	ids     = regexp.MustCompile(` id="([^"]*)"`)
	refs    = regexp.MustCompile(` (?:for|list|aria-labelledby|aria-describedby)="([^"]*)"|href="#([^"]+)"`)
	control = regexp.MustCompile(`<(?:input|select|textarea)\b[^>]*>`)
	oneID   = regexp.MustCompile(` id="([^"]*)"`)
)

// checkHTML holds what every page promises: one h1 and main, unique ids, references that lead somewhere, a label for each control, words
// for each key.
func checkHTML(t *testing.T, what string, page []byte) {
	t.Helper()
	s := string(page)
	seen := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(s, -1) {
		if seen[m[1]] {
			t.Errorf("%s: id %q stands twice", what, m[1])
		}
		seen[m[1]] = true
	}
	for _, m := range refs.FindAllStringSubmatch(s, -1) {
		for id := range strings.FieldsSeq(m[1] + " " + m[2]) {
			if !seen[id] && !strings.Contains(m[0], "href") {
				t.Errorf("%s: %s leads nowhere", what, m[0])
			}
		}
	}
	for _, m := range control.FindAllString(s, -1) {
		id := oneID.FindStringSubmatch(m)
		if !strings.Contains(m, `type="hidden"`) && (id == nil || !strings.Contains(s, `for="`+id[1]+`"`)) {
			t.Errorf("%s: no label for %s", what, m)
		}
	}
	for _, tag := range []string{"<h1", "<main", "<header", "<footer", "<title>"} {
		if got := strings.Count(s, tag); got != 1 {
			t.Errorf("%s: got %d %s, want 1", what, got, tag)
		}
	}
	if strings.Contains(s, "⟦") {
		t.Errorf("%s: a key without words", what)
	}
}

func TestFormErrorsOf(t *testing.T) {
	p := words(t).For(i18n.French)
	var list fault.List
	list.Add("email", "ui.required")
	list.Add("name", "ui.optional")
	got, ok := FormErrorsOf(p, list.Err())
	if !ok || len(got) != 2 || got.For("name") != "(facultatif)" || got.For("other") != "" {
		t.Errorf("got %v, %v, want both faults", got, ok)
	}
	for _, err := range []error{nil, fault.New(fault.NotFound, "ui.page"), fault.New(fault.Internal, "ui.page"), http.ErrBodyNotAllowed} {
		if got, ok := FormErrorsOf(p, err); ok {
			t.Errorf("%v: got %v, want it left to the front desk", err, got)
		}
	}
}

func TestAssets_eachTemplateAssetIsBuilt(t *testing.T) {
	for _, name := range []string{"app.css", "app.js", "favicon.svg", "atkinson-next-latin.woff2"} {
		if assets.URL(name) == "" {
			t.Errorf("%s is not built", name)
		}
	}
}
