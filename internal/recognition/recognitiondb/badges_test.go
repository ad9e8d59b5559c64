package recognitiondb_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/outbox"
	"cultured/internal/recognition"
)

var (
	steward = actor.Actor{ID: "nadia", Organisation: "o", Name: "Nadia", Email: "nadia@valmoret.example", Roles: []actor.Role{actor.Steward}}
	other   = actor.Actor{ID: "eve", Organisation: "p", Name: "Eve", Roles: []actor.Role{actor.Steward}}
	seen    = recognition.Sight{Email: agent.Email, Text: "A remis en ordre la liste des équipements, le 3 mars, sans en perdre une ligne.", Link: "https://donnees.example/catalogue/equipements"}
)

func (w *world) proven(_ context.Context, _, person, _ string) (map[string]recognition.Proven, error) {
	if person != agent.ID {
		return nil, nil
	}
	return w.shown, nil
}

func (w *world) items(context.Context, string, string) (map[string]recognition.Item, error) {
	return map[string]recognition.Item{"D4.1": {Name: "Diagnostiquer la qualité", URL: "/competences/x", Framework: "Culture D"}}, nil
}

func (w *world) holder(_ context.Context, organisation, person string) (recognition.Holder, error) {
	for _, p := range []actor.Actor{agent, steward} {
		if p.ID == person && p.Organisation == organisation {
			return recognition.Holder{Person: p.ID, Name: p.Name, Email: p.Email, Lang: "fr"}, nil
		}
	}
	return recognition.Holder{}, fault.New(fault.NotFound, "recognition.no_holder")
}

func (w *world) byEmail(ctx context.Context, organisation, email string) (recognition.Holder, error) {
	for _, p := range []actor.Actor{agent, steward} {
		if p.Email == email {
			return w.holder(ctx, organisation, p.ID)
		}
	}
	return recognition.Holder{}, fault.Field("email", "recognition.no_such_person")
}

// enough is what the first badge asks for.
func enough() map[string]recognition.Proven {
	one := recognition.Proof{Key: "M01", At: noon, Evidence: recognition.Evidence{Name: "Mission « La ligne qui ment »", Genre: "Mission", Narrative: "Contrôlée."}}
	two := recognition.Proof{Key: "M04", At: noon, Evidence: recognition.Evidence{Name: "Mission « Du tableau décoré à la table »", Genre: "Mission"}}
	return map[string]recognition.Proven{"D4.1": {Level: 1, Proofs: []recognition.Proof{one}}, "D4.3": {Level: 2, Proofs: []recognition.Proof{two}}}
}

const first = "premiers-pas"

// verdict is what a stranger finds, who has the badge alone and asks this server for the rest.
func (w *world) verdict(t *testing.T, raw []byte) recognition.Report {
	t.Helper()
	r, err := recognition.Verify(t.Context(), raw, recognition.Asking{Source: w.Service, Now: w.now, Email: agent.Email})
	ok(t, err)
	return r
}

func (w *world) badge(t *testing.T, id string) recognition.Issued {
	t.Helper()
	b, err := w.Badges.Badge(t.Context(), id)
	ok(t, err)
	return b
}

// asked has the agent ask for the first badge, and returns the request.
func (w *world) asked(t *testing.T) string {
	t.Helper()
	w.shown = enough()
	ok(t, w.Ask(t.Context(), agent, first, "fr", " Voici. "))
	list, err := w.Waiting(t.Context(), steward)
	ok(t, err)
	if len(list) != 1 || list[0].Note != "Voici." || len(list[0].Evidence) != 2 {
		t.Fatalf("got %+v", list)
	}
	return list[0].ID
}

