package form_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/schema"
)

func put(t *testing.T, f *form.Form, b form.Block) string {
	t.Helper()
	name, err := f.Put(b)
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func TestPut_refusesABlockThatCannotBeAnswered(t *testing.T) {
	for _, c := range []struct {
		name, field, key string
		block            form.Block
	}{
		{"no kind", "kind", "form.no_kind", form.Block{Label: "a"}},
		{"no label", "label", "form.no_label", form.Block{Kind: form.Line, Label: "  "}},
		{"a label without end", "label", "form.too_long", form.Block{Kind: form.Line, Label: strings.Repeat("é", form.LabelMost+1)}},
		{"one option", "options", "form.few_options", form.Block{Kind: form.One, Label: "a", Options: []string{"oui", " "}}},
		{"an option twice but for accents", "options", "form.option_twice", form.Block{Kind: form.One, Label: "a", Options: []string{"Été", "ete"}}},
		{"an e-mail without purpose", "purpose", "form.no_purpose", form.Block{Kind: form.Email, Label: "Courriel", Retention: 12}},
		{"an e-mail without retention", "retention", "form.no_retention", form.Block{Kind: form.Email, Label: "Courriel", Purpose: "Répondre"}},
		{"a label that tells of persons", "purpose", "form.no_purpose", form.Block{Kind: form.Date, Label: "Date de NAISSANCE", Retention: 12}},
		{"marked as personal, kept a century", "retention", "form.no_retention", form.Block{Kind: form.Line, Label: "Nom", About: true, Purpose: "Répondre", Retention: 1200}},
		{"a limit that is no number", "min", "form.limit_number", form.Block{Kind: form.Number, Label: "a", Min: "peu"}},
		{"a limit that is no day", "max", "form.limit_date", form.Block{Kind: form.Date, Label: "a", Max: "2026-02-30"}},
		{"limits crossed", "max", "form.limits_crossed", form.Block{Kind: form.Number, Label: "a", Min: "10", Max: "9,5"}},
		{"more choices than options", "min", "form.limit_options", form.Block{Kind: form.Many, Label: "a", Options: []string{"a", "b"}, Min: "3"}},
		{"a condition on nothing", "when", "form.condition_later", form.Block{Kind: form.Line, Label: "a", When: &form.Condition{Block: "nowhere"}}},
	} {
		f := form.New("t")
		_, err := f.Put(c.block)
		list, ok := errors.AsType[fault.List](err)
		if !ok || len(list) != 1 || list[0].Key != c.key || list[0].Field != c.field {
			t.Errorf("%s: got %v, want %s of %s", c.name, err, c.key, c.field)
		}
		if len(f.Blocks) != 0 {
			t.Errorf("%s: the block was added", c.name)
		}
	}
}

func TestPut_namesBlocksOnceAndForAll(t *testing.T) {
	f := form.New("t")
	first, second := put(t, &f, form.Block{Kind: form.Line, Label: "Nom de l’équipement"}), put(t, &f, form.Block{Kind: form.Line, Label: "Nom de l'equipement"})
	if first != "nom_de_l_equipement" || second != first+"_2" {
		t.Errorf("got %s and %s", first, second)
	}
	if put(t, &f, form.Block{Name: first, Kind: form.Line, Label: "Autre"}) != first || f.Blocks[0].Label != "Autre" || len(f.Blocks) != 2 {
		t.Errorf("got %+v", f.Blocks)
	}
	if _, err := f.Put(form.Block{Name: "gone", Kind: form.Line, Label: "a"}); !fault.Is(err, "form.block_gone") {
		t.Errorf("got %v", err)
	}
	if got := form.Slug("？"); got != "question" {
		t.Errorf("got %q", got)
	}
}

func TestMove_andWhatItBreaksIsTold(t *testing.T) {
	f := form.New("t")
	a := put(t, &f, form.Block{Kind: form.One, Label: "a", Options: []string{"oui", "non"}})
	b := put(t, &f, form.Block{Kind: form.Line, Label: "b", When: &form.Condition{Block: a, Value: "oui"}})
	if err := f.Validate().Err(); err != nil {
		t.Fatal(err)
	}
	if err := f.Move(b, -1); err != nil || f.Blocks[0].Name != b {
		t.Fatalf("got %v, %v", f.Blocks, err)
	}
	if list := f.Validate(); len(list) != 1 || list[0].Key != "form.condition_later" || list[0].Field != "q-b" {
		t.Errorf("got %v", list)
	}
	if err := f.Move(b, -1); err != nil || f.Blocks[0].Name != b {
		t.Error("at the top it stays")
	}
	if err := f.Take(b); err != nil || len(f.Blocks) != 1 {
		t.Errorf("got %v, %v", f.Blocks, err)
	}
	for _, err := range []error{f.Take(b), f.Move(b, 1)} {
		if !fault.Is(err, "form.block_gone") {
			t.Errorf("got %v", err)
		}
	}
}

func TestSettle_andValidate(t *testing.T) {
	f := form.Form{Door: form.Coded, Code: "abc", Opens: "2026-03-02", Closes: "2026-03-01", Limit: -1}
	var keys []string
	for _, one := range f.Validate() {
		keys = append(keys, one.Key)
	}
	want := []string{"form.no_title", "form.short_code", "form.dates_crossed", "form.bad_limit", "form.asks_nothing"}
	if !slices.Equal(keys, want) {
		t.Errorf("got %v, want %v", keys, want)
	}
	f = form.New("t")
	put(t, &f, form.Block{Kind: form.Heading, Label: "Partie"})
	if list := f.Validate(); len(list) != 1 || list[0].Key != "form.asks_nothing" {
		t.Errorf("headings ask nothing: got %v", list)
	}
}

func TestReady(t *testing.T) {
	day := time.Date(2026, 3, 2, 23, 59, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		form  form.Form
		taken int
		want  string
	}{
		{"never published", form.Form{}, 0, "form.not_published"},
		{"on its only day", form.Form{Version: 1, Opens: "2026-03-02", Closes: "2026-03-02"}, 0, ""},
		{"the day before", form.Form{Version: 1, Opens: "2026-03-03"}, 0, "form.not_open"},
		{"the day after", form.Form{Version: 1, Closes: "2026-03-01"}, 0, "form.closed"},
		{"stopped by hand", form.Form{Version: 1, Stopped: true}, 0, "form.closed"},
		{"the last answer", form.Form{Version: 1, Limit: 3}, 2, ""},
		{"full", form.Form{Version: 1, Limit: 3}, 3, "form.full"},
	} {
		if err := c.form.Ready(day, c.taken); c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestRead_eachKind(t *testing.T) {
	options := []string{"Lundi", "Mardi", "Mercredi"}
	for _, c := range []struct {
		name  string
		block form.Block
		typed []string
		want  []string
		key   string
	}{
		{"nothing, not required", form.Block{Kind: form.Line}, []string{" "}, nil, ""},
		{"nothing, required", form.Block{Kind: form.Line, Required: true}, nil, nil, "form.answer_missing"},
		{"no choice, required", form.Block{Kind: form.Many, Options: options, Required: true}, nil, nil, "form.choose_one"},
		{"a text", form.Block{Kind: form.Line}, []string{" é "}, []string{"é"}, ""},
		{"too short", form.Block{Kind: form.Line, Min: "3"}, []string{"éà"}, nil, "form.answer_short"},
		{"just long enough", form.Block{Kind: form.Line, Max: "2"}, []string{"éà"}, []string{"éà"}, ""},
		{"too long", form.Block{Kind: form.LongText, Max: "2"}, []string{"éàè"}, nil, "form.answer_long"},
		{"longer than a line may be", form.Block{Kind: form.Line}, []string{strings.Repeat("a", form.LineMost+1)}, nil, "form.answer_long"},
		{"a French number", form.Block{Kind: form.Number}, []string{"1 234,50"}, []string{"1234.50"}, ""},
		{"no number", form.Block{Kind: form.Number}, []string{"douze"}, nil, "form.answer_number"},
		{"a number too low", form.Block{Kind: form.Number, Min: "1,5"}, []string{"1,4"}, nil, "form.answer_low"},
		{"a number too high", form.Block{Kind: form.Number, Max: "10"}, []string{"10,01"}, nil, "form.answer_high"},
		{"a day of a browser", form.Block{Kind: form.Date, Min: "2026-03-01"}, []string{"2026-03-01"}, []string{"2026-03-01"}, ""},
		{"a day as people write it", form.Block{Kind: form.Date}, []string{"1er mars 2026"}, []string{"2026-03-01"}, ""},
		{"a month has no day", form.Block{Kind: form.Date}, []string{"mars 2026"}, nil, "form.answer_date"},
		{"a year has no day", form.Block{Kind: form.Date}, []string{"2026"}, nil, "form.answer_date"},
		{"a day that does not exist", form.Block{Kind: form.Date}, []string{"31/02/2026"}, nil, "form.answer_date"},
		{"too early", form.Block{Kind: form.Date, Min: "2026-03-02"}, []string{"01/03/2026"}, nil, "form.answer_early"},
		{"too late", form.Block{Kind: form.Date, Max: "2026-02-28"}, []string{"01/03/2026"}, nil, "form.answer_late"},
		{"an e-mail", form.Block{Kind: form.Email}, []string{"a.b@exemple.fr"}, []string{"a.b@exemple.fr"}, ""},
		{"no e-mail", form.Block{Kind: form.Email}, []string{"a.b"}, nil, "form.answer_email"},
		{"a phone number", form.Block{Kind: form.Phone}, []string{"01 99 00 12 34"}, []string{"+33199001234"}, ""},
		{"no phone number", form.Block{Kind: form.Phone}, []string{"appelez-moi"}, nil, "form.answer_phone"},
		{"a commune by name", form.Block{Kind: form.Commune}, []string{"rennes"}, []string{"35238"}, ""},
		{"a commune by code", form.Block{Kind: form.Commune}, []string{"2a004"}, []string{"2A004"}, ""},
		{"a name several communes have", form.Block{Kind: form.Commune}, []string{"Saint-Denis"}, nil, "form.answer_communes"},
		{"no commune", form.Block{Kind: form.Commune}, []string{"Atlantide"}, nil, "form.answer_commune"},
		{"choices, in the form's order", form.Block{Kind: form.Many, Options: options}, []string{"Mardi", "Lundi", "Mardi"}, []string{"Lundi", "Mardi"}, ""},
		{"too few", form.Block{Kind: form.Many, Options: options, Min: "2"}, []string{"Mardi"}, nil, "form.answer_few"},
		{"too many", form.Block{Kind: form.Many, Options: options, Max: "1"}, []string{"Mardi", "Lundi"}, nil, "form.answer_many"},
		{"two of one", form.Block{Kind: form.One, Options: options}, []string{"Mardi", "Lundi"}, nil, "form.answer_only_one"},
		{"an option nobody offered", form.Block{Kind: form.One, Options: options}, []string{"Jeudi"}, nil, "form.answer_option"},
		{"a point in two fields", form.Block{Kind: form.Point}, []string{"48,1113", "-1.68"}, []string{"48.1113,-1.68"}, ""},
		{"a point from a map", form.Block{Kind: form.Point}, []string{"48.1113, -1.68"}, []string{"48.1113,-1.68"}, ""},
		{"half a point", form.Block{Kind: form.Point}, []string{"48.1113", ""}, nil, "form.answer_point"},
		{"a point off the Earth", form.Block{Kind: form.Point}, []string{"98", "200"}, nil, "form.answer_point"},
	} {
		c.block.Name, c.block.Label = "x", "X"
		f := form.Form{Blocks: []form.Block{c.block}}
		kept, list := f.Read(form.Values{"x": c.typed})
		if c.key == "" && (len(list) > 0 || !slices.Equal(kept["x"], c.want)) {
			t.Errorf("%s: got %v, %v", c.name, kept, list)
		}
		if c.key != "" && (len(list) != 1 || list[0].Key != c.key || list[0].Field != "q-x" || len(kept) > 0) {
			t.Errorf("%s: got %v, %v, want %s", c.name, kept, list, c.key)
		}
	}
}

func TestRead_asksOnlyWhatIsShown(t *testing.T) {
	f := form.New("t")
	kind := put(t, &f, form.Block{Kind: form.One, Label: "Vous êtes", Options: []string{"Une association", "Une entreprise"}, Required: true})
	rna := put(t, &f, form.Block{Kind: form.Line, Label: "Numéro RNA", Required: true, When: &form.Condition{Block: kind, Value: "Une association"}})
	more := put(t, &f, form.Block{Kind: form.Line, Label: "Détail", When: &form.Condition{Block: rna}})
	other := put(t, &f, form.Block{Kind: form.Line, Label: "SIRET", Required: true, When: &form.Condition{Block: kind, Value: "Une association", Not: true}})
	kept, list := f.Read(form.Values{kind: {"Une entreprise"}, rna: {"W123"}, more: {"caché"}, other: {"1"}})
	if len(list) > 0 || len(kept) != 2 || kept.First(other) != "1" {
		t.Errorf("hidden blocks are dropped: got %v, %v", kept, list)
	}
	if got := f.Shown(kept); len(got) != 2 {
		t.Errorf("got %v", got)
	}
	_, list = f.Read(form.Values{kind: {"Une association"}})
	if len(list) != 1 || list[0].Field != "q-"+rna {
		t.Errorf("what is shown is required: got %v", list)
	}
}

func TestFromSchema(t *testing.T) {
	s, _, err := schema.Parse([]byte(`{"title":"Subventions","fields":[
		{"name":"nomAttribuant","title":"Nom de l’attribuant","type":"string","constraints":{"required":true}},
		{"name":"montant","type":"number","constraints":{"minimum":0}},
		{"name":"dateConvention","type":"date"},
		{"name":"nature","type":"string","constraints":{"enum":["numéraire","nature"]}},
		{"name":"lieu","type":"geopoint"},
		{"name":"courriel","type":"string","format":"email"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	f, left := form.FromSchema(&s)
	var kinds []form.Kind
	for _, b := range f.Blocks {
		kinds = append(kinds, b.Kind)
	}
	if want := []form.Kind{form.Line, form.Number, form.Date, form.One, form.Point, form.Email}; left != 0 || !slices.Equal(kinds, want) {
		t.Errorf("got %v, want %v", kinds, want)
	}
	if b := f.Blocks[0]; !b.Required || b.Name != "nomattribuant" || b.Label != "Nom de l’attribuant" || f.Blocks[1].Min != "0" {
		t.Errorf("got %+v", f.Blocks[:2])
	}
	list := f.Validate() // the e-mail's purpose and retention are for people to say
	if len(list) != 2 || list[0].Key != "form.no_purpose" || list[1].Field != "q-courriel" {
		t.Errorf("got %v", list)
	}
}

func TestFromDictionary(t *testing.T) {
	f, _ := form.FromDictionary("Agents", []dataset.Entry{{Name: "nom", Label: "Nom", Personal: "direct", Type: dataset.TypeText, Required: true},
		{Name: "actif", Type: dataset.TypeBoolean}, {Name: "mail", Semantic: "courriel"}, {Name: "effectif", Type: dataset.TypeInteger}})
	if len(f.Blocks) != 4 || !f.Blocks[0].Personal() || f.Blocks[1].Kind != form.One || f.Blocks[2].Kind != form.Email || f.Blocks[3].Kind != form.Number {
		t.Errorf("got %+v", f.Blocks)
	}
	many := make([]dataset.Entry, form.BlocksMost+3)
	for i := range many {
		many[i].Name = "c"
	}
	if f, left := form.FromDictionary("t", many); left != 3 || f.Find("c_150") != form.BlocksMost-1 {
		t.Errorf("got %d left out", left)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("48,1 2", 10)
	f.Add("31/12/2026", 3)
	f.Fuzz(func(t *testing.T, text string, kind int) {
		kinds := form.Kinds()
		b := form.Block{Name: "x", Label: "X", Kind: kinds[((kind%len(kinds))+len(kinds))%len(kinds)], Options: []string{text, "b"}}
		one := form.Form{Blocks: []form.Block{b}}
		kept, list := one.Read(form.Values{"x": {text}})
		if len(list) > 0 && len(kept) > 0 {
			t.Fatalf("%q is both kept and refused", text)
		}
		again, list := one.Read(kept)
		if len(list) > 0 || !slices.Equal(again["x"], kept["x"]) {
			t.Fatalf("what is kept is read otherwise: %q, %q, %v", kept["x"], again["x"], list)
		}
	})
}
