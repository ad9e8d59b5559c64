package dataset

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// descriptorName is how the descriptor of a Data Package is called.
const descriptorName = "datapackage.json"

// A Bundle is a Data Package at hand: its descriptor, and the files it names. Its tables may be opened and examined one by
// one. It is for one examination at a time.
type Bundle struct {
	schema.Package
	likely  int // the table read when nobody says, of one without a descriptor
	files   BundleFiles
	targets map[string][]*schema.Target // by resource, once gathered
}

// BundleFiles are the files of a package.
type BundleFiles interface {
	fs.FS // for descriptors, which are small
	// Table opens a file as a table; name is relative to the package, with slashes. A file that is not there is an
	// [fs.PathError].
	Table(name string, opt tabular.Options) (tabular.Table, error)
	// Inline opens data of the descriptor itself as a table.
	Inline(raw []byte, name string, opt tabular.Options) (tabular.Table, error)
}

// IsDescriptor says whether a file is the descriptor of a Data Package, by its name: "datapackage.json", or a name that ends so.
func IsDescriptor(name string) bool {
	return strings.HasSuffix(strings.ToLower(path.Base(name)), descriptorName)
}

// OpenBundle reads the descriptor name among files; schemas at an address of the web are looked for in known.
// Faults: Invalid "schema.package_file", those of [schema.ParsePackage] and [schema.Package.Resolve].
func OpenBundle(files BundleFiles, name string, known *schema.Pack) (_ *Bundle, err error) {
	defer fault.Wrap(&err, "dataset.OpenBundle(%s)", name)
	raw, err := schema.ReadInside(files, name)
	if err != nil {
		return nil, err
	}
	b := &Bundle{files: files, targets: map[string][]*schema.Target{}}
	if b.Package, err = schema.ParsePackage(raw); err != nil {
		return nil, err
	}
	if err := b.Resolve(files, known); err != nil {
		return nil, err
	}
	return b, nil
}

// ZipBundle reads the package of an archive whose descriptor stands at its top, or in its one folder. One without a
// descriptor is a package when it holds several tables; nil when src is none of these. limits bound what is read. Faults: those of [OpenBundle].
func ZipBundle(src io.ReaderAt, size int64, r tabular.Reader, limits tabular.Limits, known func() (*schema.Pack, error)) (_ *Bundle, err error) {
	head := make([]byte, 4)
	if _, err := src.ReadAt(head, 0); err != nil || !bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return nil, nil // shorter, or something else
	}
	archive, err := zip.NewReader(src, size)
	if err != nil {
		return nil, nil // the reader says what is wrong with it
	}
	at := slices.IndexFunc(archive.File, func(f *zip.File) bool {
		return strings.EqualFold(path.Base(f.Name), descriptorName) && strings.Count(f.Name, "/") <= 1
	})
	open := func(name string, opt tabular.Options) (tabular.Table, error) {
		opt.Limits, opt.Member = limits, name
		return r.Open(src, size, "package.zip", opt)
	}
	if at < 0 {
		names, likely := r.Tables(src, size, limits)
		return undescribed(zipFiles{archive, "", open, Loose{r, limits}}, names, likely), nil
	}
	pack, err := known()
	if err != nil {
		return nil, err
	}
	folder, name := path.Split(archive.File[at].Name)
	inside, err := fs.Sub(archive, path.Clean(folder))
	if err != nil {
		return nil, err
	}
	return OpenBundle(zipFiles{inside, folder, open, Loose{r, limits}}, name, pack)
}

// undescribed is the package of files that nothing is said of; nil for a single one.
func undescribed(files zipFiles, names []string, likely int) *Bundle {
	if len(names) < 2 {
		return nil
	}
	b := &Bundle{Package: schema.Package{Undescribed: true}, files: files, likely: likely, targets: map[string][]*schema.Target{}}
	for _, name := range names {
		b.Resources = append(b.Resources, schema.Resource{Name: name, Path: []string{name}})
	}
	return b
}

// zipFiles are the files of an archive.
type zipFiles struct {
	fs.FS
	folder string
	open   func(member string, opt tabular.Options) (tabular.Table, error)
	Loose
}

// Table implements [BundleFiles].
func (z zipFiles) Table(name string, opt tabular.Options) (tabular.Table, error) {
	if _, err := fs.Stat(z, name); err != nil {
		return nil, err
	}
	return z.open(z.folder+name, opt)
}

// Loose opens data that is in no file, as [BundleFiles] must.
type Loose struct {
	Reader tabular.Reader
	Limits tabular.Limits
}

// Inline implements [BundleFiles]. Records are JSON; a text is a CSV file.
func (l Loose) Inline(raw []byte, name string, opt tabular.Options) (tabular.Table, error) {
	opt.Limits = l.Limits
	return l.Reader.Open(bytes.NewReader(raw), int64(len(raw)), name, opt)
}

// readable says what keeps a resource from being read at all.
// Faults, Invalid: "dataset.resource_remote" (it is elsewhere, and is not fetched), "dataset.resource_empty" (it has neither
// a file nor data).
func readable(r *schema.Resource) error {
	switch {
	case r.Remote():
		return fault.New(fault.Invalid, "dataset.resource_remote", r.Name, r.Path[0])
	case len(r.Path) == 0 && r.Inline == nil:
		return fault.New(fault.Invalid, "dataset.resource_empty", r.Name)
	}
	return nil
}

