package accountdb_test

import (
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/outbox"
)

func TestInvite(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin, agent, _ := h.seed(t)
		edit := account.PersonEdit{Name: "Noé Petit", Email: "Noe@valbourg.test", Roles: []actor.Role{actor.Steward, "king"}}
		_, err := h.Invite(ctx, agent, edit, "fr")
		want(t, err, "account.admin_only")
		_, err = h.Invite(ctx, actor.Actor{}, edit, "fr")
		want(t, err, "account.sign_in_first")
		d, err := h.Invite(ctx, admin, edit, "fr")
		want(t, err, "")
		if !d.Mailed || d.URL != "" {
			t.Errorf("got %+v, want it mailed and no address for the administrator", d)
		}
		_, err = h.Invite(ctx, admin, edit, "fr")
		want(t, err, "account.email_taken")
		edit.Email = "zoe@autreville.test"
		_, err = h.Invite(ctx, admin, edit, "fr")
		want(t, err, "account.email_taken")
		_, secret := h.post.last(t)
		_, who, err := h.Look(ctx, secret, account.ForInvited)
		if err != nil || who.Name != "Noé Petit" {
			t.Errorf("got %+v %v", who, err)
		}
		_, _, err = h.Look(ctx, secret, account.ForReset)
		want(t, err, "account.link_dead")
		_, err = h.Follow(ctx, secret, account.Visitor{})
		want(t, err, "account.link_dead") // a link of one purpose is not good for another
		_, err = h.Accept(ctx, secret, "", "motdepasse1234", account.Visitor{})
		want(t, err, "account.name_empty")
		want(t, err, "account.password_common")
		ticket, err := h.Accept(ctx, secret, "Noé Petit", pass, account.Visitor{})
		want(t, err, "")
		if who := h.actor(t, ticket.Secret); !who.Is(actor.Steward) || who.Is(actor.Admin) || len(who.Roles) != 1 {
			t.Errorf("got %+v, want a steward and nothing else", who)
		}
		_, err = h.Accept(ctx, secret, "Noé Petit", pass, account.Visitor{})
		want(t, err, "account.link_dead")
	})
}

func TestInvite_withoutMailShowsTheLinkOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin, _, _ := h.seed(t)
		h.Post = nil
		d, err := h.Invite(ctx, admin, account.PersonEdit{Name: "Noé", Email: "noe@valbourg.test"}, "")
		want(t, err, "")
		again, err := h.NewLink(ctx, admin, d.Person.ID)
		want(t, err, "")
		_, err = h.Accept(ctx, secretIn(d.URL), "Noé", pass, account.Visitor{})
		want(t, err, "account.link_dead") // the second link replaced the first
		h.later(account.InvitationLife + time.Second)
		_, err = h.Accept(ctx, secretIn(again.URL), "Noé", pass, account.Visitor{})
		want(t, err, "account.link_dead")
		want(t, h.AskLink(ctx, "elie@valbourg.test", account.ForSignIn), "account.no_mail")
	})
}

func TestLink_usedTwiceAtOnceWorksOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seed(t)
		want(t, h.AskLink(ctx, "elie@valbourg.test", account.ForSignIn), "")
		_, secret := h.post.last(t)
		var won atomic.Int32
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, err := h.Follow(ctx, secret, account.Visitor{})
				if err == nil {
					won.Add(1)
				} else if !fault.Is(err, "account.link_dead") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("got %d sign-ins, want exactly 1", won.Load())
		}
	})
}

