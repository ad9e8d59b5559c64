package schema

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"cultured/internal/fault"
)

// A Fetch reads the file at an address of a registry.
type Fetch func(address string) ([]byte, error)

// A Gathering is a pack made from a registry, not yet in use.
type Gathering struct {
	Files   map[string][]byte // by path in the pack, index.json among them
	Pack    *Pack
	Skipped []Skipped // what the registry lists and the pack lacks
}

// A Skipped schema is listed by the registry, and could not be read or understood.
type Skipped struct {
	Name  string // owner/name, with "@" and a version
	Cause error
}

// What a gathering may hold at most: files, and bytes of all of them.
const (
	maxGathered      = 2000
	maxGatheredBytes = 128 << 20
)

// Gather makes a pack from an index: schemas.json of a registry such as schema.data.gouv.fr, or index.json of a pack.
// address is where the index was; fetch reads the files it names. A schema that cannot be read is skipped and told;
// each one kept has been parsed. now dates the pack of a registry.
// Faults, all Invalid: "schema.not_json", "schema.not_registry" (no list of schemas in it), "schema.registry_empty" (not
// one schema could be read); TooLarge "schema.registry_too_large".
func Gather(raw []byte, address string, fetch Fetch, now time.Time) (g *Gathering, err error) {
	defer fault.Wrap(&err, "schema.Gather")
	v, err := decode(bytes.TrimPrefix(raw, []byte("\ufeff")))
	if err != nil {
		return nil, fault.New(fault.Invalid, "schema.not_json").Because(err)
	}
	o, _ := v.(map[string]any)
	list, ok := o["schemas"].([]any)
	if !ok || len(list) == 0 {
		return nil, fault.New(fault.Invalid, "schema.not_registry")
	}
	c := &collector{fetch: fetch, address: address, files: map[string][]byte{}}
	in := index{Snapshot: now.Format(time.DateOnly), Registry: registryOf(address)}
	first, _ := list[0].(map[string]any)
	if first["path"] != nil {
		in.Snapshot, in.Registry = object(o).text("snapshot"), object(o).text("registry")
		err = c.pack(raw, &in)
	} else {
		err = c.registry(list, &in)
	}
	if err != nil {
		return nil, err
	}
	return c.finish(in)
}

// registryOf is the site of an address, which names a registry.
func registryOf(address string) string {
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		return u.Scheme + "://" + u.Host
	}
	return address
}

// A collector gathers the files of a pack.
type collector struct {
	fetch   Fetch
	address string
	files   map[string][]byte
	bytes   int
	skipped []Skipped
}

// take fetches a file of the pack. Faults: those of the fetch; TooLarge "schema.registry_too_large".
func (c *collector) take(address, to string) ([]byte, error) {
	raw, err := c.fetch(address)
	if err != nil {
		return nil, err
	}
	c.bytes += len(raw)
	if len(c.files) >= maxGathered || c.bytes > maxGatheredBytes {
		return nil, fault.New(fault.TooLarge, "schema.registry_too_large", maxGathered, maxGatheredBytes>>20)
	}
	raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
	c.files[to] = raw
	return raw, nil
}

// skip notes what is left out. A fault of size ends the gathering.
func (c *collector) skip(name, to string, cause error) error {
	if fault.Is(cause, "schema.registry_too_large") {
		return cause
	}
	delete(c.files, to)
	c.skipped = append(c.skipped, Skipped{name, cause})
	return nil
}

