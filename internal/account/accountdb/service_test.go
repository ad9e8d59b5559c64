package accountdb_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cultured/internal/account"
	"cultured/internal/account/accountdb"
	"cultured/internal/actor"
	"cultured/internal/db"
	"cultured/internal/db/dbtest"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

var rooms = []db.Migration{{Room: "outbox", Files: outbox.Migrations}, {Room: "account", Files: accountdb.Migrations}}

// plain is a hasher for tests: the work is argon's own test's matter.
type plain struct{}

func (plain) Hash(_ context.Context, p string) (string, error) { return "plain:" + p, nil }
func (plain) Check(_ context.Context, p, hash string) (bool, error) {
	return hash != "" && hash == "plain:"+p, nil
}

// box keeps what was sent.
type box struct {
	mu    sync.Mutex
	mails []string
}

func (b *box) Send(_ context.Context, to, subject, body string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mails = append(b.mails, to+"\n"+subject+"\n"+body)
	return nil
}

func (b *box) last(t *testing.T) (mail, secret string) {
	t.Helper()
	if len(b.mails) == 0 {
		t.Fatal("no mail was sent")
	}
	mail = b.mails[len(b.mails)-1]
	return mail, secretIn(mail)
}

type keys struct{}

func (keys) Say(_, key string, args ...any) string {
	for _, a := range args {
		if s, ok := a.(string); ok {
			key += " " + s
		}
	}
	return key
}

// secretIn finds the secret at the end of the first address in s.
func secretIn(s string) string {
	_, rest, _ := strings.Cut(s, "https://d.test/")
	rest, _, _ = strings.Cut(rest, "\n")
	rest, _, _ = strings.Cut(rest, " ")
	return rest[strings.LastIndexByte(rest, '/')+1:]
}

// house is a desk on an empty database, with a clock that stands still until it is moved.
type house struct {
	*account.Service
	now  time.Time
	post *box
	db   *db.DB
}

func open(d *db.DB) *house {
	h := &house{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), post: &box{}, db: d}
	h.Service = &account.Service{Stores: accountdb.Stores(d), Hasher: plain{}, Now: func() time.Time { return h.now },
		BaseURL: "https://d.test", Words: keys{}, Post: h.post}
	return h
}

func (h *house) later(d time.Duration) { h.now = h.now.Add(d) }

const pass = "un soir de pluie à Guise"

var ctx = context.Background()

// seed makes Valbourg with an administrator and an agent, and Autreville with an administrator.
func (h *house) seed(t *testing.T) (admin, agent, stranger actor.Actor) {
	t.Helper()
	for _, g := range []account.Planting{
		{Organisation: account.OrganisationEdit{Name: "Ville de Valbourg"}, Departments: []string{"Voirie", "Culture"}, People: []account.PlantedPerson{
			{Name: "Ada Morel", Email: "ada@valbourg.test", Password: pass, Department: "voirie", Roles: []actor.Role{actor.Admin}},
			{Name: "Élie Roux", Email: "elie@valbourg.test", Password: pass, Department: "Culture"}}},
		{Organisation: account.OrganisationEdit{Name: "Autreville"}, Departments: []string{"Voirie"}, People: []account.PlantedPerson{
			{Name: "Zoé Faure", Email: "zoe@autreville.test", Password: pass, Roles: []actor.Role{actor.Admin}}}},
	} {
		if made, err := h.Seed(ctx, g); err != nil || !made {
			t.Fatal(made, err)
		}
		h.later(time.Millisecond)
	}
	return h.who(t, "ada@valbourg.test"), h.who(t, "elie@valbourg.test"), h.who(t, "zoe@autreville.test")
}

// who signs somebody in and identifies the session.
func (h *house) who(t *testing.T, email string) actor.Actor {
	t.Helper()
	return h.actor(t, h.enter(t, email))
}

func (h *house) enter(t *testing.T, email string) string {
	t.Helper()
	ticket, err := h.SignIn(ctx, email, pass, account.Visitor{Address: "192.0.2.1", Agent: "Firefox"})
	if err != nil {
		t.Fatal(err)
	}
	return ticket.Secret
}

func (h *house) actor(t *testing.T, secret string) actor.Actor {
	t.Helper()
	who, err := h.Identify(ctx, secret)
	if err != nil {
		t.Fatal(err)
	}
	return who
}

