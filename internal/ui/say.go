package ui

import "strconv"

// The kinds of a [Notice], [Badge] or [Part]: what it means, never what colour it has.
const (
	Info    = "info"
	Success = "success"
	Warning = "warning"
	Error   = "error"
	Neutral = "neutral"
)

// Notice tells something inside a page. Text is required.
type Notice struct {
	Kind, Title, Text string // Kind is Info when empty
	Items             []string
	Action            *LinkButton
	Urgent            bool // read aloud at once: only for what has just happened
}

// Style is the kind, Info by default.
func (n Notice) Style() string { return key(n.Kind, Info) }

// Word is the catalogue key that says the kind to screen readers.
func (n Notice) Word() string {
	switch n.Kind {
	case Success:
		return "ui.kind_success"
	case Warning:
		return "ui.kind_warning"
	case Error:
		return "ui.kind_error"
	}
	return "ui.kind_info"
}

// Icon is the picture of the kind.
func (n Notice) Icon() string { return kindIcon(n.Style()) }

func kindIcon(kind string) string {
	switch kind {
	case Success:
		return "circle-check"
	case Warning:
		return "triangle-alert"
	case Error:
		return "circle-x"
	}
	return "info"
}

func newNotice(kind, text string) Notice { return Notice{Kind: kind, Text: text} }

// Titled adds a title.
func (n Notice) Titled(title string) Notice { n.Title = title; return n }

// Leading adds a link under the text.
func (n Notice) Leading(label, href string) Notice {
	n.Action = &LinkButton{Label: label, Href: href}
	return n
}

// Toast says what has just been done and offers the way back: a form button. Text is required.
type Toast struct {
	Kind, Text string // Kind is Success when empty
	Undo       *Undo
}

// Undo is a POST that takes something back.
type Undo struct{ Label, Action, Name, Value string }

// Style is the kind, Success by default.
func (t Toast) Style() string { return key(t.Kind, Success) }

// Icon is the picture of the kind.
func (t Toast) Icon() string { return kindIcon(t.Style()) }

// Badge is a short state or tag. Label is required. Family is 1 to 9 for the families of competences, 0 for none.
type Badge struct {
	Label, Kind, Icon, Href string // Kind is Neutral when empty
	Family                  int
}

// Style is the class of the kind or family.
func (b Badge) Style() string {
	if b.Family > 0 {
		return "family-" + strconv.Itoa(b.Family)
	}
	return key(b.Kind, Neutral)
}

func newBadge(kind, label string) Badge { return Badge{Kind: kind, Label: label} }

func newFamilyBadge(family int, label string) Badge { return Badge{Family: family, Label: label} }

// With adds an icon.
func (b Badge) With(icon string) Badge { b.Icon = icon; return b }

// To makes the tag a link.
func (b Badge) To(href string) Badge { b.Href = href; return b }

// Empty stands where a list has nothing yet: one sentence, one example, one button. Text is required.
type Empty struct {
	Icon, Title, Text, Example string
	Action                     *LinkButton
}

// PageHead opens a page: its only h1. Title is required.
type PageHead struct {
	Eyebrow, Title, Lead string
	Badges               []Badge
	Actions              []LinkButton
	Facts                []Fact
}

func newPageHead(title, lead string) PageHead { return PageHead{Title: title, Lead: lead} }

// Above adds a word above the title: the kind of thing this is.
func (h PageHead) Above(eyebrow string) PageHead { h.Eyebrow = eyebrow; return h }
