package situationweb

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"

	"cultured/internal/french"
	"cultured/internal/situation"
	"cultured/internal/ui"
)

// The size of the pictures, in their own units: about a pixel where a panel is as wide as a phone.
const (
	panelWidth   = 288
	columnWidth  = 96
	bubbleMost   = 18 // radius of the largest bubble
	bubbleLeast  = 4
	lineHeight   = 17
	panelLetters = 38 // in a line of a panel
	tiesLeft     = 400
	tiesRight    = 600
	tiesStep     = 24
	tiesLetters  = 54
)

// A panel is the bubbles of one family or theme: each competence with a bubble for what it is needed, held and to be developed.
type panel struct {
	ID, Title, Label string
	Mark             int // of the family, 0 for none
	Height           int
	X, Y             int // in the picture of all
	Rows             []bubbles
}

// bubbles are one competence of a panel.
type bubbles struct {
	Lines []word
	Each  []bubble
}

// A word is a text where it stands.
type word struct {
	X, Y int
	Text string
}

// A bubble is a number of mentions; its area says how many. None is nought without a bubble.
type bubble struct {
	X, Y, TextX int
	R           float64
	Text        string
	Mark        int
	Standing    string
}

// panels groups the competences by family, or by theme when the address says so.
func (a atlas) panels() (out []panel) {
	group := situation.Everywhere
	if a.byTheme {
		group = themeOf
	}
	list := a.tallies(group)
	most := 1
	for _, t := range list {
		most = max(most, t.Needed, t.Held, t.Develop)
	}
	at := map[string]int{}
	for _, t := range list {
		c := a.of(t.Competence)
		title, mark := first(c.family, a.p.T("situationweb.no_family")), c.mark
		if a.byTheme {
			title, mark = first(t.Group, a.p.T("situationweb.no_theme")), 0
		}
		i, met := at[title]
		if !met {
			i = len(out)
			at[title] = i
			out = append(out, panel{ID: fmt.Sprintf("panel-%d", i+1), Title: title, Label: a.p.T("situationweb.picture_of", title), Mark: mark, Height: 8})
		}
		out[i].add(a, c, t, most)
	}
	if a.byTheme {
		slices.SortStableFunc(out, func(x, y panel) int { return french.Compare(x.Title, y.Title) })
	}
	return out
}

// add draws one competence under the others.
func (n *panel) add(a atlas, c competence, t situation.Tally, most int) {
	var row bubbles
	for _, line := range wrap(c.label, panelLetters) {
		n.Height += lineHeight
		row.Lines = append(row.Lines, word{0, n.Height - 4, line})
	}
	y := n.Height + bubbleMost + 4
	for i, s := range situation.Standings() {
		b := bubble{X: i*columnWidth + bubbleMost + 2, Y: y, Text: a.p.Number(t.Of(s)), Mark: c.mark, Standing: string(s)}
		if count := t.Of(s); count > 0 {
			b.R = max(bubbleLeast, math.Round(10*bubbleMost*math.Sqrt(float64(count)/float64(most)))/10)
		}
		b.TextX = b.X + bubbleMost + 8
		row.Each = append(row.Each, b)
	}
	n.Height = y + bubbleMost + 12
	n.Rows = append(n.Rows, row)
}

// wrap cuts a text into lines of at most a number of letters, at spaces where it can.
func wrap(text string, letters int) (lines []string) {
	line := ""
	for _, w := range strings.Fields(text) {
		if line != "" && len([]rune(line))+1+len([]rune(w)) > letters {
			lines, line = append(lines, line), ""
		}
		line = strings.TrimSpace(line + " " + w)
	}
	return append(lines, line)
}

// ties is the picture of links: situations left; competences, services and datasets right, a curve for each link.
type ties struct {
	Height int
	Heads  []word
	Curves []string
	Nodes  []node
}

// A node is a situation or what it is tied to, with the curves that lead to it, which show when it is pointed at or has the focus.
type node struct {
	Href, Name, Text string
	X, Y, DotX       int
	TextY            int
	Mark             int
	Need             bool   // a need: its dot is hollow
	Box              string // points of the square of a service or the diamond of a dataset, "" for a dot
	Curves           []string
}

// An end is what a situation is tied to.
type end struct {
	kind string // "competence", "service" or "dataset"
	id   string
}

// A right is an end on the right side, under its heading.
type right struct {
	end  end
	head string
	node node
}

// cut shortens a name for its line of the picture, after a whole word and outside brackets.
func cut(text string) string {
	runes := []rune(text)
	if len(runes) <= tiesLetters {
		return text
	}
	short := string(runes[:tiesLetters-1])
	if at := strings.LastIndexByte(short, ' '); at > 0 && runes[tiesLetters-1] != ' ' {
		short = short[:at] // a whole word, so that the full name a screen reader says holds what is seen
	}
	if open := strings.LastIndexByte(short, '('); open > 0 && !strings.Contains(short[open:], ")") {
		short = short[:open]
	}
	return strings.TrimSpace(short) + "…"
}

