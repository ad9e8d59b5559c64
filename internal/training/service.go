package training

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// A Service is the room's front desk. All fields are required.
type Service struct {
	Shipped      []Resource
	ShippedPaths []Path
	Resources    Resources
	Follows      Follows
	Links        Links
	Paths        Paths
	Cohorts      Cohorts
	// Known says what the other rooms know of a person: missions passed, by [Step.Key], and levels.
	Known func(ctx context.Context, organisation, person string) (Facts, error)
	// Colleague finds a person of the organisation by their address. Fault: Invalid on the field named, when there is none.
	Colleague func(ctx context.Context, by actor.Actor, field, email string) (person string, err error)
	Now       func() time.Time
}

func known(by actor.Actor) error {
	if !by.Known() {
		return fault.New(fault.SignIn, "training.sign_in")
	}
	return nil
}

// MayReview reports whether by may accept, refuse and edit resources: facilitators and stewards. Everybody of the organisation may propose.
func MayReview(by actor.Actor) bool { return by.Is(actor.Facilitator) || by.Is(actor.Steward) }

// sees reports whether by may see a resource: those of the inventory, what they proposed themselves, all for who reviews.
func sees(by actor.Actor, r Resource) bool {
	return r.State == Accepted || r.By != "" && r.By == by.ID || MayReview(by)
}

// all lists what an organisation has: its own, and those that ship where it has not changed them.
func (s *Service) all(ctx context.Context, organisation string) ([]Resource, error) {
	own, err := s.Resources.All(ctx, organisation)
	if err != nil {
		return nil, err
	}
	for _, r := range s.Shipped {
		if !slices.ContainsFunc(own, func(o Resource) bool { return o.ID == r.ID }) {
			r.Organisation = organisation
			own = append(own, r)
		}
	}
	return own, nil
}

func (s *Service) find(ctx context.Context, by actor.Actor, of ResourceID) (Resource, error) {
	r, err := s.Resources.Find(ctx, by.Organisation, of)
	if fault.Is(err, "training.no_resource") {
		if i := slices.IndexFunc(s.Shipped, func(r Resource) bool { return r.ID == of }); i >= 0 {
			r, err = s.Shipped[i], nil
			r.Organisation = by.Organisation
		}
	}
	if err == nil && !sees(by, r) {
		return Resource{}, fault.New(fault.NotFound, "training.no_resource")
	}
	return r, err
}

// Inventory lists what by may see, by the latest review first among their own, then those that ship. Fault: SignIn "training.sign_in".
func (s *Service) Inventory(ctx context.Context, by actor.Actor) (_ []Entry, err error) {
	defer fault.Wrap(&err, "training.Inventory")
	if err := known(by); err != nil {
		return nil, err
	}
	all, err := s.all(ctx, by.Organisation)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(r Resource) bool { return !sees(by, r) })
	slices.SortStableFunc(all, func(a, b Resource) int { return cmp.Or(b.Reviewed.Compare(a.Reviewed), b.Created.Compare(a.Created)) })
	return s.entries(ctx, by, all)
}

// Look returns one resource as by may see it. Faults: SignIn "training.sign_in"; NotFound "training.no_resource".
func (s *Service) Look(ctx context.Context, by actor.Actor, of ResourceID) (_ Entry, err error) {
	defer fault.Wrap(&err, "training.Look(%s)", of)
	if err := known(by); err != nil {
		return Entry{}, err
	}
	r, err := s.find(ctx, by, of)
	if err != nil {
		return Entry{}, err
	}
	list, err := s.entries(ctx, by, []Resource{r})
	if err != nil {
		return Entry{}, err
	}
	return list[0], nil
}

func (s *Service) entries(ctx context.Context, by actor.Actor, list []Resource) ([]Entry, error) {
	follows, err := s.Follows.Follows(ctx, by.Organisation)
	if err != nil {
		return nil, err
	}
	links, err := s.Links.Links(ctx, by.Organisation)
	if err != nil {
		return nil, err
	}
	out, at := make([]Entry, len(list)), map[ResourceID]int{}
	for i, r := range list {
		out[i].Resource, at[r.ID] = r, i
	}
	people := map[ResourceID]int{}
	for _, f := range follows {
		i, ok := at[f.Resource]
		if !ok {
			continue
		}
		people[f.Resource]++
		if f.Person == by.ID {
			out[i].Mine = &f
		} else if f.Shared && f.Changed != "" {
			out[i].Shared = append(out[i].Shared, f)
		}
	}
	for _, l := range links {
		if i, ok := at[l.Resource]; ok && l.Address == out[i].Address {
			out[i].Link = l
		}
	}
	for i := range out {
		out[i].Followers = Crowd(people[out[i].ID])
	}
	return out, nil
}

