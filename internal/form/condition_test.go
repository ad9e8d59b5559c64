package form_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/tabular"
)

func TestACondition_holds(t *testing.T) {
	v := form.Values{"age": {"12.5"}, "jour": {"2026-03-01"}, "sport": {"Judo", "Vélo"}}
	age := func(o form.Order, value string) form.Condition {
		return form.Condition{Block: "age", Order: o, Value: value}
	}
	judo := form.Condition{Block: "sport", Value: "judo"}
	for name, c := range map[string]struct {
		tests []form.Condition
		any   bool
		want  bool
	}{
		"above":                 {[]form.Condition{age(form.Above, "12")}, false, true},
		"at most, with a comma": {[]form.Condition{age(form.AtMost, "12,5")}, false, true},
		"below itself":          {[]form.Condition{age(form.Below, "12,5")}, false, false},
		"a day from":            {[]form.Condition{{Block: "jour", Order: form.From, Value: "2026-03-01"}}, false, true},
		"nothing is below":      {[]form.Condition{{Block: "nulle", Order: form.Below, Value: "3"}}, false, false},
		"both":                  {[]form.Condition{judo, age(form.Above, "20")}, false, false},
		"either":                {[]form.Condition{age(form.Above, "20"), judo}, true, true},
		"neither":               {[]form.Condition{age(form.Above, "20"), {Block: "sport", Not: true}}, true, false},
	} {
		if got := form.Join(c.tests, c.any).Holds(v); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
	f := form.New("x")
	f.Blocks = []form.Block{{Name: "nom", Kind: form.Line, Label: "Nom"}, {Name: "age", Kind: form.Number, Label: "Âge"}}
	for key, when := range map[string]*form.Condition{
		"form.condition_order": form.Join([]form.Condition{age(form.Above, "3"), {Block: "nom", Order: form.Below, Value: "3"}}, false),
		"form.condition_later": form.Join([]form.Condition{age(form.Above, "3"), {Block: "plus_tard"}}, true),
		"form.many_tests":      form.Join(make([]form.Condition, form.TestsMost+1), true),
	} {
		if _, err := f.Put(form.Block{Kind: form.Line, Label: "B", When: when}); !fault.Is(err, key) {
			t.Errorf("got %v, want %s", err, key)
		}
	}
}

// workbook writes a sheet of questions and one of choices.
func workbook(t *testing.T, survey, choices string) *bytes.Reader {
	t.Helper()
	var b bytes.Buffer
	rows := func(text string) (out [][]string) {
		for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
			out = append(out, strings.Split(line, "|"))
		}
		return out
	}
	all := rows(survey)
	w, err := tabular.NewXLSXWriter(&b, "survey", all[0], nil)
	ok(t, err)
	write := func(lines [][]string) {
		for _, line := range lines {
			var cells []tabular.Cell
			for _, c := range line {
				cells = append(cells, tabular.TextCell(c))
			}
			ok(t, w.Row(cells))
		}
	}
	write(all[1:])
	ok(t, w.Next("choices", []string{"list_name", "name", "label"}, nil))
	write(rows(choices))
	ok(t, w.Close())
	return bytes.NewReader(b.Bytes())
}

// What is only said to whoever answers, or of how a question looks, is not dropped in silence; a look is told once.
func TestXLSForm_messagesAndLooksAreTold(t *testing.T) {
	raw := workbook(t, `
type|name|label|constraint|constraint_message::Français (fr)|guidance_hint|appearance
text|nom|Nom||||w1
text|sigle|Sigle||||w1
text|projet|Projet|||Dix lignes suffisent.|multiline
integer|age|Âge|. >= 18|Il faut être majeur.||`, "yn|yes|Oui\nyn|no|Non")
	f, told, err := form.ReadXLSForm(raw, raw.Size(), "f.xlsx")
	ok(t, err)
	var said []string
	for _, one := range told {
		said = append(said, fmt.Sprint(one.Row, " ", one.Args))
	}
	if got := strings.Join(said, "; "); got != "2 [appearance w1]; 4 [guidance_hint Dix lignes suffisent.]; 5 [Âge]; 5 [constraint_message Il faut être majeur.]" {
		t.Errorf("told %s", got)
	}
	if f.Blocks[2].Kind != form.LongText || f.Blocks[3].Min != "18" {
		t.Errorf("got %+v", f.Blocks[2:])
	}
}