// Choose finds a resource by its name, or by one of its files as the archive calls it; "" takes the first one whose
// files are there, or else the first one that has any, so that somebody hears what is missing. nil for none.
func (b *Bundle) Choose(name string) (first *schema.Resource) {
	switch {
	case name != "":
		return b.named(name)
	case b.Undescribed:
		return &b.Resources[b.likely]
	}
	for i := range b.Resources {
		r := &b.Resources[i]
		if readable(r) != nil {
			continue
		}
		if !slices.ContainsFunc(r.Path, func(file string) bool { return !b.has(file) }) {
			return r
		}
		if first == nil {
			first = r
		}
	}
	return first
}

func (b *Bundle) named(name string) *schema.Resource {
	if r := b.Find(name); r != nil {
		return r
	}
	folder := b.folder()
	i := slices.IndexFunc(b.Resources, func(r schema.Resource) bool {
		return slices.ContainsFunc(r.Path, func(file string) bool { return name == folder+path.Clean(file) })
	})
	if i < 0 {
		return nil
	}
	return &b.Resources[i]
}

// folder is where the files are in their archive, "" or a name that ends with a slash.
func (b *Bundle) folder() string {
	if z, ok := b.files.(zipFiles); ok {
		return z.folder
	}
	return ""
}

// address is what [Bundle.Choose] finds a resource by: its name or, where another has the same, its file.
func (b *Bundle) address(at int) string {
	r := &b.Resources[at]
	if len(r.Path) > 0 && b.Find(r.Name) != r {
		return b.folder() + path.Clean(r.Path[0])
	}
	return r.Name
}

// has says whether a file is there.
func (b *Bundle) has(file string) bool {
	_, err := fs.Stat(b.files, path.Clean(file))
	return err == nil
}

// Opener opens a resource as its descriptor says it is written, its files as one table; what over says comes first.
// Faults: Invalid "dataset.resource_remote", "dataset.resource_empty", "dataset.resource_missing" (a file is not there),
// those of the reader and of [tabular.Chain].
func (b *Bundle) Opener(r *schema.Resource, over tabular.Options) Opener {
	opt := over.Or(r.Options())
	return func() (tabular.Table, error) {
		if err := readable(r); err != nil {
			return nil, err
		}
		if len(r.Path) == 0 {
			raw, name := r.InlineFile()
			return b.files.Inline(raw, name, opt)
		}
		for _, file := range r.Path { // before anything is read
			if !b.has(file) {
				return nil, missing(r, file, fs.ErrNotExist)
			}
		}
		return tabular.Chain(r.Path, func(i int, like tabular.Options) (tabular.Table, error) {
			t, err := b.files.Table(path.Clean(r.Path[i]), opt.Or(like))
			if _, outside := errors.AsType[*fs.PathError](err); outside { // a folder, or behind a link that leaves the package
				err = missing(r, r.Path[i], err)
			}
			return t, err
		}, opt.Limits)
	}
}

func missing(r *schema.Resource, file string, cause error) error {
	return fault.New(fault.Invalid, "dataset.resource_missing", r.Name, file).Because(cause)
}

// Targets gathers the values that the foreign keys of a resource refer to in other tables of the package: 12 bytes a value.
// What cannot be read is left out: the check of that table says why, and this one that the key is not checked.
// Faults: ctx's error.
func (b *Bundle) Targets(ctx context.Context, r *schema.Resource) ([]*schema.Target, error) {
	var list []*schema.Target
	if r.Schema == nil {
		return nil, nil
	}
	for _, k := range r.Schema.ForeignKeys {
		to := b.Find(k.Resource)
		if k.Resource == "" || to == nil {
			continue
		}
		if _, known := b.targets[to.Name]; !known {
			gathered, err := b.gather(ctx, to)
			if err != nil && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			if err != nil {
				gathered = nil
			}
			b.targets[to.Name] = gathered
		}
		list = append(list, b.targets[to.Name]...)
	}
	return list, nil
}

// gather reads a table for what others refer to.
func (b *Bundle) gather(ctx context.Context, r *schema.Resource) ([]*schema.Target, error) {
	table, err := b.Opener(r, tabular.Options{})()
	if err != nil {
		return nil, err
	}
	targets := b.prepare(r, table.Columns())
	return targets, errors.Join(fill(ctx, table, targets), table.Close())
}

// prepare makes the targets of a table.
func (b *Bundle) prepare(r *schema.Resource, header []string) (targets []*schema.Target) {
	s := r.Schema
	if s == nil { // its columns are what they are called
		s = &schema.Schema{MissingValues: []string{""}}
		for _, name := range header {
			s.Fields = append(s.Fields, schema.Field{Name: name, Type: "any"})
		}
	}
	for _, fields := range b.Package.Targets(r.Name) {
		if t, ok := schema.NewTarget(r.Name, fields, *s, header); ok {
			targets = append(targets, t)
		}
	}
	return targets
}

func fill(ctx context.Context, table tabular.Table, targets []*schema.Target) error {
	for n := 0; ; n++ {
		row, err := table.Next()
		if err == io.EOF {
			return nil
		}
		if n%strideRows == 0 && ctx.Err() != nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		for _, t := range targets {
			t.Add(row.Number, row.Cells)
		}
	}
}

// Examine examines a resource with its schema, unless ex brings one, and its foreign keys. The report notes what of the
// descriptor is not followed.
// Faults: those of [Bundle.Opener] and [Examine]; ctx's error.
func (b *Bundle) Examine(ctx context.Context, r *schema.Resource, over tabular.Options, ex Examination) (_ Report, err error) {
	if ex.Schema == nil {
		ex.Schema = r.Schema
	}
	ex.Notes = slices.Concat(ex.Notes, r.Notes)
	if ex.Targets, err = b.Targets(ctx, r); err != nil {
		return Report{}, err
	}
	return Examine(ctx, b.Opener(r, over), ex)
}
