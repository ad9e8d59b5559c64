package tabular

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// A sheetFile is one sheet of a workbook, one layer or one table, before it is read. What open gives names its columns when
// it is a [namedSource]; else a header is looked for in its rows.
type sheetFile struct {
	Sheet
	bytes int64  // unpacked, 0 when not known
	said  []Note // what there is to say of it before it is opened
	open  func() (rowSource, error)
}

// partKeys are the sentences about the parts of a file, by kind of part.
var partKeys = map[string]struct{ none, empty, note, hidden, main string }{
	PartSheet: {"tabular.no_sheet", "tabular.empty_sheet", "tabular.note_sheet", "tabular.note_hidden_sheet", "tabular.note_main_sheet"},
	PartLayer: {"tabular.no_layer", "tabular.empty_layer", "tabular.note_layer", "tabular.note_layer", "tabular.note_layer"},
	PartTable: {"tabular.no_table", "tabular.empty_table", "tabular.note_table", "tabular.note_table", "tabular.note_table"},
}

// dwarfed is how many times larger than the first sheet another must be for the first to be a cover or a notice.
const dwarfed = 20

// notices begin the names of sheets that explain others, folded (see [french.Fold]).
var notices = []string{"a lire", "about", "aide", "avertissement", "champs", "couverture", "description", "dictionnaire", "documentation",
	"explication", "export summary", "glossaire", "index", "infos", "information", "instruction", "introduction", "legende", "lire", "lisez",
	"metadata", "metadonnees", "methode", "methodologie", "mode d", "notes", "notice", "page de garde", "presentation", "prise en main", "read me", "readme",
	"resume de l", "sommaire", "variables"}

// explains says whether a sheet's name is that of a page of explanations.
func explains(name string) bool {
	folded := strings.NewReplacer("_", " ", "-", " ", "’", "'").Replace(french.Fold(strings.TrimSpace(name)))
	for _, n := range notices {
		if rest, ok := strings.CutPrefix(folded, n); ok && (rest == "" || len(n) > 5 || rest[0] == ' ' || rest[0] == '\'') {
			return true
		}
	}
	return false
}

// byWorth puts the sheets in the order they are tried: as they stand, unless the first visible one is a page of explanations.
// Its name says so, and then the largest of the others comes first; or another visible one dwarfs it. covered is the page's name.
func byWorth(sheets []sheetFile) (order []sheetFile, covered string) {
	first, best, told := -1, -1, -1
	for i, s := range sheets {
		if s.Hidden {
			continue
		}
		if first < 0 {
			first = i
		}
		if best < 0 || s.bytes > sheets[best].bytes {
			best = i
		}
		if !explains(s.Name) && (told < 0 || s.bytes > sheets[told].bytes) {
			told = i
		}
	}
	switch {
	case first < 0:
		return sheets, ""
	case told >= 0 && explains(sheets[first].Name):
		best = told
	case sheets[first].bytes == 0 || sheets[best].bytes < dwarfed*sheets[first].bytes:
		return sheets, ""
	}
	order = append([]sheetFile{sheets[best]}, sheets[:best]...)
	return append(order, sheets[best+1:]...), sheets[first].Name
}

