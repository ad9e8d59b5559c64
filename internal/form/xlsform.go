package form

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// XLSForm is the workbook in which other collection tools describe forms: a sheet of questions, one of choices, one of settings.
// Source: XLSForm specification, xlsform.org. Columns of this house ("personal", "purpose", "retention", "rows_min", "rows_max", "files_max", "formula",
// "area", "kind") stand beside those of the specification, which other tools pass over; with them a form comes back as it left.

// A Told is something of a workbook, or of a form, that could not be taken as it was.
type Told struct {
	Sheet string
	Row   int    // as a spreadsheet shows it; 0 for the workbook as a whole
	Key   string // catalogue key
	Args  []any
}

// The columns written, in order.
var surveyColumns = []string{"type", "name", "label", "hint", "required", "relevant", "constraint", "calculation", "appearance", "kind", "personal", "purpose", "retention", "rows_min", "rows_max", "files_max", "formula"}

// A surveyRow is one row of the sheet of questions, by column.
type surveyRow map[string]string

// WriteXLSForm writes the form as an XLSForm workbook, and tells what other tools will not have of it: formulas that XPath has no words
// for travel in the column "formula" alone. Faults: errors of w.
func WriteXLSForm(w io.Writer, f Form) (told []Told, err error) {
	rows, choices, told := f.survey()
	columns := surveyColumns
	if slices.ContainsFunc(f.Blocks, func(b Block) bool { return b.Area != Anywhere }) {
		columns = append(slices.Clone(columns), "area")
	}
	if slices.ContainsFunc(f.Blocks, func(b Block) bool { return len(b.Initial) > 0 }) {
		columns = append(slices.Clone(columns), "default")
	}
	if len(f.choiceColumns()) > 0 {
		columns = append(slices.Clone(columns), "choice_filter")
	}
	out, err := tabular.NewXLSXWriter(w, "survey", columns, nil)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		line := make([]string, len(columns))
		for i, c := range columns {
			line[i] = r[c]
		}
		if err := out.Row(texts(line...)); err != nil {
			return nil, err
		}
	}
	if err := out.Next("choices", append([]string{"list_name", "name", "label"}, f.choiceColumns()...), nil); err != nil {
		return nil, err
	}
	for _, c := range choices {
		if err := out.Row(texts(c...)); err != nil {
			return nil, err
		}
	}
	if err := out.Next("settings", []string{"form_title", "form_id", "version", "default_language"}, nil); err != nil {
		return nil, err
	}
	if err := out.Row(texts(f.Title, Slug(f.Title), strconv.Itoa(max(f.Version, 1)), "fr")); err != nil {
		return nil, err
	}
	return told, out.Close()
}

func texts(values ...string) (out []tabular.Cell) {
	for _, v := range values {
		out = append(out, tabular.TextCell(v))
	}
	return out
}

// xlsTypes are the types of the kinds that have one of their own; others are texts, which the column "kind" tells apart.
var xlsTypes = map[Kind]string{Number: "decimal", Date: "date", Point: "geopoint", File: "file", Photo: "image", Explanation: "note", Computed: "calculate", Repeat: "begin_repeat", Heading: "begin_group"}

// survey are the rows of questions and of choices.
func (f *Form) survey() (rows []surveyRow, choices [][]string, told []Told) {
	open, within := "", "" // the part and the group that stand open
	closeRepeat := func(next string) {
		if within != "" && next != within {
			rows, within = append(rows, surveyRow{"type": "end_repeat", "name": within}), ""
		}
	}
	for _, b := range f.Blocks {
		closeRepeat(b.Within)
		if b.Kind == Heading && open != "" {
			rows = append(rows, surveyRow{"type": "end_group", "name": open})
		}
		r := f.surveyRow(b)
		rows = append(rows, r)
		if b.Kind == Computed && r["calculation"] == "" {
			r["type"] = "note"
			told = append(told, Told{"survey", len(rows) + 1, "form.xls_formula", []any{b.Label, b.Formula}})
		}
		if b.Kind == Heading && b.When != nil && r["relevant"] == "" {
			told = append(told, Told{"survey", len(rows) + 1, "form.xls_heading_condition", []any{b.Label}})
		}
		switch b.Kind {
		case Heading:
			open = b.Name
		case Repeat:
			within = b.Name
		}
		for i, o := range b.Options {
			line := []string{b.Name, choiceName(b, i), o}
			for _, column := range f.choiceColumns() {
				said := ""
				if b.Narrow != nil && b.Narrow.xlsColumn() == column {
					said = f.xlsWith(b, o)
				}
				line = append(line, said)
			}
			choices = append(choices, line)
		}
	}
	closeRepeat("")
	if open != "" {
		rows = append(rows, surveyRow{"type": "end_group", "name": open})
	}
	return rows, choices, told
}

// choiceName is the word of an option, [a-z0-9_], its own among those of the block.
func choiceName(b Block, at int) string {
	name := Slug(b.Options[at])
	for i := range at {
		if Slug(b.Options[i]) == name {
			return name + "_" + strconv.Itoa(at+1)
		}
	}
	return name
}

