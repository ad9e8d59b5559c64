package form_test

import (
	"bytes"
	"reflect"
	"slices"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/tabular"
)

// cascade asks for a town, then for its districts, alone and in a group.
func cascade(t testing.TB) form.Form {
	t.Helper()
	f := form.New("Enquête")
	districts := map[string][]string{"Bastide": {"Bordeaux"}, "Bellecour": {"Lyon"}, "Centre": {"Bordeaux", "Lyon"}}
	for _, b := range []form.Block{
		{Kind: form.One, Label: "Ville", Options: []string{"Bordeaux", "Lyon", "Nantes"}},
		{Kind: form.One, Label: "Quartier", Required: true, Options: []string{"Bastide", "Bellecour", "Centre"}, Narrow: &form.Narrowing{Block: "ville", With: districts}},
		{Kind: form.Repeat, Label: "Lieu"},
		{Kind: form.One, Label: "Où", Options: []string{"Bordeaux", "Lyon"}, Within: "lieu"},
		{Kind: form.Many, Label: "Secteurs", Min: "2", Options: []string{"Bastide", "Bellecour", "Ailleurs"}, Within: "lieu", Narrow: &form.Narrowing{Block: "ou", With: map[string][]string{"Bastide": {"Bordeaux"}, "Bellecour": {"Lyon"}}}},
	} {
		_, err := f.Put(b)
		ok(t, err)
	}
	return f
}

func TestChoices_goWithTheAnswerBefore(t *testing.T) {
	f := cascade(t)
	for name, c := range map[string]struct {
		typed form.Values
		want  string
	}{
		"the one of the town":      {form.Values{"ville": {"Bordeaux"}, "quartier": {"Bastide"}}, ""},
		"one of two towns":         {form.Values{"ville": {"Lyon"}, "quartier": {"Centre"}}, ""},
		"of another town":          {form.Values{"ville": {"Lyon"}, "quartier": {"Bastide"}}, "form.answer_not_with"},
		"without the town":         {form.Values{"quartier": {"Bastide"}}, "form.answer_first"},
		"no option":                {form.Values{"ville": {"Lyon"}, "quartier": {"Elsewhere"}}, "form.answer_option"},
		"missing":                  {form.Values{"ville": {"Lyon"}}, "form.choose_one"},
		"a town without any":       {form.Values{"ville": {"Nantes"}}, ""},
		"nothing":                  {form.Values{}, ""},
		"in a row":                 {form.Values{"lieu": {"1"}, "lieu.1.ou": {"Lyon"}, "lieu.1.secteurs": {"Bellecour", "Ailleurs"}}, ""},
		"in a row, of another row": {form.Values{"lieu": {"2"}, "lieu.1.ou": {"Lyon"}, "lieu.2.ou": {"Bordeaux"}, "lieu.2.secteurs": {"Bellecour", "Ailleurs"}}, "form.answer_not_with"},
		"fewer than are asked for": {form.Values{"lieu": {"1"}, "lieu.1.secteurs": {"Ailleurs"}}, ""},
	} {
		kept, wrong := f.Read(c.typed)
		if c.want == "" && len(wrong) > 0 || c.want != "" && (len(wrong) == 0 || !fault.Is(wrong[0], c.want)) {
			t.Errorf("%s: got %v %v, want %q", name, kept, wrong, c.want)
		}
	}
}

func TestUnseen_optionsThatCameWithAnAnswer(t *testing.T) {
	f := cascade(t)
	names := func(kept form.Values, seen ...string) (out []string) {
		for _, b := range f.Unseen(kept, seen) {
			out = append(out, b.Name)
		}
		return out
	}
	lyon := form.Values{"ville": {"Lyon"}}
	for name, c := range map[string]struct{ got, want []string }{
		"nothing chosen":               {names(form.Values{}), nil},
		"a town, and no script":        {names(lyon), []string{"quartier"}},
		"its districts were there":     {names(lyon, "quartier=Lyon"), nil},
		"those of another were":        {names(lyon, "quartier=Bordeaux"), []string{"quartier"}},
		"all of them were":             {names(lyon, "quartier"), nil},
		"a town that has no districts": {names(form.Values{"ville": {"Nantes"}}), nil},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: got %v, want %v", name, c.got, c.want)
		}
	}
}

