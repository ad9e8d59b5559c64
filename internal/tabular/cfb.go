package tabular

import (
	"encoding/binary"
	"errors"
	"io"
	"sort"
	"unicode/utf16"

	"cultured/internal/fault"
)

// compound is an OLE compound file: a small file system in sectors, in which Office 97 keeps its documents.
// Source: [MS-CFB] § 2.
type compound struct {
	src     io.ReaderAt
	size    int64
	shift   uint     // a sector has 1<<shift bytes
	fat     []uint32 // the sector that follows each
	minimum uint32   // streams below it are in the mini stream
	mini    *sectors // the mini stream
	miniFAT []uint32
	entries []cfbEntry // of the root folder
}

// cfbEntry is a stream, or the root.
type cfbEntry struct {
	name        string
	kind        byte // 1 folder, 2 stream, 5 root
	left, right uint32
	child       uint32
	start       uint32
	size        int64
}

const (
	cfbEnd     = 0xFFFFFFFE // ends a chain
	cfbRegular = 0xFFFFFFFA // sector numbers are below or equal
	cfbNone    = 0xFFFFFFFF
	maxEntries = 1 << 16
)

var errCFB = errors.New("OLE compound file")

// openCompound reads the header, the table of sectors and the root folder. Memory is bounded by the size of the file: four
// bytes a sector.
func openCompound(src io.ReaderAt, size int64) (*compound, error) {
	head := make([]byte, 512)
	if n, _ := src.ReadAt(head, 0); n < len(head) {
		return nil, errCFB
	}
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(head[at:]) }
	c := &compound{src: src, size: size, shift: uint(binary.LittleEndian.Uint16(head[30:])), minimum: u32(56)}
	if c.shift != 9 && c.shift != 12 {
		return nil, errCFB
	}
	places, err := c.fatPlaces(head)
	if err != nil {
		return nil, err
	}
	for _, at := range places {
		if c.fat, err = c.numbers(c.fat, at); err != nil {
			return nil, err
		}
	}
	if err := c.readFolder(u32(48)); err != nil {
		return nil, err
	}
	table, err := c.chain(u32(60), int64(u32(64))<<c.shift)
	if err != nil {
		return nil, err
	}
	for _, r := range table.runs {
		for i := range r.count {
			if c.miniFAT, err = c.numbers(c.miniFAT, r.first+i); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// fatPlaces lists the sectors that hold the table of sectors: 109 in the header, the others in a chain of their own.
func (c *compound) fatPlaces(head []byte) ([]uint32, error) {
	var places []uint32
	add := func(b []byte) {
		for ; len(b) >= 4; b = b[4:] {
			if n := binary.LittleEndian.Uint32(b); n <= cfbRegular {
				places = append(places, n)
			}
		}
	}
	add(head[76:512])
	next := binary.LittleEndian.Uint32(head[68:])
	for hops := int64(0); next <= cfbRegular; hops++ {
		if hops > c.size>>c.shift {
			return nil, errCFB
		}
		numbers, err := c.numbers(nil, next)
		if err != nil {
			return nil, err
		}
		last := len(numbers) - 1
		for _, n := range numbers[:last] {
			if n <= cfbRegular {
				places = append(places, n)
			}
		}
		next = numbers[last]
	}
	need := (c.size>>c.shift)>>(c.shift-2) + 2 // a sector numbers 1<<(shift-2) others
	return places[:min(int64(len(places)), need)], nil
}

// numbers appends the sector numbers written in sector at.
func (c *compound) numbers(dst []uint32, at uint32) ([]uint32, error) {
	b := make([]byte, 1<<c.shift)
	if n, err := c.src.ReadAt(b, (int64(at)+1)<<c.shift); n < len(b) {
		if n == 0 {
			return nil, errors.Join(errCFB, err)
		}
		for i := n &^ 3; i < len(b); i++ { // the file is cut inside its last sector
			b[i] = 0xFF
		}
	}
	for ; len(b) >= 4; b = b[4:] {
		dst = append(dst, binary.LittleEndian.Uint32(b))
	}
	return dst, nil
}

// readFolder reads the names in the root folder.
func (c *compound) readFolder(start uint32) error {
	dir, err := c.chain(start, 1<<62)
	if err != nil {
		return err
	}
	n := min(dir.size/128, maxEntries)
	all := make([]cfbEntry, n)
	b := make([]byte, 128)
	for i := range all {
		if _, err := dir.ReadAt(b, int64(i)*128); err != nil {
			return errCFB
		}
		all[i] = c.entry(b)
	}
	if n == 0 || all[0].kind != 5 {
		return errCFB
	}
	seen := map[uint32]bool{}
	for stack := []uint32{all[0].child}; len(stack) > 0; {
		at := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if int64(at) >= n || seen[at] {
			continue
		}
		seen[at] = true
		c.entries = append(c.entries, all[at])
		stack = append(stack, all[at].left, all[at].right)
	}
	c.mini, err = c.chain(all[0].start, all[0].size)
	return err
}

func (c *compound) entry(b []byte) cfbEntry {
	u32 := func(at int) uint32 { return binary.LittleEndian.Uint32(b[at:]) }
	e := cfbEntry{kind: b[66], left: u32(68), right: u32(72), child: u32(76), start: u32(116), size: int64(u32(120))}
	if c.shift == 12 {
		e.size = int64(binary.LittleEndian.Uint64(b[120:]))
	}
	if e.size < 0 {
		e.size = 0
	}
	n := min(max(int(binary.LittleEndian.Uint16(b[64:]))/2-1, 0), 31)
	units := make([]uint16, n)
	for i := range units {
		units[i] = binary.LittleEndian.Uint16(b[2*i:])
	}
	e.name = string(utf16.Decode(units))
	return e
}

// stream opens a stream of the root folder; nil when there is none of that name.
func (c *compound) stream(name string) (*io.SectionReader, error) {
	for _, e := range c.entries {
		if e.name != name || e.kind != 2 {
			continue
		}
		if e.size >= int64(c.minimum) {
			s, err := c.chain(e.start, e.size)
			if err != nil {
				return nil, err
			}
			return io.NewSectionReader(s, 0, s.size), nil
		}
		s := &sectors{src: c.mini, base: 0, shift: 6}
		if err := s.follow(c.miniFAT, e.start, e.size); err != nil {
			return nil, err
		}
		return io.NewSectionReader(s, 0, s.size), nil
	}
	return nil, nil
}

// chain follows a chain of sectors of the file.
func (c *compound) chain(start uint32, size int64) (*sectors, error) {
	s := &sectors{src: c.src, base: 1, shift: c.shift}
	return s, s.follow(c.fat, start, size)
}

// sectors is a stream in sectors that may lie anywhere.
type sectors struct {
	src   io.ReaderAt
	base  int64 // sectors before sector 0
	shift uint
	runs  []sectorRun
	size  int64
}

// sectorRun is sectors that follow each other, at sectors of the stream and of the file.
type sectorRun struct {
	at           int64
	first, count uint32
}

// follow notes where the sectors of a chain are, up to size bytes. A chain that is cut gives what it has.
func (s *sectors) follow(fat []uint32, start uint32, size int64) error {
	n := int64(0)
	for next := start; next <= cfbRegular && n<<s.shift < size; n++ {
		if n > int64(len(fat)) || int64(next) >= int64(len(fat)) {
			if n > 0 && int64(next) >= int64(len(fat)) {
				break
			}
			return errCFB // a loop
		}
		if last := len(s.runs) - 1; last >= 0 && s.runs[last].first+s.runs[last].count == next {
			s.runs[last].count++
		} else {
			s.runs = append(s.runs, sectorRun{n, next, 1})
		}
		next = fat[next]
	}
	s.size = min(size, n<<s.shift)
	return nil
}

// ReadAt implements io.ReaderAt.
func (s *sectors) ReadAt(p []byte, off int64) (n int, err error) {
	for n < len(p) {
		if off >= s.size {
			return n, io.EOF
		}
		sector := off >> s.shift
		i := sort.Search(len(s.runs), func(i int) bool { return s.runs[i].at > sector }) - 1
		if i < 0 {
			return n, io.ErrUnexpectedEOF
		}
		r := s.runs[i]
		within := off - r.at<<s.shift
		left := min(int64(r.count)<<s.shift-within, s.size-off, int64(len(p)-n))
		if left <= 0 {
			return n, io.ErrUnexpectedEOF
		}
		got, err := s.src.ReadAt(p[n:n+int(left)], (int64(r.first)+s.base)<<s.shift+within)
		n += got
		off += int64(got)
		if got < int(left) {
			if err == nil {
				err = io.ErrUnexpectedEOF
			}
			return n, err
		}
	}
	return n, nil
}

// openOLE opens an OLE compound file: a workbook of Excel 5 to 2003, or something it says the name of.
// Source: [MS-OFFCRYPTO] § 2.3.4 for EncryptedPackage.
func openOLE(s *source, opt Options) (Table, error) {
	at, size, err := s.whole()
	if err != nil {
		return nil, err
	}
	c, err := openCompound(at, size)
	if err != nil {
		return nil, broken("OLE", err)
	}
	for _, name := range []string{"Workbook", "Book", "WORKBOOK", "BOOK"} {
		stream, err := c.stream(name)
		if err != nil {
			return nil, broken("XLS", err)
		}
		if stream != nil {
			return openXLS(stream, size, s.reading, opt)
		}
	}
	for _, e := range c.entries {
		switch e.name {
		case "EncryptedPackage":
			return nil, fault.New(fault.Invalid, "tabular.password")
		case "WordDocument":
			return nil, fault.New(fault.Invalid, "tabular.unsupported", "Word 97-2003 (.doc)")
		case "PowerPoint Document":
			return nil, fault.New(fault.Invalid, "tabular.unsupported", "PowerPoint 97-2003 (.ppt)")
		}
	}
	return nil, fault.New(fault.Invalid, "tabular.unsupported", "OLE")
}
