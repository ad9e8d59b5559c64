package competency

import (
	"encoding/json"
	"slices"
	"time"
)

// ID names a framework: a UUID.
type ID string

// ItemID names a family or a competence for ever: a UUID. Nothing else refers to a competence.
type ItemID string

// A Framework is a tree of families and competences in one state: a working copy or a version. What hangs from it is never
// changed in place, so that copies may share it.
type Framework struct {
	ID          ID       `json:"id"`
	URI         string   `json:"uri,omitempty"` // its address where it was made; "" when that is here
	Title       Text     `json:"title"`
	Description Text     `json:"description,omitempty"`
	Creator     string   `json:"creator,omitempty"`
	Source      string   `json:"source,omitempty"`  // a reference or an address
	Licence     string   `json:"licence,omitempty"` // a name or an address
	Edition     string   `json:"edition,omitempty"` // as its author numbers it: "0.1"
	Languages   []string `json:"languages"`         // it is written in; the first is the main one
	Levels      []Level  `json:"levels,omitempty"`  // from the lowest to the highest
	Items       []Item   `json:"items,omitempty"`   // in reading order: each before what is under it
	Foreign     Foreign  `json:"foreign,omitempty"` // of the file it came from
}

// A Level is one step of mastery, the same for every competence of the framework.
type Level struct {
	Code        string `json:"code"` // "N1"
	Label       Text   `json:"label"`
	Description Text   `json:"description,omitempty"`
}

// Kind says what an item is.
type Kind string

// The kinds.
const (
	Family     Kind = "family"     // groups competences; stands at the top
	Competence Kind = "competence" // what somebody is able to do
)

// An Item is a family or a competence.
type Item struct {
	ID          ItemID          `json:"id"`
	URI         string          `json:"uri,omitempty"`  // its address where it was made; "" when that is here
	Code        string          `json:"code,omitempty"` // as people cite it: "D1.1"; unique among those in force
	Kind        Kind            `json:"kind"`
	Parent      ItemID          `json:"parent,omitempty"` // "" at the top
	Mark        int             `json:"mark,omitempty"`   // colour and icon of a family, 1 to 9; 0 has none
	Label       Text            `json:"label"`
	Description Text            `json:"description,omitempty"`
	Levels      map[string]Text `json:"levels,omitempty"` // what a person at that level does, by level code
	Alignments  []Alignment     `json:"alignments,omitempty"`
	Retired     bool            `json:"retired,omitempty"`    // no longer in force; stays so that what hangs on it can be followed
	Successors  []ItemID        `json:"successors,omitempty"` // what stands for it once retired; none: nothing does
	Modified    time.Time       `json:"modified"`
	Revision    int             `json:"revision,omitempty"` // of the working copy that last changed it
	Foreign     Foreign         `json:"foreign,omitempty"`
}

// Foreign keeps what a CASE file says and this room has no word for, by CASE's own names, so that it leaves as it came.
type Foreign map[string]json.RawMessage

// MarksMost is the number of marks: one colour and one icon each.
const MarksMost = 9

// Main is the language the framework is first written in.
func (f Framework) Main() string {
	if len(f.Languages) == 0 {
		return "fr"
	}
	return f.Languages[0]
}

// Item finds an item, in force or not.
func (f Framework) Item(id ItemID) (Item, bool) {
	if i := f.at(id); i >= 0 {
		return f.Items[i], true
	}
	return Item{}, false
}

func (f Framework) at(id ItemID) int {
	for i := range f.Items { // not by value: items are large, and this is asked for each of thousands
		if f.Items[i].ID == id {
			return i
		}
	}
	return -1
}

// Under lists the items in force directly under parent ("" is the top), in order.
func (f Framework) Under(parent ItemID) []Item {
	var out []Item
	for _, it := range f.Items {
		if it.Parent == parent && !it.Retired {
			out = append(out, it)
		}
	}
	return out
}

// Count is the number of items of a kind in force.
func (f Framework) Count(k Kind) (n int) {
	for _, it := range f.Items {
		if it.Kind == k && !it.Retired {
			n++
		}
	}
	return n
}