// safeName is an owner, a name or a version that may become a folder.
var safeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$`)

// registry reads the entries of schemas.json.
func (c *collector) registry(list []any, in *index) error {
	kinds := map[string]string{"tableschema": KindTable, "jsonschema": KindDocument, "datapackage": KindPackage}
	for _, item := range list {
		m, _ := item.(map[string]any)
		o := object(m)
		kind, known := kinds[o.text("schema_type")]
		if !known {
			continue // something to read, not to check with
		}
		e := &Entry{Name: o.text("name"), Kind: kind, Title: o.text("title"), Description: o.text("description"), Labels: o.texts("labels"),
			License: "etalab-2.0", Homepage: strings.TrimSuffix(o.text("homepage"), ".git"), Source: o.text("schema_url")}
		e.SCDL = slices.Contains(e.Labels, "Socle Commun des Données Locales")
		if err := c.entry(e, o); err != nil {
			return err
		}
		if _, kept := c.files[e.Path]; kept {
			in.Schemas = append(in.Schemas, e)
		}
	}
	slices.SortFunc(in.Schemas, func(a, b *Entry) int { return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)) })
	return nil
}

// entry fetches the latest version of a schema and, of those of the common core, the earlier ones.
func (c *collector) entry(e *Entry, o object) error {
	owner, name, _ := strings.Cut(e.Name, "/")
	if !safeName.MatchString(owner) || !safeName.MatchString(name) {
		return c.skip(e.Name, "", fault.New(fault.Invalid, "schema.unknown", e.Name))
	}
	e.Owner, e.Path = owner, path.Join(owner, name, "schema.json")
	versions, _ := o["versions"].([]any)
	if n := len(versions); n > 0 {
		e.Version = object(asObject(versions[n-1])).text("version_name")
	}
	raw, err := c.take(e.Source, e.Path)
	if err == nil {
		err = e.describe(raw)
	}
	if err != nil {
		return c.skip(e.Name, e.Path, err)
	}
	if !e.SCDL || e.Kind != KindTable {
		return nil
	}
	for _, v := range slices.Backward(versions) {
		if err := c.older(e, object(asObject(v))); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) older(e *Entry, o object) error {
	old := &Entry{Version: o.text("version_name"), Source: o.text("schema_url"), Kind: e.Kind}
	if old.Version == e.Version || !safeName.MatchString(old.Version) {
		return nil
	}
	old.Name, old.Path = e.Name+"@"+old.Version, path.Join(path.Dir(e.Path), old.Version, "schema.json")
	raw, err := c.take(old.Source, old.Path)
	if err == nil {
		err = old.describe(raw)
	}
	if err != nil {
		return c.skip(old.Name, old.Path, err)
	}
	e.Older = append(e.Older, old)
	return nil
}

func asObject(v any) map[string]any { m, _ := v.(map[string]any); return m }

// describe fills what the index says of a schema's content.
func (e *Entry) describe(raw []byte) error {
	switch e.Kind {
	case KindDocument:
		_, err := ParseDocument(raw, e.Title)
		return err
	case KindPackage:
		p, err := ParsePackage(raw)
		for _, r := range p.Resources {
			e.Tables = append(e.Tables, r.Name)
		}
		return err
	}
	s, _, err := Parse(raw)
	for _, f := range s.Fields {
		e.Columns = append(e.Columns, f.Name)
		if f.Constraints.Required {
			e.Required = append(e.Required, f.Name)
		}
	}
	return err
}

// pack reads the files an index.json names, beside it. What it says of them is made again: an index may lie.
func (c *collector) pack(raw []byte, in *index) error {
	var given index
	if err := json.Unmarshal(raw, &given); err != nil {
		return fault.New(fault.Invalid, "schema.not_registry").Because(err)
	}
	base := c.address[:strings.LastIndexByte(c.address, '/')+1]
	for _, e := range given.Schemas {
		older := e.Older
		e.Older = nil
		kept, err := c.beside(e, base)
		if err != nil {
			return err
		}
		if !kept {
			continue
		}
		for _, old := range older {
			old.Kind = e.Kind
			if kept, err = c.beside(old, base); err != nil {
				return err
			} else if kept {
				e.Older = append(e.Older, old)
			}
		}
		in.Schemas = append(in.Schemas, e)
	}
	return nil
}

func (c *collector) beside(e *Entry, base string) (kept bool, err error) {
	e.Columns, e.Required, e.Tables = nil, nil, nil
	if !fs.ValidPath(e.Path) || path.Base(e.Path) != "schema.json" {
		return false, c.skip(e.Name, "", fault.New(fault.Invalid, "schema.unknown", e.Name))
	}
	raw, err := c.take(base+e.Path, e.Path)
	if err == nil {
		err = e.describe(raw)
	}
	if err != nil {
		return false, c.skip(e.Name, e.Path, err)
	}
	return true, nil
}

// finish writes the index and opens the pack as a reader would.
func (c *collector) finish(in index) (*Gathering, error) {
	if len(in.Schemas) == 0 {
		cause := error(nil)
		if len(c.skipped) > 0 {
			cause = c.skipped[0].Cause
		}
		return nil, fault.New(fault.Invalid, "schema.registry_empty").Because(cause)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(in); err != nil {
		return nil, err
	}
	c.files["index.json"] = b.Bytes()
	p, err := LoadPack(held(c.files))
	return &Gathering{Files: c.files, Pack: p, Skipped: c.skipped}, err
}

// held is a pack in memory: files are read whole, never opened.
type held map[string][]byte

// Open implements [fs.FS].
func (h held) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
}

// ReadFile implements [fs.ReadFileFS].
func (h held) ReadFile(name string) ([]byte, error) {
	raw, ok := h[name]
	if !ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return raw, nil
}
