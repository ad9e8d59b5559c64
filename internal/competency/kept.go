package competency

import (
	"slices"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// A Kept is a framework as an organisation keeps it: the working copy and what everybody reads.
type Kept struct {
	Organisation string
	Revision     int        // of the working copy: counts every act
	Number       int        // of the latest version; 0 while there is none
	Working      Framework  // what stewards edit
	Published    *Framework // the latest version; nil while there is none
	PublishedAt  time.Time
	Created      time.Time
	Arrival      *Arrival // how it was last brought in from a file; nil if it never was
}

// An Arrival says how a framework came in from a file.
type Arrival struct {
	At      time.Time `json:"at"`
	Person  string    `json:"person"`
	File    string    `json:"file"`
	Format  string    `json:"format"` // of [Formats]
	Remarks []Remark  `json:"remarks,omitempty"`
}

// A Remark is one thing a reader of the file had to decide: what, where, and how to mend it.
type Remark struct {
	Where string   `json:"where,omitempty"` // as the file says it: "ligne 12", an identifier, a property; "" is the whole file
	Key   string   `json:"key"`             // catalogue key of the sentence; Key+"_mend" says how to mend it
	Args  []string `json:"args,omitempty"`
	Count int      `json:"count,omitempty"` // how often, when it is said once for all: then it is the sentence's {0}, before Args
}

// A Version is a framework as published. It never changes.
type Version struct {
	Number    int
	At        time.Time
	Person    string // "" is the program
	Verb      string // catalogue key
	Note      string // why
	Framework Framework
}

// MayEdit reports whether by may edit the frameworks of an organisation: its stewards and administrators.
func MayEdit(by actor.Actor, organisation string) bool {
	return by.Known() && by.Organisation == organisation && (by.Is(actor.Steward) || by.Is(actor.Admin))
}

// Pending lists what the working copy changes of the latest version; everything, before the first.
func (k Kept) Pending() []Change {
	if k.Published == nil {
		return Changes(Framework{}, k.Working)
	}
	return Changes(*k.Published, k.Working)
}

// Commit closes an act: it puts the items in reading order, counts it, stamps what changed since before and lists it. It
// lists nothing, and counts nothing, when nothing changed.
func (k *Kept) Commit(before Framework, now time.Time) []Change {
	k.Working.Settle()
	changes := Changes(before, k.Working)
	if len(changes) == 0 {
		return nil
	}
	k.Revision++
	k.Working.Items = slices.Clone(k.Working.Items)
	at := map[ItemID]int{}
	for i, it := range k.Working.Items {
		at[it.ID] = i
	}
	for i, c := range changes {
		changes[i].Revision, changes[i].At = k.Revision, now
		if c.After == nil {
			continue
		}
		it := *c.After
		it.Revision = k.Revision
		if it.Modified.IsZero() || c.Before != nil && it.Modified.Equal(c.Before.Modified) {
			it.Modified = now
		}
		changes[i].After = &it
		k.Working.Items[at[it.ID]] = it
	}
	return changes
}

// A Superseded is an item that a version retires, and those in force that stand for it.
type Superseded struct {
	ID         ItemID   `json:"id"`
	Successors []ItemID `json:"successors"`
}

// noteShortest is how long the reason of a version must be, in characters, to be one.
const noteShortest = 3

// Publish makes the working copy the next version, and lists the items it retires. k is unchanged on failure. Faults: Invalid
// "competency.note_missing", "competency.nothing_to_publish", "competency.publish_empty", and those of the framework.
func (k *Kept) Publish(note string, now time.Time) ([]Superseded, error) {
	switch {
	case len([]rune(strings.TrimSpace(note))) < noteShortest:
		return nil, fault.Field("note", "competency.note_missing")
	case len([]rune(note)) > referenceLength:
		return nil, fault.Field("note", "competency.text_long", referenceLength)
	case len(k.Pending()) == 0:
		return nil, fault.New(fault.Invalid, "competency.nothing_to_publish")
	case k.Working.Count(Competence) == 0:
		return nil, fault.New(fault.Invalid, "competency.publish_empty")
	}
	if err := append(k.Working.Validate(), k.Working.ValidateItems()...).Err(); err != nil {
		return nil, err
	}
	return k.publish(now), nil
}

func (k *Kept) publish(now time.Time) []Superseded {
	var gone []Superseded
	if k.Published != nil {
		for _, it := range k.Published.Items {
			if is, ok := k.Working.Item(it.ID); ok && is.Retired && !it.Retired {
				gone = append(gone, Superseded{it.ID, k.Working.Successors(it.ID)})
			}
		}
	}
	version := k.Working.Clone()
	k.Published, k.PublishedAt = &version, now
	k.Number++
	return gone
}

// published reports whether a version has the item: then it is retired, never removed.
func (k Kept) published(id ItemID) bool {
	if k.Published == nil {
		return false
	}
	_, ok := k.Published.Item(id)
	return ok
}

// Drop takes an item out: for good while no version has it, else it is retired without successor. Faults: those of
// [Framework.Replace].
func (k *Kept) Drop(id ItemID) error {
	if _, ok := k.Working.Item(id); !ok {
		return fault.New(fault.NotFound, "competency.item_not_found")
	}
	if k.published(id) {
		return k.Working.Replace(id, nil)
	}
	if n := len(k.Working.Under(id)); n > 0 {
		return fault.New(fault.Conflict, "competency.has_children", n)
	}
	k.Working.remove(id)
	return nil
}

// Become makes the working copy say what f says: items f has no more are retired, or taken out while no version has them. It
// is how an earlier version, or a file, takes the place of the working copy.
func (k *Kept) Become(f Framework) {
	next := f.Clone()
	next.ID = k.Working.ID
	for _, it := range k.Working.Items {
		if _, ok := next.Item(it.ID); ok || !k.published(it.ID) {
			continue
		}
		if !it.Retired {
			it.Retired, it.Successors = true, nil
		}
		if p, ok := next.Item(it.Parent); !ok && !k.published(it.Parent) || ok && p.Kind == "" {
			it.Parent = ""
		}
		next.Items = append(next.Items, it)
	}
	for i, it := range next.Items { // successors that are gone stand for nothing
		next.Items[i].Successors = slices.DeleteFunc(slices.Clone(it.Successors), func(s ItemID) bool { _, ok := next.Item(s); return !ok })
		if len(next.Items[i].Successors) == 0 {
			next.Items[i].Successors = nil
		}
	}
	next.Settle()
	k.Working = next
}

// Revert undoes the changes of one act, as long as nobody changed the same since. k is unchanged on failure. Faults: Conflict
// "competency.undo_moved", "competency.undo_nothing".
func (k *Kept) Revert(changes []Change) error {
	next := k.Working.Clone()
	var order []ItemID
	done := false
	for _, c := range changes {
		switch {
		case c.Was != nil && c.Is != nil:
			if !next.Head().sameFields(*c.Is) {
				return fault.New(fault.Conflict, "competency.undo_moved", next.Title.In(next.Main()))
			}
			items := next.Items
			next = c.Was.Framework.Clone()
			next.Items, order, done = items, c.Was.Order, true
		case c.Before == nil && c.After == nil:
			continue
		default:
			if err := k.revertItem(&next, c); err != nil {
				return err
			}
			done = true
		}
	}
	if !done {
		return fault.New(fault.Conflict, "competency.undo_nothing")
	}
	if len(order) > 0 {
		next.arrange(order)
	}
	next.Settle()
	k.Working = next
	return nil
}

func (k *Kept) revertItem(next *Framework, c Change) error {
	now, exists := next.Item(c.Subject)
	if exists != (c.After != nil) || exists && !now.Same(*c.After) {
		return fault.New(fault.Conflict, "competency.undo_moved", c.Item().Label.In(next.Main()))
	}
	switch {
	case c.Before != nil:
		it := *c.Before
		it.Modified = now.Modified // Commit stamps it
		next.put(it)
	case k.published(c.Subject):
		now.Retired, now.Successors = true, nil
		next.put(now)
	default:
		next.remove(c.Subject)
	}
	return nil
}
