package competency

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// A Service is the room's front desk.
type Service struct {
	Store Store
	Now   func() time.Time
}

// A View is a framework as somebody sees it: the working copy for those who edit, the latest version for everybody else.
type View struct {
	Kept
	Framework Framework
	MayEdit   bool
	Waiting   int // changes of the working copy that no version has; 0 for readers
}

// seenBy makes the view; false when there is nothing by may see.
func (k Kept) seenBy(by actor.Actor) (View, bool) {
	if MayEdit(by, k.Organisation) {
		return View{Kept: k, Framework: k.Working, MayEdit: true, Waiting: len(k.Pending())}, true
	}
	if k.Published == nil {
		return View{}, false
	}
	return View{Kept: k, Framework: *k.Published}, true
}

func known(by actor.Actor) error {
	if !by.Known() {
		return fault.New(fault.SignIn, "competency.sign_in_first")
	}
	return nil
}

func notFound() error { return fault.New(fault.NotFound, "competency.not_found") }

// All lists the frameworks by may see, the oldest first. Fault: SignIn "competency.sign_in_first".
func (s *Service) All(ctx context.Context, by actor.Actor) (_ []View, err error) {
	defer fault.Wrap(&err, "competency.All")
	if err := known(by); err != nil {
		return nil, err
	}
	all, err := s.Store.All(ctx, by.Organisation)
	if err != nil {
		return nil, err
	}
	var out []View
	for _, k := range all {
		if v, ok := k.seenBy(by); ok {
			out = append(out, v)
		}
	}
	return out, nil
}

// Look returns one framework as by sees it. Faults: SignIn "competency.sign_in_first"; NotFound "competency.not_found".
func (s *Service) Look(ctx context.Context, by actor.Actor, of ID) (_ View, err error) {
	defer fault.Wrap(&err, "competency.Look(%s)", of)
	if err := known(by); err != nil {
		return View{}, err
	}
	k, err := s.Store.Find(ctx, by.Organisation, of)
	if err != nil {
		return View{}, err
	}
	v, ok := k.seenBy(by)
	if !ok {
		return View{}, notFound()
	}
	return v, nil
}

// Find returns an item by its identifier in whichever framework of by's organisation has it, in force or not. Faults: SignIn
// "competency.sign_in_first"; NotFound "competency.item_not_found".
func (s *Service) Find(ctx context.Context, by actor.Actor, item ItemID) (_ View, _ Item, err error) {
	defer fault.Wrap(&err, "competency.Find(%s)", item)
	all, err := s.All(ctx, by)
	if err != nil {
		return View{}, Item{}, err
	}
	for _, v := range all {
		if it, ok := v.Framework.Item(item); ok {
			return v, it, nil
		}
	}
	return View{}, Item{}, fault.New(fault.NotFound, "competency.item_not_found")
}

// Successors lists the competences that stand for an item now, as the latest versions say: itself while it is in force. Other
// rooms call it to follow what hangs on an item. Empty: unknown, or retired without successor.
func (s *Service) Successors(ctx context.Context, organisation string, item ItemID) (_ []ItemID, err error) {
	defer fault.Wrap(&err, "competency.Successors(%s)", item)
	all, err := s.Store.All(ctx, organisation)
	if err != nil {
		return nil, err
	}
	for _, k := range all {
		if k.Published == nil {
			continue
		}
		if _, ok := k.Published.Item(item); ok {
			return k.Published.Successors(item), nil
		}
	}
	return nil, nil
}

// Plant gives a new organisation the framework that ships with the program, as its first version. It does nothing where the
// organisation has it: it may be repeated.
func (s *Service) Plant(ctx context.Context, organisation string, raw []byte) (err error) {
	defer fault.Wrap(&err, "competency.Plant(%s)", organisation)
	var f Framework
	if err := json.Unmarshal(raw, &f); err != nil {
		return err
	}
	now := s.Now()
	for i := range f.Items {
		f.Items[i].Modified = now
	}
	f.Settle()
	if err := append(f.Validate(), f.ValidateItems()...).Err(); err != nil {
		return err
	}
	k := Kept{Organisation: organisation, Revision: 1, Working: f, Created: now}
	k.publish(now)
	err = s.Store.Add(ctx, actor.Actor{Organisation: organisation}, k, Deed{Verb: "competency.log_planted"})
	if fault.Is(err, "competency.framework_exists") {
		return nil
	}
	return err
}

// Create makes an empty framework. Faults: those of editing and of [Framework.Validate].
func (s *Service) Create(ctx context.Context, by actor.Actor, head Framework) (_ ID, err error) {
	defer fault.Wrap(&err, "competency.Create")
	if err := mayEdit(by, by.Organisation); err != nil {
		return "", err
	}
	now := s.Now()
	head.ID, head.Items = ID(id.UUID(now)), nil
	if err := head.Validate().Err(); err != nil {
		return "", err
	}
	return head.ID, s.Store.Add(ctx, by, Kept{Organisation: by.Organisation, Revision: 1, Working: head, Created: now}, Deed{Verb: "competency.log_created"})
}