func TestSetup_usedTwiceAtOnceMakesOneOrganisation(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		address, err := h.FirstLink(ctx)
		want(t, err, "")
		var won atomic.Int32
		var wg sync.WaitGroup
		for _, email := range []string{"a@valbourg.test", "b@valbourg.test", "c@valbourg.test", "d@valbourg.test"} {
			wg.Go(func() {
				_, err := h.Setup(ctx, secretIn(address), account.SetupForm{Organisation: account.OrganisationEdit{Name: "Valbourg " + email},
					Name: "Ada", Email: email, Password: pass}, account.Visitor{})
				if err == nil {
					won.Add(1)
				} else if !fault.Is(err, "account.link_dead") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 {
			t.Errorf("got %d organisations, want exactly 1", won.Load())
		}
	})
}

func TestAskLink(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seed(t)
		want(t, h.AskLink(ctx, "nobody@valbourg.test", account.ForSignIn), "") // says nothing about who exists
		if len(h.post.mails) != 0 {
			t.Errorf("got %q, want no mail", h.post.mails)
		}
		want(t, h.AskLink(ctx, "elie@valbourg.test", account.ForReset), "")
		_, first := h.post.last(t)
		h.later(account.LinkLife + time.Second)
		_, err := h.Choose(ctx, first, "une autre phrase bien longue", account.Visitor{})
		want(t, err, "account.link_dead")
		want(t, h.AskLink(ctx, "elie@valbourg.test", account.ForReset), "")
		_, second := h.post.last(t)
		old := h.enter(t, "elie@valbourg.test")
		_, err = h.Choose(ctx, second, "elie.roux 2026", account.Visitor{})
		want(t, err, "account.password_personal")
		_, err = h.Choose(ctx, second, "une autre phrase bien longue", account.Visitor{})
		want(t, err, "")
		if h.actor(t, old).Known() {
			t.Error("a reset must end the other sessions")
		}
		_, err = h.SignIn(ctx, "elie@valbourg.test", pass, account.Visitor{})
		want(t, err, "account.sign_in_wrong")
		for range 3 {
			_ = h.AskLink(ctx, "elie@valbourg.test", account.ForSignIn)
		}
		want(t, h.AskLink(ctx, "elie@valbourg.test", account.ForSignIn), "account.link_wait")
	})
}

func TestLastAdmin(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin, agent, _ := h.seed(t)
		edit := account.PersonEdit{Name: "Ada Morel", Email: "ada@valbourg.test"}
		_, err := h.Edit(ctx, admin, admin.ID, edit, 0)
		want(t, err, "account.last_admin")
		_, err = h.Suspend(ctx, admin, admin.ID)
		want(t, err, "account.last_admin")
		want(t, h.Erase(ctx, admin, admin.ID, admin.Email), "account.last_admin_leaves")
		_, err = h.Edit(ctx, admin, agent.ID, account.PersonEdit{Name: "Élie Roux", Email: agent.Email, Roles: []actor.Role{actor.Admin}}, 0)
		want(t, err, "")
		_, err = h.Suspend(ctx, h.who(t, agent.Email), admin.ID)
		want(t, err, "")
	})
}

func TestLastAdmin_underContention(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin, agent, _ := h.seed(t)
		_, err := h.Edit(ctx, admin, agent.ID, account.PersonEdit{Name: "Élie Roux", Email: agent.Email, Roles: []actor.Role{actor.Admin}}, 0)
		want(t, err, "")
		agent = h.who(t, agent.Email)
		var wg sync.WaitGroup
		var done atomic.Int32
		for _, pair := range [][2]actor.Actor{{admin, agent}, {agent, admin}} {
			wg.Go(func() {
				_, err := h.Edit(ctx, pair[0], pair[1].ID, account.PersonEdit{Name: pair[1].Name, Email: pair[1].Email}, 0)
				if err == nil {
					done.Add(1)
				} else if !fault.Is(err, "account.last_admin") {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 {
			t.Errorf("got %d administrators removed, want exactly 1 of 2", done.Load())
		}
	})
}

func TestEdit(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin, agent, stranger := h.seed(t)
		services, err := h.Departments(ctx, stranger)
		want(t, err, "")
		edit := account.PersonEdit{Name: "Élie Roux", Email: agent.Email, Department: services[0].ID}
		_, err = h.Edit(ctx, admin, agent.ID, edit, 0)
		want(t, err, "account.no_service") // a service of another organisation
		_, err = h.Edit(ctx, stranger, agent.ID, edit, 0)
		want(t, err, "account.no_person")
		edit.Department, edit.Email = "", "ada@valbourg.test"
		_, err = h.Edit(ctx, admin, agent.ID, edit, 0)
		want(t, err, "account.email_taken")
		edit.Email = "roux@valbourg.test"
		p, err := h.Edit(ctx, admin, agent.ID, edit, 1)
		want(t, err, "")
		if p.Version != 2 || p.Email != "roux@valbourg.test" || p.Department != "" {
			t.Errorf("got %+v", p)
		}
		if mail, _ := h.post.last(t); !strings.HasPrefix(mail, "elie@valbourg.test\naccount.mail_email_changed") {
			t.Errorf("got %q, want the old address told", mail)
		}
		_, err = h.Edit(ctx, admin, agent.ID, edit, 1)
		want(t, err, "account.changed_meanwhile")
	})
}