// ends lists what a situation is tied to, as far as the visitor may see it.
func (a atlas) ends(s situation.Situation) (out []end) {
	for _, l := range s.Links {
		out = append(out, end{"competence", string(l.Competence)})
	}
	if place := s.Place(); place != "" {
		out = append(out, end{"service", place})
	}
	for _, of := range s.Datasets {
		if _, seen := named(a.refs.datasets, of); seen {
			out = append(out, end{"dataset", of})
		}
	}
	return out
}

// ties lays the links out: situations by theme, and what they are tied to spread over the same height.
func (a atlas) ties() (out ties) {
	list := slices.Clone(a.kept)
	list = slices.DeleteFunc(list, func(s situation.Situation) bool { return len(a.ends(s)) == 0 })
	slices.SortStableFunc(list, func(x, y situation.Situation) int { return french.Compare(x.Origin.Theme, y.Origin.Theme) })
	nodes, at := a.rightSide(list, &out)
	y, theme := 0, "\x00"
	for _, s := range list {
		if s.Origin.Theme != theme {
			theme = s.Origin.Theme
			y += tiesStep + 10
			out.Heads = append(out.Heads, word{0, y, cut(first(theme, a.p.T("situationweb.no_theme")))})
		}
		y += tiesStep
		one := node{Href: path(s.ID), Name: s.Title, Text: cut(s.Title), Y: y - 5, TextY: y, DotX: tiesLeft, Need: s.Kind == situation.Need}
		for _, e := range a.ends(s) {
			to := &nodes[at[e]]
			curve := fmt.Sprintf("M%d %dC%d %d %d %d %d %d", tiesLeft, one.Y, tiesLeft+100, one.Y, tiesRight-100, to.Y, tiesRight, to.Y)
			if !slices.Contains(one.Curves, curve) {
				one.Curves, to.Curves = append(one.Curves, curve), append(to.Curves, curve)
			}
		}
		out.Curves = append(out.Curves, one.Curves...)
		out.Nodes = append(out.Nodes, one)
	}
	out.Height = max(out.Height, y+tiesStep)
	out.Nodes = append(out.Nodes, nodes...)
	return out
}

// rights lists what the situations are tied to as the right side has it: competences by family, then services, then datasets.
func (a atlas) rights(list []situation.Situation) (out []right) {
	counted := situation.Count(list, situation.Everywhere)
	slices.SortStableFunc(counted, a.reading)
	for _, t := range counted {
		c := a.of(t.Competence)
		out = append(out, right{end{"competence", string(c.id)}, first(c.family, a.p.T("situationweb.no_family")), node{Href: "/competences/" + string(c.id), Name: c.label, Mark: c.mark}})
	}
	for _, o := range a.refs.places(list) {
		out = append(out, right{end{"service", o.Value}, a.p.T("situationweb.services"), node{Href: mapHome + "?service=" + url.QueryEscape(o.Value), Name: o.Label, Box: "-5,-5 5,-5 5,5 -5,5"}})
	}
	for _, o := range a.refs.used(list) {
		out = append(out, right{end{"dataset", o.Value}, a.p.T("situationweb.datasets"), node{Href: ui.Link("/datasets", o.Value), Name: o.Label, Box: "0,-7 7,0 0,7 -7,0"}})
	}
	return out
}

// rightSide places what the situations are tied to under its headings, and says where each is.
func (a atlas) rightSide(list []situation.Situation, out *ties) (nodes []node, at map[end]int) {
	rights := a.rights(list)
	themes, heads := map[string]bool{}, map[string]bool{}
	for _, s := range list {
		themes[s.Origin.Theme] = true
	}
	for _, r := range rights {
		heads[r.head] = true
	}
	left := len(list)*tiesStep + len(themes)*(tiesStep+10)
	step := max(tiesStep, (left-len(heads)*(tiesStep+10))/max(1, len(rights)))
	at = map[end]int{}
	y, head := 0, ""
	for i, r := range rights {
		if r.head != head {
			head = r.head
			y += tiesStep + 10
			out.Heads = append(out.Heads, word{tiesRight + 12, y, cut(head)})
			y += tiesStep - step
		}
		y += step
		at[r.end] = i
		one := r.node
		one.Text, one.X, one.Y, one.TextY, one.DotX = cut(one.Name), tiesRight+12, y-5, y, tiesRight
		nodes = append(nodes, one)
	}
	out.Height = y + tiesStep
	return nodes, at
}