func TestAsk_isAnsweredByABadgeAStrangerVerifies(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		want(t, w.Ask(t.Context(), actor.Actor{}, first, "fr", ""), "recognition.sign_in")
		want(t, w.Ask(t.Context(), agent, first, "fr", ""), "recognition.not_ready")
		want(t, w.Ask(t.Context(), agent, "none", "fr", ""), "recognition.no_offer")
		request := w.asked(t)
		want(t, w.Ask(t.Context(), agent, first, "fr", ""), "recognition.asked_already")
		if list, err := w.Waiting(t.Context(), other); err != nil || len(list) != 0 {
			t.Errorf("another organisation sees %v (%v)", list, err)
		}
		_, err := w.Answer(t.Context(), agent, request, recognition.Answer{Grant: true})
		want(t, err, "recognition.validators_only")
		_, err = w.Answer(t.Context(), other, request, recognition.Answer{Grant: true})
		want(t, err, "recognition.no_request")
		_, err = w.Answer(t.Context(), steward, request, recognition.Answer{})
		want(t, err, "recognition.answer_empty")
		id, err := w.Answer(t.Context(), steward, request, recognition.Answer{Grant: true})
		ok(t, err)
		_, err = w.Answer(t.Context(), steward, request, recognition.Answer{Grant: true})
		want(t, err, "recognition.request_closed")
		b := w.badge(t, id)
		for _, raw := range [][]byte{b.Credential, []byte(b.Token)} {
			r := w.verdict(t, raw)
			if r.Verdict != recognition.Valid || r.Holder != recognition.HolderSame || len(r.Badge.Evidence) != 2 || len(r.Badge.Alignments) != 1 || r.Badge.Issuer.Name != "Valmoret" {
				t.Errorf("got %+v", r)
			}
		}
		v, err := w.Look(t.Context(), agent, first, "fr")
		ok(t, err)
		if v.Held == nil || v.Held.ID != id || v.Asked.State != recognition.Granted || v.Asked.Badge != id || v.MayAsk(w.now) {
			t.Errorf("got %+v, %+v", v.Held, v.Asked)
		}
		want(t, w.Ask(t.Context(), agent, first, "fr", ""), "recognition.holds_already")
		events, err := outbox.Of(t.Context(), w.d, "o", "badge:"+id, 10)
		ok(t, err)
		if len(events) != 1 || events[0].Verb != "recognition.log_given" {
			t.Errorf("got %+v", events)
		}
	})
}

// What a badge rests on may go after it was given, never before.
func TestGone_countsTheWorksThatNoLongerCount(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		request := w.asked(t)
		list, err := w.Waiting(t.Context(), steward)
		ok(t, err)
		works := list[0].Works
		if len(works) != 2 {
			t.Fatalf("the request names %q", works)
		}
		kept := w.shown
		w.shown = nil
		_, err = w.Answer(t.Context(), steward, request, recognition.Answer{Grant: true})
		want(t, err, "recognition.works_changed")
		w.shown = kept
		id, err := w.Answer(t.Context(), steward, request, recognition.Answer{Grant: true})
		ok(t, err)
		b := w.badge(t, id)
		count := func() int {
			n, err := w.Gone(t.Context(), b.Organisation, b.Person, b.Works)
			ok(t, err)
			return n
		}
		if !slices.Equal(b.Works, works) || count() != 0 {
			t.Errorf("the badge names %q, %d gone", b.Works, count())
		}
		w.shown = nil
		if count() != 2 || w.verdict(t, b.Credential).Verdict != recognition.Valid {
			t.Errorf("%d gone, want 2 and a badge that stands", count())
		}
		ok(t, w.Requests.Forget(t.Context(), "o", agent.ID))
		if left := w.badge(t, id); len(left.Works) != 0 {
			t.Errorf("of who was erased %q is left", left.Works)
		}
	})
}

func TestAnswer_declinesAndIsReadByWhoAsked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		request := w.asked(t)
		_, err := w.Answer(t.Context(), steward, request, recognition.Answer{Text: "Montrez-moi le fichier."})
		ok(t, err)
		v, err := w.Look(t.Context(), agent, first, "fr")
		ok(t, err)
		if v.Held != nil || v.Asked.State != recognition.Declined || v.Asked.Answer != "Montrez-moi le fichier." || !v.MayAsk(w.now) {
			t.Errorf("got %+v", v.Asked)
		}
		again := w.asked(t)
		want(t, w.Withdraw(t.Context(), steward, again), "recognition.no_request")
		ok(t, w.Withdraw(t.Context(), agent, again))
		want(t, w.Withdraw(t.Context(), agent, again), "recognition.request_closed")
	})
}

func TestGiveSeen_refusesWhatIsNoEvidence(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for key, spoil := range map[string]func(*recognition.Sight){
			"recognition.seen_short":     func(s *recognition.Sight) { s.Text = "Bien." },
			"recognition.bad_link":       func(s *recognition.Sight) { s.Link = "javascript:alert(1)" },
			"recognition.no_such_person": func(s *recognition.Sight) { s.Email = "personne@valmoret.example" },
			"recognition.not_yourself":   func(s *recognition.Sight) { s.Email = steward.Email },
		} {
			s := seen
			spoil(&s)
			_, err := w.GiveSeen(t.Context(), steward, first, s)
			want(t, err, key)
		}
		_, err := w.GiveSeen(t.Context(), agent, first, seen)
		want(t, err, "recognition.validators_only")
		_, err = w.GiveSeen(t.Context(), admin, first, seen)
		want(t, err, "recognition.validators_only")
		id, err := w.GiveSeen(t.Context(), steward, first, seen)
		ok(t, err)
		r := w.verdict(t, w.badge(t, id).Credential)
		if r.Verdict != recognition.Valid || len(r.Badge.Evidence) != 1 || r.Badge.Evidence[0].ID != seen.Link || r.Badge.Evidence[0].Narrative != seen.Text {
			t.Errorf("got %+v", r)
		}
	})
}