func TestSuspend(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin, agent, stranger := h.seed(t)
		secret := h.enter(t, agent.Email)
		_, err := h.Suspend(ctx, stranger, agent.ID)
		want(t, err, "account.no_person")
		_, err = h.Suspend(ctx, agent, admin.ID)
		want(t, err, "account.admin_only")
		_, err = h.Suspend(ctx, admin, agent.ID)
		want(t, err, "")
		if h.actor(t, secret).Known() {
			t.Error("a suspended person is still in")
		}
		_, err = h.SignIn(ctx, agent.Email, pass, account.Visitor{Address: "a"})
		want(t, err, "account.suspended_you")
		_, err = h.SignIn(ctx, agent.Email, "faux", account.Visitor{Address: "a"})
		want(t, err, "account.sign_in_wrong")
		_, err = h.Restore(ctx, admin, agent.ID)
		want(t, err, "")
		h.enter(t, agent.Email)
	})
}

func TestErase(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin, agent, stranger := h.seed(t)
		secret := h.enter(t, agent.Email)
		want(t, h.Erase(ctx, agent, agent.ID, "ada@valbourg.test"), "account.erase_mismatch")
		want(t, h.Erase(ctx, agent, admin.ID, admin.Email), "account.admin_only")
		want(t, h.Erase(ctx, stranger, agent.ID, agent.Email), "account.no_person")
		want(t, h.Erase(ctx, agent, agent.ID, " Elie@valbourg.test"), "")
		if h.actor(t, secret).Known() {
			t.Error("an erased person is still in")
		}
		p, err := h.Find(ctx, admin, agent.ID)
		if err != nil || p.Name != "" || p.Email != "" || p.HasPassword || p.State != account.Erased {
			t.Errorf("got %+v %v, want nobody", p, err)
		}
		events, err := outbox.After(ctx, h.db, 0, 100)
		want(t, err, "")
		for _, e := range events {
			if strings.Contains(e.ActorName+string(e.Detail), "lie") {
				t.Errorf("the log still names %q %s", e.ActorName, e.Detail)
			}
		}
		_, err = h.Invite(ctx, admin, account.PersonEdit{Name: "Élie", Email: "elie@valbourg.test"}, "")
		want(t, err, "") // the address is free again
		page, err := h.List(ctx, admin, account.PeopleQuery{})
		if err != nil || page.Total != 2 {
			t.Errorf("got %d %v, want the erased left out", page.Total, err)
		}
	})
}

func TestList(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin, _, _ := h.seed(t)
		services, err := h.Departments(ctx, admin)
		want(t, err, "")
		for _, tc := range []struct {
			name string
			q    account.PeopleQuery
			want string
		}{
			{"everyone by name", account.PeopleQuery{}, "Ada Morel, Élie Roux"},
			{"without accents", account.PeopleQuery{Words: "elie"}, "Élie Roux"},
			{"part of the e-mail", account.PeopleQuery{Words: "VALBOURG roux"}, "Élie Roux"},
			{"a percent sign is a letter", account.PeopleQuery{Words: "%"}, "Ada Morel, Élie Roux"},
			{"administrators", account.PeopleQuery{Role: actor.Admin}, "Ada Morel"},
			{"a service", account.PeopleQuery{Department: services[0].ID}, "Élie Roux"},
			{"the suspended", account.PeopleQuery{State: account.Suspended}, ""},
			{"second page of one", account.PeopleQuery{Page: 2, Size: 1}, "Élie Roux"},
		} {
			t.Run(tc.name, func(t *testing.T) {
				page, err := h.List(ctx, admin, tc.q)
				want(t, err, "")
				var names []string
				for _, p := range page.People {
					names = append(names, p.Name)
				}
				if got := strings.Join(names, ", "); got != tc.want {
					t.Errorf("got %q, want %q", got, tc.want)
				}
			})
		}
	})
}

