package competency

import (
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
)

// Add puts an item after the last one under its parent.
func (f *Framework) Add(it Item) {
	f.Items = append(slices.Clone(f.Items), it)
	f.Settle()
}

// Move exchanges an item with the one in force before it under the same parent, or after it; at the end of the list nothing
// happens. Fault: NotFound "competency.item_not_found".
func (f *Framework) Move(id ItemID, up bool) error {
	i := f.at(id)
	if i < 0 {
		return fault.New(fault.NotFound, "competency.item_not_found")
	}
	siblings := f.Under(f.Items[i].Parent)
	at := slices.IndexFunc(siblings, func(it Item) bool { return it.ID == id })
	to := at + 1
	if up {
		to = at - 1
	}
	if at < 0 || to < 0 || to >= len(siblings) {
		return nil
	}
	j := f.at(siblings[to].ID)
	f.Items = slices.Clone(f.Items)
	f.Items[i], f.Items[j] = f.Items[j], f.Items[i]
	f.Settle()
	return nil
}

// Replace retires an item in favour of its successors, which must be in force, of its kind, and other than itself; none is
// allowed: then nothing stands for it any more. Faults: NotFound "competency.item_not_found"; Conflict
// "competency.already_retired", "competency.has_children"; Invalid "competency.successor_wrong".
func (f *Framework) Replace(id ItemID, successors []ItemID) error {
	i := f.at(id)
	switch {
	case i < 0:
		return fault.New(fault.NotFound, "competency.item_not_found")
	case f.Items[i].Retired:
		return fault.New(fault.Conflict, "competency.already_retired")
	case len(f.Under(id)) > 0:
		return fault.New(fault.Conflict, "competency.has_children", len(f.Under(id)))
	}
	var kept []ItemID
	for _, s := range successors {
		other, ok := f.Item(s)
		if !ok || other.Retired || s == id || other.Kind != f.Items[i].Kind {
			return fault.Field("into", "competency.successor_wrong")
		}
		if !slices.Contains(kept, s) {
			kept = append(kept, s)
		}
	}
	f.Items = slices.Clone(f.Items)
	f.Items[i].Retired, f.Items[i].Successors = true, kept
	return nil
}

// Split retires an item in favour of new ones, put in its place. Each part keeps the item's kind and parent, and has a code that follows on
// those there are; its alignments and levels are for people to write. Faults: those of [Framework.Replace]; Invalid "competency.split_short" for fewer than
// two parts.
func (f *Framework) Split(id ItemID, parts []Item) error {
	if len(parts) < 2 {
		return fault.Field("parts", "competency.split_short")
	}
	i := f.at(id)
	if i < 0 {
		return fault.New(fault.NotFound, "competency.item_not_found")
	}
	g := f.Clone()
	var ids []ItemID
	for k, p := range parts {
		p.Kind, p.Parent = f.Items[i].Kind, f.Items[i].Parent
		if p.Code == "" {
			p.Code = g.follows(f.Items[i].Code)
		}
		g.Items = slices.Insert(g.Items, i+1+k, p)
		ids = append(ids, p.ID)
	}
	if err := g.Replace(id, ids); err != nil {
		return err
	}
	g.Settle()
	*f = g
	return nil
}

// follows is the code after all those that differ from one in their last number alone, as D7.6 follows D7.5; "" for a code without such a number.
func (f *Framework) follows(code string) string {
	number := func(code, stem string) int {
		n, err := strconv.Atoi(strings.TrimPrefix(code, stem))
		if err != nil || !strings.HasPrefix(code, stem) {
			return 0
		}
		return n
	}
	stem := code[:strings.LastIndexByte(code, '.')+1]
	if stem == "" || number(code, stem) == 0 {
		return ""
	}
	last := 0
	for _, it := range f.Items {
		last = max(last, number(it.Code, stem))
	}
	return stem + strconv.Itoa(last+1)
}

// Revive puts a retired item in force again. Faults: NotFound "competency.item_not_found"; Conflict "competency.not_retired",
// "competency.parent_retired".
func (f *Framework) Revive(id ItemID) error {
	i := f.at(id)
	if i < 0 {
		return fault.New(fault.NotFound, "competency.item_not_found")
	}
	if !f.Items[i].Retired {
		return fault.New(fault.Conflict, "competency.not_retired")
	}
	if p, ok := f.Item(f.Items[i].Parent); ok && p.Retired {
		return fault.New(fault.Conflict, "competency.parent_retired")
	}
	f.Items = slices.Clone(f.Items)
	f.Items[i].Retired, f.Items[i].Successors = false, nil
	return nil
}

// remove takes an item out for good, with what is under it and every mention of it. Only for items no version has.
func (f *Framework) remove(id ItemID) {
	for _, child := range f.Items {
		if child.Parent == id && child.ID != id {
			f.remove(child.ID)
		}
	}
	f.Items = slices.DeleteFunc(slices.Clone(f.Items), func(it Item) bool { return it.ID == id })
	for i, it := range f.Items {
		if slices.Contains(it.Successors, id) {
			f.Items[i].Successors = slices.DeleteFunc(slices.Clone(it.Successors), func(s ItemID) bool { return s == id })
		}
	}
}

// put replaces an item, or adds it.
func (f *Framework) put(it Item) {
	if i := f.at(it.ID); i >= 0 {
		f.Items = slices.Clone(f.Items)
		f.Items[i] = it
		return
	}
	f.Items = append(slices.Clone(f.Items), it)
}

// arrange puts the items named in their order; the others keep their place.
func (f *Framework) arrange(order []ItemID) {
	rank := map[ItemID]int{}
	for i, id := range order {
		rank[id] = i
	}
	var places []int
	var named []Item
	for i, it := range f.Items {
		if _, ok := rank[it.ID]; ok {
			places = append(places, i)
			named = append(named, it)
		}
	}
	slices.SortStableFunc(named, func(a, b Item) int { return rank[a.ID] - rank[b.ID] })
	f.Items = slices.Clone(f.Items)
	for k, i := range places {
		f.Items[i] = named[k]
	}
	f.Settle()
}
