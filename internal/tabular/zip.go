package tabular

import (
	"archive/zip"
	"compress/flate"
	"io"
	"path"
	"strings"

	"cultured/internal/fault"
)

// container is an open zip: a workbook, a document or an archive.
type container struct {
	parts   map[string]*zip.File // by lower-case name with slashes
	size    int64                // as received
	in, out int64                // packed and unpacked so far, all parts
	limits  Limits
}

// maxParts bounds the directory of a container; workbooks have tens of parts.
const maxParts = 20_000

// openZip finds out what a zip holds and opens it.
func openZip(src io.ReaderAt, size int64, opt Options) (Table, error) {
	z, err := zip.NewReader(src, size)
	if err != nil {
		return nil, broken("ZIP", err)
	}
	if len(z.File) > maxParts {
		return nil, fault.New(fault.TooLarge, "tabular.expands_too_much", opt.Limits.Expanded)
	}
	c := &container{parts: make(map[string]*zip.File, len(z.File)), size: size, limits: opt.Limits}
	c.count(z)
	var files []*zip.File
	for _, f := range z.File {
		name := strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(f.Name, "\\", "/"), "/"))
		if f.Flags&1 != 0 {
			return nil, fault.New(fault.Invalid, "tabular.password")
		}
		if _, ok := c.parts[name]; !ok {
			c.parts[name] = f
		}
		if !strings.HasSuffix(name, "/") && !strings.HasPrefix(name, "__macosx/") {
			files = append(files, f)
		}
	}
	switch {
	case c.has("xl/workbook.bin"):
		return nil, fault.New(fault.Invalid, "tabular.unsupported", "Excel (.xlsb)")
	case c.has("xl/workbook.xml"), c.has("_rels/.rels") && c.workbookPath() != "":
		return openXLSX(c, opt)
	case c.has("content.xml"):
		return openODS(c, opt)
	}
	if len(files) == 1 && isTextName(files[0].Name) {
		reading := Reading{}
		reading.note("tabular.note_zip", files[0].Name)
		return openText(c.openMember(files[0]), packedSurvey, reading, opt)
	}
	return nil, fault.New(fault.Invalid, "tabular.unsupported", c.formatName())
}

// count has the packed bytes of the parts counted as they are read.
func (c *container) count(z *zip.Reader) {
	z.RegisterDecompressor(zip.Store, func(r io.Reader) io.ReadCloser { return io.NopCloser(&counter{r, &c.in}) })
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(&counter{r, &c.in}) })
}

func isTextName(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".csv", ".tsv", ".txt", ".tab":
		return true
	}
	return false
}

// formatName names a zip that is no workbook.
func (c *container) formatName() string {
	for name := range c.parts {
		switch {
		case name == "word/document.xml":
			return "Word (.docx)"
		case name == "ppt/presentation.xml":
			return "PowerPoint (.pptx)"
		case strings.HasSuffix(name, ".shp"):
			return "Shapefile (.zip)"
		case strings.HasPrefix(name, "index/") && strings.HasSuffix(name, ".iwa"):
			return "Numbers (.numbers)"
		case strings.HasSuffix(name, ".kml"):
			return "KMZ"
		}
	}
	return "ZIP"
}

func (c *container) has(name string) bool { _, ok := c.parts[name]; return ok }

// unpacked is what a part says it unpacks to, in bytes; 0 for none.
func (c *container) unpacked(name string) int64 {
	if f, ok := c.parts[name]; ok {
		return int64(f.UncompressedSize64)
	}
	return 0
}

// open opens a part, bounded by the limits of the whole container; nil when it is absent.
func (c *container) open(name string) (*part, error) {
	f, ok := c.parts[strings.ToLower(name)]
	if !ok {
		return nil, nil
	}
	return c.openFile(f, workbookFree, c.limits.Ratio)
}

// openFile opens a part; free and ratio are those of its [guard].
func (c *container) openFile(f *zip.File, free, ratio int64) (*part, error) {
	r, err := f.Open()
	if err != nil {
		return nil, broken("ZIP", err)
	}
	return &part{guard: guard{r, &c.in, &c.out, c.limits.Expanded, free, ratio}, closer: r, file: f, size: c.size}, nil
}

// openMember opens one file of an archive as a text.
func (c *container) openMember(f *zip.File) opener {
	return func() (io.ReadCloser, func() int64, error) {
		c.in, c.out = 0, 0
		p, err := c.openFile(f, textFree, textRatio)
		if err != nil {
			return nil, nil, err
		}
		return p, p.position, nil
	}
}

// part is one open part of a container.
type part struct {
	guard
	closer io.Closer
	file   *zip.File
	size   int64 // of the container, as received
	n      int64 // bytes given
}

// Read implements io.Reader.
func (p *part) Read(b []byte) (int, error) {
	n, err := p.guard.Read(b)
	p.n += int64(n)
	return n, err
}

// Close closes the part.
func (p *part) Close() error { return p.closer.Close() }

// position estimates how far the reading went, in bytes of the whole source.
func (p *part) position() int64 {
	if p.file.UncompressedSize64 == 0 {
		return p.size
	}
	return min(p.size, int64(float64(p.n)/float64(p.file.UncompressedSize64)*float64(p.size)))
}
