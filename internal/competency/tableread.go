package competency

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/tabular"
)

// A grid is a small table read whole.
type grid struct {
	columns []string
	rows    [][]string
	numbers []int // of each row, as a spreadsheet shows it
}

// gridCells bounds what is read of a table.
const gridCells = 2_000_000

// packBytes bounds what a ZIP archive of ours unpacks to.
const packBytes = 64 << 20

// readGrid reads a table in whatever format it is; one this program wrote is read strictly, so that nothing is guessed.
func readGrid(raw []byte, name string, reader tabular.Reader) (grid, error) {
	if ours := bytes.TrimPrefix(raw, []byte("\ufeff")); strict(ours) {
		return strictGrid(ours)
	}
	limits := tabular.Limits{Bytes: int64(len(raw)), Expanded: packBytes, Cells: gridCells, Columns: 500}
	t, err := reader.Open(bytes.NewReader(raw), int64(len(raw)), name, tabular.Options{Limits: limits})
	if err != nil {
		return grid{}, onFile(err)
	}
	defer func() { _ = t.Close() }() // reads memory
	g := grid{columns: slices.Clone(t.Columns())}
	for {
		row, err := t.Next()
		if errors.Is(err, io.EOF) {
			return g, nil
		}
		if err != nil {
			return grid{}, onFile(err)
		}
		g.rows, g.numbers = append(g.rows, slices.Clone(row.Cells)), append(g.numbers, row.Number)
	}
}

// onFile says a reader's fault beside the form's file.
func onFile(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || f.Kind == fault.Internal {
		return fault.Field("file", "competency.file_unreadable").Because(err)
	}
	c := *f
	c.Field = "file"
	return &c
}

// strict reports whether the first columns are exactly those this program writes.
func strict(raw []byte) bool {
	for _, head := range []string{"id,uri,code,kind,parent,family,status,", "id,uri,edition,creator,source,licence,languages,", "position,code,label_", "item,item_code,scheme,code,uri,match,"} {
		if bytes.HasPrefix(raw, []byte(head)) {
			return true
		}
	}
	return false
}

func strictGrid(raw []byte) (grid, error) {
	in := csv.NewReader(bytes.NewReader(raw))
	in.FieldsPerRecord = -1
	rows, err := in.ReadAll()
	if err != nil || len(rows) == 0 {
		return grid{}, fault.Field("file", "competency.file_unreadable").Because(err)
	}
	g := grid{columns: rows[0]}
	for i, row := range rows[1:] {
		for len(row) < len(g.columns) {
			row = append(row, "")
		}
		for j := range row {
			row[j] = unguard(row[j])
		}
		g.rows, g.numbers = append(g.rows, row), append(g.numbers, i+2)
	}
	return g, nil
}

// A tableReader makes a framework of tables.
type tableReader struct {
	f       Framework
	now     time.Time
	file    string
	remarks []Remark
	partial bool // only items were given: what they do not say is to be kept
	bare    bool // no identifier was given either
}

func (r *tableReader) remark(where, key string, args ...string) {
	if len(r.remarks) < RemarksMost {
		r.remarks = append(r.remarks, Remark{Where: where, Key: key, Args: args})
	}
}

// readPack reads the ZIP archive that [Pack] writes; false when it is another.
func (r *tableReader) readPack(raw []byte, reader tabular.Reader) (bool, error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return false, nil // no archive: another reader says what it is
	}
	grids := map[string]grid{}
	left := int64(packBytes)
	for _, file := range z.File {
		name := path.Base(file.Name)
		if !slices.Contains([]string{sheetFramework, sheetLevels, sheetItems, sheetAlignments}, name) {
			continue
		}
		in, err := file.Open()
		if err != nil {
			return false, fault.Field("file", "competency.file_unreadable").Because(err)
		}
		text, err := io.ReadAll(io.LimitReader(in, left+1))
		if err = errors.Join(err, in.Close()); err != nil {
			return false, fault.Field("file", "competency.file_unreadable").Because(err)
		}
		if left -= int64(len(text)); left < 0 {
			return false, fault.New(fault.TooLarge, "competency.pack_large", packBytes>>20)
		}
		if len(bytes.TrimSpace(text)) == 0 {
			continue
		}
		if grids[name], err = readGrid(text, name, reader); err != nil {
			return false, err
		}
	}
	items, ok := grids[sheetItems]
	if !ok {
		return false, nil
	}
	if g, ok := grids[sheetFramework]; ok && len(g.rows) > 0 {
		r.framework(g)
	}
	r.levels(grids[sheetLevels])
	if err := r.items(items); err != nil {
		return false, err
	}
	r.alignments(grids[sheetAlignments])
	return true, nil
}

// column finds a cell by the column's name; "" when there is none.
func (g grid) cell(row []string, name string) string {
	if i := slices.Index(g.columns, name); i >= 0 && i < len(row) {
		return row[i]
	}
	return ""
}

// text gathers the columns name_fr, name_en…
func (g grid) text(row []string, name string) (t Text) {
	for i, column := range g.columns {
		if lang, ok := strings.CutPrefix(column, name+"_"); ok && languageCode.MatchString(lang) && i < len(row) {
			t = t.With(lang, clean(row[i]))
		}
	}
	return t.Clean()
}

func (r *tableReader) framework(g grid) {
	row, f := g.rows[0], &r.f
	f.ID, f.URI, f.Edition, f.Creator = ID(uuidOf("framework", g.cell(row, "id"))), g.cell(row, "uri"), g.cell(row, "edition"), g.cell(row, "creator")
	f.Source, f.Licence, f.Languages = g.cell(row, "source"), g.cell(row, "licence"), strings.Fields(g.cell(row, "languages"))
	f.Title, f.Description = g.text(row, "title"), g.text(row, "description")
}

func (r *tableReader) levels(g grid) {
	for _, row := range g.rows {
		r.f.Levels = append(r.f.Levels, Level{Code: g.cell(row, "code"), Label: g.text(row, "label"), Description: g.text(row, "description")})
	}
}

func (r *tableReader) alignments(g grid) {
	for n, row := range g.rows {
		i := r.f.at(ItemID(g.cell(row, "item")))
		if i < 0 {
			r.remark(r.where(sheetAlignments, g.numbers[n]), "competency.remark_item_unknown", g.cell(row, "item"))
			continue
		}
		r.f.Items[i].Alignments = append(r.f.Items[i].Alignments, Alignment{Scheme: g.cell(row, "scheme"), Code: g.cell(row, "code"), URI: g.cell(row, "uri"),
			Match: Match(g.cell(row, "match")), Source: g.cell(row, "source"), Checked: g.cell(row, "checked"), Note: g.cell(row, "note"), Label: g.text(row, "label")})
	}
}

// where names a row of a file.
func (r *tableReader) where(file string, row int) string {
	return firstOf(file, r.file) + ":" + strconv.Itoa(row)
}

// fileTitle is a title for a framework whose file gives none.
func fileTitle(name string) string {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	name = strings.TrimSuffix(name, path.Ext(name))
	name = line(strings.NewReplacer("_", " ", "-", " ").Replace(name))
	if name == "" {
		return "?"
	}
	return name
}

// sameHeader folds a column's name to compare it.
func sameHeader(s string) string {
	return strings.Join(french.Words(strings.ReplaceAll(s, "_", " ")), " ")
}