func TestGive_ofEightAtOnceOneBadge(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var group sync.WaitGroup
		var mu sync.Mutex
		given := 0
		for range 8 {
			group.Go(func() {
				_, err := w.GiveSeen(t.Context(), steward, first, seen)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					given++
				} else if !fault.Is(err, "recognition.holds_already") {
					t.Error(err)
				}
			})
		}
		group.Wait()
		list, err := w.Badges.List(t.Context(), "o", agent.ID)
		ok(t, err)
		if given != 1 || len(list) != 1 {
			t.Errorf("%d given, %d kept", given, len(list))
		}
	})
}

func TestStand_isToldByThePublishedList(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, err := w.GiveSeen(t.Context(), steward, "donnee-fiable", seen)
		ok(t, err)
		raw := w.badge(t, id).Credential
		check := func(verdict recognition.Verdict, why string) {
			t.Helper()
			r := w.verdict(t, raw)
			if r.Verdict != verdict || why == "" && r.Why != nil || why != "" && (r.Why == nil || r.Why.Key != why) {
				t.Errorf("got %s (%v), want %s (%s)", r.Verdict, r.Why, verdict, why)
			}
			if b := w.badge(t, id); b.Verdict(w.now) != verdict {
				t.Errorf("its issuer says %s", b.Verdict(w.now))
			}
		}
		check(recognition.Valid, "")
		want(t, w.Stand(t.Context(), agent, id, recognition.Mistake, ""), "recognition.validators_only")
		want(t, w.Stand(t.Context(), other, id, recognition.Mistake, ""), "recognition.no_badge")
		want(t, w.Stand(t.Context(), steward, id, 99, ""), "recognition.bad_reason")
		ok(t, w.Stand(t.Context(), steward, id, recognition.Paused, "À voir."))
		check(recognition.Suspended, "")
		ok(t, w.Stand(t.Context(), steward, id, recognition.Holds, ""))
		check(recognition.Valid, "")
		last := w.badge(t, id)
		w.now = last.Until.Add(time.Second)
		check(recognition.Expired, "")
		w.now = noon
		ok(t, w.Stand(t.Context(), steward, id, recognition.Withdrawn, "Le fichier était celui d’un autre."))
		check(recognition.Revoked, "recognition.reason_withdrawn")
		want(t, w.Stand(t.Context(), steward, id, recognition.Holds, ""), "recognition.already_revoked")
		again, err := w.GiveSeen(t.Context(), steward, "donnee-fiable", seen)
		ok(t, err)
		if r := w.verdict(t, w.badge(t, again).Credential); r.Verdict != recognition.Valid {
			t.Errorf("given anew: got %s", r.Verdict)
		}
		ok(t, w.Stand(t.Context(), agent, again, recognition.OnDemand, ""))
		if r := w.verdict(t, w.badge(t, again).Credential); r.Verdict != recognition.Revoked || r.Why.Key != "recognition.reason_on_demand" {
			t.Errorf("given back: got %s, %v", r.Verdict, r.Why)
		}
	})
}

func TestTurn_leavesOldBadgesValid(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, err := w.GiveSeen(t.Context(), steward, first, seen)
		ok(t, err)
		old := w.badge(t, id)
		i, err := w.Issuer(t.Context(), "o")
		ok(t, err)
		w.now = noon.Add(time.Hour)
		ok(t, w.Turn(t.Context(), admin, i.Keys[0].Public))
		next, err := w.GiveSeen(t.Context(), steward, "donnee-fiable", seen)
		ok(t, err)
		for _, raw := range [][]byte{old.Credential, []byte(old.Token), w.badge(t, next).Credential} {
			if r := w.verdict(t, raw); r.Verdict != recognition.Valid {
				t.Errorf("got %s, %v", r.Verdict, r.Why)
			}
		}
		ok(t, w.Stand(t.Context(), steward, id, recognition.Replaced, ""))
		if r := w.verdict(t, old.Credential); r.Verdict != recognition.Revoked {
			t.Errorf("taken back after the turn: got %s, %v", r.Verdict, r.Why)
		}
		w.Secret = recognition.Secret("the secret of another machine, long too")
		_, err = w.GiveSeen(t.Context(), steward, "ouvrir-en-regle", seen)
		want(t, err, "recognition.key_sealed")
		if list, err := w.Badges.List(t.Context(), "o", agent.ID); err != nil || len(list) != 2 {
			t.Errorf("half a badge was kept: %d (%v)", len(list), err)
		}
	})
}

