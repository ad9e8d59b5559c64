package ui

import (
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/url"
	"slices"
	"strings"
	"sync"

	"cultured/internal/assets"
	"cultured/internal/i18n"
)

//go:embed component layout icons
var files embed.FS

// Text is the words of the design system: keys "ui.…".
//
//go:embed text/*.json
var Text embed.FS

// funcs is everything a template may call, besides the standard ones.
func funcs(p *i18n.Printer) template.FuncMap {
	m := template.FuncMap{
		"t": p.T, "number": p.Number, "decimal": p.Decimal, "percent": p.Percent, "date": p.Date, "datetime": p.DateTime, "bytes": p.Bytes,
		"lang": func() string { return string(p.Lang()) }, "asset": asset, "icon": Icon, "link": Link, "query": Query, "named": named, "each": each(p), "cells": cells(p),
	}
	for name, f := range constructors() {
		m[name] = f
	}
	return m
}

// asset is the address of a built file; an unknown one is our bug.
func asset(name string) (string, error) {
	if u := assets.URL(name); u != "" {
		return u, nil
	}
	return "", fmt.Errorf("no asset %q", name)
}

// named stops a component that would reach the page without an accessible name. It prints nothing.
func named(component string, names ...string) (string, error) {
	for _, name := range names {
		if strings.TrimSpace(name) == "" {
			return "", fmt.Errorf("%s without a name or label", component)
		}
	}
	return "", nil
}

// Link builds a path from segments, escaping each but the first: Link("/datasets", id, "record").
func Link(base string, segments ...string) string {
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(base, "/"))
	for _, s := range segments {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(s))
	}
	return b.String()
}

// Query adds name, value pairs to a path; an empty value is left out: Query("/catalogue", "q", q, "page", "2").
func Query(path string, pairs ...string) (string, error) {
	if len(pairs)%2 != 0 {
		return "", fmt.Errorf("query: %d pairs and a half", len(pairs)/2)
	}
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			v.Add(pairs[i], pairs[i+1])
		}
	}
	if len(v) == 0 {
		return path, nil
	}
	sep := "?"
	if strings.Contains(path, "?") {
		sep = "&"
	}
	return path + sep + v.Encode(), nil
}

var icons = sync.OnceValue(func() map[string]template.HTML {
	entries, err := fs.ReadDir(files, "icons")
	if err != nil {
		panic(err)
	}
	m := map[string]template.HTML{}
	for _, e := range entries {
		name, isIcon := strings.CutSuffix(e.Name(), ".svg")
		if !isIcon {
			continue
		}
		b, err := files.ReadFile("icons/" + e.Name())
		if err != nil {
			panic(err)
		}
		svg := strings.Replace(strings.TrimSpace(string(b)), iconHead, `<svg class="c-icon" aria-hidden="true" focusable="false" width="20" height="20" viewBox="0 0 24 24">`, 1)
		m[name] = template.HTML(svg)
	}
	return m
})

// iconHead begins every file of the set. What it says of strokes stands in the style sheet (.c-icon): on a page of the catalogue it was a
// quarter of all bytes.
const iconHead = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">`

// Icon is an inlined picture of the set in internal/ui/icons (Lucide). It is hidden from screen readers: put words beside it, seen or
// visually hidden. Fault: an unknown name.
func Icon(name string) (template.HTML, error) {
	if svg, ok := icons()[name]; ok {
		return svg, nil
	}
	return "", fmt.Errorf("no icon %q", name)
}

// IconNames lists the icons, sorted.
func IconNames() []string { return slices.Sorted(maps.Keys(icons())) }
