package tabular

import (
	"bytes"
	"encoding/binary"
	"io"

	"cultured/internal/fault"
)

// openOLE opens an OLE compound file.
func openOLE(s *source, opt Options) (Table, error) {
	at, size, err := s.whole()
	if err != nil {
		return nil, err
	}
	return nil, oleFault(at, size)
}

// oleFault says what an OLE compound file is: an encrypted workbook, an old .xls, an old Word document. Only its
// directory is looked at, in the sectors its header points to.
// Source: [MS-CFB] § 2.2 and 2.6; [MS-OFFCRYPTO] § 2.3.4 for EncryptedPackage.
func oleFault(src io.ReaderAt, size int64) error {
	unsupported := func(name string) error { return fault.New(fault.Invalid, "tabular.unsupported", name) }
	head := make([]byte, 512)
	if n, _ := src.ReadAt(head, 0); n < len(head) {
		return fault.New(fault.Invalid, "tabular.broken", "OLE")
	}
	shift := binary.LittleEndian.Uint16(head[30:])
	if shift != 9 && shift != 12 {
		return fault.New(fault.Invalid, "tabular.broken", "OLE")
	}
	at := (int64(binary.LittleEndian.Uint32(head[48:])) + 1) << shift
	dir := make([]byte, min(64<<10, max(0, size-at)))
	if at > 0 && at < size {
		n, _ := src.ReadAt(dir, at)
		dir = dir[:n]
	}
	for _, kind := range []struct{ stream, name string }{
		{"EncryptedPackage", ""}, {"Workbook", "Excel 97-2003 (.xls)"}, {"Book", "Excel 5 (.xls)"},
		{"WordDocument", "Word 97-2003 (.doc)"}, {"PowerPoint Document", "PowerPoint 97-2003 (.ppt)"},
	} {
		if bytes.Contains(dir, utf16Bytes(kind.stream)) {
			if kind.name == "" {
				return fault.New(fault.Invalid, "tabular.password")
			}
			return unsupported(kind.name)
		}
	}
	return unsupported("OLE")
}

// utf16Bytes returns ASCII text in UTF-16 LE with its final zero.
func utf16Bytes(s string) []byte {
	b := make([]byte, 0, 2*len(s)+2)
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return append(b, 0, 0)
}