// verbs lists the verbs of the audit log, the oldest first.
func (h *house) verbs(t *testing.T) string {
	t.Helper()
	events, err := outbox.After(ctx, h.db, 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range events {
		out = append(out, strings.TrimPrefix(e.Verb, "account."))
	}
	return strings.Join(out, " ")
}

func each(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.Each(t, rooms, func(t *testing.T, d *db.DB) { fn(t, open(d)) })
}

func want(t *testing.T, err error, key string) {
	t.Helper()
	if key == "" && err != nil || key != "" && !hasKey(err, key) {
		t.Errorf("got %v, want %q", err, key)
	}
}

func hasKey(err error, key string) bool {
	if list, ok := errors.AsType[fault.List](err); ok {
		for _, f := range list {
			if f.Key == key {
				return true
			}
		}
	}
	return fault.Is(err, key)
}

func TestSetup(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		old, err := h.FirstLink(ctx)
		want(t, err, "")
		address, err := h.FirstLink(ctx)
		want(t, err, "")
		form := account.SetupForm{Organisation: account.OrganisationEdit{Name: " Ville  de Valbourg ", SIREN: "217 500 016", Territory: "75056"},
			Name: "Ada Morel", Email: " Ada@Valbourg.TEST ", Password: pass, Language: "fr"}
		_, err = h.Setup(ctx, secretIn(old), form, account.Visitor{})
		want(t, err, "account.link_dead") // a new first link ends the earlier one
		bad := form
		bad.Password, bad.Organisation.SIREN, bad.Email = "court", "123", "ada"
		_, err = h.Setup(ctx, secretIn(address), bad, account.Visitor{})
		for _, key := range []string{"account.password_short", "account.siren_wrong", "account.email_wrong"} {
			want(t, err, key)
		}
		ticket, err := h.Setup(ctx, secretIn(address), form, account.Visitor{})
		want(t, err, "")
		who := h.actor(t, ticket.Secret)
		if !who.Is(actor.Admin) || !who.Is(actor.Steward) || who.Email != "ada@valbourg.test" || who.Organisation == "" {
			t.Errorf("got %+v, want an administrator and steward", who)
		}
		o, err := h.House(ctx, actor.Actor{})
		if err != nil || o.Name != "Ville de Valbourg" || o.Slug != "ville-de-valbourg" || o.SIREN != "217500016" {
			t.Errorf("got %+v %v", o, err)
		}
		if again, err := h.FirstLink(ctx); again != "" || err != nil {
			t.Errorf("got %q %v, want no link once there is an organisation", again, err)
		}
		if got, want := h.verbs(t), "organisation_created"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestSeed_twiceChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seed(t)
		made, err := h.Seed(ctx, account.Planting{Organisation: account.OrganisationEdit{Name: "ville de valbourg"},
			People: []account.PlantedPerson{{Name: "Eve", Email: "eve@valbourg.test", Password: pass}}})
		if made || err != nil {
			t.Errorf("got %v %v, want nothing made", made, err)
		}
	})
}

func TestSignIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seed(t)
		visitor := account.Visitor{Address: "198.51.100.7"}
		for _, tc := range []struct{ name, email, password, key string }{
			{"in capitals and with blanks", " ELIE@valbourg.test", pass, ""},
			{"a wrong password", "elie@valbourg.test", "autre chose", "account.sign_in_wrong"},
			{"an unknown e-mail says the same", "nobody@valbourg.test", pass, "account.sign_in_wrong"},
			{"nothing typed", "", "", "account.email_empty"},
			{"no password", "elie@valbourg.test", "", "account.password_empty"},
			{"a pattern is no e-mail", "%@valbourg.test", pass, "account.sign_in_wrong"},
		} {
			_, err := h.SignIn(ctx, tc.email, tc.password, visitor)
			if t.Run(tc.name, func(t *testing.T) { want(t, err, tc.key) }); t.Failed() {
				return
			}
		}
		events, err := outbox.After(ctx, h.db, 0, 100)
		want(t, err, "")
		for _, e := range events {
			if e.Verb == "account.sign_in_failed" && (strings.Contains(string(e.Detail), "@") || strings.Contains(string(e.Detail), "autre")) {
				t.Errorf("the log keeps %s", e.Detail)
			}
		}
	})
}

