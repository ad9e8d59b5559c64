package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	schemafiles "cultured/content/schemas"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// folder is a Data Package in a folder of this machine; nothing outside it is opened, not even through a link.
type folder struct {
	fs.FS
	dataset.Loose
}

// Table implements [dataset.BundleFiles].
func (f folder) Table(name string, opt tabular.Options) (tabular.Table, error) {
	file, err := f.Open(name)
	if err != nil {
		return nil, err
	}
	onDisk, ok := file.(*os.File)
	if !ok {
		return nil, errors.Join(&fs.PathError{Op: "read", Path: name, Err: fs.ErrInvalid}, file.Close())
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	t, err := f.Reader.Open(onDisk, info.Size(), filepath.Base(name), opt)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return held{t, onDisk}, nil
}

// held is a table whose file ends with it.
type held struct {
	tabular.Table
	file *os.File
}

// Close implements [tabular.Table].
func (h held) Close() error { return errors.Join(h.Table.Close(), h.file.Close()) }

// given opens what a command is to read: a file, or a Data Package, by its descriptor or in an archive, and then b is not nil.
// The caller calls done.
func (in invocation) given(ctx context.Context, l look) (src source, b *dataset.Bundle, done func() error, err error) {
	if dataset.IsDescriptor(l.file) && !strings.Contains(l.file, "://") {
		b, done, err = folderBundle(l.file)
		return src, b, done, err
	}
	if src, err = in.open(ctx, l.file); err != nil {
		return src, nil, nil, err
	}
	if b, err = zipBundle(src, l.options.Member); err != nil {
		return source{}, nil, nil, errors.Join(err, src.Close())
	}
	if b != nil && b.Undescribed {
		if b.Name = filepath.Base(l.file); l.lone() {
			b = nil
		}
	}
	return src, b, src.Close, nil
}

// lone says whether one table is meant of an archive that has no descriptor: the one named, or the most likely.
func (l look) lone() bool {
	return l.one || l.options.Member != "" || l.schema != "" || l.dialect != ""
}

// folderBundle opens the Data Package whose descriptor is the file of that name. The caller calls done.
func folderBundle(name string) (_ *dataset.Bundle, done func() error, err error) {
	root, err := os.OpenRoot(filepath.Dir(name))
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "cultured.no_file", name).Because(err)
	}
	pack, err := shippedSchemas()
	if err != nil {
		return nil, nil, errors.Join(err, root.Close())
	}
	b, err := dataset.OpenBundle(folder{root.FS(), dataset.Loose{Reader: reader("")}}, filepath.Base(name), pack)
	if err != nil {
		return nil, nil, errors.Join(err, root.Close())
	}
	return b, root.Close, nil
}

// zipBundle opens the package of an archive; nil for anything else, and when another file of the archive is asked for.
func zipBundle(src source, member string) (*dataset.Bundle, error) {
	info, err := src.Stat()
	if err != nil || info.IsDir() {
		return nil, err
	}
	b, err := dataset.ZipBundle(src, info.Size(), reader(""), tabular.Limits{}, shippedSchemas)
	if err != nil || b == nil {
		return nil, err
	}
	if member != "" && b.Choose(member) == nil {
		return nil, nil
	}
	return b, nil
}

func shippedSchemas() (*schema.Pack, error) { return schema.LoadPack(schemafiles.Files) }

// checkBundle prints what is wrong in the tables of a Data Package, or in the one that is asked for. A table that cannot be
// read is told, and does not keep the others from being checked.
func (in invocation) checkBundle(ctx context.Context, l look, b *dataset.Bundle) (code int, err error) {
	if l.schema != "" || l.dialect != "" {
		return exitFailed, fault.New(fault.Invalid, "cultured.package_schema")
	}
	wanted := b.Resources
	if l.options.Member != "" {
		r, err := l.among(b)
		if err != nil {
			return exitFailed, err
		}
		wanted = []schema.Resource{*r}
		l.options.Member = ""
	}
	out := dataset.NewBundlePrinter(in.stdout, l.format, in.p.T, b.Package)
	code = exitOK
	for i := range wanted {
		one, err := in.checkResource(ctx, l, b, &wanted[i], out)
		if err != nil {
			return exitFailed, err
		}
		code = max(code, one)
	}
	return code, out.End()
}

// among finds the table of a package that is asked for, the first unless one is named.
func (l look) among(b *dataset.Bundle) (*schema.Resource, error) {
	r := b.Choose(l.options.Member)
	if r == nil {
		return nil, fault.New(fault.Invalid, "cultured.no_resource", l.options.Member, strings.Join(b.Names(), ", "))
	}
	return r, nil
}

// checkResource checks one table of a package.
func (in invocation) checkResource(ctx context.Context, l look, b *dataset.Bundle, r *schema.Resource, out *dataset.Printer) (int, error) {
	file := strings.Join(r.Path, ", ")
	out.Table(r.Name, file)
	ex := dataset.Examination{Quick: l.quick && r.Schema != nil, Sink: out.Add, Known: func(read tabular.Reading) { out.About(file, read) }}
	report, err := b.Examine(ctx, r, l.options, ex)
	if err != nil {
		return in.refuse(out, err)
	}
	out.EndTable(report)
	if report.Problems() > 0 {
		return exitFindings, nil
	}
	return exitOK, nil
}

// refuse tells of a table that cannot be read; an error of the machine is not the table's.
func (in invocation) refuse(out *dataset.Printer, err error) (int, error) {
	f, ok := faultOf(err)
	if !ok || f.Kind == fault.Internal {
		return exitFailed, err
	}
	out.Refuse(f.Key, in.p.T(f.Key, f.Args...))
	return exitFailed, nil
}
