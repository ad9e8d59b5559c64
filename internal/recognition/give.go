package recognition

import (
	"context"
	"crypto/rand"
	"math/big"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// Bounds of what people write, in characters.
const (
	NoteMost  = 1_000 // of a note beside a request, an answer, a reason
	SeenLeast = 20    // of what somebody saw who gives a badge unasked: less says nothing
	SeenMost  = 2_000
	LinkMost  = 500
)

// Offer finds one. Fault: NotFound "recognition.no_offer".
func (s *Service) Offer(id string) (Offer, error) {
	for _, o := range s.Offers {
		if o.ID == id {
			return o, nil
		}
	}
	return Offer{}, fault.New(fault.NotFound, "recognition.no_offer")
}

// A View is an offer and where somebody stands with it.
type View struct {
	Offer
	Progress Progress
	Held     *Issued  // the newest that was given to them, nil for none
	Asked    *Request // the newest request, nil for none
}

// MayAsk says whether they may ask for it now.
func (v View) MayAsk(now time.Time) bool {
	return v.Progress.Ready() && (v.Held == nil || v.Held.Renewable(now)) && (v.Asked == nil || v.Asked.State != Waiting)
}

// Views lists the offers, with where somebody stands when they are known.
func (s *Service) Views(ctx context.Context, by actor.Actor, lang string) (_ []View, err error) {
	defer fault.Wrap(&err, "recognition.Views")
	out := make([]View, len(s.Offers))
	for i, o := range s.Offers {
		out[i].Offer = o
	}
	if !by.Known() {
		return out, nil
	}
	shown, err := s.Proven(ctx, by.Organisation, by.ID, lang)
	if err != nil {
		return nil, err
	}
	held, err := s.Badges.List(ctx, by.Organisation, by.ID)
	if err != nil {
		return nil, err
	}
	asked, err := s.Requests.Requests(ctx, by.Organisation, by.ID)
	if err != nil {
		return nil, err
	}
	for i := range out {
		v := &out[i]
		v.Progress = v.Offer.Progress(shown)
		if n := slices.IndexFunc(held, func(b Issued) bool { return b.Offer == v.ID }); n >= 0 {
			v.Held = &held[n]
		}
		if n := slices.IndexFunc(asked, func(r Request) bool { return r.Offer == v.ID }); n >= 0 {
			v.Asked = &asked[n]
		}
	}
	return out, nil
}

// Look is one of [Service.Views]. Fault: NotFound "recognition.no_offer".
func (s *Service) Look(ctx context.Context, by actor.Actor, offer, lang string) (View, error) {
	list, err := s.Views(ctx, by, lang)
	if err != nil {
		return View{}, err
	}
	for _, v := range list {
		if v.ID == offer {
			return v, nil
		}
	}
	return View{}, fault.New(fault.NotFound, "recognition.no_offer")
}

// Ask asks for a badge in a language, and shows those who give it the evidence there is now. Faults: SignIn "recognition.sign_in";
// NotFound "recognition.no_offer"; Conflict "recognition.not_ready", "recognition.holds_already", "recognition.asked_already"; Invalid
// "recognition.note_long".
func (s *Service) Ask(ctx context.Context, by actor.Actor, offer, lang, note string) (err error) {
	defer fault.Wrap(&err, "recognition.Ask(%s)", offer)
	if !by.Known() {
		return fault.New(fault.SignIn, "recognition.sign_in")
	}
	note = strings.TrimSpace(note)
	if utf8.RuneCountInString(note) > NoteMost {
		return fault.Field("note", "recognition.note_long", NoteMost)
	}
	v, err := s.Look(ctx, by, offer, lang)
	now := s.Now()
	switch {
	case err != nil:
		return err
	case !v.Progress.Ready():
		return fault.New(fault.Conflict, "recognition.not_ready")
	case v.Held != nil && !v.Held.Renewable(now):
		return fault.New(fault.Conflict, "recognition.holds_already")
	}
	r := Request{ID: id.New(now), Organisation: by.Organisation, Offer: offer, Person: by.ID, Lang: lang, At: now, Note: note, State: Waiting}
	for _, p := range v.Progress.Proofs {
		r.Evidence, r.Works = append(r.Evidence, p.Evidence), append(r.Works, p.Key)
	}
	return s.Requests.Ask(ctx, by, r)
}

// mayGive finds the offer for somebody who gives it to a person. Faults: SignIn "recognition.sign_in"; NotFound
// "recognition.no_offer"; Denied "recognition.validators_only", "recognition.not_yourself".
func (s *Service) mayGive(by actor.Actor, offer, person string) (Offer, error) {
	o, err := s.Offer(offer)
	switch {
	case !by.Known():
		return o, fault.New(fault.SignIn, "recognition.sign_in")
	case err != nil:
		return o, err
	case !o.MayGive(by):
		return o, fault.New(fault.Denied, "recognition.validators_only")
	case by.ID == person:
		return o, fault.New(fault.Denied, "recognition.not_yourself")
	}
	return o, nil
}

// MayGiveAny says whether somebody gives badges at all.
func (s *Service) MayGiveAny(by actor.Actor) bool {
	return slices.ContainsFunc(s.Offers, func(o Offer) bool { return o.MayGive(by) })
}

// Waiting lists the requests that somebody may answer. Faults: SignIn "recognition.sign_in"; Denied "recognition.validators_only".
func (s *Service) Waiting(ctx context.Context, by actor.Actor) (_ []Request, err error) {
	defer fault.Wrap(&err, "recognition.Waiting")
	if !by.Known() {
		return nil, fault.New(fault.SignIn, "recognition.sign_in")
	}
	if !s.MayGiveAny(by) {
		return nil, fault.New(fault.Denied, "recognition.validators_only")
	}
	list, err := s.Requests.Requests(ctx, by.Organisation, "")
	return slices.DeleteFunc(list, func(r Request) bool {
		_, err := s.mayGive(by, r.Offer, r.Person)
		return err != nil
	}), err
}

// An Answer is what somebody who gives badges says to a request.
type Answer struct {
	Grant bool
	Text  string // required to decline
}

// Answer grants a request, and gives the badge, or declines it. It returns the badge's identifier, "" when declined. Faults: those of
// mayGive and give; NotFound "recognition.no_request"; Conflict "recognition.request_closed", "recognition.works_changed" when a work that was shown no longer
// counts; Invalid "recognition.answer_empty",
// "recognition.note_long".
func (s *Service) Answer(ctx context.Context, by actor.Actor, request string, a Answer) (badge string, err error) {
	defer fault.Wrap(&err, "recognition.Answer(%s)", request)
	if !by.Known() {
		return "", fault.New(fault.SignIn, "recognition.sign_in")
	}
	r, err := s.Requests.Request(ctx, by.Organisation, request)
	if err != nil {
		return "", err
	}
	o, err := s.mayGive(by, r.Offer, r.Person)
	if err != nil {
		return "", err
	}
	a.Text = strings.TrimSpace(a.Text)
	switch {
	case r.State != Waiting:
		return "", fault.New(fault.Conflict, "recognition.request_closed")
	case utf8.RuneCountInString(a.Text) > NoteMost:
		return "", fault.Field("answer", "recognition.note_long", NoteMost)
	case a.Grant:
		gone, err := s.Gone(ctx, r.Organisation, r.Person, r.Works)
		if err == nil && gone > 0 {
			err = fault.New(fault.Conflict, "recognition.works_changed")
		}
		if err != nil {
			return "", err
		}
		return s.give(ctx, by, gift{offer: o, person: r.Person, lang: r.Lang, evidence: r.Evidence, works: r.Works, request: r.ID})
	case a.Text == "":
		return "", fault.Field("answer", "recognition.answer_empty")
	}
	r.State, r.By, r.Answer, r.Closed = Declined, by.ID, a.Text, s.Now()
	return "", s.Requests.Close(ctx, by, r)
}

// Gone counts the works among those named that no longer count: their evidence was deleted or withdrawn, or is over.
func (s *Service) Gone(ctx context.Context, organisation, person string, works []string) (n int, err error) {
	defer fault.Wrap(&err, "recognition.Gone")
	if len(works) == 0 || person == "" {
		return 0, nil
	}
	shown, err := s.Proven(ctx, organisation, person, "fr")
	if err != nil {
		return 0, err
	}
	for _, work := range works {
		counts := false
		for _, has := range shown {
			counts = counts || slices.ContainsFunc(has.Proofs, func(p Proof) bool { return p.Key == work })
		}
		if !counts {
			n++
		}
	}
	return n, nil
}

// Withdraw takes one's own request back. Faults: SignIn "recognition.sign_in"; NotFound "recognition.no_request"; Conflict
// "recognition.request_closed".
func (s *Service) Withdraw(ctx context.Context, by actor.Actor, request string) (err error) {
	defer fault.Wrap(&err, "recognition.Withdraw(%s)", request)
	if !by.Known() {
		return fault.New(fault.SignIn, "recognition.sign_in")
	}
	r, err := s.Requests.Request(ctx, by.Organisation, request)
	if err == nil && r.Person != by.ID {
		err = fault.New(fault.NotFound, "recognition.no_request")
	}
	if err != nil {
		return err
	}
	r.State, r.By, r.Closed = Retracted, by.ID, s.Now()
	return s.Requests.Close(ctx, by, r)
}

// A Sight is what somebody saw who gives a badge that nobody asked for: the evidence it rests on.
type Sight struct {
	Email string // of who did it
	Text  string
	Link  string // to what was made, "" for none
}

// GiveSeen gives a badge for what somebody saw. Faults: those of mayGive and give; Invalid "recognition.no_such_person",
// "recognition.seen_short", "recognition.seen_long", "recognition.bad_link".
func (s *Service) GiveSeen(ctx context.Context, by actor.Actor, offer string, seen Sight) (badge string, err error) {
	defer fault.Wrap(&err, "recognition.GiveSeen(%s)", offer)
	o, err := s.mayGive(by, offer, "")
	if err != nil {
		return "", err
	}
	seen.Text, seen.Link = strings.TrimSpace(seen.Text), strings.TrimSpace(seen.Link)
	n := utf8.RuneCountInString(seen.Text)
	u, wrong := url.Parse(seen.Link)
	switch {
	case n < SeenLeast:
		return "", fault.Field("seen", "recognition.seen_short", SeenLeast)
	case n > SeenMost:
		return "", fault.Field("seen", "recognition.seen_long", SeenMost)
	case seen.Link != "" && (wrong != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || len(seen.Link) > LinkMost):
		return "", fault.Field("link", "recognition.bad_link")
	}
	to, err := s.ByEmail(ctx, by.Organisation, strings.TrimSpace(seen.Email))
	if err != nil {
		return "", err
	}
	if to.Person == by.ID {
		return "", fault.New(fault.Denied, "recognition.not_yourself")
	}
	return s.give(ctx, by, gift{offer: o, person: to.Person, lang: to.Lang, evidence: []Evidence{{ID: seen.Link, Name: by.Name, Narrative: seen.Text, Genre: "Observation"}}})
}

// A gift is a badge about to be given.
type gift struct {
	offer        Offer
	person, lang string
	evidence     []Evidence
	works        []string
	request      string
}

// tries bounds how often a place is drawn: lists are at most half full, so each draw fails one time in two at worst.
const tries = 40

// give signs a badge and keeps it. Faults: Conflict "recognition.key_sealed", "recognition.holds_already", "recognition.request_closed";
// NotFound "recognition.no_holder" for somebody who left.
func (s *Service) give(ctx context.Context, by actor.Actor, g gift) (string, error) {
	to, err := s.Holder(ctx, by.Organisation, g.person)
	if err != nil {
		return "", err
	}
	if g.lang == "" {
		g.lang = "fr"
	}
	i, err := s.Issuer(ctx, by.Organisation)
	if err != nil {
		return "", err
	}
	class, err := s.class(ctx, i, g)
	if err != nil {
		return "", err
	}
	now := s.Now().UTC().Truncate(time.Second)
	salt := id.Secret()
	for range tries {
		b := Issued{ID: id.Secret()[:26], Organisation: i.Organisation, Offer: g.offer.ID, Person: g.person, By: by.ID, Lang: g.lang, At: now, Until: g.offer.Until(now), Works: g.works}
		if b.List, b.Place, err = s.draw(ctx, i.Organisation); err != nil {
			return "", err
		}
		a := Award{ID: s.Base + "/credentials/" + b.ID, Issuer: i.Party(), Class: class, Recipient: Recipient{Hash: HashEmail(to.Email, salt), Salt: salt},
			From: b.At, Until: b.Until, Evidence: g.evidence, StatusList: i.list(b.List), Place: b.Place}
		if err := s.seal(&b, i, a); err != nil {
			return "", err
		}
		if err = s.Badges.Give(ctx, by, b, g.request); !fault.Is(err, "recognition.place_taken") {
			return b.ID, err
		}
	}
	return "", err
}

// seal signs a badge both ways.
func (s *Service) seal(b *Issued, i Issuer, a Award) error {
	signer, err := s.signer(i)
	if err != nil {
		return err
	}
	raw, err := a.Credential()
	if err != nil {
		return err
	}
	if b.Credential, err = signer.Sign(raw, b.At); err != nil {
		return err
	}
	b.Token, err = signer.SignJWT(raw)
	return err
}

// class says an offer in the language of the gift.
func (s *Service) class(ctx context.Context, i Issuer, g gift) (Class, error) {
	o := g.offer
	c := Class{ID: s.Base + "/badges/" + o.ID, Name: o.Name.In(g.lang), Description: o.Description.In(g.lang), Criteria: o.Criteria.In(g.lang), Language: g.lang,
		Image: s.Base + "/badges/" + o.ID + "/picture.png"}
	items, err := s.Items(ctx, i.Organisation, g.lang)
	if err != nil {
		return c, err
	}
	for _, l := range o.Competences {
		if it, ok := items[l.Code]; ok {
			c.Alignments = append(c.Alignments, Alignment{Name: it.Name, URL: s.Base + it.URL, Framework: it.Framework, Code: l.String()})
		}
	}
	return c, nil
}

// draw chooses a place at random, so that neither a place nor the order of places tells when or to whom a badge was given.
func (s *Service) draw(ctx context.Context, organisation string) (list, place int, err error) {
	if list, err = s.Badges.LastList(ctx, organisation); err != nil {
		return 0, 0, err
	}
	list = max(list, 1)
	_, used, err := s.Badges.Taken(ctx, organisation, list)
	if err != nil {
		return 0, 0, err
	}
	if used > leastBits/2 {
		list++
	}
	n, err := rand.Int(rand.Reader, big.NewInt(leastBits))
	if err != nil {
		return 0, 0, err
	}
	return list, int(n.Int64()), nil
}
