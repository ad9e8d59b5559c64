package catalogue

import (
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// State is where the working copy of a record stands. What the public sees is [Record.Published], whatever the state.
type State string

// The states. The zero value "" is a draft.
const (
	StateDraft     State = "draft"     // being written
	StateInReview  State = "in_review" // waiting for a steward
	StateInternal  State = "internal"  // finished, in the organisation's catalogue
	StatePublished State = "published" // the working copy is what the public sees
	StateWithdrawn State = "withdrawn" // was published, no longer is
)

// States lists them in the order of a record's life.
func States() []State {
	return []State{StateDraft, StateInReview, StateInternal, StatePublished, StateWithdrawn}
}

// Key is the catalogue key of the state's label.
func (s State) Key() string {
	if s == "" {
		s = StateDraft
	}
	return "catalogue.state_" + string(s)
}

// Action is what somebody may want to do with a record.
type Action string

// The actions.
const (
	Edit     Action = "edit"      // change the working copy; a published record becomes a draft, its snapshot stays
	Share    Action = "share"     // show it to the whole organisation
	Unshare  Action = "unshare"   // hide it again
	Submit   Action = "submit"    // ask for a review
	SendBack Action = "send_back" // review says: not yet
	Publish  Action = "publish"   // replace what the public sees
	Withdraw Action = "withdraw"  // take it away from the public
)

// Actions lists them in the order pages show them.
func Actions() []Action { return []Action{Edit, Share, Unshare, Submit, SendBack, Publish, Withdraw} }

// Key is the catalogue key of the action's verb.
func (a Action) Key() string { return "catalogue.action_" + string(a) }

// Review is what the person who publishes knows besides the record.
type Review struct {
	PersonalData []string // names of the columns where personal data is suspected; empty = none
	Override     string   // why it may be published all the same: at least 20 characters, kept with the snapshot
}

// overrideShortest is how long a reason must be, in characters, to be a reason.
const overrideShortest = 20

// MayEdit reports whether by may change the working copy: its author, its service, and stewards of its organisation.
func (r Record) MayEdit(by actor.Actor) bool {
	if !by.Known() || by.Organisation != r.Organisation {
		return false
	}
	return by.ID == r.Author || r.Service != "" && by.Service == r.Service || by.Is(actor.Steward)
}

// MaySee reports whether by may see the working copy. Everybody may see what [Record.Public] returns.
func (r Record) MaySee(by actor.Actor) bool {
	return r.MayEdit(by) || by.Known() && by.Organisation == r.Organisation && (r.Shared || r.State == StatePublished || by.Is(actor.DPO))
}

// Allowed says whether by may do a on r now. nil means yes; what [Record.Blockers] says comes on top for Publish.
// Faults: NotFound "catalogue.not_found" when by may not even see it; SignIn "catalogue.sign_in_first";
// Denied "catalogue.edit_denied", "catalogue.steward_only"; Conflict "catalogue.is_exercise", "catalogue.action_impossible".
func (r Record) Allowed(a Action, by actor.Actor) error {
	if _, public := r.Public(); !r.MaySee(by) {
		if !public {
			return fault.New(fault.NotFound, "catalogue.not_found")
		}
		if !by.Known() {
			return fault.New(fault.SignIn, "catalogue.sign_in_first")
		}
		return fault.New(fault.Denied, "catalogue.edit_denied")
	}
	if !by.Is(actor.Steward) {
		if a == Publish || a == Withdraw || a == SendBack && by.ID != r.Author {
			return fault.New(fault.Denied, "catalogue.steward_only")
		}
	}
	if !r.MayEdit(by) {
		return fault.New(fault.Denied, "catalogue.edit_denied")
	}
	if r.Exercise && (a == Share || a == Submit || a == Publish) {
		return fault.New(fault.Conflict, "catalogue.is_exercise")
	}
	if !r.possible(a) {
		return fault.New(fault.Conflict, "catalogue.action_impossible", string(a), string(r.state()))
	}
	return nil
}

func (r Record) state() State {
	if r.State == "" {
		return StateDraft
	}
	return r.State
}

// possible is the table of transitions, whoever asks.
func (r Record) possible(a Action) bool {
	s := r.state()
	switch a {
	case Edit:
		return true
	case Share:
		return !r.Shared
	case Unshare:
		return r.Shared && s != StatePublished
	case Submit:
		return s == StateDraft || s == StateInternal || s == StateWithdrawn
	case SendBack:
		return s == StateInReview
	case Publish:
		return s != StatePublished
	case Withdraw:
		return r.Published != nil
	}
	return false
}

// May lists what by may do with r now, in the order of [Actions].
func (r Record) May(by actor.Actor) []Action {
	var may []Action
	for _, a := range Actions() {
		if r.Allowed(a, by) == nil {
			may = append(may, a)
		}
	}
	return may
}

// Apply does one of the actions that need nothing more than permission: Edit (only the change of state), Share, Unshare,
// Submit, SendBack, Withdraw. r is unchanged on failure. Faults: those of [Record.Allowed] and [Record.Validate];
// Invalid "catalogue.action_needs_review" for Publish, which is [Record.Publish].
func (r *Record) Apply(a Action, by actor.Actor, now time.Time) error {
	if a == Publish {
		return fault.New(fault.Invalid, "catalogue.action_needs_review")
	}
	if err := r.Allowed(a, by); err != nil {
		return err
	}
	if a == Share || a == Submit {
		if err := r.Validate().Err(); err != nil {
			return err
		}
	}
	switch a {
	case Edit:
		if r.state() == StatePublished || r.state() == StateWithdrawn {
			r.State = r.resting()
		}
	case Share:
		r.Shared = true
		if r.state() == StateDraft {
			r.State = StateInternal
		}
	case Unshare:
		r.Shared = false
		if r.State == StateInternal {
			r.State = StateDraft
		}
	case Submit:
		r.State = StateInReview
	case SendBack:
		r.State = r.resting()
	case Withdraw:
		r.Published, r.State = nil, StateWithdrawn
	}
	r.Modified = now
	return nil
}

// resting is where a working copy stands when nobody waits for a review.
func (r *Record) resting() State {
	if r.Shared {
		return StateInternal
	}
	return StateDraft
}

// Blockers lists what stands between the record and its publication. A low score is never a blocker: it is shown.
// Faults, all Invalid: those of [Record.Validate] and "catalogue.publish_*".
func (r Record) Blockers(review Review) fault.List {
	l := r.Validate()
	for _, f := range []struct{ field, value string }{
		{"description", r.Description}, {"purpose", r.Purpose}, {"owner", r.Owner}, {"contact", r.Contact},
		{"licence", r.Licence}, {"frequency", r.Frequency},
	} {
		if strings.TrimSpace(f.value) == "" {
			l.Add(f.field, "catalogue.publish_"+f.field+"_missing")
		}
	}
	if r.Confidentiality == "" {
		l.Add("confidentiality", "catalogue.publish_confidentiality_missing")
	} else if r.Confidentiality != Open {
		l.Add("confidentiality", "catalogue.publish_not_open")
	}
	if !hasData(r.Resources) {
		l.Add("resources", "catalogue.publish_no_resource")
	}
	if len(review.PersonalData) > 0 {
		if n := utf8.RuneCountInString(strings.TrimSpace(review.Override)); n == 0 {
			l.Add("override", "catalogue.publish_personal_data", strings.Join(review.PersonalData, ", "))
		} else if n < overrideShortest {
			l.Add("override", "catalogue.publish_override_short", overrideShortest)
		}
	}
	return l
}

func hasData(resources []Resource) bool {
	for _, res := range resources {
		if res.Type != Documentation && res.Type != Code {
			return true
		}
	}
	return false
}

// Warnings lists catalogue keys of what deserves a second look before publication and stops nothing.
func (r Record) Warnings() []string {
	var keys []string
	if r.Exercise {
		keys = append(keys, "catalogue.is_exercise")
	}
	if l, ok := LicenceOf(r.Licence); ok && !l.Decree {
		keys = append(keys, "catalogue.warning_licence_outside_decree")
	}
	if strings.TrimSpace(r.Limits) == "" {
		keys = append(keys, "catalogue.warning_no_limits")
	}
	if strings.TrimSpace(r.Origin) == "" {
		keys = append(keys, "catalogue.warning_no_origin")
	}
	if r.Contact != "" && looksPersonal(r.Contact) {
		keys = append(keys, "catalogue.warning_contact_personal")
	}
	return keys
}

// looksPersonal guesses that an address is somebody's: name.surname@. It only warns.
func looksPersonal(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	first, last, ok := strings.Cut(local, ".")
	for _, word := range []string{"data", "contact", "service", "info", "mairie", "dsi", "sig", "direction", "donnees", "open"} {
		if strings.Contains(strings.ToLower(local), word) {
			return false
		}
	}
	return ok && len(first) > 0 && len(last) > 1 && !strings.ContainsAny(local, "0123456789")
}

// Publish replaces what the public sees by the working copy. r is unchanged on failure, so the previous snapshot stays.
// Faults: those of [Record.Allowed], then those of [Record.Blockers].
func (r *Record) Publish(by actor.Actor, review Review, now time.Time) error {
	if err := r.Allowed(Publish, by); err != nil {
		return err
	}
	if err := r.Blockers(review).Err(); err != nil {
		return err
	}
	next := &Snapshot{First: now, At: now, By: by.ID, Number: 1}
	if r.Published != nil {
		next.First, next.Number = r.Published.First, r.Published.Number+1
	}
	if len(review.PersonalData) > 0 {
		next.Override = strings.TrimSpace(review.Override)
	}
	r.State, r.Modified = StatePublished, now
	next.Record = r.Clone()
	next.Record.Published = nil
	r.Published = next
	return nil
}

// Reach notes whether a resource could be reached, in the working copy and in what the public sees: it is a fact, not an
// edit, and changes no state. Unknown resources are ignored.
func (r *Record) Reach(resource string, available bool) {
	note := func(list []Resource) []Resource {
		list = append([]Resource(nil), list...)
		for i := range list {
			if list[i].ID == resource {
				list[i].Available = available
			}
		}
		return list
	}
	r.Resources = note(r.Resources)
	if r.Published != nil {
		s := *r.Published
		s.Record.Resources = note(s.Record.Resources)
		r.Published = &s
	}
}
