package schemaweb

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/schema"
	"cultured/internal/tabular"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type listPage struct {
	Head    ui.PageHead
	Text    ui.Field
	SCDL    ui.Checkbox
	Summary string
	Near    bool // nothing had the very words
	Cards   []ui.Card
	Empty   *ui.Empty
	Export  string
}

var listTemplate = ui.Page[listPage](pages, "pages/list.tmpl")

// list shows the schemas, or those that answer the address.
func list(pack *schema.Pack) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		p := web.VisitOf(r).P
		q := readQuestion(r)
		found, near := q.find(pack)
		page := listPage{Near: near, Summary: p.T("schemaweb.count", len(found)), Export: "/schemas.csv" + q.String(),
			Head: ui.PageHead{Title: p.T("schemaweb.title"), Lead: p.T("schemaweb.lead"),
				Facts: []ui.Fact{{Label: p.T("schemaweb.registry"), Value: host(pack.Registry()), Href: webAddress(pack.Registry())}, {Label: p.T("schemaweb.snapshot"), Value: when(p, pack.Snapshot())}}},
			Text: ui.Field{Name: "q", Type: "search", Label: p.T("schemaweb.search_label"), Hint: p.T("schemaweb.search_hint"), Value: q.text, Autocomplete: "off"},
			SCDL: ui.Checkbox{Name: "scdl", Value: "1", Label: p.T("schemaweb.scdl_only"), Hint: p.T("schemaweb.scdl_hint"), Checked: q.scdl}}
		for _, e := range found {
			page.Cards = append(page.Cards, card(p, e))
		}
		if len(found) == 0 {
			page.Empty = &ui.Empty{Icon: "search", Title: p.T("schemaweb.none"), Text: p.T("schemaweb.none_text"), Example: p.T("schemaweb.none_example"),
				Action: &ui.LinkButton{Label: p.T("schemaweb.show_all"), Href: "/schemas", Look: ui.Primary}}
		}
		head := ui.Head{Title: p.T("schemaweb.title"), Description: p.T("schemaweb.lead")}
		if q.text != "" {
			head.Title = p.T("schemaweb.title_results", q.text)
		}
		return listTemplate.Render(w, r, http.StatusOK, head, page)
	}
}

// card is a schema one can judge in three seconds.
func card(p *i18n.Printer, e *schema.Entry) ui.Card {
	c := ui.Card{Eyebrow: e.Owner, Icon: "table", Level: 2, Title: title(e), Href: address(e), Text: plainText(e.Description),
		Facts: []ui.Fact{{Label: p.T("schemaweb.version"), Value: e.Version, Icon: "tag"}}}
	switch e.Kind {
	case schema.KindTable:
		c.Facts = append([]ui.Fact{{Label: p.T("schemaweb.columns"), Value: p.Number(len(e.Columns)), Icon: "columns-3"}}, c.Facts...)
	case schema.KindPackage:
		c.Facts = append([]ui.Fact{{Label: p.T("schemaweb.tables"), Value: p.Number(len(e.Tables)), Icon: "table"}}, c.Facts...)
	case schema.KindDocument:
		c.Facts, c.Icon = append([]ui.Fact{{Label: p.T("schemaweb.format"), Value: "JSON", Icon: "braces"}}, c.Facts...), "braces"
	}
	if e.SCDL {
		c.Badges = []ui.Badge{{Label: p.T("schemaweb.scdl"), Kind: ui.Success, Icon: "landmark"}}
	}
	return c
}

// listTable gives the same list as a table.
func listTable(pack *schema.Pack) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		found, _ := readQuestion(r).find(pack)
		base := web.VisitOf(r).Site.BaseURL
		web.Public(w)
		web.Attachment(w, "text/csv; charset=utf-8", "schemas.csv")
		out := csv.NewWriter(w)
		if err := out.Write([]string{"name", "title", "owner", "version", "scdl", "columns", "required", "licence", "homepage", "source", "page", "description"}); err != nil {
			return err
		}
		for _, e := range found {
			line := []string{e.Name, title(e), e.Owner, e.Version, strconv.FormatBool(e.SCDL), strconv.Itoa(len(e.Columns)), strconv.Itoa(len(e.Required)),
				e.License, e.Homepage, e.Source, base + address(e), plainText(e.Description)}
			for i := range line {
				line[i] = tabular.CSVCell(line[i])
			}
			if err := out.Write(line); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	}
}

// A question is what somebody looks for among the schemas.
type question struct {
	text string
	scdl bool
}

func readQuestion(r *http.Request) question {
	form := r.URL.Query()
	return question{text: strings.TrimSpace(form.Get("q")), scdl: form.Get("scdl") != ""}
}

// String writes the question for the end of an address, "" when there is none.
func (q question) String() string {
	v := url.Values{}
	if q.text != "" {
		v.Set("q", q.text)
	}
	if q.scdl {
		v.Set("scdl", "1")
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// when says a month ("2026-08") or a day ("2026-08-31") in words.
func when(p *i18n.Printer, snapshot string) string {
	if day, err := time.Parse("2006-01-02", snapshot); err == nil {
		return p.Date(day)
	}
	month, err := time.Parse("2006-01", snapshot)
	if err != nil {
		return snapshot
	}
	return p.T("schemaweb.month_"+month.Format("01"), month.Format("2006"))
}
