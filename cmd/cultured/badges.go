package main

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	badgefiles "cultured/content/badges"
	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/job"
	"cultured/internal/learning"
	"cultured/internal/mission"
	"cultured/internal/outbox"
	"cultured/internal/recognition"
	"cultured/internal/recognition/recognitiondb"
	"cultured/internal/recognition/recognitionweb"
)

// openRecognition builds the room of badges. It asks other machines for what issuers publish, where anything may go out.
func (h *house) openRecognition() error {
	sealing, err := secret(h.cfg)
	if err != nil {
		return err
	}
	offers, err := recognition.LoadOffers(badgefiles.Files)
	if err != nil {
		return err
	}
	store := &recognitiondb.Store{DB: h.db, Now: time.Now}
	h.recognition = &recognition.Service{Keys: store, Badges: store, Requests: store, Endorsements: store, Offers: offers, Secret: sealing, Base: recognition.Secured(h.cfg.BaseURL), Now: time.Now,
		Name: h.organisation, Proven: h.proven, Items: h.items, Holder: h.holder, ByEmail: h.holderByEmail, Next: recognition.Nothing{}}
	if h.fetch.Allowed() {
		h.recognition.Next = documents{h.fetch}
	}
	h.queue.Register(badgeMailJob, job.Distant, func(ctx context.Context, t job.Task) error {
		var badge string
		if err := t.Decode(&badge); err != nil {
			return err
		}
		return h.mailBadge(ctx, badge)
	})
	return nil
}

// badgeMailJob is the kind of job that tells somebody they were given a badge, again until the mail leaves.
const badgeMailJob = "badge_mail"

// organisation says how an organisation is called, or the one this server is first of all for.
func (h *house) organisation(ctx context.Context, id string) (string, string, error) {
	o, err := h.account.House(ctx, actor.Actor{Organisation: id})
	if err == nil && o.ID == "" {
		err = fault.New(fault.NotFound, "recognition.no_issuer")
	}
	return o.ID, o.Name, err
}

func (h *house) recognitionDesk() recognitionweb.Desk {
	return recognitionweb.Desk{Service: h.recognition, Outgoing: h.fetch.Allowed(), Address: h.cfg.BaseURL, Names: h.account.Names, Ways: h.ways}
}

// ways are the missions that prove a competence, the shortest first.
func (h *house) ways(code string, level int, lang string) (out []recognitionweb.Way) {
	for _, m := range h.mission.Missions {
		if slices.ContainsFunc(m.Competences, func(c mission.Competence) bool { return c.Code == code && c.Level >= level }) {
			out = append(out, recognitionweb.Way{Title: m.Title.In(lang), Path: "/missions/" + string(m.ID), Minutes: m.Minutes})
		}
	}
	slices.SortStableFunc(out, func(a, b recognitionweb.Way) int { return cmp.Compare(a.Minutes, b.Minutes) })
	return out
}

// proven is what somebody's evidence shows: the level it adds up to by the rule of its room, and the works it rests on.
func (h *house) proven(ctx context.Context, organisation, person, lang string) (map[string]recognition.Proven, error) {
	levels, err := h.learning.Levels(ctx, organisation, person)
	if err != nil {
		return nil, err
	}
	p := h.words.For(i18n.Lang(lang))
	out := map[string]recognition.Proven{}
	for code, st := range levels {
		has := recognition.Proven{Level: st.Level}
		for _, e := range st.Counts {
			has.Proofs = append(has.Proofs, recognition.Proof{Key: e.Source, At: e.At, Evidence: told(p, lang, e)})
		}
		out[code] = has
	}
	return out, nil
}

// told is what a badge says of evidence that counts.
func told(p *i18n.Printer, lang string, e learning.Evidence) recognition.Evidence {
	title, last := e.Artefact.Title.In(lang), e.Checks[len(e.Checks)-1]
	if e.Artefact.Kind == learning.Work || e.Artefact.Kind == learning.Event {
		return recognition.Evidence{Name: title, Genre: "Work", Narrative: p.T("cultured.badge_reviewed", p.Date(last.At), last.Result)}
	}
	version, _ := strconv.Atoi(e.Checks[0].Version) // of a mission: a number
	return recognition.Evidence{Name: p.T("cultured.badge_mission", title), Genre: "Mission", Narrative: p.T("cultured.badge_checked", p.Date(e.At), version, e.Artefact.Hash)}
}

// items names what the organisation's first framework holds, as any of its members may read it.
func (h *house) items(ctx context.Context, organisation, lang string) (map[string]recognition.Item, error) {
	all, err := h.competency.All(ctx, actor.Actor{ID: organisation, Organisation: organisation})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	f, named := all[0].Framework, map[string]recognition.Item{}
	for _, it := range f.Items {
		if it.Code != "" && !it.Retired {
			named[it.Code] = recognition.Item{Name: it.Label.In(lang, f.Main()), URL: "/competences/" + string(it.ID), Framework: f.Title.In(lang, f.Main())}
		}
	}
	heirs, err := h.heirs(ctx, organisation)
	inherit(named, heirs)
	return named, err
}

// holder finds a person to give a badge to.
func (h *house) holder(ctx context.Context, organisation, person string) (recognition.Holder, error) {
	p, err := h.account.People.Person(ctx, organisation, person)
	if fault.Is(err, "account.no_person") || err == nil && p.State == account.Erased {
		return recognition.Holder{}, fault.New(fault.NotFound, "recognition.no_holder")
	}
	return recognition.Holder{Person: p.ID, Name: p.Name, Email: p.Email, Lang: p.Language}, err
}

// holderByEmail finds one who is active by their address.
func (h *house) holderByEmail(ctx context.Context, organisation, email string) (recognition.Holder, error) {
	p, _, err := h.account.People.PersonByEmail(ctx, email)
	if err == nil && (p.ID == "" || p.Organisation != organisation || p.State != account.Active) {
		return recognition.Holder{}, fault.Field("email", "recognition.no_such_person")
	}
	return recognition.Holder{Person: p.ID, Name: p.Name, Email: p.Email, Lang: p.Language}, err
}

// hearBadges has who was given a badge told of it. A mail may leave twice after a crash, never not at all.
func (h *house) hearBadges(ctx context.Context) error {
	return outbox.Deliver(ctx, h.db, "badge mail", func(ctx context.Context, e outbox.Event) error {
		badge, ok := strings.CutPrefix(e.Subject, "badge:")
		if !ok || e.Verb != "recognition.log_given" || h.account.Post == nil {
			return nil
		}
		_, err := h.queue.Enqueue(ctx, nil, badgeMailJob, badge)
		return err
	})
}

// mailBadge writes to who was given a badge. Whoever left since is written nothing.
func (h *house) mailBadge(ctx context.Context, badge string) error {
	b, err := h.recognition.Badges.Badge(ctx, badge)
	if err != nil {
		return err
	}
	to, err := h.holder(ctx, b.Organisation, b.Person)
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	o, err := h.recognition.Offer(b.Offer)
	if err != nil {
		return err
	}
	p := h.words.For(i18n.Lang(b.Lang))
	name := o.Name.In(b.Lang)
	return h.post(ctx, to.Email, p.T("cultured.badge_mail_subject", name), p.T("cultured.badge_mail", name, h.cfg.BaseURL+"/credentials/"+b.ID))
}
