package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"io/fs"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"cultured/content/framework"
	"cultured/content/workshops"
)

func load(t *testing.T) Demo {
	t.Helper()
	d, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestFilesAreThoseOfTheirSource(t *testing.T) {
	var total int64
	named := map[string]bool{}
	for _, set := range load(t).Datasets {
		f, err := set.Open()
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		n, err := io.Copy(h, f)
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
		total += n
		named[set.File] = true
		if got, want := hex.EncodeToString(h.Sum(nil)), set.Source.SHA256; got != want {
			t.Errorf("%s has hash %s, want %s", set.File, got, want)
		}
	}
	if total > 6<<20 {
		t.Errorf("the files weigh %d bytes together, want at most 6 MiB", total)
	}
	shipped, err := fs.ReadDir(Files, "files")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range shipped {
		if !named[f.Name()] {
			t.Errorf("files/%s ships and belongs to no dataset", f.Name())
		}
	}
}

func TestEveryReferenceIsKnown(t *testing.T) {
	d := load(t)
	service := func(id string) bool {
		return slices.ContainsFunc(d.Services, func(s Service) bool { return s.ID == id })
	}
	person := func(e string) bool {
		return slices.ContainsFunc(d.Everybody(), func(p Person) bool { return p.Email == e })
	}
	for _, p := range d.Everybody() {
		if !service(p.Service) {
			t.Errorf("%s works in the unknown service %q", p.Email, p.Service)
		}
		if !strings.HasSuffix(p.Email, ".example") {
			t.Errorf("%s could be a real address", p.Email)
		}
	}
	states := []string{"draft", "in_review", "internal", "published"}
	for _, set := range d.Datasets {
		if !service(set.Service) || !person(set.Owner) {
			t.Errorf("%s: unknown service %q or owner %q", set.ID, set.Service, set.Owner)
		}
		if !slices.Contains(states, set.State) {
			t.Errorf("%s: unknown state %q", set.ID, set.State)
		}
	}
}

// What the needs and actions name exists: cards of the founding workshop, competences of the framework that ships, services, datasets, people.
func TestNeedsAndActionsAreKnown(t *testing.T) {
	d := load(t)
	read := func(of fs.FS, name string, to any) {
		t.Helper()
		text, err := fs.ReadFile(of, name)
		if err == nil {
			err = json.Unmarshal(text, to)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var held struct{ Cards []struct{ ID string } }
	read(workshops.Founding, "founding/contributions.json", &held)
	var ships struct{ Items []struct{ Code string } }
	read(framework.Files, "framework.json", &ships)
	service := func(id string) bool {
		return slices.ContainsFunc(d.Services, func(s Service) bool { return s.ID == id })
	}
	decided := func(a Action, where string) {
		t.Helper()
		if a.What == "" || !slices.ContainsFunc(d.People, func(p Person) bool { return p.FirstName+" "+p.LastName == a.Owner }) {
			t.Errorf("%s: decides %q, by %q who is nobody", where, a.What, a.Owner)
		}
	}
	for _, n := range d.Needs {
		if !slices.ContainsFunc(held.Cards, func(c struct{ ID string }) bool { return c.ID == n.Card }) || !service(n.Service) {
			t.Errorf("%s: unknown card, or unknown service %q", n.Card, n.Service)
		}
		for _, of := range n.Datasets {
			if !slices.ContainsFunc(d.Datasets, func(s Dataset) bool { return s.ID == of }) {
				t.Errorf("%s: unknown dataset %q", n.Card, of)
			}
		}
		if n.Action != nil {
			decided(*n.Action, n.Card)
		}
	}
	for _, a := range d.Actions {
		decided(a, a.Competence)
		if !slices.ContainsFunc(ships.Items, func(i struct{ Code string }) bool { return i.Code == a.Competence }) || a.Service != "" && !service(a.Service) {
			t.Errorf("%s: unknown competence, or unknown service %q", a.Competence, a.Service)
		}
	}
}

// Whoever showed, looked at or gave something works here, and nobody looks at their own.
func TestTheStoryIsOfPeopleWhoWorkHere(t *testing.T) {
	d := load(t)
	var named []string
	for _, one := range d.Learning.Tries {
		named = append(named, one.Person)
	}
	for _, w := range d.Learning.Works {
		named = append(named, w.Person, w.Review.By)
		if w.Person == w.Review.By {
			t.Errorf("%s looks at their own work", w.Person)
		}
		if w.Dataset != "" && !slices.ContainsFunc(d.Datasets, func(set Dataset) bool { return set.ID == w.Dataset && set.Owner == w.Person }) {
			t.Errorf("%s shows %s, which is not theirs", w.Person, w.Dataset)
		}
	}
	for _, b := range d.Learning.Badges {
		named = append(named, b.Person)
	}
	for _, c := range d.Learning.Cohorts {
		named = append(named, c.Lead)
		for _, m := range c.Members {
			named = append(named, m.Person)
		}
		for _, n := range c.Notes {
			named = append(named, n.Person)
		}
	}
	for _, email := range named {
		if !slices.ContainsFunc(d.Everybody(), func(p Person) bool { return p.Email == email }) {
			t.Errorf("%s works nowhere here", email)
		}
	}
}

func TestOnlyOpenDataUnderALicenceWeMayNameIsPublished(t *testing.T) {
	for _, set := range load(t).Datasets {
		var r struct{ Description, Licence, Confidentiality string }
		if err := json.Unmarshal(set.Record, &r); err != nil {
			t.Fatalf("%s: %v", set.ID, err)
		}
		if set.Source.Attribution == "" || set.Source.Producer == "" || strings.Contains(set.Source.Recorded, "pas de licence") {
			t.Errorf("%s: the licence or the producer is not recorded", set.ID)
		}
		if r.Licence != "" && r.Licence != set.Source.Licence {
			t.Errorf("%s: the record says %s, its producer %s", set.ID, r.Licence, set.Source.Licence)
		}
		if set.State != "published" {
			continue
		}
		if set.Synthetic || r.Confidentiality != "open" || r.Licence == "" {
			t.Errorf("%s is published: synthetic %v, confidentiality %q, licence %q", set.ID, set.Synthetic, r.Confidentiality, r.Licence)
		}
		if n := utf8.RuneCountInString(r.Description); n <= 100 {
			t.Errorf("%s: a published description has %d characters, want more than 100", set.ID, n)
		}
	}
}

// What happens at the workbench is between people who work here, and nobody outside could be a real address.
func TestTheBenchIsOfPeopleWhoWorkHere(t *testing.T) {
	d := load(t)
	known := func(email, where string) {
		t.Helper()
		if !slices.ContainsFunc(d.Everybody(), func(p Person) bool { return p.Email == email }) {
			t.Errorf("%s: %q works nowhere", where, email)
		}
	}
	for _, r := range d.Bench.Requests {
		known(r.Owner, r.Form)
		before := math.MaxInt
		for _, a := range r.Answers {
			where := a.Typed["nom_de_l_association"][0]
			if a.DaysAgo > before {
				t.Errorf("%s comes after one that is younger", where)
			}
			before = a.DaysAgo
			if mail := a.Typed["courriel"]; len(mail) != 1 || !strings.HasSuffix(mail[0], ".example") {
				t.Errorf("%s: %v could be a real address", where, mail)
			}
			last := a.DaysAgo
			for _, step := range a.Treated {
				if step.To != "" {
					known(step.To, where)
				}
				if step.DaysAgo > last {
					t.Errorf("%s is treated before it came", where)
				}
				last = step.DaysAgo
			}
		}
	}
	for _, p := range d.Bench.Proposals {
		known(p.Person, p.Dataset)
		at := slices.IndexFunc(d.Datasets, func(s Dataset) bool { return s.ID == p.Dataset })
		if at < 0 || d.Datasets[at].Owner == p.Person {
			t.Errorf("%s proposes to change %s, which is unknown or theirs", p.Person, p.Dataset)
		}
	}
	for _, r := range d.Bench.Recipes {
		known(r.Owner, r.Name)
	}
}
