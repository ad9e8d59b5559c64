package workshopweb

import (
	"fmt"
	"math"

	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/workshop"
)

// The picture of a vote on two axes, in its own units.
const (
	plotSide   = 400
	plotMargin = 34
	plotRadius = 13
)

// A rankView is the result of a vote: a table, and a picture when it had two axes.
type rankView struct {
	Title, Rule string
	Label       string // of the picture, for who does not see it
	Across, Up  string // names of the axes: difficulty goes across, value goes up
	Dots        []plotted
	Table       ui.Table
}

// A plotted is a rank where it stands; cards at one place share their mark.
type plotted struct {
	X, Y float64
	Text string
}

// ranking makes the result of a vote that is over; nil when nothing got dots.
func ranking(p *i18n.Printer, phase workshop.Phase, ranked []workshop.Ranked) *rankView {
	if len(ranked) == 0 {
		return nil
	}
	v := &rankView{Title: phase.Title, Rule: p.T("workshopweb.ties_" + nonEmpty(phase.Ties, "share"))}
	two := len(phase.Axes) == 2
	v.Table = ui.Table{ID: "rank-" + phase.Name, Caption: p.T("workshopweb.ranking_of", phase.Title), CaptionHidden: true, Columns: []ui.Column{{Label: p.T("workshopweb.rank"), Numeric: true}, {Label: p.T("workshopweb.card")}}}
	if two {
		v.Label, v.Up, v.Across = p.T("workshopweb.plot_label", phase.Axes[0], phase.Axes[1]), phase.Axes[0], phase.Axes[1]
		v.Table.Columns = append(v.Table.Columns, ui.Column{Label: phase.Axes[0], Numeric: true}, ui.Column{Label: phase.Axes[1], Numeric: true})
		v.Rule = p.T("workshopweb.easier_first") + " " + v.Rule
		v.Dots = plot(ranked)
	} else {
		v.Table.Columns = append(v.Table.Columns, ui.Column{Label: p.T("workshopweb.points"), Numeric: true})
	}
	v.Table.Columns = append(v.Table.Columns, ui.Column{Label: p.T("workshopweb.people_of_card"), Numeric: true})
	for _, r := range ranked {
		row := ui.Row{Cells: []ui.Cell{{Text: p.Number(r.Rank)}, {Text: r.Card.Text}, {Text: p.Number(r.Dots[0])}}}
		if two {
			row.Cells = append(row.Cells, ui.Cell{Text: p.Number(r.Dots[1])})
		}
		row.Cells = append(row.Cells, ui.Cell{Text: p.Number(r.People)})
		v.Table.Rows = append(v.Table.Rows, row)
	}
	return v
}

func nonEmpty(text, or string) string {
	if text == "" {
		return or
	}
	return text
}

// plot places each rank by its dots, both axes from none to the most there are.
func plot(ranked []workshop.Ranked) (out []plotted) {
	most := [2]int{1, 1}
	for _, r := range ranked {
		most[0], most[1] = max(most[0], r.Dots[0]), max(most[1], r.Dots[1])
	}
	at := map[[2]int]int{}
	for _, r := range ranked {
		if i, met := at[r.Dots]; met {
			out[i].Text = fmt.Sprintf("%s+", out[i].Text[:len(fmt.Sprint(r.Rank))])
			continue
		}
		at[r.Dots] = len(out)
		place := func(n, of int) float64 {
			return math.Round(10*(plotMargin+float64(n)/float64(of)*(plotSide-2*plotMargin))) / 10
		}
		out = append(out, plotted{X: place(r.Dots[1], most[1]), Y: plotSide - place(r.Dots[0], most[0]), Text: fmt.Sprint(r.Rank)})
	}
	return out
}

// A crowdView says where people came from, once they have told.
type crowdView struct {
	Title  string
	Tables []ui.Table
	Few    string // said when nothing may be told
}

// crowd tells how many came from each service and trade.
func crowd(p *i18n.Printer, phase workshop.Phase, services, trades []workshop.Share) *crowdView {
	v := &crowdView{Title: phase.Title}
	for _, one := range []struct {
		key    string
		shares []workshop.Share
	}{{"service", services}, {"trade", trades}} {
		if len(one.shares) == 0 {
			continue
		}
		t := ui.Table{ID: one.key + "-" + phase.Name, Caption: p.T("workshopweb.shares_" + one.key), FirstIsHeader: true, Columns: []ui.Column{{Label: p.T("workshopweb." + one.key)}, {Label: p.T("workshopweb.persons"), Numeric: true}}}
		for _, s := range one.shares {
			t.Rows = append(t.Rows, ui.Row{Cells: []ui.Cell{{Text: nonEmpty(s.Value, p.T("workshopweb.too_few_apart"))}, {Text: p.Number(s.Count)}}})
		}
		v.Tables = append(v.Tables, t)
	}
	if len(v.Tables) == 0 {
		v.Few = p.T("workshopweb.too_few")
	}
	return v
}