func TestForget_leavesTheHoldersCopyWhatItWas(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		request := w.asked(t)
		id, err := w.Answer(t.Context(), steward, request, recognition.Answer{Grant: true})
		ok(t, err)
		kept := w.badge(t, id).Credential
		for range 2 { // events may come twice
			ok(t, w.Requests.Forget(t.Context(), "o", agent.ID))
		}
		b := w.badge(t, id)
		if b.Person != "" || b.Credential != nil || b.Token != "" {
			t.Errorf("got %+v", b)
		}
		if list, err := w.Requests.Requests(t.Context(), "o", agent.ID); err != nil || len(list) != 0 {
			t.Errorf("got %v (%v)", list, err)
		}
		if r := w.verdict(t, kept); r.Verdict != recognition.Valid {
			t.Errorf("got %s", r.Verdict)
		}
	})
}

func TestStatusList_tellsNothingOfWhoOrWhen(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, err := w.StatusList(t.Context(), "o", 1, false)
		want(t, err, "recognition.no_list")
		places := map[int]bool{}
		for i, o := range w.Offers {
			w.now = noon.Add(time.Duration(i) * time.Minute)
			id, err := w.GiveSeen(t.Context(), steward, o.ID, seen)
			ok(t, err)
			places[w.badge(t, id).Place] = true
		}
		for p := range places {
			if len(places) != len(w.Offers) || places[p+1] {
				t.Errorf("got %v: want places that do not follow each other", places)
			}
		}
		raw, err := w.StatusList(t.Context(), "o", 1, false)
		ok(t, err)
		again, err := w.StatusList(t.Context(), "o", 1, false)
		ok(t, err)
		var list struct {
			ID                string `json:"id"`
			CredentialSubject struct {
				EncodedList string `json:"encodedList"`
			} `json:"credentialSubject"`
		}
		ok(t, json.Unmarshal(raw, &list))
		if string(raw) != string(again) || list.ID != "https://donnees.example/issuers/o/lists/1/revocations" || list.CredentialSubject.EncodedList == "" {
			t.Errorf("got %s", raw)
		}
		_, err = w.Find(t.Context(), fmt.Sprintf("https://donnees.example/issuers/o/lists/%d/reasons", 2))
		want(t, err, "recognition.no_list")
		_, err = w.Find(t.Context(), "https://donnees.example/issuers/o/lists/1/else")
		want(t, err, "recognition.no_document")
	})
}

func TestEndorse_isSignedAndOnceAPerson(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		id, err := w.GiveSeen(t.Context(), steward, first, seen)
		ok(t, err)
		const word = "Elle a tenu seule la revue des équipements."
		want(t, w.Endorse(t.Context(), actor.Actor{}, id, word), "recognition.sign_in")
		want(t, w.Endorse(t.Context(), agent, id, word), "recognition.not_endorsable")
		want(t, w.Endorse(t.Context(), other, id, word), "recognition.no_badge")
		want(t, w.Endorse(t.Context(), admin, id, " Bien. "), "recognition.word_short")
		ok(t, w.Endorse(t.Context(), admin, id, word))
		want(t, w.Endorse(t.Context(), admin, id, word), "recognition.endorsed_already")
		for i := range 9 {
			peer := actor.Actor{ID: fmt.Sprintf("peer-%d", i), Organisation: "o", Name: "Collègue"}
			w.now = noon.Add(time.Duration(i+1) * time.Second)
			ok(t, w.Endorse(t.Context(), peer, id, word))
		}
		want(t, w.Endorse(t.Context(), steward, id, word), "recognition.endorsed_enough")
		list, err := w.Endorsements.Endorsements(t.Context(), id)
		ok(t, err)
		if len(list) != 10 || list[0].Name != "Grace" || list[0].Word != word {
			t.Fatalf("got %+v", list)
		}
		want(t, w.Unsay(t.Context(), steward, id, list[0].ID), "recognition.no_endorsement")
		want(t, w.Unsay(t.Context(), other, id, list[0].ID), "recognition.no_endorsement")
		ok(t, w.Unsay(t.Context(), admin, id, list[0].ID))
		ok(t, w.Unsay(t.Context(), agent, id, list[1].ID)) // its holder may
		ok(t, w.Requests.Forget(t.Context(), "o", "peer-3"))
		ok(t, w.Stand(t.Context(), steward, id, recognition.Mistake, ""))
		want(t, w.Endorse(t.Context(), admin, id, word), "recognition.not_endorsable")
		if list, err = w.Endorsements.Endorsements(t.Context(), id); err != nil || len(list) != 7 {
			t.Errorf("got %d (%v)", len(list), err)
		}
		ok(t, w.Requests.Forget(t.Context(), "o", agent.ID))
		if list, err = w.Endorsements.Endorsements(t.Context(), id); err != nil || len(list) != 0 {
			t.Errorf("of an erased person's badge: got %d (%v)", len(list), err)
		}
	})
}