// mayEdit is nil for those who may. Faults: SignIn "competency.sign_in_first"; Denied "competency.steward_only".
func mayEdit(by actor.Actor, organisation string) error {
	if err := known(by); err != nil {
		return err
	}
	if !MayEdit(by, organisation) {
		return fault.New(fault.Denied, "competency.steward_only")
	}
	return nil
}

// edit does one act on the working copy.
func (s *Service) edit(ctx context.Context, by actor.Actor, of ID, d Deed, fn func(*Kept) error) (Kept, error) {
	if err := mayEdit(by, by.Organisation); err != nil {
		return Kept{}, err
	}
	return s.Store.Change(ctx, by, of, d, func(k *Kept) ([]Superseded, error) { return nil, fn(k) })
}

// SaveHead writes the framework's own fields and levels; a level's code that changed is followed in every item. renamed says,
// by old code, what each level is called now; a level that is gone takes its descriptions along. Faults: those of editing;
// Conflict "competency.head_moved" when somebody saved them since revision opened; those of [Framework.Validate].
func (s *Service) SaveHead(ctx context.Context, by actor.Actor, head Framework, opened int, renamed map[string]string) (_ Kept, err error) {
	defer fault.Wrap(&err, "competency.SaveHead(%s)", head.ID)
	since, err := s.since(ctx, by, head.ID, opened, "")
	if err != nil {
		return Kept{}, err
	}
	return s.edit(ctx, by, head.ID, Deed{Verb: "competency.log_head"}, func(k *Kept) error {
		if k.Revision != opened && slices.ContainsFunc(since, func(c Change) bool { return c.What() == "head" }) {
			return fault.New(fault.Conflict, "competency.head_moved")
		}
		next := head.Clone()
		next.URI, next.Foreign, next.Items = k.Working.URI, k.Working.Foreign, slices.Clone(k.Working.Items)
		for i, it := range next.Items {
			next.Items[i].Levels = nil
			for code, t := range it.Levels {
				if to := renamed[code]; to != "" {
					next.Items[i].SetLevel(to, t)
				}
			}
		}
		if err := next.Validate().Err(); err != nil {
			return err
		}
		k.Working = next
		return nil
	})
}

// since lists the changes made after a revision, of one item or of the framework itself.
func (s *Service) since(ctx context.Context, by actor.Actor, of ID, revision int, item ItemID) ([]Change, error) {
	log, err := s.Store.Log(ctx, by.Organisation, of, LogQuery{Item: item, Limit: LogMost})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(log, func(c Change) bool { return c.Revision <= revision || c.Subject != item }), nil
}

// LogMost is how many changes a reading of the log may return.
const LogMost = 5000

// A Clash says that somebody saved the item since it was opened: the second person sees both texts and chooses.
type Clash struct {
	Saved       Item // as it stands now
	Differences []Difference
}

// Error implements error; the page shows the differences instead.
func (c *Clash) Error() string {
	return "competency: the item was saved by somebody else, revision " + strconv.Itoa(c.Saved.Revision)
}

// An Edit is what a person wrote in an item's form.
type Edit struct {
	Mine   Item
	Opened int             // revision of the working copy when the form was opened
	Choice map[string]Side // by field, whose text is kept where two people changed it; nil on the first try
}

// SaveItem writes what a person edited. Faults: those of editing and of [Framework.ValidateItem]; a *[Clash].
func (s *Service) SaveItem(ctx context.Context, by actor.Actor, of ID, e Edit) (_ Kept, err error) {
	mine := e.Mine
	defer fault.Wrap(&err, "competency.SaveItem(%s)", mine.ID)
	since, err := s.since(ctx, by, of, e.Opened, mine.ID)
	if err != nil {
		return Kept{}, err
	}
	return s.edit(ctx, by, of, Deed{Verb: "competency.log_item_saved"}, func(k *Kept) error {
		saved, ok := k.Working.Item(mine.ID)
		if !ok {
			return fault.New(fault.NotFound, "competency.item_not_found")
		}
		base := saved
		if len(since) > 0 { // the newest is first: the item as opened is what the oldest found
			if oldest := since[len(since)-1]; oldest.Before != nil {
				base = *oldest.Before
			}
		}
		for _, d := range Compare(base, mine, saved) {
			if d.Conflict && e.Choice[d.Field] == "" {
				return &Clash{Saved: saved, Differences: Compare(base, mine, saved)}
			}
		}
		merged, err := Merge(base, mine, saved, e.Choice)
		if err != nil {
			return err
		}
		if err := k.Working.ValidateItem(merged).Err(); err != nil {
			return err
		}
		k.Working.put(merged)
		return nil
	})
}
