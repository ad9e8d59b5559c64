package ui

// The looks of a [Button] or [LinkButton]. One primary a page.
const (
	Primary   = "primary"
	Secondary = "secondary"
	Quiet     = "quiet"
	Danger    = "danger"
)

// Button sends its form. Label is required; when Bare it is read aloud and the icon shown alone.
type Button struct {
	Label       string
	Look        string // Primary when empty
	Icon        string
	Name, Value string
	To          string // formaction: another address for the same form
	Form        string // id of a form elsewhere in the page
	Context     string // said after the label to screen readers: which row, which file
	Small, Bare bool
	Skip        bool // formnovalidate
}

// LinkButton leads to a page and looks like a button. Label and Href are required.
type LinkButton struct {
	Label, Href string
	Look        string // Secondary when empty
	Icon        string
	Context     string // said after the label to screen readers
	Small       bool
	Download    bool
}

// Style is the look, Primary by default.
func (b Button) Style() string { return key(b.Look, Primary) }

// Style is the look, Secondary by default.
func (b LinkButton) Style() string { return key(b.Look, Secondary) }

func newButton(label string) Button { return Button{Label: label} }

func newLinkButton(label, href string) LinkButton { return LinkButton{Label: label, Href: href} }

// As sets the look: "primary", "secondary", "quiet" or "danger".
func (b Button) As(look string) Button { b.Look = look; return b }

// With adds an icon before the label.
func (b Button) With(icon string) Button { b.Icon = icon; return b }

// Sends adds the name and value the form will carry when this button is pressed.
func (b Button) Sends(name, value string) Button { b.Name, b.Value = name, value; return b }

// Goes sends the form to another address.
func (b Button) Goes(to string) Button { b.To = to; return b }

// About says to screen readers which row or file the button is about.
func (b Button) About(context string) Button { b.Context = context; return b }

// Smaller makes the button fit a table row.
func (b Button) Smaller() Button { b.Small = true; return b }

// IconOnly shows the icon alone; the label is read aloud.
func (b Button) IconOnly() Button { b.Bare = true; return b }

// As sets the look: "primary", "secondary", "quiet" or "danger".
func (b LinkButton) As(look string) LinkButton { b.Look = look; return b }

// With adds an icon before the label.
func (b LinkButton) With(icon string) LinkButton { b.Icon = icon; return b }

// About says to screen readers which row or file the link is about.
func (b LinkButton) About(context string) LinkButton { b.Context = context; return b }

// Smaller makes the link fit a table row.
func (b LinkButton) Smaller() LinkButton { b.Small = true; return b }

// Downloads makes the browser save the file.
func (b LinkButton) Downloads() LinkButton { b.Download = true; return b }
