package form

import (
	"slices"
	"strings"

	"cultured/internal/fault"
)

// EditionMost is the length of an edition's name, in characters.
const EditionMost = 40

// Next is the form as it is asked again: a draft under another edition, with the same questions, open when its owner says. Faults, of
// the field "edition": Invalid "form.no_edition", "form.too_long", "form.same_edition".
func (f *Form) Next(edition string) (next Form, err error) {
	edition = strings.Join(strings.Fields(edition), " ")
	var wrong fault.List
	if edition == "" {
		wrong.Add("edition", "form.no_edition")
	} else if strings.EqualFold(edition, f.Edition) {
		wrong.Add("edition", "form.same_edition", edition)
	}
	length(&wrong, "edition", edition, EditionMost)
	if err := wrong.Err(); err != nil {
		return next, err
	}
	next = *f
	next.Blocks, next.Named = slices.Clone(f.Blocks), slices.Clone(f.Named)
	next.Edition, next.Before, next.Root = edition, f.ID, ""
	if f.Model == nil {
		next.Root = f.Line()
	}
	next.Opens, next.Closes, next.Stopped, next.Offered, next.Feed = "", "", false, false, false
	return next, nil
}

// A ChangeKind is what became of a question from one edition, or version, to another.
type ChangeKind string

// The kinds of change.
const (
	Added     ChangeKind = "added"
	Removed   ChangeKind = "removed"
	Rekinded  ChangeKind = "kind"    // asks for something else
	Reworded  ChangeKind = "label"   // in other words
	Reoptions ChangeKind = "options" // with other choices
)

// A Change is one difference between what two forms ask.
type Change struct {
	Kind    ChangeKind
	Label   string   // as asked now, or before when it is asked no more
	Was     string   // label before, of Reworded
	Gained  []string // options, of Reoptions
	Dropped []string
}

// Changes lists what b asks otherwise than a, in reading order; what it no longer asks stands last.
func Changes(a, b []Block) (out []Change) {
	find := func(all []Block, name string) (Block, bool) {
		at := slices.IndexFunc(all, func(o Block) bool { return o.Name == name })
		if at < 0 {
			return Block{}, false
		}
		return all[at], true
	}
	for _, now := range b {
		if !now.Kind.Asks() {
			continue
		}
		was, there := find(a, now.Name)
		switch {
		case !there:
			out = append(out, Change{Kind: Added, Label: now.Label})
			continue
		case was.Kind != now.Kind:
			out = append(out, Change{Kind: Rekinded, Label: now.Label})
		}
		if was.Label != now.Label {
			out = append(out, Change{Kind: Reworded, Label: now.Label, Was: was.Label})
		}
		gained, dropped := without(now.Options, was.Options), without(was.Options, now.Options)
		if now.Kind.Chooses() && was.Kind.Chooses() && len(gained)+len(dropped) > 0 {
			out = append(out, Change{Kind: Reoptions, Label: now.Label, Gained: gained, Dropped: dropped})
		}
	}
	for _, was := range a {
		if _, there := find(b, was.Name); was.Kind.Asks() && !there {
			out = append(out, Change{Kind: Removed, Label: was.Label})
		}
	}
	return out
}

func without(all, these []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return slices.Contains(these, s) })
}
