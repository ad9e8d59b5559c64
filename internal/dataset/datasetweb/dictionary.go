package datasetweb

import (
	"encoding/csv"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type dictionaryPage struct {
	Frame    frame
	Revision int
	Action   string // address of the POST; "" for who may only read
	Entries  []entryView
	Clash    []ui.Diff
	Proposed *ui.Notice // says that meanings come from the schema, not saved yet
	Sum      string
	CSV      string
	Form     string   // page that makes a form of the columns
	Table    ui.Table // for who may only read
}

// An entryView is a column of the dictionary as a form.
type entryView struct {
	ID, Name    string
	Type        string
	Example     string
	Badges      []ui.Badge
	Label       ui.Field
	Description ui.Textarea
	Unit        ui.Field
	Done        bool
}

var dictionaryTemplate = ui.Page[dictionaryPage](pages, "pages/dictionary.tmpl", "pages/frame.tmpl")

// dictionary shows what each column means, as a form to those who may write it.
func (d Desk) dictionary(w http.ResponseWriter, r *http.Request, s subject) error {
	return d.showDictionary(w, r, s, dictionaryState{status: http.StatusOK, entries: s.kept.Dictionary, revision: s.kept.Revision})
}

// A dictionaryState is a dictionary about to be shown: after a failed save it carries what was typed and what was wrong.
type dictionaryState struct {
	status   int
	entries  []dataset.Entry
	revision int
	errs     ui.FormErrors
	clash    []ui.Diff
}

func (d Desk) showDictionary(w http.ResponseWriter, r *http.Request, s subject, st dictionaryState) error {
	p := web.VisitOf(r).P
	page := dictionaryPage{Frame: d.frameOf(r, s, "datasetweb.tab_dictionary", false), Revision: st.revision, Clash: st.clash, CSV: s.base + "/dictionary.csv", Form: "/forms/new?dataset=" + r.PathValue("id")}
	described, proposed := 0, 0
	meaning := d.meanings(s)
	for i, e := range st.entries {
		if e.Description != "" {
			described++
		} else if m := meaning(e.Name); m != "" && st.status == http.StatusOK && s.mayChange {
			e.Description = m
			proposed++
		}
		page.Entries = append(page.Entries, newEntry(p, i, e, st.errs))
	}
	if proposed > 0 {
		page.Proposed = &ui.Notice{Kind: ui.Info, Text: p.T("datasetweb.proposed", proposed)}
	}
	page.Sum = p.T("datasetweb.described", described, len(st.entries))
	if s.mayChange {
		page.Action = s.base + "/dictionary"
	} else {
		page.Table = dictionaryTable(p, st.entries)
	}
	head := headOf(r, s, "datasetweb.tab_dictionary")
	head.Errors = st.errs
	return dictionaryTemplate.Render(w, r, st.status, head, page)
}

// meanings says, by column, what the schema a dataset follows says of it; "" where it says nothing.
func (d Desk) meanings(s subject) func(column string) string {
	e, err := d.Schemas.Find(s.source.Schema)
	if s.source.Schema == "" || err != nil {
		return func(string) string { return "" }
	}
	read, _, err := e.Schema()
	if err != nil {
		return func(string) string { return "" }
	}
	said := map[string]string{}
	for _, f := range read.Fields {
		said[strings.ToLower(f.Name)] = prose(f.Description)
	}
	return func(column string) string { return said[strings.ToLower(column)] }
}

var (
	proseLink = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	proseMark = strings.NewReplacer("**", "", "`", "")
)

// prose is Markdown without its marks, on one line, no longer than a dictionary holds.
func prose(markdown string) string {
	text := []rune(strings.Join(strings.Fields(proseMark.Replace(proseLink.ReplaceAllString(markdown, "$1"))), " "))
	return string(text[:min(len(text), mostDescription)])
}

func newEntry(p *i18n.Printer, i int, e dataset.Entry, errs ui.FormErrors) entryView {
	n := strconv.Itoa(i)
	v := entryView{ID: "entry-" + strconv.Itoa(i+1), Name: e.Name, Type: p.T("dataset.type_" + string(e.Type)), Example: e.Example, Done: e.Description != "",
		Label:       ui.Field{Name: "label-" + n, Label: p.T("datasetweb.entry_label"), Value: e.Label, MaxLength: mostLabel}.From(errs),
		Description: ui.Textarea{Name: "description-" + n, Label: p.T("datasetweb.entry_description"), Value: e.Description, Rows: 2, MaxLength: mostDescription}.From(errs),
		Unit:        ui.Field{Name: "unit-" + n, Label: p.T("datasetweb.entry_unit"), Value: e.Unit, Size: "short", Optional: true, MaxLength: mostUnit}.From(errs)}
	if e.Semantic != dataset.SemanticNone {
		v.Badges = append(v.Badges, ui.Badge{Kind: ui.Info, Icon: "tag", Label: p.T("dataset.semantic_" + string(e.Semantic))})
	}
	if e.Personal != dataset.PrivacyNone {
		v.Badges = append(v.Badges, ui.Badge{Kind: ui.Warning, Icon: "lock", Label: p.T("dataset.privacy_" + string(e.Personal))})
	}
	return v
}

// Bounds of what a dictionary holds for a column, in characters.
const (
	mostLabel       = 200
	mostDescription = 2000
	mostUnit        = 40
)

// dictionaryBytes bounds the form of a dictionary: thousands of columns.
const dictionaryBytes = 16 << 20

// describe saves the dictionary. When somebody else saved it meanwhile, both texts are shown and saving again decides.
func (d Desk) describe(w http.ResponseWriter, r *http.Request) error {
	web.LimitBody(w, r, dictionaryBytes)
	if err := r.ParseForm(); err != nil {
		return err
	}
	ds, v, err := d.Dataset.Current(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	s := subjectOfDataset(r, ds, v)
	entries, err := readEntries(r, ds.Dictionary)
	if err == nil {
		_, err = d.Dataset.Describe(r.Context(), web.Actor(r), ds.ID, whole(r.PostFormValue("revision"), 0), entries)
	}
	if err == nil {
		return web.Redirect(w, r, s.base+"/dictionary", web.Said{Kind: "success", Key: "datasetweb.dictionary_saved"})
	}
	errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err)
	if !ok {
		return err
	}
	st := dictionaryState{status: web.StatusOf(err), entries: entries, revision: ds.Revision, errs: errs}
	if fault.Is(err, "dataset.dictionary_changed") {
		st.clash = clash(web.VisitOf(r).P, ds.Dictionary, entries)
	}
	return d.showDictionary(w, r, s, st)
}

// readEntries writes the answers of the form over the entries as they are now. Columns are found by name: the table may
// have changed since the form was opened.
func readEntries(r *http.Request, now []dataset.Entry) ([]dataset.Entry, error) {
	var wrong fault.List
	out := slices.Clone(now)
	at := map[string]string{}
	for i := 0; r.PostForm.Has("name-" + strconv.Itoa(i)); i++ {
		at[r.PostForm.Get("name-"+strconv.Itoa(i))] = strconv.Itoa(i)
	}
	for i := range out {
		n, ok := at[out[i].Name]
		if !ok {
			continue
		}
		read := func(field string, most int) string {
			v := strings.TrimSpace(strings.ReplaceAll(r.PostForm.Get(field+"-"+n), "\r\n", "\n"))
			if utf8.RuneCountInString(v) > most {
				wrong.Add(field+"-"+strconv.Itoa(i), "datasetweb.entry_too_long", out[i].Name, most)
			}
			return v
		}
		out[i].Label, out[i].Description, out[i].Unit = read("label", mostLabel), read("description", mostDescription), read("unit", mostUnit)
		if out[i].Label == "" {
			out[i].Label = dataset.Label(out[i].Name)
		}
	}
	return out, wrong.Err()
}

// clash compares what is saved with what was typed, column by column.
func clash(p *i18n.Printer, theirs, mine []dataset.Entry) []ui.Diff {
	var out []ui.Diff
	say := func(e dataset.Entry) string {
		s := e.Label + "\n" + e.Description
		if e.Unit != "" {
			s += "\n" + e.Unit
		}
		return s
	}
	for i := range min(len(theirs), len(mine)) {
		if a, b := say(theirs[i]), say(mine[i]); a != b {
			out = append(out, ui.Compare(mine[i].Name, p.T("datasetweb.clash_theirs", mine[i].Name), a, p.T("datasetweb.clash_mine", mine[i].Name), b))
		}
	}
	return out
}

func dictionaryTable(p *i18n.Printer, entries []dataset.Entry) ui.Table {
	t := ui.Table{ID: "dictionary", Caption: p.T("datasetweb.tab_dictionary"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("datasetweb.column")},
		{Label: p.T("datasetweb.entry_label")}, {Label: p.T("datasetweb.entry_description")}, {Label: p.T("datasetweb.entry_type")}, {Label: p.T("datasetweb.entry_unit")}}}
	for _, e := range entries {
		t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: e.Name, Fixed: true}, {Text: e.Label}, {Text: e.Description, Missing: e.Description == ""},
			{Text: p.T("dataset.type_" + string(e.Type))}, {Text: e.Unit}}})
	}
	return t
}

// dictionaryTable gives the dictionary as a table.
func (d Desk) dictionaryTable(w http.ResponseWriter, r *http.Request, s subject) error {
	return attach(w, dataset.CSV.MediaType(), s.title+" – "+web.VisitOf(r).P.T("datasetweb.dictionary_file")+".csv", func() error {
		lines := [][]string{{"name", "label", "description", "type", "unit", "meaning", "example"}}
		for _, e := range s.kept.Dictionary {
			lines = append(lines, []string{tabular.CSVCell(e.Name), tabular.CSVCell(e.Label), tabular.CSVCell(e.Description), string(e.Type), tabular.CSVCell(e.Unit),
				string(e.Semantic), tabular.CSVCell(e.Example)})
		}
		return csv.NewWriter(w).WriteAll(lines)
	})
}