// unknown says whether an address is new here. Faults on "address": Invalid "training.known_address" naming the resource; "training.known_waiting" for one
// that by may not see yet.
func (s *Service) unknown(ctx context.Context, by actor.Actor, mine Resource) error {
	all, err := s.all(ctx, by.Organisation)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.ID == mine.ID || r.State == Refused || r.State == Retired || !same(r.Address, mine.Address) {
			continue
		}
		if !sees(by, r) {
			return fault.Field("address", "training.known_waiting")
		}
		return fault.Field("address", "training.known_address", r.Title.In("fr"))
	}
	return nil
}

// Propose adds a resource: to be reviewed, or in the inventory at once when by reviews. Faults: SignIn "training.sign_in"; those of
// [Resource.Validate]; Invalid "training.known_address", "training.known_waiting".
func (s *Service) Propose(ctx context.Context, by actor.Actor, r Resource) (_ ResourceID, err error) {
	defer fault.Wrap(&err, "training.Propose")
	if err := known(by); err != nil {
		return "", err
	}
	now := s.Now()
	r.Tidy()
	r.ID, r.Organisation, r.By, r.Created, r.Revision, r.Reason = ResourceID(id.UUID(now)), by.Organisation, by.ID, now, 1, ""
	r.State, r.Reviewed, r.Reviewer = Proposed, time.Time{}, ""
	verb := "training.log_proposed"
	if MayReview(by) {
		r.State, r.Reviewed, r.Reviewer, verb = Accepted, now, by.ID, "training.log_accepted"
	}
	if err := r.Validate().Err(); err != nil {
		return "", err
	}
	if err := s.unknown(ctx, by, r); err != nil {
		return "", err
	}
	return r.ID, s.Resources.Save(ctx, by, r, verb)
}

// MayEdit reports whether by may write a resource: who reviews, and who proposed it while it waits or after it was refused.
func MayEdit(by actor.Actor, r Resource) bool {
	return MayReview(by) || by.Known() && r.By == by.ID && (r.State == Proposed || r.State == Refused)
}

// Edit keeps what was written of a resource, opened at a revision. What was refused waits again. Faults: SignIn "training.sign_in"; Denied
// "training.reviewers_only"; NotFound "training.no_resource"; Conflict "training.moved"; those of [Service.Propose].
func (s *Service) Edit(ctx context.Context, by actor.Actor, mine Resource, opened int) (err error) {
	defer fault.Wrap(&err, "training.Edit(%s)", mine.ID)
	if err := known(by); err != nil {
		return err
	}
	r, err := s.find(ctx, by, mine.ID)
	switch {
	case err != nil:
		return err
	case !MayEdit(by, r):
		return fault.New(fault.Denied, "training.reviewers_only")
	case r.Revision != opened:
		return fault.New(fault.Conflict, "training.moved")
	}
	mine.Tidy()
	mine.Organisation, mine.By, mine.Created, mine.Revision = r.Organisation, r.By, r.Created, r.Revision+1
	mine.State, mine.Reviewed, mine.Reviewer, mine.Reason = r.State, r.Reviewed, r.Reviewer, r.Reason
	if mine.State == Refused && !MayReview(by) {
		mine.State, mine.Reason = Proposed, ""
	}
	if err := mine.Validate().Err(); err != nil {
		return err
	}
	if err := s.unknown(ctx, by, mine); err != nil {
		return err
	}
	return s.Resources.Save(ctx, by, mine, "training.log_edited")
}

// A Decision is what a reviewer makes of a resource at a revision: [Accepted] says it was read and is good, [Refused] and [Retired] need a reason.
type Decision struct {
	State  State
	Reason string
	Opened int
}

