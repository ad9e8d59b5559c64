package form

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/identifier"
)

// An ID names a form.
type ID string

// A Door says who may answer.
type Door string

// The doors.
const (
	Public Door = "public" // whoever has the link
	Coded  Door = "coded"  // whoever has the link and knows the code
	Agents Door = "agents" // people of the organisation, or those named
)

// Doors lists the doors, the widest first.
func Doors() []Door { return []Door{Public, Coded, Agents} }

// Word is the catalogue key that names the door.
func (d Door) Word() string { return "form.door_" + string(d) }

// A Form is what is asked, of whom, and until when.
type Form struct {
	ID           ID        `json:"-"`
	Organisation string    `json:"-"`
	Owner        string    `json:"owner"`             // person who answers for it
	Service      string    `json:"service,omitempty"` // of the owner
	Title        string    `json:"title"`
	Intro        string    `json:"intro,omitempty"`
	Thanks       string    `json:"thanks,omitempty"`  // said once an answer is taken
	Contact      string    `json:"contact,omitempty"` // whom to write to about the form and what it keeps
	Blocks       []Block   `json:"blocks"`
	Door         Door      `json:"door"`
	Code         string    `json:"code,omitempty"`
	Named        []string  `json:"named,omitempty"`   // e-mails of the agents who may answer; none: all of the organisation
	Opens        string    `json:"opens,omitempty"`   // first day, 2006-01-02; "" is at once
	Closes       string    `json:"closes,omitempty"`  // last day, included; "" is never
	Limit        int       `json:"limit,omitempty"`   // answers taken; 0 is no limit
	Track        bool      `json:"track,omitempty"`   // answers are requests: they have states, and their authors may follow them
	Tell         string    `json:"tell,omitempty"`    // block whose address the author is written at, while it asks for one; "" for no mail
	Days         int       `json:"days,omitempty"`    // to answer a request; 0 is no deadline
	Feed         bool      `json:"feed,omitempty"`    // its answers are kept as a dataset too
	Edition      string    `json:"edition,omitempty"` // year or season it is asked for, "2026-2027"
	Before       ID        `json:"before,omitempty"`  // the edition before; "" for the first
	Root         ID        `json:"root,omitempty"`    // the first edition, see [Form.Line]
	Model        *Origin   `json:"model,omitempty"`   // what it follows; nil for a form of its own
	Offered      bool      `json:"offered,omitempty"` // other organisations may follow it
	Shares       bool      `json:"shares,omitempty"`  // its counts may be seen by who shares its questions
	Version      int       `json:"version"`           // latest published; 0 while none is
	Stopped      bool      `json:"stopped,omitempty"`
	Revision     int       `json:"revision"` // counts every change: the form somebody edits must be the latest
	Created      time.Time `json:"created"`
}

// New is an empty form, open to whoever has its link.
func New(title string) Form { return Form{Title: strings.TrimSpace(title), Door: Public} }

// Find is the index of the block with the name, -1 when there is none.
func (f *Form) Find(name string) int {
	return slices.IndexFunc(f.Blocks, func(b Block) bool { return b.Name == name })
}

// Put adds a block at the end, under a name of its own made from its label, or replaces the one that has its name. Faults: those
// of [Block.Validate]; Invalid "form.many_blocks"; NotFound "form.block_gone".
func (f *Form) Put(b Block) (name string, err error) {
	b.Tidy()
	at := len(f.Blocks)
	if b.Name != "" {
		if at = f.Find(b.Name); at < 0 {
			return "", fault.New(fault.NotFound, "form.block_gone")
		}
	} else if at >= BlocksMost {
		return "", fault.Field("kind", "form.many_blocks", BlocksMost)
	}
	b.Common = b.Name != "" && f.Blocks[at].Common
	b.Formula = refer(b.Formula, f.Blocks[:at])
	if err := b.Validate(f.Blocks[:at]).Err(); err != nil {
		return "", err
	}
	if b.Name != "" {
		f.Blocks = slices.Clone(f.Blocks)
		f.Blocks[at] = b
		return b.Name, nil
	}
	b.Name = f.free(b.Label)
	f.Blocks = append(slices.Clone(f.Blocks), b)
	return b.Name, nil
}

