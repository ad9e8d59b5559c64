package main

import (
	"bytes"
	"context"

	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"cultured/internal/account"
	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/config"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/outbox"
)

// demoRecords fills an instance with invented published records, to measure a large catalogue. Every run of the same
// count makes the same records.
func demoRecords(ctx context.Context, in invocation) (code int, err error) {
	count, rest := takeCount(in.args)
	if count <= 0 {
		return exitFailed, fault.New(fault.Invalid, "cultured.bad_count")
	}
	cfg, _, err := config.Load("demo-records", rest, in.getenv)
	if err != nil {
		return exitFailed, err
	}
	h, err := ground(ctx, cfg, logger(cfg, in))
	if err != nil {
		return exitFailed, err
	}
	defer func() { err = keepFirst(err, h.close(context.Background())) }()
	if err := h.furnish(ctx); err != nil {
		return exitFailed, err
	}
	if err := h.queue.Start(ctx); err != nil {
		return exitFailed, err
	}
	if err := h.invent(ctx, count); err != nil {
		return exitFailed, err
	}
	events, err := outbox.Last(ctx, h.db)
	if err != nil {
		return exitFailed, err
	}
	for heard := int64(0); heard <= events; heard += 100 { // the catalogue hears of them a hundred at a time
		if err := h.hear(ctx); err != nil {
			return exitFailed, err
		}
	}
	_, err = fmt.Fprintln(in.stdout, count)
	return exitOK, err
}

func takeCount(args []string) (count int, rest []string) {
	for i := 0; i < len(args); i++ {
		if name := strings.TrimLeft(args[i], "-"); name == "count" && i+1 < len(args) {
			if _, err := fmt.Sscan(args[i+1], &count); err != nil {
				return 0, nil
			}
			i++
			continue
		}
		rest = append(rest, args[i])
	}
	return count, rest
}

// The words invented records are made of: subjects with their theme, and places.
var (
	inventedSubjects = []struct {
		name  string
		theme catalogue.Theme
	}{{"Menus des cantines scolaires", "EDUC"}, {"Arbres d’alignement", "ENVI"}, {"Subventions aux associations", "GOVE"}, {"Stations de comptage vélo", "TRAN"},
		{"Qualité de l’eau distribuée", "ENVI"}, {"Délibérations du conseil", "GOVE"}, {"Équipements sportifs", "EDUC"}, {"Permis de construire délivrés", "REGI"},
		{"Marchés publics conclus", "ECON"}, {"Effectifs des écoles maternelles", "EDUC"}, {"Défibrillateurs accessibles", "HEAL"}, {"Points d’apport volontaire", "ENVI"},
		{"Fréquentation des bibliothèques", "EDUC"}, {"Consommation électrique des bâtiments", "ENER"}, {"Aires de covoiturage", "TRAN"}, {"Budget primitif par fonction", "GOVE"}}
	inventedPlaces = []string{"Valmoret", "Saint-Aubin", "Montreuil-le-Haut", "Évrecy", "La Chapelle-Basse", "Villeneuve", "Beaulieu", "Rochefontaine", "Bois-Joli", "Champvert"}
)

// invent keeps one small table, and makes as many datasets and published records of it as asked.
func (h *house) invent(ctx context.Context, count int) error {
	by, err := h.inventor(ctx)
	if err != nil {
		return err
	}
	c, err := h.dataset.Submit(ctx, by, dataset.SubmitForm{Body: bytes.NewReader(inventedTable()), Name: "mesures.csv"})
	if err != nil {
		return err
	}
	if _, err := h.queue.Wait(ctx, c.Job, time.Minute); err != nil {
		return err
	}
	kept, err := h.dataset.Keep(ctx, by, c.ID)
	if err != nil {
		return err
	}
	v, err := h.dataset.Version(ctx, kept.ID, 1)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := range count {
		if i > 0 {
			kept.ID = dataset.ID(id.New(time.Now()))
			v.Dataset = kept.ID
			if err := h.dataset.Datasets.Create(ctx, by, kept, v, ""); err != nil {
				return err
			}
		}
		if err := h.inventRecord(ctx, by, kept, random, i); err != nil {
			return err
		}
	}
	return nil
}

func (h *house) inventRecord(ctx context.Context, by actor.Actor, kept dataset.Dataset, random *rand.Rand, i int) error {
	subject, place := inventedSubjects[random.IntN(len(inventedSubjects))], inventedPlaces[random.IntN(len(inventedPlaces))]
	year := 2005 + random.IntN(20)
	if err := h.catalogue.Begin(ctx, by, string(kept.ID)); err != nil {
		return err
	}
	r, err := h.catalogue.Record(ctx, by, string(kept.ID))
	if err != nil {
		return err
	}
	_, err = h.catalogue.Store.Change(ctx, by, r.ID, "catalogue.done_publish", func(r *catalogue.Record) error {
		r.Title = fmt.Sprintf("%s, %s, %d (n° %d)", subject.name, place, year, i+1)
		r.Description = fmt.Sprintf("Fiche inventée pour mesurer les performances. Elle décrirait le sujet « %s » sur le territoire de %s pour l’année %d, une ligne par objet, relevée par le service.", subject.name, place, year)
		r.Purpose, r.Owner, r.Contact = "Mesurer un grand catalogue.", by.Name, "donnees@demo.example"
		r.Keywords = []string{strings.ToLower(strings.Fields(subject.name)[0]), strings.ToLower(place), fmt.Sprint(year)}
		r.Themes, r.Spatial = []catalogue.Theme{subject.theme}, catalogue.Spatial{Name: place}
		r.Temporal = catalogue.Temporal{Start: catalogue.Date(fmt.Sprint(year)), End: catalogue.Date(fmt.Sprint(year))}
		r.Frequency, r.Licence, r.Confidentiality = "ANNUAL", "etalab-2.0", catalogue.Open
		return r.Publish(by, catalogue.Review{}, time.Now())
	})
	return err
}

// inventedTable is the table every invented dataset holds.
func inventedTable() []byte {
	var b bytes.Buffer
	b.WriteString("identifiant;commune;jour;valeur\n")
	for i := range 500 {
		fmt.Fprintf(&b, "M%04d;%s;%s;%d,5\n", i, inventedPlaces[i%len(inventedPlaces)], time.Date(2024, 1, 1+i%366, 0, 0, 0, 0, time.UTC).Format("2006-01-02"), i%97)
	}
	return b.Bytes()
}

// inventor is a steward of an organisation made for the purpose, or found if it exists.
func (h *house) inventor(ctx context.Context) (actor.Actor, error) {
	const email = "mesure@demo.example"
	_, err := h.account.Seed(ctx, account.Planting{Organisation: account.OrganisationEdit{Name: "Organisation de mesure"}, Departments: []string{"Mesures"},
		People: []account.PlantedPerson{{Name: "Camille Mesure", Email: email, Password: demoPassword, Department: "Mesures", Language: "fr", Roles: []actor.Role{actor.Steward}}}})
	if err != nil {
		return actor.Actor{}, err
	}
	p, _, err := h.account.People.PersonByEmail(ctx, email)
	return p.Actor(), err
}
