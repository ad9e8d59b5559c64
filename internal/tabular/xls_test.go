package tabular

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"cultured/internal/fault"
)

// record is one record of a workbook.
func record(kind int, data ...any) []byte {
	var b bytes.Buffer
	for _, d := range data {
		switch d := d.(type) {
		case int:
			_ = binary.Write(&b, binary.LittleEndian, uint16(d)) // to memory
		case uint32, float64, byte:
			_ = binary.Write(&b, binary.LittleEndian, d) // to memory
		case string:
			b.WriteString(d)
		}
	}
	out := binary.LittleEndian.AppendUint16(nil, uint16(kind))
	out = binary.LittleEndian.AppendUint16(out, uint16(b.Len()))
	return append(out, b.Bytes()...)
}

// workbookXLS is the stream of a workbook of one sheet: records before the sheet, and those of the sheet.
func workbookXLS(version int, globals, sheet [][]byte) []byte {
	name := "\x01\x00S" // BIFF8: flags before the characters
	if version < 0x600 {
		name = "\x01S"
	}
	head := record(biffBOF, version, 5, 0, 0, uint32(0), uint32(0))
	body := slices.Concat(globals...)
	at := len(head) + len(record(biffBoundSheet, uint32(0), 0, name)) + len(body) + 4
	out := slices.Concat(head, record(biffBoundSheet, uint32(at), 0, name), body, record(biffEOF), record(biffBOF, version, 16, 0, 0, uint32(0), uint32(0)))
	return append(slices.Concat(append([][]byte{out}, sheet...)...), record(biffEOF)...)
}

