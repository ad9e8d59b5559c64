package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"reflect"
	"strings"
	"sync"

	"cultured/internal/i18n"
	"cultured/internal/recent"
)

// made keeps what components made of a value, so that a list of cards is not made anew for each visitor: a component is a
// function of its value and its language.
var made = recent.Cache[string, template.HTML]{
	Room: 8 << 20, // about four thousand cards
	Size: func(k string, v template.HTML) int { return len(k) + len(v) },
}

// singles are components parsed to be executed alone.
var singles struct {
	sync.Mutex
	sets map[single]*template.Template
}

type single struct {
	lang i18n.Lang
	name string
}

// A Kept value is made only when nothing made of its like is kept: Same names all it depends on but the language, within its component, for the life of the
// program; Value is the component's value.
type Kept interface {
	Same() string
	Value() any
}

// each is {{each "c-card" .Cards}}: what {{range .Cards}}{{template "c-card" .}}{{end}} gives, each made once for equal values. It is
// worth it where many answers share values; they must be [Kept], or plain data written whole by their exported fields.
func each(p *i18n.Printer) func(component string, values any) (template.HTML, error) {
	return func(component string, values any) (template.HTML, error) {
		list := reflect.ValueOf(values)
		parts := make([]string, list.Len())
		for i := range parts {
			html, err := makeOnce(p, component, list.Index(i).Interface())
			if err != nil {
				return "", err
			}
			parts[i] = string(html)
		}
		return template.HTML(strings.Join(parts, "")), nil
	}
}

func makeOnce(p *i18n.Printer, component string, value any) (template.HTML, error) {
	late, isKept := value.(Kept)
	k := string(p.Lang()) + component
	if isKept {
		k += late.Same()
	} else {
		written, err := json.Marshal(value)
		if err != nil {
			return "", fmt.Errorf("%s: %w", component, err)
		}
		k += string(written)
	}
	if html, ok := made.Get(k); ok {
		return html, nil
	}
	if isKept {
		value = late.Value()
	}
	var b bytes.Buffer
	if err := execute(p, &b, component, value); err != nil {
		return "", err
	}
	html := template.HTML(b.String()) // our own template's output, already escaped
	made.Put(k, html)
	return html, nil
}

// execute writes one component.
func execute(p *i18n.Printer, w io.Writer, component string, value any) error {
	set, err := alone(p, component)
	if err != nil {
		return err
	}
	return set.ExecuteTemplate(w, component, value)
}

// alone returns a component with those it calls, ready to be executed.
func alone(p *i18n.Printer, component string) (*template.Template, error) {
	singles.Lock()
	defer singles.Unlock()
	if set := singles.sets[single{p.Lang(), component}]; set != nil {
		return set, nil
	}
	all, err := allComponents(p)
	if err != nil {
		return nil, err
	}
	one := all.Lookup(component)
	if one == nil {
		return nil, fmt.Errorf("no component %q", component)
	}
	set, err := template.New(component).Funcs(funcs(p)).AddParseTree(component, one.Tree.Copy())
	if err == nil {
		set, err = withComponents(p, set)
	}
	if err != nil {
		return nil, err
	}
	if singles.sets == nil {
		singles.sets = map[single]*template.Template{}
	}
	singles.sets[single{p.Lang(), component}] = set
	return set, nil
}
