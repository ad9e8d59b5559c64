package tabular

import (
	"bytes"
	"encoding/binary"
	"io"
	"path"
	"strings"

	"cultured/internal/fault"
)

// signatures are the first bytes of formats people send, and the name to say them by. "gzip", "zip" and "ole" are
// looked into.
var signatures = []struct{ magic, name string }{
	{"\x1F\x8B", "gzip"}, {"PK\x03\x04", "zip"}, {"PK\x05\x06", "zip"}, {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "ole"},
	{"%PDF-", "PDF"}, {"PAR1", "Parquet"}, {"SQLite format 3\x00", "SQLite / GeoPackage"},
	{"\x28\xB5\x2F\xFD", "Zstandard (.zst)"}, {"BZh", "bzip2 (.bz2)"}, {"\xFD7zXZ\x00", "xz"}, {"7z\xBC\xAF\x27\x1C", "7z"},
	{"Rar!\x1A\x07", "RAR"}, {"\xFF\x06\x00\x00sNaPpY", "Snappy (.sz)"}, {"\x89PNG\r\n", "PNG"}, {"\xFF\xD8\xFF", "JPEG"},
	{"GIF8", "GIF"}, {"{\\rtf", "RTF"}, {"ARROW1", "Arrow"}, {"\x09\x08", "Excel 5 (.xls)"}, {"\x09\x04", "Excel 4 (.xls)"},
	{"\x7FELF", "ELF"}, {"MZ\x90\x00", "EXE"},
}

// signature names the format of a head by its first bytes, "" when it may be text.
func signature(head []byte) string {
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.magic)) {
			return s.name
		}
	}
	return ""
}

// textFormat names a text that is not a table: a web page, XML. It returns "" for others.
func textFormat(head []byte) string {
	_, skip := bom(head)
	s := strings.ToLower(string(bytes.TrimLeft(head[skip:min(len(head), skip+1024)], " \t\r\n")))
	switch {
	case strings.HasPrefix(s, "<!doctype html"), strings.HasPrefix(s, "<html"):
		return "HTML"
	case strings.HasPrefix(s, "<?xml"), strings.HasPrefix(s, "<!doctype"):
		return "XML"
	}
	return ""
}

// jsonFormat names a JSON text, which its name and its first sign must both announce: a CSV may start with a bracket.
func jsonFormat(head []byte, name string) string {
	ext := strings.ToLower(path.Ext(name))
	s := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	if len(s) == 0 || s[0] != '{' && s[0] != '[' {
		return ""
	}
	if ext == ".json" || ext == ".geojson" || ext == ".ndjson" || ext == ".topojson" {
		return "JSON (" + ext + ")"
	}
	if t := bytes.TrimLeft(s[1:], " \t\r\n"); s[0] == '{' && len(t) > 0 && t[0] == '"' && bytes.Contains(t, []byte(`":`)) {
		return "JSON"
	}
	return ""
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