// compoundOf is a compound file of one stream of the root folder, as large as it must be to lie in sectors of its own.
func compoundOf(name string, stream []byte) []byte {
	size := max(len(stream), 4096)
	n := (size + 511) / 512
	fats := 1
	for fats*128 < n+1+fats {
		fats++
	}
	le := binary.LittleEndian
	head := make([]byte, 512)
	copy(head, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
	le.PutUint16(head[30:], 9)
	le.PutUint32(head[48:], uint32(fats))
	le.PutUint32(head[56:], 4096)
	le.PutUint32(head[60:], cfbEnd)
	le.PutUint32(head[68:], cfbEnd)
	for i := range 109 {
		at := uint32(cfbNone)
		if i < fats {
			at = uint32(i)
		}
		le.PutUint32(head[76+4*i:], at)
	}
	fat := make([]byte, fats*512)
	for i := range fats * 128 {
		next := uint32(cfbNone)
		switch {
		case i < fats:
			next = 0xFFFFFFFD
		case i == fats, i == fats+n:
			next = cfbEnd
		case i < fats+n:
			next = uint32(i + 1)
		}
		le.PutUint32(fat[4*i:], next)
	}
	entry := func(name string, kind byte, child, start, size uint32) []byte {
		e := make([]byte, 128)
		copy(e, wideText(name, false))
		le.PutUint16(e[64:], uint16(2*len(name)+2))
		e[66] = kind
		le.PutUint32(e[68:], cfbNone)
		le.PutUint32(e[72:], cfbNone)
		le.PutUint32(e[76:], child)
		le.PutUint32(e[116:], start)
		le.PutUint32(e[120:], size)
		return e
	}
	dir := slices.Concat(entry("Root Entry", 5, 1, cfbEnd, 0), entry(name, 2, cfbNone, uint32(fats+1), uint32(size)), make([]byte, 256))
	return slices.Concat(head, fat, dir, stream, make([]byte, n*512-len(stream)))
}

func numberRecord(row, col, xf int, f float64) []byte { return record(biffNumber, row, col, xf, f) }
func labelRecord(row, col int, s string) []byte {
	return record(biffLabel, row, col, 0, len(s), byte(0), s)
}

func TestXLS_readsARealWriterSFile(t *testing.T) {
	data := fixture(t, "xlwt.xls")
	r, columns, rows, err := readAll(t, data, "f.xls", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Format != "xls" || r.Sheet != "Données" || r.HeaderRow != 2 || !r.Sheets[0].Hidden || strings.Join(columns, "|") != "commune|code|date|instant|taux|actif|note" {
		t.Errorf("got %+v %q", r, columns)
	}
	want := []string{"L’Haÿ-les-Roses|94038|2023-05-17|2023-05-17T10:30:00|0.125|true|ligne 1\nligne 2",
		"Ambérieu|01004|1904-01-01|2000-02-29T23:59:59|-1.5|false|日本",
		"Œting|57521|2024-12-31|2024-01-01T00:00:00|0.0000001|true|" + strings.Repeat("x", 9000)}
	if !slices.Equal(rows, want) {
		t.Errorf("got %q", rows)
	}
	_, _, rows, err = readAll(t, data, "f.xls", Options{Sheet: "Longue"}) // its strings lie across several records
	if err != nil || len(rows) != 600 {
		t.Fatalf("got %d rows, %v", len(rows), err)
	}
	for i, row := range rows {
		text := strings.Repeat([]string{"é", "€"}[i%2], i%40) + "-" + strconv.Itoa(i)
		if !strings.HasPrefix(row, text+"|") {
			t.Fatalf("row %d: got %q, want %q", i, row, text)
		}
	}
}

func TestXLS_readsEveryKindOfCell(t *testing.T) {
	formula := func(col int, value string) []byte { return record(biffFormula, 1, col, 0, value, 0, uint32(0), 0) }
	globals := [][]byte{record(biffFormat, 170, 5, byte(0), "00000"), record(biffXF, 0, 0), record(biffXF, 0, 14), record(biffXF, 0, 170)}
	sheet := [][]byte{
		labelRecord(0, 0, "a"), labelRecord(0, 1, "b"), labelRecord(0, 2, "c"), labelRecord(0, 3, "d"), labelRecord(0, 4, "e"), labelRecord(0, 5, "f"),
		labelRecord(0, 6, "g"), labelRecord(0, 7, "h"), labelRecord(0, 8, "i"), labelRecord(0, 9, "j"),
		record(biffMulRK, 1, 0, 1, uint32(45352<<2|2), 2, uint32(1004<<2|2), 1),
		record(biffRK, 1, 2, 0, uint32(1250<<2|3)),
		record(biffBoolErr, 1, 3, 0, byte(1), byte(0)),
		record(biffBoolErr, 1, 4, 0, byte(0x2A), byte(1)),
		formula(5, string(binary.LittleEndian.AppendUint64(nil, math.Float64bits(3.5)))),
		formula(6, "\x00\x00\x00\x00\x00\x00\xFF\xFF"), record(biffString, 4, byte(1), wideText("œuvr", false)),
		formula(7, "\x01\x00\x01\x00\x00\x00\xFF\xFF"),
		formula(8, "\x02\x00\x07\x00\x00\x00\xFF\xFF"),
		record(biffRK, 1, 9, 0, uint32(math.Float64bits(1.5)>>32)),
	}
	_, _, rows, err := readAll(t, compoundOf("Workbook", workbookXLS(0x600, globals, sheet)), "f.xls", Options{})
	if want := []string{"2024-03-01|01004|12.5|true|#N/A|3.5|œuvr|true|#DIV/0!|1.5"}; err != nil || !slices.Equal(rows, want) {
		t.Errorf("got %q, %v, want %q", rows, err, want)
	}
}

func TestXLS_readsExcel95(t *testing.T) {
	old := func(row, col int, s string) []byte { return record(biffLabel, row, col, 0, len(s), s) }
	sheet := [][]byte{old(0, 0, "nom"), old(0, 1, "prix"), old(1, 0, "\x8Et\x8E"), numberRecord(1, 1, 0, 2.5), old(2, 0, "no\x91l"), numberRecord(2, 1, 0, 3)}
	_, columns, rows, err := readAll(t, compoundOf("Book", workbookXLS(0x500, [][]byte{record(biffCodePage, 10000)}, sheet)), "f.xls", Options{})
	if err != nil || strings.Join(columns, "|") != "nom|prix" || !slices.Equal(rows, []string{"été|2.5", "noël|3"}) {
		t.Errorf("got %q %q, %v", columns, rows, err)
	}
}

func TestXLS_putsRowsInOrder(t *testing.T) {
	sheet := [][]byte{numberRecord(2, 0, 0, 3), numberRecord(1, 1, 0, 2), labelRecord(0, 1, "b"), labelRecord(0, 0, "a"), numberRecord(1, 0, 0, 1), numberRecord(2, 1, 0, 4)}
	_, columns, rows, err := readAll(t, compoundOf("Workbook", workbookXLS(0x600, nil, sheet)), "f.xls", Options{})
	if err != nil || strings.Join(columns, "|") != "a|b" || !slices.Equal(rows, []string{"1|2", "3|4"}) {
		t.Errorf("got %q %q, %v", columns, rows, err)
	}
}

func TestXLS_passesOverChartsInASheet(t *testing.T) {
	chart := [][]byte{record(biffBOF, 0x600, 0x20, 0, 0, uint32(0), uint32(0)), numberRecord(7, 7, 0, 9), record(biffEOF)}
	sheet := append([][]byte{labelRecord(0, 0, "a")}, append(chart, numberRecord(1, 0, 0, 1))...)
	_, _, rows, err := readAll(t, compoundOf("Workbook", workbookXLS(0x600, nil, sheet)), "f.xls", Options{})
	if err != nil || !slices.Equal(rows, []string{"1"}) {
		t.Errorf("got %q, %v", rows, err)
	}
}

func TestXLS_refusesInPlainWords(t *testing.T) {
	whole := compoundOf("Workbook", workbookXLS(0x600, nil, [][]byte{labelRecord(0, 0, "a"), numberRecord(1, 0, 0, 1)}))
	loop := slices.Clone(whole)
	binary.LittleEndian.PutUint32(loop[512+4:], 1) // the folder follows itself
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"protected":       {compoundOf("Workbook", workbookXLS(0x600, [][]byte{record(biffFilePass, 1, 1)}, nil)), "tabular.password"},
		"encrypted .xlsx": {compoundOf("EncryptedPackage", nil), "tabular.password"},
		"Excel 4":         {compoundOf("Workbook", workbookXLS(0x400, nil, nil)), "tabular.unsupported"},
		"Word":            {compoundOf("WordDocument", nil), "tabular.unsupported"},
		"another":         {compoundOf("Contents", nil), "tabular.unsupported"},
		"cut":             {whole[:1600], "tabular.broken"},
		"only a header":   {whole[:512], "tabular.broken"},
		"a loop":          {loop, "tabular.broken"},
		"no sheet":        {compoundOf("Workbook", slices.Concat(record(biffBOF, 0x600, 5, 0, 0), record(biffEOF))), "tabular.broken"},
		"too wide":        {compoundOf("Workbook", workbookXLS(0x600, nil, [][]byte{numberRecord(0, 0xFFFF, 0, 1)})), "tabular.too_many_columns"},
	} {
		if _, _, _, err := readAll(t, c.data, "f.xls", Options{}); !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
}

func FuzzXLS(f *testing.F) {
	f.Add(workbookXLS(0x600, [][]byte{record(biffSST, uint32(1), uint32(1), 2, byte(0), "ab"), record(biffContinue, byte(1), "c")},
		[][]byte{record(biffLabelSST, 0, 0, 0, uint32(0)), numberRecord(1, 0, 0, 1), record(biffMerged, 1, 0, 1, 0, 1)}))
	f.Add(workbookXLS(0x500, [][]byte{record(biffFormat, 170, byte(2), "00")}, [][]byte{labelRecord(0, 0, "a")}))
	f.Fuzz(func(t *testing.T, stream []byte) { exhaust(t, compoundOf("Workbook", stream)) })
}

func FuzzCompound(f *testing.F) {
	f.Add(compoundOf("Workbook", workbookXLS(0x600, nil, [][]byte{labelRecord(0, 0, "a"), numberRecord(1, 0, 0, 1)})))
	f.Add(fixture(f, "cast-int-to-string-issue-1251.xls"))
	f.Fuzz(func(t *testing.T, data []byte) { exhaust(t, data) })
}