func TestDepartments(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin, agent, stranger := h.seed(t)
		_, err := h.AddDepartment(ctx, agent, "Eau")
		want(t, err, "account.admin_only")
		_, err = h.AddDepartment(ctx, admin, "VOIRIE")
		want(t, err, "account.service_taken")
		water, err := h.AddDepartment(ctx, admin, "Eau")
		want(t, err, "")
		want(t, h.RenameDepartment(ctx, admin, water.ID, "Culture"), "account.service_taken")
		want(t, h.RenameDepartment(ctx, stranger, water.ID, "Mer"), "account.no_service")
		want(t, h.RenameDepartment(ctx, admin, water.ID, "Eau et assainissement"), "")
		services, err := h.Departments(ctx, admin)
		want(t, err, "")
		culture := services[0]
		if culture.Name != "Culture" || culture.People != 1 || len(services) != 3 {
			t.Fatalf("got %+v", services)
		}
		want(t, h.RemoveDepartment(ctx, admin, culture.ID, ""), "account.service_used")
		want(t, h.RemoveDepartment(ctx, admin, culture.ID, culture.ID), "account.merge_same")
		want(t, h.RemoveDepartment(ctx, stranger, water.ID, ""), "account.no_service")
		want(t, h.RemoveDepartment(ctx, admin, culture.ID, water.ID), "")
		if p, err := h.Find(ctx, agent, agent.ID); err != nil || p.Department != water.ID {
			t.Errorf("got %+v %v, want the person moved", p, err)
		}
	})
}

func TestOwnAccount(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, agent, _ := h.seed(t)
		mine, other := h.enter(t, agent.Email), h.enter(t, agent.Email)
		want(t, h.Rename(ctx, agent, "Élie  Roux-Petit"), "")
		_, err := h.ChangePassword(ctx, agent, "faux", "une phrase toute neuve", mine)
		want(t, err, "account.password_wrong")
		strength, err := h.ChangePassword(ctx, agent, pass, "une phrase toute neuve", mine)
		if err != nil || strength != "strong" {
			t.Errorf("got %q %v, want strong", strength, err)
		}
		if !h.actor(t, mine).Known() || h.actor(t, other).Known() {
			t.Error("a new password ends every other session")
		}
		asked, err := h.ChangeEmail(ctx, agent, "roux@valbourg.test", "une phrase toute neuve")
		if err != nil || !asked {
			t.Fatal(asked, err)
		}
		mail, secret := h.post.last(t)
		if !strings.HasPrefix(mail, "roux@valbourg.test\n") || h.actor(t, mine).Email != agent.Email {
			t.Errorf("got %q, want the new address asked first", mail)
		}
		want(t, h.ConfirmEmail(ctx, secret), "")
		if got := h.actor(t, mine); got.Email != "roux@valbourg.test" || got.Name != "Élie Roux-Petit" {
			t.Errorf("got %+v", got)
		}
		_, err = h.ChangeEmail(ctx, h.actor(t, mine), "ada@valbourg.test", "une phrase toute neuve")
		want(t, err, "") // says nothing about who exists
		h.Post = nil
		_, err = h.ChangeEmail(ctx, h.actor(t, mine), "ada@valbourg.test", "une phrase toute neuve")
		want(t, err, "account.email_taken")
		want(t, h.SetLanguage(ctx, agent, "en"), "")
		want(t, h.SetLanguage(ctx, agent, "xx"), "")
	})
}

func TestJournal(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin, agent, stranger := h.seed(t)
		_, err := h.Read(ctx, agent, account.JournalQuery{})
		want(t, err, "account.admin_only")
		all, err := h.Read(ctx, admin, account.JournalQuery{})
		if err != nil || len(all) != 3 {
			t.Fatalf("got %d %v, want creation and two sign-ins", len(all), err)
		}
		page, err := h.Read(ctx, admin, account.JournalQuery{Before: all[0].Seq, Limit: 1})
		if err != nil || len(page) != 1 || page[0].Seq != all[1].Seq {
			t.Errorf("got %+v %v, want the line after the first", page, err)
		}
		mine, err := h.Read(ctx, admin, account.JournalQuery{Person: agent.ID, Verb: "account.signed_in"})
		if err != nil || len(mine) != 1 || mine[0].ActorName != "Élie Roux" {
			t.Errorf("got %+v %v", mine, err)
		}
		theirs, err := h.Read(ctx, stranger, account.JournalQuery{Person: agent.ID})
		if err != nil || len(theirs) != 0 {
			t.Errorf("another organisation sees %+v %v", theirs, err)
		}
		verbs, err := h.Verbs(ctx, admin)
		if err != nil || strings.Join(verbs, " ") != "account.organisation_created account.signed_in" {
			t.Errorf("got %v %v", verbs, err)
		}
	})
}
