package tabular

import (
	"io"

	"cultured/internal/fault"
)

// Open finds out what src is (name helps, content decides) and prepares to read it.
// Faults: Invalid "tabular.empty", "tabular.password", "tabular.binary", "tabular.broken", "tabular.unsupported",
// "tabular.no_sheet", "tabular.empty_sheet", "tabular.no_rows", and those of a wrong option; TooLarge
// "tabular.too_many_bytes", "tabular.too_many_columns", "tabular.cell_too_large", "tabular.row_too_large",
// "tabular.expands_too_much", "tabular.too_many_cells".
func Open(src io.ReaderAt, size int64, name string, opt Options) (_ Table, err error) {
	defer fault.Wrap(&err, "tabular.Open")
	opt.Limits = opt.Limits.or()
	switch {
	case size <= 0:
		return nil, fault.New(fault.Invalid, "tabular.empty")
	case size > opt.Limits.Bytes:
		return nil, fault.New(fault.TooLarge, "tabular.too_many_bytes", size, opt.Limits.Bytes)
	}
	head := make([]byte, min(size, 4096))
	if n, err := src.ReadAt(head, 0); n < len(head) {
		return nil, broken("CSV", err)
	}
	switch kind := signature(head); kind {
	case "":
		if named := jsonFormat(head, name); named != "" {
			return nil, fault.New(fault.Invalid, "tabular.unsupported", named)
		}
		return openText(openPlain(src, size), maxSurvey, Reading{}, opt)
	case "gzip":
		reading := Reading{}
		reading.note("tabular.note_gzip")
		return openText(openGzip(src, size, opt.Limits), packedSurvey, reading, opt)
	case "zip":
		return openZip(src, size, opt)
	case "ole":
		return nil, oleFault(src, size)
	default:
		return nil, fault.New(fault.Invalid, "tabular.unsupported", kind)
	}
}
