package tabular

import (
	"archive/zip"
	"compress/flate"
	"io"
	"strings"

	"cultured/internal/fault"
)

// container is an open zip: a workbook, a document or an archive.
type container struct {
	src     io.ReaderAt
	files   []*zip.File          // in the order of the directory
	parts   map[string]*zip.File // by lower-case name with slashes
	size    int64                // as received
	in, out int64                // packed and unpacked so far, all parts
	limits  Limits
}

// maxParts bounds the directory of a container; workbooks have tens of parts.
const maxParts = 20_000

// openContainer reads the directory of a zip.
func openContainer(src io.ReaderAt, size int64, l Limits) (*container, error) {
	z, err := zip.NewReader(src, size)
	if err != nil {
		return nil, broken("ZIP", err)
	}
	if len(z.File) > maxParts {
		return nil, fault.New(fault.TooLarge, "tabular.expands_too_much", l.Expanded)
	}
	c := &container{src: src, parts: make(map[string]*zip.File, len(z.File)), size: size, limits: l}
	c.count(z)
	for _, f := range z.File {
		name := strings.ToLower(partName(f))
		if _, ok := c.parts[name]; !ok {
			c.parts[name] = f
			c.files = append(c.files, f)
		}
	}
	return c, nil
}

// partName is the name of a part with slashes, without one at its start.
func partName(f *zip.File) string {
	return strings.TrimPrefix(strings.ReplaceAll(f.Name, "\\", "/"), "/")
}

// count has the packed bytes of the parts counted as they are read.
func (c *container) count(z *zip.Reader) {
	z.RegisterDecompressor(zip.Store, func(r io.Reader) io.ReadCloser { return io.NopCloser(&counter{r, &c.in}) })
	z.RegisterDecompressor(zip.Deflate, func(r io.Reader) io.ReadCloser { return flate.NewReader(&counter{r, &c.in}) })
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
