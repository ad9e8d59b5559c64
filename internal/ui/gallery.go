package ui

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"

	"cultured/internal/i18n"
	"cultured/internal/web"
)

// gallery is the page /ui: every component in each state, from the components' own .md files, which are the documentation.
type gallery struct {
	Components []component
	Colours    []string
	Families   []string
	Icons      []string
}

// A component is one .md file of internal/ui/component.
type component struct {
	ID, Title, Text string
	States          []state
}

// A state is one example: its code, and what it gives on each side.
type state struct {
	Title, Code string
	Light, Dark template.HTML
}

var galleryPage = Page[gallery](files, "layout/gallery.tmpl")

var galleries struct {
	sync.Mutex
	made map[i18n.Lang]gallery
}

// GalleryHandler answers with the page of all components. It shows nothing private and changes nothing.
func GalleryHandler(w http.ResponseWriter, r *http.Request) error {
	p := web.VisitOf(r).P
	galleries.Lock()
	defer galleries.Unlock()
	g, ok := galleries.made[p.Lang()]
	if !ok {
		var err error
		if g, err = newGallery(p); err != nil {
			return err
		}
		if galleries.made == nil {
			galleries.made = map[i18n.Lang]gallery{}
		}
		galleries.made[p.Lang()] = g
	}
	return galleryPage.Render(w, r, http.StatusOK, Head{Title: p.T("ui.gallery_title"), Wide: true, NoIndex: true}, g)
}

func newGallery(p *i18n.Printer) (gallery, error) {
	g := gallery{Colours: []string{"ground", "surface", "sunken", "line", "line-strong", "ink", "ink-soft", "accent", "accent-soft", "warm",
		"info", "success", "warning", "error"}, Icons: IconNames()}
	for n := range 9 {
		g.Families = append(g.Families, fmt.Sprintf("family-%d", n+1))
	}
	docs, err := fs.Glob(files, "component/*/*.md")
	if err != nil {
		return g, err
	}
	data, err := sampleData()
	if err != nil {
		return g, err
	}
	for _, doc := range docs {
		b, err := files.ReadFile(doc)
		if err != nil {
			return g, err
		}
		c := readComponent(strings.TrimSuffix(path.Base(doc), ".md"), string(b))
		for i := range c.States {
			if err := c.States[i].draw(p, data, fmt.Sprintf("%s-%d", c.ID, i+1)); err != nil {
				return g, fmt.Errorf("ui: %s: %w", doc, err)
			}
		}
		g.Components = append(g.Components, c)
	}
	return g, nil
}

// readComponent reads a .md file: "# Title", sentences, then for each state "## Title" and a fenced template.
func readComponent(id, doc string) component {
	c := component{ID: id}
	var fence bool
	for line := range strings.Lines(doc) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "```"):
			fence = !fence
		case fence:
			last := &c.States[len(c.States)-1]
			last.Code += line + "\n"
		case strings.HasPrefix(line, "## "):
			c.States = append(c.States, state{Title: line[3:]})
		case strings.HasPrefix(line, "# "):
			c.Title = line[2:]
		case line != "" && len(c.States) == 0:
			c.Text = strings.TrimSpace(c.Text + " " + strings.ReplaceAll(line, "`", ""))
		}
	}
	return c
}

// draw executes the example once for each side.
func (s *state) draw(p *i18n.Printer, data samples, key string) error {
	set, err := template.New("example").Funcs(funcs(p)).Parse(s.Code)
	if err != nil {
		return err
	}
	if set, err = withComponents(p, set); err != nil {
		return err
	}
	var buf bytes.Buffer
	if err := set.Execute(&buf, data); err != nil {
		return err
	}
	s.Light = apart(buf.String(), key+"-l", p.T("ui.gallery_light"))
	s.Dark = apart(buf.String(), key+"-d", p.T("ui.gallery_dark"))
	return nil
}

var (
	idAttribute = regexp.MustCompile(` (id|for|list|aria-labelledby)="([^"]+)"`)
	described   = regexp.MustCompile(` aria-describedby="([^"]+)"`)
	fragment    = regexp.MustCompile(` href="#([^"]+)"`)
	landmark    = regexp.MustCompile(`(<(?:nav|form|pre|div)[^>]* aria-label=")([^"]+)"`)
	radio       = regexp.MustCompile(` name="([^"]+)" type="radio"`)
)

// apart makes an example stand beside others: its ids, landmarks and groups become its own, it takes no focus, and its h1 an h3.
func apart(html, key, side string) template.HTML {
	html = idAttribute.ReplaceAllString(html, ` $1="$2-`+key+`"`)
	html = described.ReplaceAllStringFunc(html, func(m string) string {
		ids := strings.Fields(described.FindStringSubmatch(m)[1])
		return ` aria-describedby="` + strings.Join(ids, "-"+key+" ") + "-" + key + `"`
	})
	html = fragment.ReplaceAllString(html, ` href="#$1-`+key+`"`)
	html = landmark.ReplaceAllString(html, `$1$2 (`+side+", "+key+`)"`)
	html = radio.ReplaceAllString(html, ` name="$1-`+key+`" type="radio"`)
	html = strings.NewReplacer("</caption>", `<span class="u-hidden"> (`+side+`)</span></caption>`, " autofocus", "", ` role="alert"`, "",
		"<h1", "<h4", "</h1>", "</h4>", "<h2", "<h4", "</h2>", "</h4>", "<h3", "<h4", "</h3>", "</h4>").Replace(html)
	return template.HTML(html) // our own components' output, already escaped
}