func TestANarrowing_isOfAnEarlierChoice(t *testing.T) {
	with := map[string][]string{"b": {"Lyon"}}
	for name, c := range map[string]struct {
		narrow form.Narrowing
		want   string
	}{
		"no such question":   {form.Narrowing{Block: "x", With: with}, "form.narrow_later"},
		"of a group":         {form.Narrowing{Block: "ou", With: with}, "form.narrow_later"},
		"several choices":    {form.Narrowing{Block: "secteurs", With: with}, "form.narrow_later"},
		"nothing said":       {form.Narrowing{Block: "ville"}, "form.narrow_nothing"},
		"an option not ours": {form.Narrowing{Block: "ville", With: map[string][]string{"z": {"Lyon"}}}, "form.narrow_option"},
		"an answer not its":  {form.Narrowing{Block: "ville", With: map[string][]string{"b": {"Brest"}}}, "form.narrow_option"},
		"whole":              {form.Narrowing{Block: "ville", With: with}, ""},
	} {
		f := cascade(t)
		_, err := f.Put(form.Block{Kind: form.One, Label: "a", Options: []string{"b", "c"}, Narrow: &c.narrow})
		if c.want == "" && err != nil || c.want != "" && !fault.Is(err, c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestReadWith_linesOfAnAuthor(t *testing.T) {
	got := form.ReadWith("Bastide = bordeaux\nCentre = Lyon ; Bordeaux\r\nBellecour =\nAilleurs\nPort = A ; B", []string{"Bordeaux", "Lyon", "A ; B"})
	want := map[string][]string{"Bastide": {"Bordeaux"}, "Centre": {"Lyon", "Bordeaux"}, "Port": {"A ; B"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestXLSForm_cascadesComeBack(t *testing.T) {
	f := cascade(t)
	var b bytes.Buffer
	_, err := form.WriteXLSForm(&b, f)
	ok(t, err)
	back, told, err := form.ReadXLSForm(bytes.NewReader(b.Bytes()), int64(b.Len()), "f.xlsx")
	ok(t, err)
	if len(told) > 0 {
		t.Errorf("told %v", told)
	}
	for i, want := range f.Blocks {
		if got := back.Blocks[i]; !reflect.DeepEqual(got, want) {
			t.Errorf("got %+v %+v\nwant %+v %+v", got, got.Narrow, want, want.Narrow)
		}
	}
}

// foreign writes a workbook as other tools do, and reads it.
func foreign(t *testing.T, choices [][]string, filter string) (form.Form, []form.Told) {
	t.Helper()
	var b bytes.Buffer
	out, err := tabular.NewXLSXWriter(&b, "survey", []string{"type", "name", "label", "choice_filter", "default"}, nil)
	ok(t, err)
	line := func(texts ...string) {
		var cells []tabular.Cell
		for _, text := range texts {
			cells = append(cells, tabular.TextCell(text))
		}
		ok(t, out.Row(cells))
	}
	line("select_one towns", "town", "Ville", "", "")
	line("select_one districts", "district", "Quartier", filter, "")
	line("text", "who", "Qui", "", "${town}")
	ok(t, out.Next("choices", []string{"list_name", "name", "label", "Town"}, nil))
	line("towns", "33", "Bordeaux", "")
	line("towns", "69", "Lyon", "")
	for _, c := range choices {
		line(c...)
	}
	ok(t, out.Close())
	f, told, err := form.ReadXLSForm(bytes.NewReader(b.Bytes()), int64(b.Len()), "f.xlsx")
	ok(t, err)
	return f, told
}

func TestXLSForm_cascadeOfAnotherTool(t *testing.T) {
	centres := [][]string{{"districts", "c33", "Centre", "33"}, {"districts", "b33", "Bastide", "33"}, {"districts", "c69", "Centre", "69"}}
	both := map[string][]string{"Centre": {"Bordeaux", "Lyon"}, "Bastide": {"Bordeaux"}}
	for filter, taken := range map[string]bool{"Town=${town}": true, "${town} = Town": true, "selected(Town, ${town})": true, "Town=${town} or Town=''": true,
		"Town=${nobody}": false, "Town=${town} and name='c33'": false, "Town!=${town}": false, "Town=${town} or label=''": false} {
		f, told := foreign(t, centres, filter)
		if !taken {
			if !slices.ContainsFunc(told, func(one form.Told) bool { return one.Row == 3 && one.Key == "form.xls_column" && one.Args[1] == filter }) {
				t.Errorf("%s: told %v", filter, told)
			}
			continue
		}
		if len(f.Blocks) != 3 || f.Blocks[1].Narrow == nil || !reflect.DeepEqual(f.Blocks[1].Narrow.With, both) || len(f.Blocks[1].Options) != 2 {
			t.Errorf("%s: got %+v, told %v", filter, f.Blocks, told)
		}
		if len(told) != 1 || told[0].Row != 4 || told[0].Args[0] != "default" { // what is computed is no value
			t.Errorf("%s: told %v", filter, told)
		}
	}
	never := append(centres, []string{"districts", "o", "Ailleurs", ""})
	if _, told := foreign(t, never, "Town=${town}"); told[0].Row != 3 {
		t.Errorf("an option that could never be chosen: told %v", told)
	}
	if f, _ := foreign(t, never, "Town=${town} or Town=''"); f.Blocks[1].Narrow == nil || f.Blocks[1].Narrow.With["Ailleurs"] != nil {
		t.Errorf("an option that is always there: got %+v", f.Blocks[1])
	}
}
