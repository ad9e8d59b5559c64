package dataset

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strconv"

	"cultured/internal/fault"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// prepare says how a source is read and, when it is a Data Package, what its descriptor asks of the table: its schema, the
// values its foreign keys refer to, and what people should know. Faults: those of [Service.plain]; ctx's error.
func (s *Service) prepare(ctx context.Context, file File, src Source) (Opener, Examination, error) {
	open, of, err := s.plain(file, src)
	if err != nil || of.resource == nil {
		return open, Examination{Notes: of.notes}, err
	}
	ex := Examination{Schema: of.resource.Schema, Notes: of.notes}
	ex.Targets, err = of.bundle.Targets(ctx, of.resource)
	return open, ex, err
}

// A place is where in a Data Package a table is; the zero value for a file that is none.
type place struct {
	bundle   *Bundle
	resource *schema.Resource
	notes    []tabular.Note
}

// plain says how a source is read. Of the archive of a Data Package it is the table asked for, or the first, written as the
// descriptor says. A descriptor that says nothing of use is told and left aside.
// Faults: Invalid "dataset.package_alone" (a descriptor without the files it names).
func (s *Service) plain(file File, src Source) (_ Opener, of place, err error) {
	if err := s.alone(file, src); err != nil {
		return nil, of, err
	}
	open := func() (tabular.Table, error) {
		opt := src.Options
		opt.Limits = s.Limits
		return s.Reader.Open(file, file.Size(), src.Name, opt)
	}
	b, err := s.bundle(file)
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal {
		return open, place{notes: []tabular.Note{{Key: f.Key, Args: words(f.Args)}}}, nil
	}
	if err != nil || b == nil || b.Undescribed {
		return open, of, err
	}
	r := b.Choose(src.Options.Member)
	if r == nil { // another file of the archive
		return open, of, nil
	}
	over := src.Options
	over.Member = ""
	of = place{b, r, slices.Concat([]tabular.Note{b.Told(r)}, b.Notes, r.Notes)}
	return b.Opener(r, over), of, nil
}

func (s *Service) bundle(file File) (*Bundle, error) {
	return ZipBundle(file, file.Size(), s.Reader, s.Limits, func() (*schema.Pack, error) { return s.Pack, nil })
}

// Told says which table of the package is read, and that there are others.
func (b *Bundle) Told(r *schema.Resource) tabular.Note {
	return tabular.Note{Key: "dataset.note_package", Args: []string{strconv.Itoa(len(b.Resources)), r.Name}}
}

// alone refuses a descriptor that came without its files, with what to do.
func (s *Service) alone(file File, src Source) error {
	if !IsDescriptor(src.Name) {
		return nil
	}
	raw, err := io.ReadAll(io.NewSectionReader(file, 0, min(file.Size(), schema.MostDescriptorBytes)))
	if err != nil {
		return err
	}
	p, err := schema.ParsePackage(raw)
	if err != nil {
		return nil // a file like any other
	}
	for _, r := range p.Resources {
		if r.Inline != nil {
			return nil
		}
	}
	return fault.New(fault.Invalid, "dataset.package_alone", len(p.Resources)).Because(fs.ErrNotExist)
}

// words writes the arguments of a fault as those of a note.
func words(args []any) []string {
	var list []string
	for _, a := range args {
		switch a := a.(type) {
		case string:
			list = append(list, a)
		case int:
			list = append(list, strconv.Itoa(a))
		}
	}
	return list
}
