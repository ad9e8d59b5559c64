package schema

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"path"
	"slices"
	"strings"

	"cultured/internal/fault"
)

// A Package is a Data Package, version 1 or 2: tables that go together.
type Package struct {
	Name        string
	Title       string
	Description string
	Version     string
	Resources   []Resource
}

// A Resource is one table of a package.
type Resource struct {
	Name     string // "" becomes the name of its file
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
		p.Resources = append(p.Resources, r)
	}
	return p, nil
}

func parseResource(o object) (r Resource, err error) {
	r = Resource{Name: o.text("name"), Title: o.text("title"), Path: o.texts("path"), Encoding: o.text("encoding"), Format: o.text("format")}
	if len(r.Path) == 0 {
		r.Path = o.texts("url")
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

// Resolve reads the schemas and dialects that stand in files of the package. A schema at an address of the web is
// looked for in known by that address; without it, the table is checked without a schema.
// Faults: Invalid "schema.unsafe_path", "schema.package_file" (a file named is not there), those of [Parse].
func (p *Package) Resolve(files fs.FS, known *Pack) (err error) {
	defer fault.Wrap(&err, "schema.Resolve")
	for i := range p.Resources {
		r := &p.Resources[i]
		if r.DialectPath != "" && !strings.Contains(r.DialectPath, "://") {
			raw, err := readInside(files, r.DialectPath)
			if err != nil {
				return err
			}
			v, err := decode(raw)
			if err != nil {
				return fault.New(fault.Invalid, "schema.not_json").Because(err)
			}
			r.Dialect = parseDialect(asObject(v))
		}
		if r.SchemaPath == "" {
			continue
		}
		if strings.Contains(r.SchemaPath, "://") {
			if e, err := known.Find(r.SchemaPath); err == nil && e.Kind == KindTable {
				s, _, err := e.Schema()
				if err != nil {
					return err
				}
				r.Schema = &s
			}
			continue
		}
		raw, err := readInside(files, r.SchemaPath)
		if err != nil {
			return err
		}
		s, _, err := Parse(raw)
		if err != nil {
			return err
		}
		r.Schema = &s
	}
	return nil
}

// readInside reads a file of the package, and nothing outside it.
func readInside(files fs.FS, name string) ([]byte, error) {
	name = path.Clean(name)
	if !fs.ValidPath(name) {
		return nil, fault.New(fault.Invalid, "schema.unsafe_path", name)
	}
	raw, err := fs.ReadFile(files, name)
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