// free is a name for a block that no other has.
func (f *Form) free(label string) string {
	base := Slug(label)
	if f.Model != nil {
		base = ownPrefix + base
	}
	name := base
	for n := 2; f.Find(name) >= 0; n++ {
		name = base + "_" + strconv.Itoa(n)
	}
	return name
}

// slugMost is the length of a block's name, before what tells it from another.
const slugMost = 40

// Slug is a column's name made of a label: [a-z0-9_], never empty.
func Slug(label string) string {
	words := strings.FieldsFunc(french.Fold(label), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
	name := strings.Join(words, "_")
	if len(name) > slugMost {
		name = strings.TrimRight(name[:slugMost], "_")
	}
	if name == "" {
		return "question"
	}
	return name
}

// extent is where what moves with the block at a place ends: a group takes its blocks along.
func (f *Form) extent(at int) (end int) {
	end = at + 1
	for f.Blocks[at].Kind == Repeat && end < len(f.Blocks) && f.Blocks[end].Within == f.Blocks[at].Name {
		end++
	}
	return end
}

// top is the place of the group a block stands in, or its own.
func (f *Form) top(at int) int {
	if group := f.Find(f.Blocks[at].Within); f.Blocks[at].Within != "" && group >= 0 {
		return group
	}
	return at
}

// Move takes a block one place up (-1) or down (+1), a group with its blocks, over a group as a whole; at an end, or at the edge of its
// group, it stays. What a condition then no longer reaches is told by [Form.Validate]. Fault: NotFound "form.block_gone".
func (f *Form) Move(name string, by int) error {
	at := f.Find(name)
	if at < 0 {
		return fault.New(fault.NotFound, "form.block_gone")
	}
	end, within := f.extent(at), f.Blocks[at].Within
	switch {
	case by < 0 && at > 0:
		before := at - 1
		if within == "" {
			before = f.top(before)
		} else if f.Blocks[before].Within != within {
			return nil
		}
		f.swap(before, at, end)
	case by > 0 && end < len(f.Blocks):
		if within != "" && f.Blocks[end].Within != within {
			return nil
		}
		f.swap(at, end, f.extent(end))
	}
	return nil
}

// swap exchanges the blocks from a to b with those from b to c.
func (f *Form) swap(a, b, c int) {
	f.Blocks = slices.Concat(f.Blocks[:a], f.Blocks[b:c], f.Blocks[a:b], f.Blocks[c:])
}

// Place puts a block right after another, or first when after is "". A group takes its blocks along, and is put after another group as
// a whole, as any block is that stands in none. Faults: NotFound "form.block_gone" of either.
func (f *Form) Place(name, after string) error {
	at, to := f.Find(name), f.Find(after)
	if at < 0 || after != "" && to < 0 {
		return fault.New(fault.NotFound, "form.block_gone")
	}
	end := f.extent(at)
	if to >= 0 && f.Blocks[at].Within == "" {
		to = f.extent(f.top(to)) - 1
	}
	switch {
	case to >= end:
		f.swap(at, end, to+1)
	case to < at:
		f.swap(to+1, at, end)
	}
	return nil
}

// PutBack brings back a block that was taken, at its place, 0 the first. Faults: Conflict "form.block_back" when it is there; those
// of [Block.Validate].
func (f *Form) PutBack(b Block, at int) error {
	if f.Find(b.Name) >= 0 || strings.Trim(b.Name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" || b.Name == "" {
		return fault.New(fault.Conflict, "form.block_back")
	}
	if len(f.Blocks) >= BlocksMost {
		return fault.Field("kind", "form.many_blocks", BlocksMost)
	}
	at = min(max(at, 0), len(f.Blocks))
	b.Common = false // those stay
	b.Tidy()
	for _, one := range b.Validate(f.Blocks[:at]) {
		if one.Field != "purpose" && one.Field != "retention" && one.Field != "when" && one.Field != "within" && one.Field != "narrow" && one.Field != "with" && one.Field != "formula" { // what may lack until the form is published
			return one
		}
	}
	f.Blocks = slices.Insert(slices.Clone(f.Blocks), at, b)
	return nil
}

// Asks reports whether another version of the form asks the same, in the same words. What its owner calls the columns is no part of it.
func (f *Form) Asks(other Form) bool {
	return f.Title == other.Title && f.Intro == other.Intro && slices.EqualFunc(f.Blocks, other.Blocks, func(a, b Block) bool {
		return reflect.DeepEqual(a.unmapped(), b.unmapped())
	})
}

// Take removes a block. Fault: NotFound "form.block_gone".
func (f *Form) Take(name string) error {
	at := f.Find(name)
	if at < 0 {
		return fault.New(fault.NotFound, "form.block_gone")
	}
	f.Blocks = slices.Delete(slices.Clone(f.Blocks), at, at+1)
	return nil
}

// Personal reports whether the form asks for anything that concerns a person.
func (f *Form) Personal() bool {
	return slices.ContainsFunc(f.Blocks, Block.Personal)
}

// Settle says everything to mend in what is not a block. Fields: title, edition, intro, thanks, contact, door, code, opens, closes, limit, days.
func (f *Form) Settle() (out fault.List) {
	if f.Title == "" {
		out.Add("title", "form.no_title")
	}
	length(&out, "title", f.Title, LabelMost)
	length(&out, "edition", f.Edition, EditionMost)
	length(&out, "intro", f.Intro, HintMost)
	length(&out, "thanks", f.Thanks, HintMost)
	if f.Contact != "" && !identifier.IsEmail(f.Contact) {
		out.Add("contact", "form.bad_contact")
	}
	if !slices.Contains(Doors(), f.Door) {
		out.Add("door", "form.no_door")
	}
	if f.Door == Coded && len(f.Code) < codeLeast {
		out.Add("code", "form.short_code", codeLeast)
	}
	for field, day := range map[string]string{"opens": f.Opens, "closes": f.Closes} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			out.Add(field, "form.limit_date")
		}
	}
	if f.Opens != "" && f.Closes != "" && f.Opens > f.Closes {
		out.Add("closes", "form.dates_crossed")
	}
	if f.Limit < 0 {
		out.Add("limit", "form.bad_limit")
	}
	if f.Days < 0 || f.Days > DaysMost {
		out.Add("days", "form.bad_days", DaysMost)
	}
	slices.SortStableFunc(out, func(a, b *fault.Error) int {
		order := []string{"title", "edition", "intro", "thanks", "contact", "door", "code", "opens", "closes", "limit", "days"}
		return slices.Index(order, a.Field) - slices.Index(order, b.Field)
	})
	return out
}