// FamilyOf is the family an item stands in, itself for a family; false when it stands in none.
func (f Framework) FamilyOf(id ItemID) (Item, bool) {
	for range len(f.Items) + 1 { // a loop is refused by Validate, and never followed here
		it, ok := f.Item(id)
		if !ok {
			return Item{}, false
		}
		if it.Kind == Family {
			return it, true
		}
		id = it.Parent
	}
	return Item{}, false
}

// MarkOf is the mark an item is shown with, that of its family: the one the family was given, else, while no family was given
// any, its place among them; 0 when there is none.
func (f Framework) MarkOf(id ItemID) int {
	family, ok := f.FamilyOf(id)
	if !ok || family.Mark > 0 {
		return family.Mark
	}
	families := f.Under("")
	if slices.ContainsFunc(families, func(it Item) bool { return it.Mark > 0 }) {
		return 0
	}
	families = slices.DeleteFunc(families, func(it Item) bool { return it.Kind != Family })
	if at := slices.IndexFunc(families, func(it Item) bool { return it.ID == family.ID }); at < MarksMost {
		return at + 1
	}
	return 0
}

// Depth is how many items stand above one.
func (f Framework) Depth(id ItemID) (n int) {
	it, ok := f.Item(id)
	for ok && it.Parent != "" && n < len(f.Items) {
		n++
		it, ok = f.Item(it.Parent)
	}
	return n
}

// Neighbours gives the competences in force before and after an item in reading order; false where there is none.
func (f Framework) Neighbours(id ItemID) (before, after Item, hasBefore, hasAfter bool) {
	seen := false
	for _, it := range f.Items {
		switch {
		case it.ID == id:
			seen = true
		case it.Kind != Competence || it.Retired:
		case seen:
			return before, it, hasBefore, true
		default:
			before, hasBefore = it, true
		}
	}
	return before, after, hasBefore, false
}

// Successors lists the items in force that stand for id now: itself if it is in force, else those its successors lead to, each
// once, in their order. Empty: it is unknown, or retired without successor.
func (f Framework) Successors(id ItemID) []ItemID {
	var out []ItemID
	seen := map[ItemID]bool{}
	var follow func(id ItemID)
	follow = func(id ItemID) {
		it, ok := f.Item(id)
		if !ok || seen[id] {
			return
		}
		seen[id] = true
		if !it.Retired {
			out = append(out, id)
			return
		}
		for _, s := range it.Successors {
			follow(s)
		}
	}
	follow(id)
	return out
}

// Predecessors lists the retired items that name id among their successors.
func (f Framework) Predecessors(id ItemID) []Item {
	var out []Item
	for _, it := range f.Items {
		if it.Retired && slices.Contains(it.Successors, id) {
			out = append(out, it)
		}
	}
	return out
}

// Clone copies the lists; what hangs from them is shared and never changed.
func (f Framework) Clone() Framework {
	f.Languages = slices.Clone(f.Languages)
	f.Levels = slices.Clone(f.Levels)
	f.Items = slices.Clone(f.Items)
	return f
}

// Settle puts the items in reading order: each is followed by what is under it, siblings stay in their order. Items under
// nothing known come last, at the top.
func (f *Framework) Settle() {
	known := map[ItemID]bool{}
	for _, it := range f.Items {
		known[it.ID] = true
	}
	under := map[ItemID][]Item{}
	for _, it := range f.Items {
		parent := it.Parent
		if !known[parent] {
			parent = ""
		}
		under[parent] = append(under[parent], it)
	}
	var out []Item
	done := map[ItemID]bool{}
	var walk func(parent ItemID)
	walk = func(parent ItemID) {
		for _, it := range under[parent] {
			if !done[it.ID] {
				done[it.ID] = true
				out = append(out, it)
				walk(it.ID)
			}
		}
	}
	walk("")
	for _, it := range f.Items { // those in a loop: Validate says so
		if !done[it.ID] {
			done[it.ID] = true
			out = append(out, it)
			walk(it.ID)
		}
	}
	f.Items = out
}