// openSheets chooses a sheet and opens it: the one asked for, or the first visible one with a filled cell (see
// [byWorth]), or failing that the first hidden one.
func openSheets(sheets []sheetFile, reading Reading, opt Options) (Table, error) {
	keys := partKeys[Part(reading.Format)]
	for _, s := range sheets {
		reading.Sheets = append(reading.Sheets, s.Sheet)
	}
	if opt.Sheet != "" {
		s, ok := findSheet(sheets, opt.Sheet)
		if !ok {
			return nil, fault.New(fault.Invalid, keys.none, opt.Sheet, sheetNames(sheets))
		}
		t, err := openSheet(s, reading, opt)
		if err == errNoRows {
			err = fault.New(fault.Invalid, keys.empty, s.Name)
		}
		if err != nil {
			return nil, err
		}
		return t, nil
	}
	order, covered := byWorth(sheets)
	for _, hidden := range []bool{false, true} {
		for _, s := range order {
			if s.Hidden != hidden {
				continue
			}
			t, err := openSheet(s, reading, opt)
			if err == errNoRows {
				continue
			}
			if err != nil {
				return nil, err
			}
			switch {
			case hidden:
				t.reading.note(keys.hidden, s.Name, strconv.Itoa(len(sheets)))
			case covered != "" && keys.main != keys.note && s.Name == order[0].Name:
				t.reading.note(keys.main, s.Name, covered)
			case len(sheets) > 1:
				t.reading.note(keys.note, s.Name, strconv.Itoa(len(sheets)))
			}
			return t, nil
		}
	}
	name := ""
	if len(sheets) > 0 {
		name = sheets[0].Name
	}
	return nil, fault.New(fault.Invalid, keys.empty, name)
}

// An explainer says what was decided about one sheet, layer or table.
type explainer interface{ notes() []Note }

func openSheet(s sheetFile, reading Reading, opt Options) (*table, error) {
	rows, err := s.open()
	if err != nil {
		return nil, err
	}
	reading.Sheet, reading.Notes = s.Name, slices.Concat(reading.Notes, s.said)
	if e, ok := rows.(explainer); ok {
		reading.Notes = slices.Concat(reading.Notes, e.notes())
	}
	var t *table
	if typed, ok := rows.(namedSource); ok {
		t, err = newTyped(typed, reading, opt.Limits)
	} else {
		t, err = newTable(rows, reading, opt, true)
	}
	if err != nil {
		rows.close()
		return nil, err
	}
	if h, ok := rows.(hider); ok {
		hiddenRows, hiddenColumns := h.hides()
		if hiddenRows {
			t.reading.note("tabular.note_hidden_rows")
		}
		if hiddenColumns {
			t.reading.note("tabular.note_hidden_columns")
		}
	}
	return t, nil
}

// A hider knows whether the sheet hides some of its rows or columns from whoever looks at it, as far as it has been read.
type hider interface{ hides() (rows, columns bool) }

// findSheet finds a sheet by its exact name, else whatever its case.
func findSheet(sheets []sheetFile, name string) (sheetFile, bool) {
	for _, s := range sheets {
		if s.Name == name {
			return s, true
		}
	}
	for _, s := range sheets {
		if strings.EqualFold(s.Name, name) {
			return s, true
		}
	}
	return sheetFile{}, false
}

func sheetNames(sheets []sheetFile) string {
	names := make([]string, 0, len(sheets))
	for _, s := range sheets {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// workbookName names the format of a workbook.
func (c *container) workbookName() string {
	if c.has("content.xml") {
		return "ODS"
	}
	return "XLSX"
}

// each reads a whole part and calls do on each token; an absent part has none.
func (c *container) each(name string, do func(x *xmlReader, kind xmlKind) error) error {
	p, err := c.open(name)
	if err != nil || p == nil {
		return err
	}
	defer p.Close()
	x := &xmlReader{r: p}
	for {
		kind, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = do(x, kind)
		}
		if err != nil {
			return broken(c.workbookName(), err)
		}
	}
}

// cellRow gathers the cells of one row of a sheet.
type cellRow struct {
	cells  []string
	limits Limits
	number int
}

// put places a value in column col, 0-based. Empty values are not stored: formatted blank cells reach the
// last column. A negative column, which only broken files have, is passed over.
func (r *cellRow) put(col int, value string) error {
	if value == "" || col < 0 {
		return nil
	}
	if col >= r.limits.Columns {
		return fault.New(fault.TooLarge, "tabular.too_many_columns", r.number, col+1, r.limits.Columns)
	}
	if len(value) > r.limits.CellBytes {
		return fault.New(fault.TooLarge, "tabular.cell_too_large", r.number, col+1, r.limits.CellBytes)
	}
	for len(r.cells) <= col {
		r.cells = append(r.cells, "")
	}
	r.cells[col] = value
	return nil
}
