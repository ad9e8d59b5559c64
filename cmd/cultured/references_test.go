package main

import (
	"testing"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/situation"
)

// What stands at a service moves with it when the service is merged into another, and stands on its page.
func TestASituationFollowsItsService(t *testing.T) {
	h := built(t)
	if _, err := h.account.Seed(t.Context(), account.Planting{Organisation: account.OrganisationEdit{Name: "Valmoret"}, People: []account.PlantedPerson{
		{Name: "Ada Morel", Email: "ada@valmoret.test", Password: "les nids de poule 2026", Roles: []actor.Role{actor.Admin}}}}); err != nil {
		t.Fatal(err)
	}
	person, _, err := h.account.People.PersonByEmail(t.Context(), "ada@valmoret.test")
	if err != nil {
		t.Fatal(err)
	}
	admin := person.Actor()
	var ids []string
	for _, name := range []string{"Voirie", "Espace public"} {
		d, err := h.account.AddDepartment(t.Context(), admin, name)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, d.ID)
	}
	if _, err := h.situation.Create(t.Context(), admin, situation.Situation{Kind: situation.Usage, Title: "Compter les nids-de-poule", Unit: ids[0]}); err != nil {
		t.Fatal(err)
	}
	if err := h.account.RemoveDepartment(t.Context(), admin, ids[0], ids[1]); err != nil {
		t.Fatal(err)
	}
	if err := h.hearServices(t.Context()); err != nil {
		t.Fatal(err)
	}
	all, err := h.situation.All(t.Context(), admin)
	if err != nil || len(all) != 1 || all[0].Unit != ids[1] {
		t.Fatalf("got %+v, %v", all, err)
	}
	list, err := h.situationsAt(t.Context(), admin, func(s situation.Situation) bool { return s.Unit == ids[1] })
	if err != nil || len(list) != 1 || list[0].Href != "/situations/items/"+string(all[0].ID) {
		t.Errorf("the service's page lists %+v, %v", list, err)
	}
	stranger := actor.Actor{ID: "eve", Organisation: "elsewhere", Roles: []actor.Role{actor.Admin}}
	if list, err := h.situationsAt(t.Context(), stranger, func(situation.Situation) bool { return true }); err != nil || len(list) > 0 {
		t.Errorf("another organisation reads %+v, %v", list, err)
	}
}