// codeLeast is the shortest code: one a person reads out, and nobody tries through.
const codeLeast = 6

// Validate says everything that keeps the form from being published. The field of a block's fault is its [Block.Field].
func (f *Form) Validate() fault.List {
	out := f.Settle()
	asks := false
	for i, b := range f.Blocks {
		asks = asks || b.Kind.Asks()
		for _, one := range b.Validate(f.Blocks[:i]) {
			out = append(out, fault.Field(b.Field(), one.Key, one.Args...))
		}
	}
	if !asks {
		out.Add("", "form.asks_nothing")
	}
	return out
}

// Ready says whether an answer may come now, in the time zone of now, when taken answers were taken already. Faults: Conflict
// "form.not_published", "form.not_open" with the first day, "form.closed", "form.full".
func (f *Form) Ready(now time.Time, taken int) error {
	today := now.Format(time.DateOnly)
	opens, err := time.Parse(time.DateOnly, f.Opens)
	switch {
	case f.Version == 0:
		return fault.New(fault.Conflict, "form.not_published")
	case f.Stopped || f.Closes != "" && today > f.Closes:
		return fault.New(fault.Conflict, "form.closed")
	case err == nil && today < f.Opens:
		return fault.New(fault.Conflict, "form.not_open", opens)
	case f.Limit > 0 && taken >= f.Limit:
		return fault.New(fault.Conflict, "form.full")
	}
	return nil
}
