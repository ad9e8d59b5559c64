package ui

import "strconv"

// Tabs is a bar of links to pages about one thing. Label and each tab's Label and Href are required.
type Tabs struct {
	Label string // what the tabs are about, read aloud
	Items []Tab
}

// Tab is one link of [Tabs].
type Tab struct {
	Label, Href string
	Icon, Count string // Count is already formatted, "" for none
	Current     bool
}

// A PageLink is one number of a [Pagination]; Gap stands for pages left out.
type PageLink struct {
	Number       int
	Href         string
	Current, Gap bool
}

// Pagination leads through numbered pages; Previous and Next alone make a keyset pagination.
type Pagination struct {
	Label          string // what the pages list, read aloud; « Pages » when empty
	Links          []PageLink
	Previous, Next string // addresses, "" when there is none
}

// Pages makes the pagination of a list; page and last count from 1, href gives a page's address. One page needs none: Links is then empty.
func Pages(page, last int, href func(page int) string) Pagination {
	p := Pagination{}
	if last < 2 {
		return p
	}
	if page > 1 {
		p.Previous = href(page - 1)
	}
	if page < last {
		p.Next = href(page + 1)
	}
	for n := 1; n <= last; n++ {
		near := n == 1 || n == last || n >= page-1 && n <= page+1
		if !near && (n == 2 && page == 4 || n == last-1 && page == last-3) {
			near = true // a gap of one page is that page
		}
		switch {
		case near:
			p.Links = append(p.Links, PageLink{Number: n, Href: href(n), Current: n == page})
		case !p.Links[len(p.Links)-1].Gap:
			p.Links = append(p.Links, PageLink{Gap: true})
		}
	}
	return p
}

// Keyset makes the pagination of a list read by key: addresses of the previous and the next page, "" when there is none.
func Keyset(previous, next string) Pagination { return Pagination{Previous: previous, Next: next} }

// Shown reports whether there is anywhere to go.
func (p Pagination) Shown() bool { return p.Previous != "" || p.Next != "" || len(p.Links) > 0 }

// Steps is "what you can do next". Title is required.
type Steps struct {
	Title string
	Items []Step
}

// Step is one thing to do next. Label and Href are required.
type Step struct{ Label, Href, Text, Icon string }

// Stepper shows where the reader is on a way of several pages. Label is required.
type Stepper struct {
	Label string // read aloud
	Items []Stage
}

// Stage is one stop of a [Stepper]. State is "done", "current" or "todo".
type Stage struct{ Label, Href, State string }

// Word is the catalogue key of the state.
func (s Stage) Word() string {
	switch s.State {
	case "done":
		return "ui.stage_done"
	case "current":
		return "ui.stage_current"
	}
	return "ui.stage_todo"
}

// Menu is a button that opens a list of links and actions. Label is required.
type Menu struct {
	Label, Icon, Look string
	Bare              bool // icon alone; the label is read aloud
	End               bool // opens towards the left
	Items             []MenuItem
}

// Style is the look of the button, Secondary by default.
func (m Menu) Style() string { return key(m.Look, Secondary) }

// MenuItem is a link (Href) or an action (Action, sent by POST with one hidden field).
type MenuItem struct {
	Label, Icon, Href   string
	Action, Name, Value string
	Danger              bool
}

// Card is one thing in a list of things, judged in three seconds. Title is required.
type Card struct {
	Eyebrow, Title, Href, Text string
	Icon                       string
	Badges                     []Badge
	Facts                      []Fact
	Score                      *Score // shown small, at the end
	Level                      int    // of its heading: 2 or 3; 3 when 0
}

// Heading is the level of its heading.
func (c Card) Heading() int {
	if c.Level == 2 {
		return 2
	}
	return 3
}

// Fact is one label and its value. Label is required; an empty Value shows as « non renseigné ».
type Fact struct{ Label, Value, Href, Hint, Icon string }

// Facts is a list of facts; Columns sets the label beside the value rather than above it.
type Facts struct {
	Items []Fact
	Aside bool
}

func newFacts(items []Fact) Facts { return Facts{Items: items} }

// Beside sets the label beside the value.
func (f Facts) Beside() Facts { f.Aside = true; return f }

// Figure is one number worth seeing. Value is already formatted.
type Figure struct{ Label, Value, Unit, Kind, Hint string }

// Figures is a row of key figures.
type Figures []Figure

// Confirm asks before what cannot be undone, without a dialog: it unfolds a form where the person types a name. Title, Action, Submit required.
type Confirm struct {
	Title, Text, Action, Submit string
	Name                        string // field of the typed name, "confirm" when empty
	Expected                    string // the name to type; no typing is asked when empty
	Errors                      FormErrors
	Hidden                      []Pair
}

// Pair is one hidden field of a form.
type Pair struct{ Name, Value string }

// Typed is the field where the name is typed.
func (c Confirm) Typed(label string) Field {
	return Field{Name: key(c.Name, "confirm"), Label: label, Autocomplete: "off", Required: true}.From(c.Errors)
}

// Code is a text to read or copy. Label is required.
type Code struct{ Label, Text string }

func newCode(label, text string) Code { return Code{Label: label, Text: text} }

// Disclosure is a title that unfolds plain sentences. Title is required.
type Disclosure struct {
	Title string
	Texts []string
	Open  bool
}

func itoa(n int) string { return strconv.Itoa(n) }
