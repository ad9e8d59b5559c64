package schema

import (
	"encoding/json"
	"io/fs"
	"strings"
	"sync"
	"sync/atomic"

	"cultured/internal/fault"
	"cultured/internal/finding"
	"cultured/internal/french"
)

// The kinds of schema a pack holds.
const (
	KindTable    = ""         // a Table Schema
	KindDocument = "document" // a JSON Schema
	KindPackage  = "package"  // a Data Package: several tables, each with a schema
)

// An Entry is one schema of a pack, as its index describes it.
type Entry struct {
	Name        string   `json:"name"`           // owner/name in the registry, the key; an older version adds "@" and its number
	Kind        string   `json:"kind,omitempty"` // KindTable, KindDocument or KindPackage
	Owner       string   `json:"owner"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Version     string   `json:"version"`
	Labels      []string `json:"labels"`
	SCDL        bool     `json:"scdl"`             // carries the label "Socle Commun des Données Locales"
	License     string   `json:"license"`          // SPDX-like identifier, for example "etalab-2.0"
	Homepage    string   `json:"homepage"`         // address
	Source      string   `json:"source"`           // address of the schema in the registry
	Path        string   `json:"path"`             // in the pack
	Columns     []string `json:"columns"`          // names of the fields, in order; none but for tables
	Required    []string `json:"required"`         // those that are required
	Older       []*Entry `json:"older,omitempty"`  // earlier versions kept, newest first
	Tables      []string `json:"tables,omitempty"` // of a package: the names of its tables

	file     fs.FS
	once     sync.Once
	schema   Schema
	warnings []finding.Finding
	err      error
}

// Schema parses the schema at the first call and keeps it. Faults: Internal "schema.pack_broken"; Invalid
// "schema.is_package" for a package, which is no single schema.
func (e *Entry) Schema() (Schema, []finding.Finding, error) {
	e.once.Do(func() {
		if e.Kind == KindPackage {
			e.err = fault.New(fault.Invalid, "schema.is_package", e.Title)
			return
		}
		raw, err := e.Raw()
		if err == nil {
			err = e.read(raw)
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

func (e *Entry) read(raw []byte) (err error) {
	if e.Kind == KindDocument {
		var d *Document
		if d, err = ParseDocument(raw, e.Title); err == nil {
			e.schema = *d.schema(e.Name)
		}
		return err
	}
	e.schema, e.warnings, err = Parse(raw)
	return err
}

// Raw is the schema as its owner published it. Faults: Internal "schema.pack_broken".
func (e *Entry) Raw() ([]byte, error) {
	raw, err := fs.ReadFile(e.file, e.Path)
	if err != nil {
		return nil, fault.New(fault.Internal, "schema.pack_broken", e.Name).Because(err)
	}
	return raw, nil
}

// A Pack is a set of schemas with an index, which may be replaced by a newer one while it serves. Safe for concurrent
// use.
type Pack struct {
	now atomic.Pointer[edition]
}

// An edition is what a pack holds at a time; it does not change.
type edition struct {
	snapshot string
	registry string
	entries  []*Entry
	byName   map[string]*Entry
	keys     [][]string         // loose column names of each entry
	weight   map[string]float64 // of a loose column name: rarer names say more

	wordsOnce  sync.Once
	words      [][][]string       // of the column names of each entry; see lexicon
	wordWeight map[string]float64 // rarer words say more
}

// index is index.json.
type index struct {
	Snapshot string   `json:"snapshot"`
	Registry string   `json:"registry"`
	Schemas  []*Entry `json:"schemas"`
}

// LoadPack reads index.json of the pack and nothing else: a schema is parsed when it is first asked for. Faults:
// Internal "schema.pack_broken".
func LoadPack(fsys fs.FS) (p *Pack, err error) {
	defer fault.Wrap(&err, "schema.LoadPack")
	raw, err := fs.ReadFile(fsys, "index.json")
	if err != nil {
		return nil, fault.New(fault.Internal, "schema.pack_broken", "index.json").Because(err)
	}
	var in index
	if err := json.Unmarshal(raw, &in); err != nil {
		return nil, fault.New(fault.Internal, "schema.pack_broken", "index.json").Because(err)
	}
	ed := &edition{snapshot: in.Snapshot, registry: in.Registry, entries: in.Schemas, byName: map[string]*Entry{}, weight: map[string]float64{}}
	for _, e := range ed.entries {
		ed.keys = append(ed.keys, ed.add(e, fsys))
		for _, key := range ed.keys[len(ed.keys)-1] {
			ed.weight[key]++
		}
		for _, old := range e.Older {
			old.Kind, old.Owner, old.Title, old.Description = e.Kind, e.Owner, e.Title, e.Description
			old.Labels, old.SCDL, old.License, old.Homepage = e.Labels, e.SCDL, e.License, e.Homepage
			ed.add(old, fsys)
		}
	}
	for key, n := range ed.weight {
		ed.weight[key] = 1 / n
	}
	p = &Pack{}
	p.now.Store(ed)
	return p, nil
}

// add makes an entry known by its name, and returns its columns as they are compared.
func (ed *edition) add(e *Entry, fsys fs.FS) []string {
	e.file = fsys
	ed.byName[strings.ToLower(e.Name)] = e
	keys := make([]string, len(e.Columns))
	for i, c := range e.Columns {
		keys[i] = loose(c)
	}
	return keys
}

// Replace makes p hold what other holds, for all who ask from now on.
func (p *Pack) Replace(other *Pack) { p.now.Store(other.now.Load()) }

// Snapshot is when the schemas were copied: year and month, or a full date.
func (p *Pack) Snapshot() string { return p.now.Load().snapshot }

// Registry is where the schemas come from: an address.
func (p *Pack) Registry() string { return p.now.Load().registry }

// All lists the schemas in the order of the index, which is alphabetical; earlier versions are in their entries.
func (p *Pack) All() []*Entry { return p.now.Load().entries }

// Find returns the schema a person means: "scdl/deliberations", "deliberations", the title, or the address in the
// registry; case and accents do not count, and a version may follow after "@". Faults: NotFound "schema.unknown" when
// none or several fit.
func (p *Pack) Find(ref string) (*Entry, error) {
	name, version, pinned := strings.Cut(strings.TrimSpace(ref), "@")
	if strings.Contains(ref, "://") {
		name, pinned = ref, false
	}
	found := p.now.Load().find(name)
	if found != nil && pinned {
		found = found.at(strings.TrimPrefix(version, "v"))
	}
	if found == nil || name == "" {
		return nil, fault.New(fault.NotFound, "schema.unknown", ref)
	}
	return found, nil
}

// at is the entry itself or the earlier version asked for, nil when it is not kept.
func (e *Entry) at(version string) *Entry {
	if version == e.Version {
		return e
	}
	for _, old := range e.Older {
		if version == old.Version {
			return old
		}
	}
	return nil
}

func (ed *edition) find(name string) *Entry {
	if e := ed.byName[strings.ToLower(name)]; e != nil {
		return e
	}
	var found *Entry
	key := french.Fold(name)
	for _, e := range ed.entries {
		_, short, _ := strings.Cut(e.Name, "/")
		if french.Fold(short) == key || french.Fold(strings.TrimPrefix(short, "schema-")) == key ||
			french.Fold(e.Title) == key || e.Source == name {
			if found != nil {
				return nil
			}
			found = e
		}
	}
	return found
}
