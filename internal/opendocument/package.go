package opendocument

import (
	"archive/zip"
	"hash/crc32"
	"io"
	"strings"
)

// The media types of what is written here.
const (
	Text        = "application/vnd.oasis.opendocument.text"
	Spreadsheet = "application/vnd.oasis.opendocument.spreadsheet"
)

// Version is that of OpenDocument, for the attribute office:version of each part.
const Version = "1.3"

// Start begins a package of a media type: it comes first, plain, as a file "mimetype", so that it can be read at a fixed place. Faults: those of w.
func Start(w io.Writer, kind string) (*zip.Writer, error) {
	out, n := zip.NewWriter(w), uint64(len(kind))
	f, err := out.CreateRaw(&zip.FileHeader{Name: "mimetype", Method: zip.Store, CRC32: crc32.ChecksumIEEE([]byte(kind)), CompressedSize64: n, UncompressedSize64: n})
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(f, kind)
	return out, err
}

// ManifestPart is the name of the part that [Manifest] is.
const ManifestPart = "META-INF/manifest.xml"

// Manifest lists the XML parts of a package of a media type, without the head of an XML file.
func Manifest(kind string, parts ...string) string {
	var b strings.Builder
	b.WriteString(`<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="` + Version + `">` +
		`<manifest:file-entry manifest:full-path="/" manifest:version="` + Version + `" manifest:media-type="` + kind + `"/>`)
	for _, p := range parts {
		b.WriteString(`<manifest:file-entry manifest:full-path="` + p + `" manifest:media-type="text/xml"/>`)
	}
	b.WriteString(`</manifest:manifest>`)
	return b.String()
}
