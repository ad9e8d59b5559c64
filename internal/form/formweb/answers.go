package formweb

import (
	"encoding/csv"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/codelist"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/french"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type answersPage struct {
	Head    ui.PageHead
	Tabs    ui.Tabs
	Action  string
	Query   *ui.Field
	State   *ui.Choice
	Mine    *ui.Checkbox
	Summary string
	Table   *ui.Table
	Empty   *ui.Empty
	Pages   ui.Pagination
	Exports []ui.LinkButton
	Own     []ui.LinkButton // in the owner's columns and codes
	Note    string
	Feed    string // path to post to
	Fed     bool
	Dataset string // its page, "" while there is none
}

var answersTemplate = ui.Page[answersPage](pages, "pages/answers.tmpl")

// answersShown is how many answers a page lists.
const answersShown = 50

// glimpse is how many questions the list shows beside the number.
const glimpse = 3

// answers lists what came in, the latest first.
func (d Desk) answers(w http.ResponseWriter, r *http.Request) error {
	f, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	page := answersPage{Head: ui.PageHead{Title: p.T("formweb.answers_of", f.Title), Eyebrow: p.T("formweb.form"), Badges: []ui.Badge{stateOf(p, f)}}, Tabs: tabs(p, f, "answers"), Action: path(f.ID, "answers")}
	page.Feed, page.Fed = path(f.ID, "feed"), f.Feed
	made, err := d.Form.Dataset(r.Context(), web.Actor(r), f.ID)
	if err != nil {
		return err
	}
	if made != "" {
		page.Dataset = ui.Link("/datasets", made)
	}
	head := ui.Head{Title: page.Head.Title, Section: home, Crumbs: crumbsOf(p, f), Wide: true}
	var sheet form.Sheet
	if f.Version > 0 {
		if sheet, err = d.Form.Sheet(r.Context(), web.Actor(r), f.ID); err != nil {
			return err
		}
	}
	if len(sheet.Answers) == 0 {
		page.Empty = &ui.Empty{Icon: "mail", Title: p.T("formweb.no_answers"), Text: p.T("formweb.no_answers_text")}
		return answersTemplate.Render(w, r, http.StatusOK, head, page)
	}
	slices.Reverse(sheet.Answers)
	kept := d.narrow(r, f, sheet, &page)
	page.Summary = p.T("formweb.answers_found", len(kept))
	number, last := pageNumber(r), (len(kept)+answersShown-1)/answersShown
	number = min(number, max(last, 1))
	page.Pages = ui.Pages(number, last, func(n int) string {
		q := r.URL.Query()
		q.Set("page", strconv.Itoa(n))
		return page.Action + "?" + q.Encode()
	})
	sheet.Answers = kept[(number-1)*answersShown : min(number*answersShown, len(kept))]
	if page.Table, err = d.answerTable(r, f, sheet); err != nil {
		return err
	}
	if len(kept) == 0 {
		page.Table = nil
	}
	for _, one := range []struct{ file, label string }{{"answers.csv", "CSV"}, {"answers.xlsx", "XLSX"}, {"answers.ods", "ODS"}, {"answers.json", "JSON"}} {
		page.Exports = append(page.Exports, ui.LinkButton{Label: one.label, Context: p.T("formweb.of_answers"), Href: path(f.ID, "answers", "export", one.file), Icon: "download", Download: true})
	}
	for _, one := range []struct{ file, label string }{{"own.csv", "CSV"}, {"own.xlsx", "XLSX"}, {"own.ods", "ODS"}, {"own.json", "JSON"}} {
		if f.Maps() {
			page.Own = append(page.Own, ui.LinkButton{Label: one.label, Context: p.T("formweb.of_answers_own"), Href: path(f.ID, "answers", "export", one.file), Icon: "download", Download: true})
		}
	}
	if f.Personal() {
		page.Note = p.T("formweb.export_personal")
	}
	return answersTemplate.Render(w, r, http.StatusOK, head, page)
}

func pageNumber(r *http.Request) int {
	n, _ := strconv.Atoi(r.URL.Query().Get("page")) // no number is the first page
	return max(n, 1)
}

// feed has the answers kept as a dataset too, or no longer.
func (d Desk) feed(w http.ResponseWriter, r *http.Request) error {
	on := r.PostFormValue("feed") != "no"
	if err := d.Form.SetFeed(r.Context(), web.Actor(r), idOf(r), on); err != nil {
		return err
	}
	key := map[bool]string{true: "formweb.feeding", false: "formweb.fed_no_more"}[on]
	return web.Redirect(w, r, path(idOf(r), "answers"), web.Said{Kind: "success", Key: key})
}

// narrow keeps what the address asks for, and makes the form that asks.
func (d Desk) narrow(r *http.Request, f form.Form, sheet form.Sheet, page *answersPage) (kept []form.Answer) {
	p, q := web.VisitOf(r).P, r.URL.Query()
	words, state, mine := strings.TrimSpace(q.Get("q")), form.State(q.Get("state")), q.Get("mine") != ""
	page.Query = &ui.Field{Name: "q", Type: "search", Label: p.T("formweb.search_answers"), Value: words, Autocomplete: "off"}
	if f.Track {
		page.State = &ui.Choice{Name: "state", Label: p.T("formweb.request_state"), Empty: p.T("formweb.all_states")}
		for _, one := range form.States() {
			page.State.Options = append(page.State.Options, ui.Option{Value: string(one), Label: p.T(one.Word()), Selected: one == state})
		}
		page.Mine = &ui.Checkbox{Name: "mine", Label: p.T("formweb.mine"), Checked: mine}
	}
	sought := french.Fold(words)
	for _, a := range sheet.Answers {
		if f.Track && (state != "" && a.State != state || mine && a.Assignee != web.Actor(r).ID) {
			continue
		}
		if sought == "" || strings.Contains(french.Fold(a.Reference), sought) || holds(a.Values, sought) {
			kept = append(kept, a)
		}
	}
	return kept
}

func holds(v form.Values, sought string) bool {
	for _, texts := range v {
		for _, text := range texts {
			if strings.Contains(french.Fold(text), sought) {
				return true
			}
		}
	}
	return false
}

func (d Desk) answerTable(r *http.Request, f form.Form, sheet form.Sheet) (*ui.Table, error) {
	p := web.VisitOf(r).P
	t := &ui.Table{ID: "answers", Caption: p.T("formweb.answers"), CaptionHidden: true, FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("formweb.number")}, {Label: p.T("formweb.came")}}}
	if f.Track {
		t.Columns = append(t.Columns, ui.Column{Label: p.T("formweb.request_state")}, ui.Column{Label: p.T("formweb.treated_by")}, ui.Column{Label: p.T("formweb.due")})
	}
	shown := sheet.Columns[:min(glimpse, len(sheet.Columns))]
	for _, c := range shown {
		t.Columns = append(t.Columns, ui.Column{Label: c.Label})
	}
	var people []string
	for _, a := range sheet.Answers {
		people = append(people, a.Assignee)
	}
	names, err := d.Names(r.Context(), web.Actor(r), people...)
	if err != nil {
		return nil, err
	}
	for _, a := range sheet.Answers {
		row := ui.Row{Cells: []ui.Cell{{Text: a.Reference, Href: path(f.ID, "answers", string(a.ID))}, {Text: p.DateTime(a.At)}}}
		if f.Track {
			state := requestBadge(p, a.State)
			row.Cells = append(row.Cells, ui.Cell{Badge: &state}, ui.Cell{Text: names[a.Assignee]}, d.dueCell(p, a))
		}
		for _, c := range shown {
			row.Cells = append(row.Cells, ui.Cell{Text: short(valueText(p, c.Kind, a.Values[c.Key])), Missing: len(a.Values[c.Key]) == 0})
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

func (d Desk) dueCell(p *i18n.Printer, a form.Answer) ui.Cell {
	if a.Late(d.Form.Now()) {
		return ui.Cell{Badge: &ui.Badge{Label: p.T("formweb.late", dayText(p, a.Due)), Kind: ui.Warning, Icon: "clock"}}
	}
	return ui.Cell{Text: dayText(p, a.Due)}
}

// requestBadge shows where a request stands.
func requestBadge(p *i18n.Printer, s form.State) ui.Badge {
	kind := map[form.State]string{form.Doing: ui.Info, form.Lacking: ui.Warning, form.Accepted: ui.Success, form.Refused: ui.Error}[s]
	return ui.Badge{Label: p.T(s.Word()), Kind: kind}
}

// shortMost is how many characters of an answer a list shows.
const shortMost = 60

func short(text string) string {
	if r := []rune(text); len(r) > shortMost {
		return string(r[:shortMost]) + "…"
	}
	return text
}

// valueText writes an answer for people.
func valueText(p *i18n.Printer, kind form.Kind, values []string) string {
	text := strings.Join(kind.Told(values), ", ")
	switch kind {
	case form.Date:
		if day := dayText(p, text); day != "" {
			return day
		}
	case form.Number, form.Computed:
		if v, err := strconv.ParseFloat(text, 64); err == nil {
			_, digits, _ := strings.Cut(text, ".")
			return p.Decimal(v, len(digits))
		}
	case form.Commune:
		if found := codelist.Communes(text); len(found) > 0 {
			return found[0].Name + " (" + text + ")"
		}
	}
	return text
}

// export gives the answers as a file, the oldest first.
func (d Desk) export(w http.ResponseWriter, r *http.Request) error {
	sheet, err := d.Form.Sheet(r.Context(), web.Actor(r), idOf(r))
	if err != nil {
		return err
	}
	name, file := form.Slug(sheet.Form.Title), r.PathValue("file")
	if ending, own := strings.CutPrefix(file, "own."); own {
		today, err := d.Form.Look(r.Context(), web.Actor(r), idOf(r))
		if err != nil {
			return err
		}
		sheet, file = sheet.Mapped(today), "answers."+ending
	}
	switch file {
	case "answers.csv":
		web.Attachment(w, "text/csv; charset=utf-8", name+".csv")
		return writeCSV(w, sheet)
	case "answers.xlsx", "answers.ods":
		format := dataset.Format(strings.TrimPrefix(file, "answers."))
		web.Attachment(w, format.MediaType(), name+"."+string(format))
		return writeWorkbook(w, sheet, format)
	case "answers.json":
		web.Attachment(w, "application/json", name+".json")
		return writeJSON(w, sheet)
	}
	return fault.New(fault.NotFound, "web.not_found")
}

// stampLayout writes a moment in files: to the second, in the zone of the form's days, without the zone, as spreadsheets have it.
const stampLayout = "2006-01-02T15:04:05"

// around are the columns that stand before the questions.
func around(s form.Sheet) []string {
	if s.Form.Track {
		return []string{"reference", "received", "state", "due"}
	}
	return []string{"reference", "received"}
}

func header(s form.Sheet) []string {
	line := around(s)
	for _, c := range s.Columns {
		line = append(line, c.Name)
	}
	return line
}

func writeCSV(w http.ResponseWriter, s form.Sheet) error {
	out := csv.NewWriter(w)
	if err := out.Write(header(s)); err != nil {
		return err
	}
	for _, a := range s.Answers {
		line := []string{a.Reference, i18n.Civil(a.At).Format(stampLayout)}
		if s.Form.Track {
			line = append(line, string(a.State), a.Due)
		}
		for _, c := range s.Columns {
			text := c.Text(a.Values)
			if !c.Numeric(text) {
				text = tabular.CSVCell(text)
			}
			line = append(line, text)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func writeWorkbook(w http.ResponseWriter, s form.Sheet, format dataset.Format) error {
	out, err := tabular.NewSheetWriter(string(format), w, "data", header(s))
	if err != nil {
		return err
	}
	for _, a := range s.Answers {
		cells := []tabular.Cell{tabular.TextCell(a.Reference), tabular.TimeCell(i18n.Civil(a.At))}
		if s.Form.Track {
			cells = append(cells, tabular.TextCell(string(a.State)), dayCell(a.Due))
		}
		for _, c := range s.Columns {
			cells = append(cells, cellOf(c, a.Values))
		}
		if err := out.Row(cells); err != nil {
			return err
		}
	}
	return out.Close()
}

func dayCell(day string) tabular.Cell {
	if at, err := time.Parse(time.DateOnly, day); err == nil {
		return tabular.DateCell(at)
	}
	return tabular.TextCell(day)
}

func cellOf(c form.Column, v form.Values) tabular.Cell {
	text := c.Text(v)
	switch c.Kind {
	case form.Number, form.Computed, form.Repeat:
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			return tabular.NumberCell(n)
		}
	case form.Date:
		return dayCell(text)
	}
	return tabular.TextCell(text)
}

// A line is one answer as JSON.
type line struct {
	Reference string              `json:"reference"`
	Received  time.Time           `json:"received"`
	Version   int                 `json:"version"`
	State     form.State          `json:"state,omitempty"`
	Due       string              `json:"due,omitempty"`
	Answers   map[string][]string `json:"answers"`
}

func writeJSON(w http.ResponseWriter, s form.Sheet) error {
	lines := make([]line, 0, len(s.Answers))
	for _, a := range s.Answers {
		one := line{Reference: a.Reference, Received: a.At, Version: a.Version, Answers: map[string][]string{}}
		for _, c := range s.Columns {
			if values := a.Values[c.Key]; len(values) > 0 {
				one.Answers[c.Name] = c.Kind.Told(values)
			}
		}
		if s.Form.Track {
			one.State, one.Due = a.State, a.Due
		}
		lines = append(lines, one)
	}
	return json.NewEncoder(w).Encode(lines)
}
