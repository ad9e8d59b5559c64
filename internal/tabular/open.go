package tabular

import (
	"io"
	"path"

	"cultured/internal/fault"
)

// Open opens src with the zero [Reader].
func Open(src io.ReaderAt, size int64, name string, opt Options) (Table, error) {
	return Reader{}.Open(src, size, name, opt)
}

// Open finds out what src is (name helps, content decides) and prepares to read it.
// Faults: Invalid "tabular.empty", "tabular.password", "tabular.password_zip", "tabular.binary", "tabular.broken",
// "tabular.unsupported", "tabular.no_sheet", "tabular.empty_sheet", "tabular.no_member", "tabular.no_rows", and those of a
// wrong option; TooLarge "tabular.too_many_bytes", "tabular.too_many_columns", "tabular.cell_too_large",
// "tabular.row_too_large", "tabular.expands_too_much", "tabular.too_many_cells".
func (r Reader) Open(src io.ReaderAt, size int64, name string, opt Options) (_ Table, err error) {
	defer fault.Wrap(&err, "tabular.Open")
	opt.Limits = opt.Limits.or()
	switch {
	case size <= 0:
		return nil, fault.New(fault.Invalid, "tabular.empty")
	case size > opt.Limits.Bytes:
		return nil, fault.New(fault.TooLarge, "tabular.too_many_bytes", size, opt.Limits.Bytes)
	}
	s := &source{session: &session{Reader: r, limits: opt.Limits}, name: path.Base(name), from: openPlain(src, size), survey: maxSurvey, at: src, size: size}
	if err := s.peekHead(); err != nil {
		return nil, broken("CSV", err)
	}
	t, err := s.open(opt)
	if err != nil {
		_ = s.close() // the reason to refuse matters more
		return nil, err
	}
	if s.unpacked > 0 || len(s.spools) > 0 {
		t = unpacked{t, s.session, size}
	}
	if opt.DropTotals {
		t = &totals{Table: t}
	}
	return t, nil
}
