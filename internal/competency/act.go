package competency

import (
	"context"
	"slices"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// AddItem adds a family or a competence at the end of its parent. Faults: those of editing and of [Framework.ValidateItem].
func (s *Service) AddItem(ctx context.Context, by actor.Actor, of ID, it Item) (_ ItemID, err error) {
	defer fault.Wrap(&err, "competency.AddItem(%s)", of)
	it.ID = ItemID(id.UUID(s.Now()))
	_, err = s.edit(ctx, by, of, Deed{Verb: "competency.log_item_added"}, func(k *Kept) error {
		if err := k.Working.ValidateItem(it).Err(); err != nil {
			return err
		}
		if len(k.Working.Items) >= ItemsMost {
			return fault.New(fault.Invalid, "competency.items_many", ItemsMost)
		}
		k.Working.Add(it)
		return nil
	})
	return it.ID, err
}

// Move moves an item among those beside it. Faults: those of editing and of [Framework.Move].
func (s *Service) Move(ctx context.Context, by actor.Actor, of ID, item ItemID, up bool) (err error) {
	defer fault.Wrap(&err, "competency.Move(%s)", item)
	_, err = s.edit(ctx, by, of, Deed{Verb: "competency.log_moved"}, func(k *Kept) error { return k.Working.Move(item, up) })
	return err
}

// A Place names an item within its framework.
type Place struct {
	Framework ID
	Item      ItemID
}

// Align writes an alignment of an item in the place of the one with key replaces, or adds it when that is "". Faults: those of
// editing and of [Alignment.Validate]; Invalid "competency.alignment_twice"; NotFound "competency.item_not_found",
// "competency.alignment_gone".
func (s *Service) Align(ctx context.Context, by actor.Actor, on Place, a Alignment, replaces string) (err error) {
	defer fault.Wrap(&err, "competency.Align(%s)", on.Item)
	return s.alignments(ctx, by, on, func(list []Alignment) ([]Alignment, error) {
		a = a.Clean()
		if err := a.Validate().Err(); err != nil {
			return nil, err
		}
		at := slices.IndexFunc(list, func(o Alignment) bool { return o.Key() == replaces })
		if replaces != "" && at < 0 {
			return nil, fault.New(fault.NotFound, "competency.alignment_gone")
		}
		for i, o := range list {
			if o.Key() == a.Key() && (replaces == "" || i != at) {
				return nil, fault.Field("code", "competency.alignment_twice")
			}
		}
		if replaces == "" {
			list = append(list, a)
		} else {
			list[at] = a
		}
		if len(list) > AlignmentsMost {
			return nil, fault.Field("code", "competency.alignments_many", AlignmentsMost)
		}
		return list, nil
	})
}

// Unalign takes an alignment away; one that is gone already is no fault. Faults: those of editing; NotFound
// "competency.item_not_found".
func (s *Service) Unalign(ctx context.Context, by actor.Actor, on Place, key string) (err error) {
	defer fault.Wrap(&err, "competency.Unalign(%s)", on.Item)
	return s.alignments(ctx, by, on, func(list []Alignment) ([]Alignment, error) {
		list = slices.DeleteFunc(list, func(a Alignment) bool { return a.Key() == key })
		if len(list) == 0 {
			list = nil
		}
		return list, nil
	})
}

func (s *Service) alignments(ctx context.Context, by actor.Actor, on Place, fn func([]Alignment) ([]Alignment, error)) error {
	_, err := s.edit(ctx, by, on.Framework, Deed{Verb: "competency.log_aligned"}, func(k *Kept) error {
		it, ok := k.Working.Item(on.Item)
		if !ok {
			return fault.New(fault.NotFound, "competency.item_not_found")
		}
		list, err := fn(slices.Clone(it.Alignments))
		if err != nil {
			return err
		}
		it.Alignments = list
		k.Working.put(it)
		return nil
	})
	return err
}

// A Turn is how an item ends, or comes back.
type Turn struct {
	Kind  string   // "retire", "merge", "split", "revive" or "drop"
	Into  []ItemID // of merge: those that take it over
	Parts []string // of split: the labels of the new ones, in the main language
	Note  string   // why
}

// Evolve ends an item as the turn says, or brings it back; what it replaces is told to the other rooms when the working copy is
// published. Faults: those of editing, of [Framework.Replace], [Framework.Split], [Framework.Revive] and [Kept.Drop]; Invalid
// "competency.turn_unknown", "competency.merge_nothing".
func (s *Service) Evolve(ctx context.Context, by actor.Actor, of ID, item ItemID, t Turn) (_ Kept, err error) {
	defer fault.Wrap(&err, "competency.Evolve(%s, %s)", item, t.Kind)
	verbs := map[string]string{"retire": "competency.log_retired", "merge": "competency.log_merged", "split": "competency.log_split",
		"revive": "competency.log_revived", "drop": "competency.log_dropped"}
	verb, known := verbs[t.Kind]
	if !known {
		return Kept{}, fault.Field("kind", "competency.turn_unknown")
	}
	now := s.Now()
	ids := make([]ItemID, len(t.Parts))
	for i := range ids {
		ids[i] = ItemID(id.UUID(now))
	}
	return s.edit(ctx, by, of, Deed{Verb: verb, Note: clean(t.Note)}, func(k *Kept) error {
		switch t.Kind {
		case "merge":
			if len(t.Into) == 0 {
				return fault.Field("into", "competency.merge_nothing")
			}
			return k.Working.Replace(item, t.Into)
		case "split":
			var parts []Item
			for i, label := range t.Parts {
				parts = append(parts, Item{ID: ids[i], Label: Text{k.Working.Main(): line(label)}.Clean()})
			}
			if err := k.Working.Split(item, parts); err != nil {
				return err
			}
			for _, p := range ids {
				it, _ := k.Working.Item(p)
				if len(k.Working.ValidateItem(it)) > 0 {
					return fault.Field("parts", "competency.split_wrong", LabelLongest)
				}
			}
			return nil
		case "revive":
			if err := k.Working.Revive(item); err != nil {
				return err
			}
			it, _ := k.Working.Item(item)
			return k.Working.ValidateItem(it).Err()
		case "drop":
			return k.Drop(item)
		}
		return k.Working.Replace(item, nil)
	})
}

// Publish makes the working copy the next version. Faults: those of editing and of [Kept.Publish]; Conflict
// "competency.publish_moved" when the working copy is no longer the one at revision seen.
func (s *Service) Publish(ctx context.Context, by actor.Actor, of ID, seen int, note string) (_ Kept, err error) {
	defer fault.Wrap(&err, "competency.Publish(%s)", of)
	if err := mayEdit(by, by.Organisation); err != nil {
		return Kept{}, err
	}
	now := s.Now()
	return s.Store.Change(ctx, by, of, Deed{Verb: "competency.log_published", Note: clean(note)}, func(k *Kept) ([]Superseded, error) {
		if k.Revision != seen {
			return nil, fault.New(fault.Conflict, "competency.publish_moved")
		}
		return k.Publish(clean(note), now)
	})
}

// Undo takes back one act on the working copy. Faults: those of editing and of [Kept.Revert].
func (s *Service) Undo(ctx context.Context, by actor.Actor, of ID, revision int) (err error) {
	defer fault.Wrap(&err, "competency.Undo(%s, %d)", of, revision)
	if err := mayEdit(by, by.Organisation); err != nil {
		return err
	}
	changes, err := s.Store.Log(ctx, by.Organisation, of, LogQuery{Only: revision, Limit: LogMost})
	if err != nil {
		return err
	}
	_, err = s.edit(ctx, by, of, Deed{Verb: "competency.log_undone"}, func(k *Kept) error {
		if err := k.Revert(changes); err != nil {
			return err
		}
		return append(k.Working.Validate(), k.Working.ValidateItems()...).Err()
	})
	return err
}

// Restore makes the working copy say what a version said. Faults: those of editing; NotFound "competency.version_not_found".
func (s *Service) Restore(ctx context.Context, by actor.Actor, of ID, number int) (err error) {
	defer fault.Wrap(&err, "competency.Restore(%s, %d)", of, number)
	v, err := s.Version(ctx, by, of, number)
	if err != nil {
		return err
	}
	_, err = s.edit(ctx, by, of, Deed{Verb: "competency.log_restored"}, func(k *Kept) error {
		k.Become(v.Framework)
		return append(k.Working.Validate(), k.Working.ValidateItems()...).Err()
	})
	return err
}

// Discard deletes a framework no version of which was ever published. Faults: those of editing and of [Store.Discard].
func (s *Service) Discard(ctx context.Context, by actor.Actor, of ID) (err error) {
	defer fault.Wrap(&err, "competency.Discard(%s)", of)
	if err := mayEdit(by, by.Organisation); err != nil {
		return err
	}
	return s.Store.Discard(ctx, by, of)
}

// Version returns one version by anybody who may read. Faults: those of [Service.Look]; NotFound
// "competency.version_not_found".
func (s *Service) Version(ctx context.Context, by actor.Actor, of ID, number int) (_ Version, err error) {
	defer fault.Wrap(&err, "competency.Version(%s, %d)", of, number)
	if _, err := s.Look(ctx, by, of); err != nil {
		return Version{}, err
	}
	found, err := s.Store.Versions(ctx, by.Organisation, of, max(number, 1))
	if err != nil {
		return Version{}, err
	}
	if len(found) == 0 || number < 1 {
		return Version{}, fault.New(fault.NotFound, "competency.version_not_found")
	}
	return found[0], nil
}

// Versions lists the versions, the newest first, without their content. Faults: those of [Service.Look].
func (s *Service) Versions(ctx context.Context, by actor.Actor, of ID) (_ []Version, err error) {
	defer fault.Wrap(&err, "competency.Versions(%s)", of)
	if _, err := s.Look(ctx, by, of); err != nil {
		return nil, err
	}
	return s.Store.Versions(ctx, by.Organisation, of, 0)
}

// History lists what was done to the working copy, the newest first, for those who edit. Faults: those of editing.
func (s *Service) History(ctx context.Context, by actor.Actor, of ID, q LogQuery) (_ []Change, err error) {
	defer fault.Wrap(&err, "competency.History(%s)", of)
	if err := mayEdit(by, by.Organisation); err != nil {
		return nil, err
	}
	return s.Store.Log(ctx, by.Organisation, of, q)
}