func TestSignIn_waitsAfterTooManyGuesses(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seed(t)
		here, there := account.Visitor{Address: "198.51.100.7"}, account.Visitor{Address: "203.0.113.9"}
		for range 5 {
			_, err := h.SignIn(ctx, "elie@valbourg.test", "faux", here)
			want(t, err, "account.sign_in_wrong")
		}
		_, err := h.SignIn(ctx, "elie@valbourg.test", pass, here)
		want(t, err, "account.sign_in_wait")
		_, err = h.SignIn(ctx, "ada@valbourg.test", pass, here)
		want(t, err, "") // a colleague behind the same address is not held up
		_, err = h.SignIn(ctx, "elie@valbourg.test", pass, there)
		want(t, err, "") // nor is the person elsewhere
		h.later(61 * time.Second)
		_, err = h.SignIn(ctx, "elie@valbourg.test", pass, here)
		want(t, err, "")
		if !strings.Contains(h.verbs(t), "sign_in_limited") {
			t.Errorf("got %q, want the limit in the log", h.verbs(t))
		}
	})
}

func TestSignIn_manyGuessesAtOnceGainNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seed(t)
		var wrong, waited atomic.Int32
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				_, err := h.SignIn(ctx, "elie@valbourg.test", "faux", account.Visitor{Address: "198.51.100.7"})
				switch {
				case fault.Is(err, "account.sign_in_wrong"):
					wrong.Add(1)
				case fault.Is(err, "account.sign_in_wait"):
					waited.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if wrong.Load() != 5 || waited.Load() != 15 {
			t.Errorf("got %d guesses and %d waits, want 5 and 15", wrong.Load(), waited.Load())
		}
	})
}

func TestSession_livesAndEnds(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seed(t)
		secret := h.enter(t, "elie@valbourg.test")
		me := h.actor(t, secret)
		h.later(account.SessionIdle - time.Minute)
		if !h.actor(t, secret).Known() {
			t.Error("a session used within 12 hours ended")
		}
		h.later(account.SessionIdle - time.Minute)
		if !h.actor(t, secret).Known() {
			t.Error("using a session did not prolong it")
		}
		h.later(account.SessionIdle + time.Minute)
		if h.actor(t, secret).Known() {
			t.Error("an idle session still opens")
		}
		secret = h.enter(t, "elie@valbourg.test")
		for range 70 { // 35 days, never idle
			h.later(12*time.Hour - time.Minute)
			h.actor(t, secret)
		}
		if h.actor(t, secret).Known() {
			t.Error("a session older than 30 days still opens")
		}
		a, b := h.enter(t, "elie@valbourg.test"), h.enter(t, "elie@valbourg.test")
		list, err := h.Browsers(ctx, me, b)
		if err != nil || len(list) != 2 || list[0].Current == list[1].Current {
			t.Fatalf("got %+v %v, want two, one of them current", list, err)
		}
		want(t, h.EndOtherSessions(ctx, me, b), "")
		if h.actor(t, a).Known() || !h.actor(t, b).Known() {
			t.Error("ending the others ended the wrong ones")
		}
		want(t, h.SignOut(ctx, me, b), "")
		if h.actor(t, b).Known() {
			t.Error("signed out and still in")
		}
		want(t, h.SignOut(ctx, me, b), "")
		if rows, err := h.Sweep(ctx); err != nil || rows == 0 {
			t.Errorf("got %d %v, want old sessions swept", rows, err)
		}
	})
}

func TestSignIn_rotatesTheSession(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seed(t)
		old := h.enter(t, "elie@valbourg.test")
		ticket, err := h.SignIn(ctx, "elie@valbourg.test", pass, account.Visitor{Session: old})
		want(t, err, "")
		if ticket.Secret == old || h.actor(t, old).Known() || !h.actor(t, ticket.Secret).Known() {
			t.Error("the old session must end and a new one begin")
		}
	})
}

func TestExport(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, agent, _ := h.seed(t)
		held, err := h.Export(ctx, agent)
		want(t, err, "")
		b, err := json.Marshal(held)
		want(t, err, "")
		for _, part := range []string{`"name":"Élie Roux"`, `"service":"Culture"`, `"organisation":"Ville de Valbourg"`, `"account.signed_in"`, `"browser":"Firefox"`} {
			if !strings.Contains(string(b), part) {
				t.Errorf("got %s, want %s", b, part)
			}
		}
		if strings.Contains(string(b), "plain:") || strings.Contains(string(b), "Morel") {
			t.Errorf("the export holds a hash or somebody else: %s", b)
		}
	})
}
