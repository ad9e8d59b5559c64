package ui

import (
	"html/template"
	"io/fs"
	"path"
	"sync"
	"text/template/parse"

	"cultured/internal/i18n"
)

// components keeps the parsed components of each language; they are never executed, only copied from.
var components struct {
	sync.Mutex
	sets map[i18n.Lang]*template.Template
}

// forget drops what was parsed with other words.
func forget() {
	components.Lock()
	clear(components.sets)
	components.Unlock()
	layouts.Lock()
	clear(layouts.sets)
	layouts.Unlock()
	galleries.Lock()
	clear(galleries.made)
	galleries.Unlock()
	singles.Lock()
	clear(singles.sets)
	singles.Unlock()
	made.Clear()
}

// allComponents returns every component in the printer's language. It must not be executed or changed.
func allComponents(p *i18n.Printer) (*template.Template, error) {
	components.Lock()
	defer components.Unlock()
	if set, ok := components.sets[p.Lang()]; ok {
		return set, nil
	}
	set, err := template.New("components").Funcs(funcs(p)).ParseFS(files, "component/*/*.tmpl")
	if err != nil {
		return nil, err
	}
	if err := settle(p, set); err != nil {
		return nil, err
	}
	if components.sets == nil {
		components.sets = map[i18n.Lang]*template.Template{}
	}
	components.sets[p.Lang()] = set
	return set, nil
}

// parseFiles parses files into a template named after the first, with the components they use and no others: a page that held all of
// them would keep a third of a megabyte in each language.
func parseFiles(p *i18n.Printer, from fs.FS, names ...string) (*template.Template, error) {
	set, err := template.New(path.Base(names[0])).Funcs(funcs(p)).ParseFS(from, names...)
	if err != nil {
		return nil, err
	}
	if err := settle(p, set); err != nil {
		return nil, err
	}
	return withComponents(p, set)
}

// withComponents adds to set the components it calls, and those they call.
func withComponents(p *i18n.Printer, set *template.Template) (*template.Template, error) {
	all, err := allComponents(p)
	if err != nil {
		return nil, err
	}
	wait := []string{}
	for _, t := range set.Templates() {
		wait = calls(t.Tree.Root, wait)
	}
	for len(wait) > 0 {
		name := wait[len(wait)-1]
		wait = wait[:len(wait)-1]
		component := all.Lookup(name)
		if set.Lookup(name) != nil || component == nil {
			continue // known, or unknown to all: executing says so
		}
		tree := component.Tree.Copy()
		if _, err := set.AddParseTree(name, tree); err != nil {
			return nil, err
		}
		wait = calls(tree.Root, wait)
	}
	return set, nil
}

// calls appends the names of the templates a node calls.
func calls(n parse.Node, names []string) []string {
	branch := func(b *parse.BranchNode) []string {
		names = calls(b.List, names)
		if b.ElseList != nil {
			names = calls(b.ElseList, names)
		}
		return names
	}
	switch n := n.(type) {
	case *parse.ListNode:
		for _, child := range n.Nodes {
			names = calls(child, names)
		}
	case *parse.IfNode:
		return branch(&n.BranchNode)
	case *parse.RangeNode:
		return branch(&n.BranchNode)
	case *parse.WithNode:
		return branch(&n.BranchNode)
	case *parse.TemplateNode:
		return append(names, n.Name)
	}
	return names
}
