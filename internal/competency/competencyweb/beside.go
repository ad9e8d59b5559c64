package competencyweb

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strconv"

	"cultured/internal/competency"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const besidePath = "/competencies/compare"

type besidePage struct {
	Head        ui.PageHead
	Action      string
	Left, Right ui.Choice
	Lines       []besideLine
	Facts       ui.Facts
	LeftName    string
	RightName   string
	Empty       *ui.Empty
	File        ui.LinkButton
}

// A besideLine is one line of two frameworks: a competence on each side, or on one only.
type besideLine struct {
	Left, Right *row
	Badge       *ui.Badge      // how they compare; nil for one alone
	Draw        *ui.LinkButton // for a steward, where only words bring the two together
}

var besideTemplate = ui.Page[besidePage](pages, "pages/beside.tmpl", "pages/words.tmpl")

// sides reads which two frameworks are asked for; with none asked for, the first two there are. Zero Views where there are not two.
// Fault: NotFound "competency.not_found" for one that this visitor cannot read.
func sides(r *http.Request, d Desk) (all []competency.View, left, right competency.View, err error) {
	if all, err = d.Competency.All(r.Context(), web.Actor(r)); err != nil || len(all) < 2 {
		return all, left, right, err
	}
	pick := func(name string, otherwise int) (competency.View, error) {
		asked := r.URL.Query().Get(name)
		if asked == "" {
			return all[otherwise], nil
		}
		if i := slices.IndexFunc(all, func(v competency.View) bool { return string(v.Framework.ID) == asked }); i >= 0 {
			return all[i], nil
		}
		return competency.View{}, fault.New(fault.NotFound, "competency.not_found")
	}
	if left, err = pick("left", 0); err != nil {
		return all, left, right, err
	}
	right, err = pick("right", 1)
	return all, left, right, err
}

// beside shows two frameworks side by side: what answers what, by whose word, and what stands alone.
func beside(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		all, left, right, err := sides(r, d)
		if err != nil {
			return err
		}
		p := web.VisitOf(r).P
		page := besidePage{Action: besidePath, Head: ui.PageHead{Title: p.T("competencyweb.beside"), Lead: p.T("competencyweb.beside_lead")}}
		head := ui.Head{Title: page.Head.Title, Section: "/competencies", Crumbs: []ui.Crumb{{Label: p.T("competencyweb.title"), Href: "/competencies?all=1"}}}
		if len(all) < 2 {
			page.Empty = &ui.Empty{Icon: "library", Title: p.T("competencyweb.beside_none"), Text: p.T("competencyweb.beside_none_text")}
			if mayEdit(r) == nil {
				page.Empty.Action = &ui.LinkButton{Label: p.T("competencyweb.import"), Href: "/competencies/import", Look: ui.Primary}
			}
			return besideTemplate.Render(w, r, http.StatusOK, head, page)
		}
		page.Left, page.Right = frameworkChoice(p, "left", all, left), frameworkChoice(p, "right", all, right)
		page.LeftName, page.RightName = say(p, left.Framework, left.Framework.Title).Text, say(p, right.Framework, right.Framework.Title).Text
		if err := page.fill(p, addressOf(r).Beside(left.Framework, right.Framework), left, right); err != nil {
			return err
		}
		file, err := ui.Query(besidePath+".csv", "left", string(left.Framework.ID), "right", string(right.Framework.ID))
		if err != nil {
			return err
		}
		page.File = ui.LinkButton{Label: p.T("competencyweb.download_csv"), Href: file, Icon: "download", Download: true}
		return besideTemplate.Render(w, r, http.StatusOK, head, page)
	}
}

func frameworkChoice(p *i18n.Printer, name string, all []competency.View, chosen competency.View) ui.Choice {
	c := ui.Choice{Name: name, Label: p.T("competencyweb.beside_" + name)}
	for _, v := range all {
		c.Options = append(c.Options, ui.Option{Value: string(v.Framework.ID), Label: say(p, v.Framework, v.Framework.Title).Text, Selected: v.Framework.ID == chosen.Framework.ID})
	}
	return c
}

// fill writes the lines and counts them.
func (page *besidePage) fill(p *i18n.Printer, pairs []competency.Pair, left, right competency.View) error {
	var drawn, near, leftOnly, rightOnly int
	for _, pair := range pairs {
		line := besideLine{Left: besideRow(p, left.Framework, pair.Left), Right: besideRow(p, right.Framework, pair.Right)}
		switch {
		case !pair.Both() && pair.Left.ID != "":
			leftOnly++
		case !pair.Both():
			rightOnly++
		case pair.Near > 0:
			near++
			line.Badge = &ui.Badge{Label: p.T("competencyweb.beside_near", p.Percent(pair.Near)), Kind: ui.Warning, Icon: "circle-alert"}
			if left.MayEdit {
				to, err := ui.Query(itemPath(left.Framework.ID, pair.Left.ID, "alignments"), "scheme", page.RightName, "code", pair.Right.Code,
					"label", say(p, right.Framework, pair.Right.Label).Text, "match", string(competency.Close))
				if err != nil {
					return err
				}
				line.Draw = &ui.LinkButton{Label: p.T("competencyweb.beside_draw"), Href: to, Look: ui.Quiet, Small: true, Context: cite(p, left.Framework, pair.Left)}
			}
		default:
			drawn++
			line.Badge = &ui.Badge{Label: p.T(pair.Link.Match.Label()), Kind: ui.Success, Icon: "circle-check"}
		}
		page.Lines = append(page.Lines, line)
	}
	page.Facts = ui.Facts{Items: []ui.Fact{{Label: p.T("competencyweb.beside_drawn"), Value: p.Number(drawn)}, {Label: p.T("competencyweb.beside_words"), Value: p.Number(near)},
		{Label: p.T("competencyweb.beside_left_only"), Value: p.Number(leftOnly)}, {Label: p.T("competencyweb.beside_right_only"), Value: p.Number(rightOnly)}}}
	return nil
}

// besideRow is one side of a line; nil where it has nothing.
func besideRow(p *i18n.Printer, f competency.Framework, it competency.Item) *row {
	if it.ID == "" {
		return nil
	}
	return &row{Code: it.Code, Label: say(p, f, it.Label), Href: itemPath(f.ID, it.ID)}
}

// besideFile gives the same lines as CSV: a competence a side, how they compare (a [competency.Match], "words" or nothing) and the share of words.
func besideFile(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		_, left, right, err := sides(r, d)
		if err != nil {
			return err
		}
		p := web.VisitOf(r).P
		web.Attachment(w, "text/csv; charset=utf-8; header=present", p.T("competencyweb.beside")+".csv")
		out := csv.NewWriter(w)
		if err := out.Write([]string{"left_code", "left_label", "match", "common_words", "checked", "right_code", "right_label"}); err != nil {
			return err
		}
		for _, pair := range addressOf(r).Beside(left.Framework, right.Framework) {
			match, share := string(pair.Link.Match), ""
			if pair.Near > 0 {
				match, share = "words", strconv.FormatFloat(pair.Near, 'f', 2, 64)
			}
			row := []string{pair.Left.Code, say(p, left.Framework, pair.Left.Label).Text, match, share, pair.Link.Checked, pair.Right.Code, say(p, right.Framework, pair.Right.Label).Text}
			if err := out.Write(row); err != nil {
				return err
			}
		}
		out.Flush()
		return out.Error()
	}
}
