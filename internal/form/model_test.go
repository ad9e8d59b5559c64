package form_test

import (
	"bytes"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/form"
)

// subsidy is the founding example: a request for a subsidy that several communes ask alike.
func subsidy() form.Form {
	f := form.New("Demande de subvention")
	f.ID, f.Version, f.Edition = "01first", 1, "2026"
	f.Blocks = []form.Block{
		{Name: "association", Kind: form.Line, Label: "Association", Required: true},
		{Name: "statut", Kind: form.One, Label: "Statut", Options: []string{"Association", "Coopérative"}, Column: "STATUT_JUR", Codes: map[string]string{"Association": "9220"}},
		{Name: "montant", Kind: form.Number, Label: "Montant demandé", Min: "1"},
		{Name: "actions", Kind: form.Repeat, Label: "Actions"},
		{Name: "intitule", Kind: form.Line, Label: "Intitulé", Within: "actions"},
	}
	return f
}

func names(f form.Form) (out []string) {
	for _, b := range f.Blocks {
		if b.Common {
			out = append(out, b.Name)
		} else {
			out = append(out, "("+b.Name+")")
		}
	}
	return out
}

func TestAModel_travelsAsAFile(t *testing.T) {
	m := form.NewModel(subsidy(), "Valmoret")
	var b bytes.Buffer
	if err := m.Write(&b); err != nil {
		t.Fatal(err)
	}
	back, err := form.ReadModel(&b)
	if err != nil || back.From != "Valmoret" || back.Line != "01first" || len(back.Blocks) != 5 || back.Blocks[1].Column != "" || back.Blocks[1].Codes != nil {
		t.Errorf("got %+v, %v", back, err)
	}
	for name, raw := range map[string]string{
		"no JSON":              "PK\x03\x04",
		"another format":       `{"format":"cultured-missions/1","line":"a","form":"a","version":1,"title":"x"}`,
		"no version":           `{"format":"cultured-form/1","line":"a","form":"a","title":"x"}`,
		"a name that is none":  `{"format":"cultured-form/1","line":"a","form":"a","version":1,"title":"x","blocks":[{"name":"a.b","kind":"line","label":"A"}]}`,
		"a name twice":         `{"format":"cultured-form/1","line":"a","form":"a","version":1,"title":"x","blocks":[{"name":"a","kind":"line","label":"A"},{"name":"a","kind":"line","label":"B"}]}`,
		"an unknown kind":      `{"format":"cultured-form/1","line":"a","form":"a","version":1,"title":"x","blocks":[{"name":"a","kind":"oracle","label":"A"}]}`,
		"a choice without any": `{"format":"cultured-form/1","line":"a","form":"a","version":1,"title":"x","blocks":[{"name":"a","kind":"one","label":"A"}]}`,
	} {
		if _, err := form.ReadModel(strings.NewReader(raw)); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestFollow_keepsWhatIsOnesOwn(t *testing.T) {
	model := subsidy()
	f := form.New("")
	if err := f.Follow(form.NewModel(model, "Valmoret")); err != nil {
		t.Fatal(err)
	}
	if f.Title != "Demande de subvention" || f.Edition != "2026" || f.Line() != "01first" {
		t.Errorf("got %+v", f)
	}
	if _, err := f.Put(form.Block{Kind: form.Line, Label: "Quartier"}); err != nil {
		t.Fatal(err)
	}
	if err := f.Place("own_quartier", "association"); err != nil {
		t.Fatal(err)
	}
	statut := f.Blocks[f.Find("statut")]
	statut.Column, statut.Codes = "forme", map[string]string{"Coopérative": "53"}
	if _, err := f.Put(statut); err != nil {
		t.Fatal(err)
	}
	model.Version = 2
	model.Blocks = append([]form.Block{{Name: "siret", Kind: form.Line, Label: "SIRET"}}, model.Blocks[0], form.Block{Name: "statut", Kind: form.One, Label: "Forme juridique", Options: []string{"Association", "Fondation"}}, model.Blocks[3], model.Blocks[4])
	if err := f.Follow(form.NewModel(model, "Valmoret")); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(names(f), " "); got != "siret association (own_quartier) statut (montant) actions intitule" {
		t.Errorf("got %s", got)
	}
	if b := f.Blocks[f.Find("statut")]; b.Column != "forme" || b.Codes != nil || b.Label != "Forme juridique" || f.Model.Version != 2 {
		t.Errorf("got %+v of version %d", b, f.Model.Version)
	}
	other := subsidy()
	other.ID = "02other"
	if err := f.Follow(form.NewModel(other, "Ailleurs")); !fault.Is(err, "form.other_model") {
		t.Errorf("another model: got %v", err)
	}
	f.Detach()
	if f.Model != nil || strings.Contains(strings.Join(names(f), " "), " siret") || len(f.Blocks) != 7 {
		t.Errorf("got %v", names(f))
	}
}

func TestColumns_areOfOneQuestion(t *testing.T) {
	f := subsidy()
	for _, c := range []struct {
		block form.Block
		key   string
	}{
		{form.Block{Kind: form.Line, Label: "A", Column: "statut_jur"}, "form.column_twice"},
		{form.Block{Kind: form.Line, Label: "A", Column: "association"}, "form.column_twice"},
		{form.Block{Kind: form.One, Label: "A", Options: []string{"Oui", "Non"}, Codes: map[string]string{"Peut-être": "2"}}, "form.code_option"},
	} {
		if _, err := f.Put(c.block); !fault.Is(err, c.key) {
			t.Errorf("%+v: got %v", c.block, err)
		}
	}
}

func TestMapped_writesWhatTheOwnersFilesExpect(t *testing.T) {
	f := subsidy()
	f.Blocks[4].Column = "Action"
	s := form.Sheet{Form: f, Columns: []form.Column{{Name: "statut", Key: "statut", Kind: form.One}, {Name: "montant", Key: "montant", Kind: form.Number}, {Name: "actions_1_intitule", Key: "actions.1.intitule", Kind: form.Line}},
		Answers: []form.Answer{{Values: form.Values{"statut": {"Association"}, "montant": {"3"}, "actions.1.intitule": {"Fête"}}}}}
	own := s.Mapped(f)
	var head, line []string
	for _, c := range own.Columns {
		head, line = append(head, c.Name), append(line, c.Text(own.Answers[0].Values))
	}
	if got := strings.Join(head, ";") + " " + strings.Join(line, ";"); got != "STATUT_JUR;montant;Action_1 9220;3;Fête" {
		t.Errorf("got %s", got)
	}
	if s.Answers[0].Values.First("statut") != "Association" || s.Columns[0].Name != "statut" {
		t.Error("the common shape changed")
	}
}

func TestNext_isADraftOfTheSameLine(t *testing.T) {
	f := subsidy()
	f.Opens, f.Closes, f.Offered = "2026-01-01", "2026-03-01", true
	next, err := f.Next(" 2027 ")
	if err != nil || next.Line() != f.ID || next.Before != f.ID || next.Edition != "2027" || next.Opens+next.Closes != "" || next.Offered {
		t.Errorf("got %+v, %v", next, err)
	}
	for edition, key := range map[string]string{" ": "form.no_edition", "2026": "form.same_edition", strings.Repeat("x", 41): "form.too_long"} {
		if _, err := f.Next(edition); !fault.Is(err, key) {
			t.Errorf("%q: got %v", edition, err)
		}
	}
	var got []string
	after := subsidy().Blocks
	after[0].Label, after[1].Options, after[2].Kind = "Nom", []string{"Association", "Fondation"}, form.Line
	for _, c := range form.Changes(f.Blocks, append(after[:3], form.Block{Name: "site", Kind: form.Line, Label: "Site"})) {
		got = append(got, string(c.Kind)+":"+c.Label+strings.Join(c.Gained, ",")+strings.Join(c.Dropped, ","))
	}
	if all := strings.Join(got, " "); all != "label:Nom options:StatutFondationCoopérative kind:Montant demandé added:Site removed:Actions removed:Intitulé" {
		t.Errorf("got %s", all)
	}
}
