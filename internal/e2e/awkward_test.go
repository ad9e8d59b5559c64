package e2e

import (
	"archive/zip"
	"bufio"
	"bytes"
	"cmp"
	"compress/flate"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
)

// awkward writes the files that nobody should send and everybody does, by kind.
var awkward = map[string]func(io.Writer) error{
	"binary":        func(w io.Writer) error { return writeNoise(w, "") },
	"program":       func(w io.Writer) error { return writeNoise(w, "\x7fELF\x02\x01\x01\x00") },
	"broken-zip":    writeBrokenZip,
	"columns":       writeColumns,
	"cell":          func(w io.Writer) error { return writeCell(w, "") },
	"quoted-cell":   func(w io.Writer) error { return writeCell(w, `"`) },
	"bomb-of-rows":  bomb{start: `<sheetData>`, block: manyRows}.write,
	"bomb-of-text":  bomb{start: `<sheetData><row><c t="inlineStr"><is><t>`, block: strings.Repeat("a", 1<<20)}.write,
	"big-bomb":      bomb{start: `<sheetData>`, block: manyRows, size: 3 << 30}.write,
	"lying-bomb":    bomb{start: `<sheetData>`, block: manyRows, lie: 1000}.write,
	"empty-sheet":   func(w io.Writer) error { return writeWorkbook(w, `<sheetData/>`) },
	"old-document":  writeOldDocument,
	"blank-lines":   func(w io.Writer) error { _, err := io.WriteString(w, strings.Repeat("\n", 5000)); return err },
	"no-line-break": func(w io.Writer) error { return repeat(w, "a;b;c;", 20<<20) },
}

var manyRows = strings.Repeat(`<row><c><v>1</v></c></row>`, 20_000)

// writeNoise writes bytes that are no text, as those of a program after its head.
func writeNoise(w io.Writer, head string) error {
	random := rand.New(rand.NewPCG(1, 2))
	noise := make([]byte, 200_000)
	for i := range noise {
		noise[i] = byte(random.UintN(256))
	}
	copy(noise, head)
	_, err := w.Write(noise)
	return err
}

// writeBrokenZip writes the first two thirds of a workbook: a download that was cut.
func writeBrokenZip(w io.Writer) error {
	var b bytes.Buffer
	if err := writeWorkbook(&b, `<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData>`); err != nil {
		return err
	}
	_, err := w.Write(b.Bytes()[:b.Len()*2/3])
	return err
}

// writeOldDocument writes the head of an old Office document that is no workbook.
func writeOldDocument(w io.Writer) error {
	b := make([]byte, 8192)
	copy(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
	b[0x1e], b[0x20], b[0x1c], b[0x1d] = 9, 6, 0xfe, 0xff
	_, err := w.Write(b)
	return err
}

// writeColumns writes 100,000 columns.
func writeColumns(w io.Writer) error {
	out := bufio.NewWriter(w)
	for _, row := range []string{"colonne", "v", "w"} {
		for i := range 100_000 {
			if i > 0 {
				_ = out.WriteByte(';') // Flush says
			}
			_, _ = fmt.Fprintf(out, "%s%d", row, i)
		}
		_ = out.WriteByte('\n')
	}
	return out.Flush()
}

// writeCell writes a table with one cell of 50 MB.
func writeCell(w io.Writer, quote string) error {
	if _, err := io.WriteString(w, "nom;texte\nun;court\ndeux;"+quote); err != nil {
		return err
	}
	if err := repeat(w, "lorem ipsum ", 50<<20); err != nil {
		return err
	}
	_, err := io.WriteString(w, quote+"\ntrois;court\n")
	return err
}

// repeat writes s until size bytes are written.
func repeat(w io.Writer, s string, size int) error {
	block := strings.Repeat(s, 1<<20/len(s))
	for done := 0; done < size; done += len(block) {
		if _, err := io.WriteString(w, block); err != nil {
			return err
		}
	}
	return nil
}

// workbookParts are the parts of the least workbook, its sheet apart.
var workbookParts = [][2]string{
	{"[Content_Types].xml", `<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
	{"_rels/.rels", `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
	{"xl/workbook.xml", `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Feuille1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
	{"xl/_rels/workbook.xml.rels", `<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
}

const (
	sheetHead = `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`
	sheetTail = `</worksheet>`
)

func writeParts(z *zip.Writer) error {
	for _, p := range workbookParts {
		w, err := z.Create(p[0])
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, p[1]); err != nil {
			return err
		}
	}
	return nil
}

func writeWorkbook(w io.Writer, sheet string) error {
	z := zip.NewWriter(w)
	if err := writeParts(z); err != nil {
		return err
	}
	out, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, sheetHead+sheet+sheetTail); err != nil {
		return err
	}
	return z.Close()
}

// A bomb is a workbook of some hundred kilobytes whose sheet unpacks to 256 MiB: one compressed block, repeated.
type bomb struct {
	start, block string
	size         int    // bytes it unpacks to, 0 for 256 MiB
	lie          uint64 // bytes it says it unpacks to, 0 for the truth
}

func (b bomb) write(w io.Writer) error {
	head, err := deflated(sheetHead + b.start)
	if err != nil {
		return err
	}
	body, err := deflated(b.block)
	if err != nil {
		return err
	}
	times := cmp.Or(b.size, 256<<20) / len(b.block)
	h := &zip.FileHeader{Name: "xl/worksheets/sheet1.xml", Method: zip.Deflate, CRC32: 1,
		CompressedSize64: uint64(len(head) + times*len(body)), UncompressedSize64: uint64(len(sheetHead) + len(b.start) + times*len(b.block))}
	if b.lie > 0 {
		h.UncompressedSize64 = b.lie
	}
	z := zip.NewWriter(w)
	if err := writeParts(z); err != nil {
		return err
	}
	out, err := z.CreateRaw(h)
	if err != nil {
		return err
	}
	if _, err := out.Write(head); err != nil {
		return err
	}
	for range times {
		if _, err := out.Write(body); err != nil {
			return err
		}
	}
	return z.Close()
}

// deflated compresses s to blocks that may be followed by others.
func deflated(s string) ([]byte, error) {
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(z, s); err != nil {
		return nil, err
	}
	err = z.Flush()
	return b.Bytes(), err
}
