package tabular

import (
	"archive/zip"
	"cmp"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// maxMembers bounds how many files of an archive are offered; maxSniffed how many of unknown names are looked into.
const (
	maxMembers = 500
	maxSniffed = 40
)

// openZip finds out what a zip holds and opens it.
func openZip(s *source, opt Options) (Table, error) {
	src, size, err := s.whole()
	if err != nil {
		return nil, err
	}
	c, err := openContainer(src, size, opt.Limits)
	if err != nil {
		return nil, err
	}
	for _, d := range documents() {
		switch {
		case !d.fits(c):
		case d.open == nil:
			return nil, fault.New(fault.Invalid, "tabular.unsupported", d.title)
		case c.locked():
			return nil, fault.New(fault.Invalid, "tabular.password")
		default:
			s.reading.Format = d.name
			return d.open(c, s.reading, opt)
		}
	}
	return openArchive(s, c, opt)
}

// openArchive opens the file of an archive that is asked for, or the most likely one that can be read.
func openArchive(s *source, c *container, opt Options) (Table, error) {
	if s.depth == maxDepth {
		return nil, fault.New(fault.Invalid, "tabular.too_deep", maxDepth)
	}
	files := c.members(s)
	outer := s.reading.Member // when the archive is itself in another
	full := func(f *zip.File) string { return path.Join(outer, partName(f)) }
	for i, m := range s.reading.Members { // the archive gives way to its own files
		if m.Name == outer {
			s.reading.Members = slices.Delete(slices.Clone(s.reading.Members), i, i+1)
			break
		}
	}
	for _, f := range files[:min(len(files), maxMembers)] {
		s.reading.Members = append(slices.Clip(s.reading.Members), Member{full(f), int64(f.UncompressedSize64)})
	}
	if opt.Member != "" && opt.Member != outer {
		for _, f := range files {
			if name := full(f); name == opt.Member || strings.HasPrefix(opt.Member, name+"/") {
				return openMember(s, c, f, opt)
			}
		}
		return nil, fault.New(fault.Invalid, "tabular.no_member", opt.Member, memberNames(s.reading.Members))
	}
	if len(files) == 0 && c.locked() {
		return nil, fault.New(fault.Invalid, "tabular.password_zip")
	}
	var first error
	for _, f := range byLikelihood(files) {
		t, err := openMember(s, c, f, opt)
		if err == nil {
			return t, nil
		}
		if first == nil {
			first = err
		}
		if fault.KindOf(err) != fault.Invalid {
			break
		}
	}
	if first == nil {
		first = fault.New(fault.Invalid, "tabular.no_table_in_zip", contents(c))
	}
	return nil, first
}

// Tables names the files of an archive that may each hold a table, in its order, and which of them is read when nobody says:
// notices and other files that go with a table are none. It is empty for anything else, a workbook for example.
func (r Reader) Tables(src io.ReaderAt, size int64, limits Limits) (names []string, likely int) {
	c, err := openContainer(src, size, limits.or())
	if err != nil || slices.ContainsFunc(documents(), func(d document) bool { return d.fits(c) }) {
		return nil, 0
	}
	files := c.members(&source{session: &session{Reader: r, limits: limits.or()}})
	if len(files) == 0 {
		return nil, 0
	}
	first := byLikelihood(files)[0]
	for _, f := range files {
		if f == first {
			likely = len(names)
		}
		if f == first || likelihood(f) == 0 {
			names = append(names, partName(f))
		}
	}
	return names, likely
}

// openMember opens one file of an archive.
func openMember(s *source, c *container, f *zip.File, opt Options) (Table, error) {
	m := c.member(s, f)
	name := path.Join(s.reading.Member, partName(f))
	m.reading.Member = name
	switch n := len(s.reading.Members); {
	case n == 1 && s.depth == 0:
		m.reading.note("tabular.note_zip", name)
	case opt.Member == "":
		m.reading.note("tabular.note_member", name, strconv.Itoa(n))
	}
	if f.Flags&1 != 0 {
		return nil, fault.New(fault.Invalid, "tabular.password_zip")
	}
	if err := m.peekHead(); err != nil {
		return nil, broken("ZIP", err)
	}
	return m.open(opt)
}

// member is a file of the archive as a source; its head is not read yet.
func (c *container) member(s *source, f *zip.File) *source {
	m := &source{session: s.session, name: path.Base(partName(f)), from: c.stream(f), survey: packedSurvey, depth: s.depth + 1, reading: s.reading}
	m.reading.Notes = slices.Clip(m.reading.Notes)
	if at, err := f.DataOffset(); err == nil && f.Method == zip.Store && f.Flags&1 == 0 && at+int64(f.UncompressedSize64) <= c.size {
		m.at, m.size = io.NewSectionReader(c.src, at, int64(f.UncompressedSize64)), int64(f.UncompressedSize64)
	}
	m.beside = func(ext string) (*source, error) {
		name := strings.ToLower(partName(f))
		other, ok := c.parts[strings.TrimSuffix(name, path.Ext(name))+ext]
		if !ok {
			return nil, nil
		}
		o := c.member(s, other)
		return o, o.peekHead()
	}
	return m
}

// stream gives a file of the archive from its start.
func (c *container) stream(f *zip.File) opener {
	return func() (io.ReadCloser, func() int64, error) {
		c.in, c.out = 0, 0
		p, err := c.openFile(f, textFree, textRatio)
		if err != nil {
			return nil, nil, err
		}
		return p, p.position, nil
	}
}

// members are the files that may hold a table, by their names, or failing that by their first bytes.
func (c *container) members(s *source) []*zip.File {
	known := s.Extensions()
	var named, others []*zip.File
	for _, f := range c.files {
		name := strings.ToLower(partName(f))
		ext := path.Ext(name)
		switch {
		case strings.HasSuffix(name, "/"), strings.HasPrefix(name, "__macosx/"), strings.HasPrefix(path.Base(name), "."):
		case ext == ".dbf" && c.has(strings.TrimSuffix(name, ext)+".shp"): // the attributes of the shapes
		case slices.Contains(known, ext):
			named = append(named, f)
		case ext == "" || len(ext) > 8:
			others = append(others, f)
		}
	}
	if len(named) > 0 {
		return named
	}
	for _, f := range others[:min(len(others), maxSniffed)] {
		m := c.member(s, f)
		if m.peekHead() != nil {
			continue
		}
		if k := m.format(); k.open != nil && (k.name != "csv" || binaryAt(m.head) < 0) {
			named = append(named, f)
		}
	}
	return named
}

// asides are words of names of files that go with a table and are not it, folded.
var asides = []string{"lisezmoi", "readme", "licence", "license", "metadonnee", "metadata", "dictionnaire", "notice", "documentation", "schema", "varmod", "doc_"}

// likelihood ranks a file by its name: 0 for a table, 1 for a plain text, 2 for what goes with a table.
func likelihood(f *zip.File) int {
	name := french.Fold(path.Base(partName(f)))
	switch {
	case slices.ContainsFunc(asides, func(w string) bool { return strings.Contains(strings.ReplaceAll(name, " ", ""), w) }):
		return 2
	case strings.HasSuffix(name, ".txt"):
		return 1
	}
	return 0
}

// byLikelihood puts files in the order they are tried: what goes with a table last, plain texts after tables, the larger
// first.
func byLikelihood(files []*zip.File) []*zip.File {
	out := slices.Clone(files)
	slices.SortStableFunc(out, func(a, b *zip.File) int {
		return cmp.Or(likelihood(a)-likelihood(b), cmp.Compare(b.UncompressedSize64, a.UncompressedSize64))
	})
	return out
}

// locked says whether some part is protected by a password.
func (c *container) locked() bool {
	return slices.ContainsFunc(c.files, func(f *zip.File) bool { return f.Flags&1 != 0 })
}

// namedInFault is how many names a sentence may list.
const namedInFault = 20

func memberNames(members []Member) string {
	names := make([]string, 0, namedInFault)
	for _, m := range members[:min(len(members), namedInFault)] {
		names = append(names, m.Name)
	}
	return strings.Join(names, ", ")
}

// contents lists the first files of an archive nothing of which is read.
func contents(c *container) string {
	var all []Member
	for _, f := range c.files {
		if !strings.HasSuffix(f.Name, "/") {
			all = append(all, Member{Name: partName(f)})
		}
	}
	return memberNames(all)
}
