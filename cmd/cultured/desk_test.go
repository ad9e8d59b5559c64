package main

import (
	"context"
	"testing"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/register"
)

// A deaf mail server answers every mail with a fault.
type deaf struct{ fault error }

func (d deaf) Send(context.Context, string, string, string) error { return d.fault }

// An address that is refused for good holds nothing up: what its owner was to be told of goes on. One that may be reached later is tried again.
func TestAMailRefusedHoldsNothingUp(t *testing.T) {
	h := built(t)
	if _, err := h.account.Seed(t.Context(), account.Planting{Organisation: account.OrganisationEdit{Name: "Valmoret"}, People: []account.PlantedPerson{
		{Name: "Ada Morel", Email: "ada@valmoret.test", Password: "les nids de poule 2026", Roles: []actor.Role{actor.Admin}}}}); err != nil {
		t.Fatal(err)
	}
	ada, _, err := h.account.People.PersonByEmail(t.Context(), "ada@valmoret.test")
	if err != nil {
		t.Fatal(err)
	}
	ends := register.Coming{Key: register.Key{Kind: register.Dataset, ID: "d"}, Title: "Aides", Owner: ada.ID, Day: "2026-12-24", Why: "Dix ans"}
	h.account.Post = deaf{fault.New(fault.Invalid, "mail.rejected", "ada@valmoret.test")}
	if err := (reaper{h}).Tell(t.Context(), ada.Organisation, ends); err != nil {
		t.Errorf("refused for good: got %v", err)
	}
	h.account.Post = deaf{fault.New(fault.Busy, "mail.unreachable")}
	if err := (reaper{h}).Tell(t.Context(), ada.Organisation, ends); !fault.Is(err, "mail.unreachable") {
		t.Errorf("out of reach: got %v", err)
	}
}
