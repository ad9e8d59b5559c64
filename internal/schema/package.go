package schema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// A Package is a Data Package, version 1 or 2: tables that go together.
type Package struct {
	Name        string
	Title       string
	Description string
	Version     string
	Undescribed bool // an archive of tables, without a descriptor
	Resources   []Resource
	Notes       []tabular.Note // what is odd about the package itself
}

// Label is what people call the package: its title, else its name, else its descriptor.
func (p *Package) Label() string { return cmp.Or(p.Title, p.Name, "datapackage.json") }

// A Resource is one table of a package.
type Resource struct {
	Name     string // of its file, or "table-" and its place from 1, where the descriptor gives none
	Title    string
	Path     []string        // files, in order, relative to the package; or one address of the web
	Inline   json.RawMessage // the data itself, when it is in the descriptor
	Encoding string          // as declared, for example "iso-8859-1"; "" to detect
	Format   string          // as declared, for example "csv"
	Dialect  Dialect
	// Schema is the table's, read tolerantly; nil when it has none. SchemaPath is where it is, when it is a file of its own.
	Schema     *Schema
	SchemaPath string
	// DialectPath is the file of the dialect, "" when it is inline.
	DialectPath string
	Tabular     bool           // the descriptor says that it is a table
	Notes       []tabular.Note // what of its description is not followed; complete after [Package.Resolve]
}

// Options are the reader's for the files of the resource.
func (r *Resource) Options() tabular.Options {
	var names []string
	if r.Schema != nil {
		for _, f := range r.Schema.Fields {
			names = append(names, f.Name)
		}
	}
	return r.Dialect.Options(r.Encoding, names)
}

// InlineFile gives the data of the descriptor as the file it would be: a text as it is, anything else as JSON.
func (r *Resource) InlineFile() (raw []byte, name string) {
	var text string
	if json.Unmarshal(r.Inline, &text) == nil {
		return []byte(text), r.Name + ".csv"
	}
	return r.Inline, r.Name + ".json"
}

func (r *Resource) note(key string, args ...string) {
	for i, a := range args {
		args[i] = cut(a)
	}
	r.Notes = append(r.Notes, tabular.Note{Key: key, Args: args})
}

// Remote says whether the data is elsewhere: an address of the web.
func (r Resource) Remote() bool { return len(r.Path) > 0 && strings.Contains(r.Path[0], "://") }

// maxResources bounds the tables of a package.
const maxResources = 1000

// ParsePackage reads the descriptor of a Data Package. Schemas and dialects in files of their own are not read: see
// [Package.Resolve].
// Faults, all Invalid: "schema.not_json", "schema.not_package" (no list of resources), "schema.unsafe_path" (a file outside
// the package), those of a schema inside; TooLarge "schema.too_large".
func ParsePackage(raw []byte) (p Package, err error) {
	defer fault.Wrap(&err, "schema.ParsePackage")
	if len(raw) > maxDescriptor {
		return p, fault.New(fault.TooLarge, "schema.too_large", maxDescriptor>>20)
	}
	v, err := decode(bytes.TrimPrefix(raw, []byte("\ufeff")))
	if err != nil {
		return p, fault.New(fault.Invalid, "schema.not_json").Because(err)
	}
	o := object(asObject(v))
	list, ok := o["resources"].([]any)
	if !ok || len(list) == 0 || len(list) > maxResources {
		return p, fault.New(fault.Invalid, "schema.not_package")
	}
	p = Package{Name: o.text("name"), Title: o.text("title"), Description: o.text("description"), Version: o.text("version")}
	for _, item := range list {
		r, err := parseResource(object(asObject(item)))
		if err != nil {
			return p, err
		}
		r.Name = cmp.Or(r.Name, "table-"+strconv.Itoa(len(p.Resources)+1))
		if slices.ContainsFunc(p.Resources, func(before Resource) bool { return before.Name == r.Name }) {
			p.Notes = append(p.Notes, tabular.Note{Key: "schema.note_resource_twice", Args: []string{cut(r.Name)}})
		}
		p.Resources = append(p.Resources, r)
	}
	if name := o.text("profile"); name != "" && !knownProfile(name, "data-package", "tabular-data-package", "fiscal-data-package") {
		p.Notes = append(p.Notes, tabular.Note{Key: "schema.note_profile", Args: []string{cut(name)}})
	}
	return p, nil
}

// knownProfile says whether a profile is one of names, or the standard's by its address.
func knownProfile(name string, names ...string) bool {
	return slices.Contains(names, name) || strings.HasPrefix(name, versionTwo) || strings.HasPrefix(name, "https://specs.frictionlessdata.io/") ||
		strings.HasPrefix(name, "http://schemas.datapackages.org/")
}

func parseResource(o object) (r Resource, err error) {
	r = Resource{Name: o.text("name"), Title: o.text("title"), Path: o.texts("path"), Encoding: o.text("encoding"), Format: o.text("format")}
	if len(r.Path) == 0 {
		r.Path = o.texts("url")
	}
	profile := o.text("profile")
	r.Tabular = profile == "tabular-data-resource" || o.text("type") == "table" || o["schema"] != nil
	if profile != "" && !knownProfile(profile, "data-resource", "tabular-data-resource") {
		r.note("schema.note_profile", profile)
	}
	for _, name := range r.Path {
		if !r.Remote() && !fs.ValidPath(path.Clean(name)) {
			return r, fault.New(fault.Invalid, "schema.unsafe_path", name)
		}
	}
	if o["data"] != nil {
		if r.Inline, err = json.Marshal(o["data"]); err != nil {
			return r, err
		}
	}
	if r.Name == "" && len(r.Path) > 0 {
		r.Name = strings.TrimSuffix(path.Base(r.Path[0]), path.Ext(r.Path[0]))
	}
	switch s := o["schema"].(type) {
	case string:
		r.SchemaPath = s
	case map[string]any:
		if err := r.setSchema(s); err != nil {
			return r, err
		}
	}
	switch d := o["dialect"].(type) {
	case string:
		r.DialectPath = d
	case map[string]any:
		r.Dialect = parseDialect(d)
	}
	return r, nil
}

