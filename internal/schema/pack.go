package schema

import (
	"encoding/json"
	"io/fs"
	"strings"
	"sync"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/french"
)

// An Entry is one schema of a pack, as its index describes it.
type Entry struct {
	Name        string   `json:"name"` // owner/name in the registry, the key
	Owner       string   `json:"owner"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Version     string   `json:"version"`
	Labels      []string `json:"labels"`
	SCDL        bool     `json:"scdl"`     // carries the label "Socle Commun des Données Locales"
	License     string   `json:"license"`  // SPDX-like identifier, for example "etalab-2.0"
	Homepage    string   `json:"homepage"` // address
	Source      string   `json:"source"`   // address of the schema in the registry
	Path        string   `json:"path"`     // in the pack
	Columns     []string `json:"columns"`  // names of the fields, in order
	Required    []string `json:"required"` // those that are required

	file     fs.FS
	once     sync.Once
	schema   Schema
	warnings []finding.Finding
	err      error
}

// Schema parses the schema at the first call and keeps it. Faults: Internal "schema.pack_broken".
func (e *Entry) Schema() (Schema, []finding.Finding, error) {
	e.once.Do(func() {
		raw, err := fs.ReadFile(e.file, e.Path)
		if err == nil {
			e.schema, e.warnings, err = Parse(raw)
		}
		if err != nil {
			e.err = fault.New(fault.Internal, "schema.pack_broken", e.Name).Because(err)
			return
		}
		if e.schema.Title == "" {
			e.schema.Title = e.Title
		}
		if e.schema.Version == "" {
			e.schema.Version = e.Version
		}
	})
	return e.schema, e.warnings, e.err
}

// A Pack is a set of schemas with an index. Safe for concurrent use.
type Pack struct {
	Snapshot string // when the schemas were copied: year and month, or a full date
	Registry string // where they come from
	entries  []*Entry
	byName   map[string]*Entry
	keys     [][]string         // loose column names of each entry
	weight   map[string]float64 // of a loose column name: rarer names say more
}

// LoadPack reads index.json of the pack and nothing else: a schema is parsed when it is first asked for.
func LoadPack(fsys fs.FS) (p *Pack, err error) {
	defer fault.Wrap(&err, "schema.LoadPack")
	raw, err := fs.ReadFile(fsys, "index.json")
	if err != nil {
		return nil, fault.New(fault.Internal, "schema.pack_broken", "index.json").Because(err)
	}
	var index struct {
		Snapshot string   `json:"snapshot"`
		Registry string   `json:"registry"`
		Schemas  []*Entry `json:"schemas"`
	}
	if err := json.Unmarshal(raw, &index); err != nil {
		return nil, fault.New(fault.Internal, "schema.pack_broken", "index.json").Because(err)
	}
	p = &Pack{Snapshot: index.Snapshot, Registry: index.Registry, entries: index.Schemas, byName: map[string]*Entry{},
		weight: map[string]float64{}}
	for _, e := range p.entries {
		e.file = fsys
		p.byName[strings.ToLower(e.Name)] = e
		keys := make([]string, len(e.Columns))
		for i, c := range e.Columns {
			keys[i] = loose(c)
			p.weight[keys[i]]++
		}
		p.keys = append(p.keys, keys)
	}
	for key, n := range p.weight {
		p.weight[key] = 1 / n
	}
	return p, nil
}

// All lists the schemas in the order of the index, which is alphabetical.
func (p *Pack) All() []*Entry { return p.entries }

// Find returns the schema a person means: "scdl/deliberations", "deliberations", the title, or the address in the
// registry; case and accents do not count, and a version may follow after "@". Faults: NotFound "schema.unknown" when
// none or several fit.
func (p *Pack) Find(ref string) (*Entry, error) {
	name, version, pinned := strings.Cut(strings.TrimSpace(ref), "@")
	if strings.Contains(ref, "://") {
		name, pinned = ref, false
	}
	var found *Entry
	if e := p.byName[strings.ToLower(name)]; e != nil {
		found = e
	} else {
		key, several := french.Fold(name), false
		for _, e := range p.entries {
			_, short, _ := strings.Cut(e.Name, "/")
			if french.Fold(short) == key || french.Fold(strings.TrimPrefix(short, "schema-")) == key ||
				french.Fold(e.Title) == key || e.Source == name {
				found, several = e, found != nil
			}
		}
		if several {
			found = nil
		}
	}
	if found == nil || name == "" || pinned && strings.TrimPrefix(version, "v") != found.Version {
		return nil, fault.New(fault.NotFound, "schema.unknown", ref)
	}
	return found, nil
}