// Decide reviews a resource. Faults: SignIn "training.sign_in"; Denied "training.reviewers_only"; NotFound "training.no_resource"; Conflict "training.moved",
// also for a decision that does not fit its state; Invalid "training.reason_missing", "training.too_long".
func (s *Service) Decide(ctx context.Context, by actor.Actor, of ResourceID, d Decision) (err error) {
	defer fault.Wrap(&err, "training.Decide(%s)", of)
	if err := known(by); err != nil {
		return err
	}
	if !MayReview(by) {
		return fault.New(fault.Denied, "training.reviewers_only")
	}
	r, err := s.find(ctx, by, of)
	if err != nil {
		return err
	}
	d.Reason = strings.TrimSpace(d.Reason)
	verbs := map[State]string{Accepted: "training.log_accepted", Refused: "training.log_refused", Retired: "training.log_retired"}
	switch {
	case r.Revision != d.Opened || verbs[d.State] == "" || d.State == Refused && r.State != Proposed || d.State == Retired && r.State != Accepted:
		return fault.New(fault.Conflict, "training.moved")
	case d.State == Accepted:
		d.Reason = ""
	case d.Reason == "":
		return fault.Field("reason", "training.reason_missing")
	case utf8.RuneCountInString(d.Reason) > ReasonMost:
		return fault.Field("reason", "training.too_long", ReasonMost)
	}
	if r.Created.IsZero() {
		r.Created = s.Now()
	}
	r.State, r.Reason, r.Reviewed, r.Reviewer, r.Revision = d.State, d.Reason, s.Now(), by.ID, r.Revision+1
	return s.Resources.Save(ctx, by, r, verbs[d.State])
}

// Follow says that by used a resource of the inventory, and what that changed; again puts it in place of what was said. Faults: SignIn
// "training.sign_in"; NotFound "training.no_resource"; Invalid "training.too_long", "training.nothing_to_share".
func (s *Service) Follow(ctx context.Context, by actor.Actor, of ResourceID, changed string, shared bool) (err error) {
	defer fault.Wrap(&err, "training.Follow(%s)", of)
	if err := known(by); err != nil {
		return err
	}
	r, err := s.find(ctx, by, of)
	if err != nil {
		return err
	}
	changed = strings.TrimSpace(changed)
	switch {
	case r.State != Accepted && r.State != Retired:
		return fault.New(fault.NotFound, "training.no_resource")
	case utf8.RuneCountInString(changed) > ChangedMost:
		return fault.Field("changed", "training.too_long", ChangedMost)
	case shared && changed == "":
		return fault.Field("changed", "training.nothing_to_share")
	}
	return s.Follows.Follow(ctx, Follow{Organisation: by.Organisation, Resource: of, Person: by.ID, At: s.Now(), Changed: changed, Shared: shared})
}

// Unfollow takes it back. Fault: SignIn "training.sign_in".
func (s *Service) Unfollow(ctx context.Context, by actor.Actor, of ResourceID) (err error) {
	defer fault.Wrap(&err, "training.Unfollow(%s)", of)
	if err := known(by); err != nil {
		return err
	}
	return s.Follows.Unfollow(ctx, by.Organisation, of, by.ID)
}

// CheckLinks looks at the addresses of an organisation that are due, one after the other; look says what it found. It is for the program, not for
// a person. tell hears how far it is.
func (s *Service) CheckLinks(ctx context.Context, organisation string, look func(ctx context.Context, address string) Outcome, tell func(done, all int)) (err error) {
	defer fault.Wrap(&err, "training.CheckLinks")
	all, err := s.all(ctx, organisation)
	if err != nil {
		return err
	}
	links, err := s.Links.Links(ctx, organisation)
	if err != nil {
		return err
	}
	found := map[ResourceID]Link{}
	for _, l := range links {
		found[l.Resource] = l
	}
	all = slices.DeleteFunc(all, func(r Resource) bool {
		return r.State != Accepted && r.State != Proposed || !found[r.ID].Due(r.Address, s.Now())
	})
	for i, r := range all {
		tell(i, len(all))
		outcome := look(ctx, r.Address)
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := s.Links.Found(ctx, organisation, Link{Resource: r.ID, Address: r.Address, At: s.Now(), Outcome: outcome}); err != nil {
			return err
		}
	}
	return nil
}