func (r *Resource) setSchema(o map[string]any) error {
	raw, err := json.Marshal(o)
	if err != nil {
		return err
	}
	s, _, err := Parse(raw)
	if err != nil {
		return err
	}
	r.Schema = &s
	return nil
}

// Resolve reads the schemas and dialects that stand in files of the package, and notes what cannot be followed. A schema at
// an address of the web is looked for in known, nil for none, by that address; without it, the table is checked without a schema.
// Faults: Invalid "schema.unsafe_path", "schema.package_file" (a file named is not there), those of [Parse] and
// [ParseDialect].
func (p *Package) Resolve(files fs.FS, known *Pack) (err error) {
	defer fault.Wrap(&err, "schema.Resolve")
	for i := range p.Resources {
		r := &p.Resources[i]
		if err := r.resolveDialect(files); err != nil {
			return err
		}
		if err := r.resolveSchema(files, known); err != nil {
			return err
		}
		r.Notes = append(r.Notes, r.Dialect.Notes(r.Encoding)...)
	}
	for i := range p.Resources {
		p.resolveKeys(&p.Resources[i])
	}
	return nil
}

func (r *Resource) resolveDialect(files fs.FS) error {
	switch {
	case r.DialectPath == "":
		return nil
	case strings.Contains(r.DialectPath, "://"):
		r.note("schema.note_dialect_elsewhere", r.DialectPath)
		return nil
	}
	raw, err := ReadInside(files, r.DialectPath)
	if err == nil {
		r.Dialect, err = ParseDialect(raw)
	}
	return err
}

func (r *Resource) resolveSchema(files fs.FS, known *Pack) error {
	switch {
	case r.SchemaPath == "":
		return nil
	case strings.Contains(r.SchemaPath, "://"):
		var e *Entry
		err := fs.ErrNotExist
		if known != nil {
			e, err = known.Find(r.SchemaPath)
		}
		if err != nil || e.Kind != KindTable {
			r.note("schema.note_schema_elsewhere", r.SchemaPath)
			return nil
		}
		s, _, err := e.Schema()
		r.Schema = &s
		return err
	}
	raw, err := ReadInside(files, r.SchemaPath)
	if err != nil {
		return err
	}
	s, _, err := Parse(raw)
	r.Schema = &s
	return err
}

// resolveKeys turns the foreign keys that name their own table into what they are, and notes those that lead nowhere. Two
// tables may well refer to each other: the values of each are gathered before any is checked.
func (p *Package) resolveKeys(r *Resource) {
	if r.Schema == nil {
		return
	}
	own := *r.Schema
	if own.Label() == "" {
		own.Name = r.Name // what findings quote as the source of a rule
	}
	own.ForeignKeys = slices.Clone(own.ForeignKeys) // a schema of the pack serves others
	for i := range own.ForeignKeys {
		k := &own.ForeignKeys[i]
		if k.Resource == r.Name {
			k.Resource = ""
		}
		to := r
		if k.Resource != "" {
			if to = p.Find(k.Resource); to == nil {
				r.note("schema.note_key_nowhere", strings.Join(k.Fields, ", "), k.Resource)
				continue
			}
		}
		for _, name := range k.ReferenceFields {
			if to.Schema == nil {
				break // the header will say
			}
			if _, ok := to.Schema.Field(name); !ok {
				r.note("schema.note_key_field", strings.Join(k.Fields, ", "), name, to.Name)
			}
		}
	}
	r.Schema = &own
}

// Names lists the resources.
func (p *Package) Names() []string {
	list := make([]string, len(p.Resources))
	for i, r := range p.Resources {
		list[i] = r.Name
	}
	return list
}

// Find returns the resource of the name, nil for none.
func (p *Package) Find(name string) *Resource {
	i := slices.IndexFunc(p.Resources, func(r Resource) bool { return r.Name == name })
	if i < 0 {
		return nil
	}
	return &p.Resources[i]
}

// ReadInside reads a descriptor among the files of a package, to one byte more than a descriptor may have, and nothing
// outside them. Faults, Invalid: "schema.unsafe_path", "schema.package_file" (it is not there).
func ReadInside(files fs.FS, name string) ([]byte, error) {
	name = path.Clean(name)
	if !fs.ValidPath(name) {
		return nil, fault.New(fault.Invalid, "schema.unsafe_path", name)
	}
	f, err := files.Open(name)
	if err != nil {
		return nil, fault.New(fault.Invalid, "schema.package_file", name).Because(err)
	}
	defer func() { _ = f.Close() }() // read only
	raw, err := io.ReadAll(io.LimitReader(f, maxDescriptor+1))
	if err != nil {
		return nil, fault.New(fault.Invalid, "schema.package_file", name).Because(err)
	}
	return raw, nil
}

// Targets lists the columns of the resource that foreign keys of other resources refer to, each set once.
func (p *Package) Targets(resource string) [][]string {
	var list [][]string
	for _, r := range p.Resources {
		if r.Schema == nil || r.Name == resource {
			continue
		}
		for _, k := range r.Schema.ForeignKeys {
			if k.Resource == resource && !slices.ContainsFunc(list, func(l []string) bool { return slices.Equal(l, k.ReferenceFields) }) {
				list = append(list, k.ReferenceFields)
			}
		}
	}
	return list
}