func TestXLSForm_relevanceOfPartsAndSeveralTests(t *testing.T) {
	raw := workbook(t, `
type|name|label|relevant|parameters|repeat_count|media::image|calculation
select_one yn|a|Association ?||||
range|age|Âge||start=1 end=120 step=1|||
begin_group|g|Le club|${a} = 'yes' and ${age} >= 18||||
text|nom|Nom|||||
text|sigle|Sigle|(${age} < 60)||||
text|autre|Autre|${age} < 20 or ${age} > 60||||
end_group||||||
date|jour|Jour||||logo.png|
text|tard|Tard|${jour} > date('2026-01-01')||||
text|mele|Mêlé|${a} = 'yes' and (${age} < 20 or ${age} > 60)||||
begin_repeat|r|Enfant|${a} = 'no'||2||
text|prenom|Prénom de l’enfant|||||
end_repeat||||||
calculate|t|Taille|||||string-length(${nom})`, "yn|yes|Oui\nyn|no|Non")
	f, told, err := form.ReadXLSForm(raw, raw.Size(), "f.xlsx")
	ok(t, err)
	var said []string
	for _, one := range told {
		said = append(said, strings.TrimPrefix(one.Key, "form."))
	}
	if got := strings.Join(said, " "); got != "xls_part_condition xls_media xls_column xls_repeat_condition" {
		t.Errorf("told %s", got)
	}
	yes, grown := form.Condition{Block: "a", Value: "Oui"}, form.Condition{Block: "age", Order: form.From, Value: "18"}
	for name, want := range map[string]*form.Condition{
		"g": form.Join([]form.Condition{yes, grown}, false), "nom": form.Join([]form.Condition{yes, grown}, false),
		"sigle": form.Join([]form.Condition{yes, grown, {Block: "age", Order: form.Below, Value: "60"}}, false),
		"autre": form.Join([]form.Condition{{Block: "age", Order: form.Below, Value: "20"}, {Block: "age", Order: form.Above, Value: "60"}}, true),
		"tard":  {Block: "jour", Order: form.Above, Value: "2026-01-01"}, "mele": nil, "prenom": {Block: "a", Value: "Non"},
	} {
		at := f.Find(name)
		if at < 0 || !reflect.DeepEqual(f.Blocks[at].When, want) {
			t.Errorf("%s: got %+v, want %+v", name, f.Blocks[max(at, 0)].When, want)
		}
	}
	if b := f.Blocks[f.Find("age")]; b.Kind != form.Number || b.Min != "1" || b.Max != "120" {
		t.Errorf("a range: got %+v", b)
	}
	if b := f.Blocks[f.Find("r")]; b.Min != "2" || b.Max != "2" || b.When != nil {
		t.Errorf("a group asked twice: got %+v", b)
	}
	if b := f.Blocks[f.Find("t")]; b.Formula != "NBCAR([nom])" {
		t.Errorf("a formula: got %q", b.Formula)
	}
	var out bytes.Buffer
	told, err = form.WriteXLSForm(&out, f)
	ok(t, err)
	if len(told) != 1 || told[0].Key != "form.xls_heading_condition" {
		t.Errorf("going out: told %+v", told)
	}
	back, _, err := form.ReadXLSForm(bytes.NewReader(out.Bytes()), int64(out.Len()), "f.xlsx")
	ok(t, err)
	for i, b := range f.Blocks {
		if b.Name == "g" {
			b.When = nil // one of its questions is not under it
		}
		if !reflect.DeepEqual(back.Blocks[i], b) {
			t.Errorf("%s: came back as %+v %+v, left as %+v %+v", b.Name, back.Blocks[i], back.Blocks[i].When, b, b.When)
		}
	}
}
