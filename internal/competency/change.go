package competency

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"time"
)

// A Change is what one act did to one item, or to the framework's own fields. All changes of one act have its revision.
type Change struct {
	Revision      int
	At            time.Time
	Person        string // who did it; "" is the program
	Verb          string // catalogue key
	Note          string // why, in the person's words
	Subject       ItemID // "" is the framework itself
	Before, After *Item  // nil: it did not exist, or does no longer
	Was, Is       *Head  // of the framework itself
}

// A Head is the framework without its items, and their order.
type Head struct {
	Framework Framework `json:"framework"` // its Items are nil
	Order     []ItemID  `json:"order"`
}

// Head takes the framework's own fields.
func (f Framework) Head() Head {
	h := Head{Framework: f}
	h.Framework.Items = nil
	for _, it := range f.Items {
		h.Order = append(h.Order, it.ID)
	}
	return h
}

// Same reports whether two items say the same, whenever they were written.
func (it Item) Same(other Item) bool {
	it.Modified, it.Revision, other.Modified, other.Revision = time.Time{}, 0, time.Time{}, 0
	if reflect.DeepEqual(it, other) {
		return true
	}
	a, errA := json.Marshal(it) // nothing and an empty list are the same
	b, errB := json.Marshal(other)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// same reports whether two heads say the same; an item that only one has does not disturb the order.
func (h Head) same(other Head) bool {
	shared := func(order, in []ItemID) []ItemID {
		has := map[ItemID]bool{}
		for _, id := range in {
			has[id] = true
		}
		return slices.DeleteFunc(slices.Clone(order), func(id ItemID) bool { return !has[id] })
	}
	ordered := slices.Equal(h.Order, other.Order) || slices.Equal(shared(h.Order, other.Order), shared(other.Order, h.Order))
	return ordered && h.sameFields(other)
}

func (h Head) sameFields(other Head) bool {
	a, errA := json.Marshal(h.Framework)
	b, errB := json.Marshal(other.Framework)
	return errA == nil && errB == nil && bytes.Equal(a, b)
}

// Changes lists what differs between two states: the framework itself first, then the items in the order of after, then those
// after has no more. Only Subject, Before, After, Was and Is are set.
func Changes(before, after Framework) []Change {
	var out []Change
	was, is := before.Head(), after.Head()
	if !was.same(is) {
		out = append(out, Change{Was: &was, Is: &is})
	}
	old := map[ItemID]Item{}
	for _, it := range before.Items {
		old[it.ID] = it
	}
	for _, it := range after.Items {
		b, existed := old[it.ID]
		delete(old, it.ID)
		switch {
		case !existed:
			out = append(out, Change{Subject: it.ID, After: &it})
		case !b.Same(it):
			out = append(out, Change{Subject: it.ID, Before: &b, After: &it})
		}
	}
	for _, it := range before.Items {
		if b, gone := old[it.ID]; gone {
			out = append(out, Change{Subject: it.ID, Before: &b})
		}
	}
	return out
}

// What says in one word what a change did: "head", "order", "added", "removed", "retired", "revived" or "changed".
func (c Change) What() string {
	switch {
	case c.Subject == "":
		if c.Was != nil && c.Is != nil && c.Was.sameFields(*c.Is) {
			return "order"
		}
		return "head"
	case c.Before == nil:
		return "added"
	case c.After == nil:
		return "removed"
	case c.After.Retired && !c.Before.Retired:
		return "retired"
	case c.Before.Retired && !c.After.Retired:
		return "revived"
	}
	return "changed"
}

// Item is the item the change is about, as it is after, else as it was.
func (c Change) Item() Item {
	if c.After != nil {
		return *c.After
	}
	if c.Before != nil {
		return *c.Before
	}
	return Item{}
}