func (f *Form) surveyRow(b Block) surveyRow {
	r := surveyRow{"type": "text", "name": b.Name, "label": b.Label, "hint": b.Hint, "kind": string(b.Kind), "purpose": b.Purpose, "formula": b.Formula, "area": string(b.Area), "default": b.xlsInitial(), "choice_filter": b.xlsFilter()}
	if t, ok := xlsTypes[b.Kind]; ok {
		r["type"] = t
	}
	switch b.Kind {
	case One:
		r["type"] = "select_one " + b.Name
	case Many:
		r["type"] = "select_multiple " + b.Name
	case LongText, Address:
		r["appearance"] = "multiline"
	case Phone:
		r["appearance"] = "numbers"
	case Email:
		r["constraint"] = `regex(., '[^@ ]+@[^@ ]+\.[^@ ]+')`
	case Repeat:
		r["rows_min"], r["rows_max"] = b.Min, b.Max
	case File, Photo:
		r["files_max"] = b.Max
	case Computed:
		r["calculation"], _ = f.xpath(b)
	}
	if b.Kind == Heading || b.Kind == Repeat {
		r["hint"] = "" // tools refuse one there
		if b.Hint != "" {
			r["label"] = b.Label + "\n" + b.Hint
		}
	}
	if b.Required && b.Kind != Repeat {
		r["required"] = "yes"
	}
	if b.Kind == Repeat && b.Required && b.Min == "" {
		r["rows_min"] = "1"
	}
	if b.About {
		r["personal"] = "yes"
	}
	if b.Retention > 0 {
		r["retention"] = strconv.Itoa(b.Retention)
	}
	if limits := b.constraint(); limits != "" {
		r["constraint"] = limits
	}
	if b.When != nil {
		r["relevant"] = f.relevant(*b.When)
		if b.Kind == Heading && !f.gates(b) {
			r["relevant"] = "" // elsewhere it would hide the whole part
		}
	}
	return r
}

// constraint writes the limits of a block as XPath.
func (b Block) constraint() string {
	subject, value := "", func(s string) string { return s }
	switch b.Kind {
	case Number:
		subject, value = ".", point
	case Date:
		subject, value = ".", func(s string) string { return "date('" + s + "')" }
	case Line, LongText:
		subject = "string-length(.)"
	case Many:
		subject = "count-selected(.)"
	default:
		return ""
	}
	var parts []string
	if b.Min != "" {
		parts = append(parts, subject+" >= "+value(b.Min))
	}
	if b.Max != "" {
		parts = append(parts, subject+" <= "+value(b.Max))
	}
	return strings.Join(parts, " and ")
}

// point writes a limit with a decimal point.
func point(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, " ", ""), ",", ".") }

// ReadXLSForm makes a form of an XLSForm workbook, and tells row by row what it could not take. What concerns a person still lacks its
// purpose and its retention where the workbook does not say them. Faults: Invalid "form.xls_no_survey" of a workbook without questions;
// those of [tabular.Open].
func ReadXLSForm(src io.ReaderAt, size int64, name string) (f Form, told []Told, err error) {
	survey, err := sheetRows(src, size, name, "survey")
	if err != nil {
		return f, nil, err
	}
	if len(survey) == 0 {
		return f, nil, fault.Field("file", "form.xls_no_survey")
	}
	choices, err := sheetRows(src, size, name, "choices")
	if err != nil {
		return f, nil, err
	}
	settings, err := sheetRows(src, size, name, "settings")
	if err != nil {
		return f, nil, err
	}
	r := surveyReader{form: New(""), names: map[string]string{}, lists: map[string][]option{}, looks: map[string]bool{}}
	if len(settings) > 0 {
		r.form.Title = cut(settings[0].cells["form_title"], LabelMost)
	}
	for _, c := range choices {
		list := first(c.cells, "list_name", "list name")
		r.lists[list] = append(r.lists[list], option{first(c.cells, "name", "value"), cut(labelOf(c.cells, "label"), LabelMost), c.cells})
	}
	for _, row := range survey {
		r.row(row)
	}
	return r.form, r.told, nil
}

func first(cells map[string]string, names ...string) string {
	for _, n := range names {
		if cells[n] != "" {
			return cells[n]
		}
	}
	return ""
}

// labelOf is a text in French where the workbook has several languages, else the first there is.
func labelOf(cells map[string]string, column string) string {
	if v := cells[column]; v != "" {
		return v
	}
	found := ""
	keys := make([]string, 0, len(cells))
	for key := range cells {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		language, ok := strings.CutPrefix(key, column+"::")
		if !ok {
			language, ok = strings.CutPrefix(key, column+":")
		}
		if !ok || cells[key] == "" {
			continue
		}
		if strings.Contains(language, "fr") {
			return cells[key]
		}
		if found == "" {
			found = cells[key]
		}
	}
	return found
}

// A sheetRow is a row by its lower-case headers.
type sheetRow struct {
	number int
	cells  map[string]string
}

// sheetRows reads a sheet; none where the workbook has no such one.
func sheetRows(src io.ReaderAt, size int64, name, sheet string) (out []sheetRow, err error) {
	table, err := tabular.Open(src, size, name, tabular.Options{Sheet: sheet, HeaderRow: 1})
	if fault.Is(err, "tabular.no_sheet") || fault.Is(err, "tabular.empty_sheet") || fault.Is(err, "tabular.no_rows") {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if !strings.EqualFold(table.Reading().Sheet, sheet) { // no workbook
		return nil, table.Close()
	}
	columns := table.Columns()
	for {
		row, err := table.Next()
		if err == io.EOF || len(out) >= sheetMost {
			return out, table.Close()
		}
		if err != nil {
			return nil, err
		}
		one := sheetRow{row.Number, map[string]string{}}
		for i, c := range columns {
			if i < len(row.Cells) {
				if v := strings.TrimSpace(row.Cells[i]); v != "" {
					one.cells[strings.ToLower(strings.TrimSpace(c))] = strings.Clone(v)
				}
			}
		}
		if len(one.cells) > 0 {
			out = append(out, one)
		}
	}
}

// sheetMost is how many rows of a sheet are read.
const sheetMost = 20000
