package schema

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func words(t *testing.T, lang string) map[string]string {
	t.Helper()
	raw, err := Text.ReadFile("text/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]string
	if err := json.Unmarshal(raw, &m); err != nil {
		t.Fatal(err)
	}
	return m
}

// keysInCode are the keys the sources of the package name; those built from a prefix are added by hand.
func keysInCode(t *testing.T) []string {
	t.Helper()
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	literal := regexp.MustCompile(`"(schema\.[a-z_]+[a-z0-9])"`)
	var keys []string
	for _, f := range files {
		if name := f.Name(); strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") {
			raw, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range literal.FindAllSubmatch(raw, -1) {
				keys = append(keys, string(m[1]))
			}
		}
	}
	for _, k := range Types() {
		if keys = append(keys, "schema.say_type_"+k); strings.Contains("date time datetime year yearmonth", k) {
			keys = append(keys, "schema.type_"+k)
		}
	}
	for _, k := range []string{"email", "uri", "uuid", "binary"} {
		keys = append(keys, "schema.format_"+k, "schema.say_format_"+k)
	}
	for _, k := range FixKinds() {
		keys = append(keys, "schema.fix_"+k)
	}
	for _, k := range ConversionKinds() {
		keys = append(keys, "schema.convert_"+k)
	}
	return keys
}

func TestText_everyReasonHasItsWordsInBothLanguages(t *testing.T) {
	fr, en := words(t, "fr"), words(t, "en")
	argument := regexp.MustCompile(`\{\d\}`)
	for key, sentence := range fr {
		a, b := argument.FindAllString(sentence, -1), argument.FindAllString(en[key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if en[key] == "" || !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%s: got %q in English", key, en[key])
		}
		if strings.HasSuffix(key, "_title") && utf8.RuneCountInString(sentence) > 60 {
			t.Errorf("%s: over 60 characters", key)
		}
		if (strings.HasSuffix(key, "_title") || strings.HasSuffix(key, "_mend")) && strings.Contains(sentence, "{0}") {
			t.Errorf("%s: quotes the cell, but is said once for a group", key)
		}
		if strings.ContainsAny(sentence, "'") || regexp.MustCompile(` [:;?!»]|« `).MatchString(sentence) {
			t.Errorf("%s: French typography: %q", key, sentence)
		}
	}
	for key := range en {
		if fr[key] == "" {
			t.Errorf("%s: no French", key)
		}
	}
	faults := []string{"not_json", "not_object", "not_table", "no_fields", "too_large", "unknown", "pack_broken", "not_document", "data_not_json", "data_too_large", "is_package", "not_registry",
		"registry_empty", "registry_too_large", "not_package", "unsafe_path", "package_file", "registry_shrunk", "no_index", "no_edition", "not_admin", "no_way_out", "not_dialect"}
	for _, key := range keysInCode(t) {
		short := strings.TrimPrefix(key, "schema.")
		reason := !slices.Contains(faults, short) && !strings.HasPrefix(short, "fix_") && !strings.HasPrefix(short, "say_") && !strings.HasPrefix(short, "rank_") &&
			!strings.HasPrefix(short, "align_") && !strings.HasPrefix(short, "convert_") && !strings.HasPrefix(short, "note_")
		if fr[key] == "" && !prefixOnly(fr, key) || reason && fr[key] != "" && (fr[key+"_mend"] == "" || fr[key+"_title"] == "") {
			t.Errorf("%s: words missing", key)
		}
	}
}

// prefixOnly says whether key is not a key but the start of some.
func prefixOnly(m map[string]string, key string) bool {
	for k := range m {
		if strings.HasPrefix(k, key+"_") {
			return true
		}
	}
	return false
}

func TestWords_everyPhraseOfEveryFieldExists(t *testing.T) {
	fr := words(t, "fr")
	for _, e := range tablesOf(pack(t)) {
		s, _, err := e.Schema()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range s.Fields {
			phrases := append(f.TypeWords(), f.RuleWords()...)
			for _, c := range s.Checks(f.Name) {
				phrases = append(phrases, c.Words())
			}
			for _, p := range phrases {
				if sentence := fr[p.Key]; sentence == "" || strings.Contains(sentence, "{"+number(len(p.Args))+"}") {
					t.Errorf("%s.%s: %s %q: got %q", e.Name, f.Name, p.Key, p.Args, sentence)
				}
			}
		}
	}
}

// The arguments a finding carries are those its sentences use.
func TestFindings_carryTheArgumentsOfTheirWords(t *testing.T) {
	fr := words(t, "fr")
	highest := regexp.MustCompile(`\{(\d)\}`)
	check := func(name string, rows [][]string, s Schema) {
		for _, f := range checkRows(s, rows) {
			for _, key := range []string{f.Reason, f.Reason + "_mend", f.Reason + "_title"} {
				for _, m := range highest.FindAllStringSubmatch(fr[key], -1) {
					if int(m[1][0]-'0') >= len(f.Args) {
						t.Errorf("%s: %s asks for {%s}, got %q", name, key, m[1], f.Args)
					}
				}
			}
		}
	}
	for _, c := range typeCases {
		for _, v := range c.bad {
			check(v, [][]string{{"c"}, {v}}, parse(t, `{"fields": [`+field(t, c.kind, c.more)+`]}`))
		}
	}
	for _, e := range tablesOf(pack(t)) {
		s, _, err := e.Schema()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []string{"", " ", "x", " 12,5 ", "1", "2024/2023"} {
			row := slices.Repeat([]string{v}, len(e.Columns))
			check(e.Name, [][]string{e.Columns, row, row}, s)
			check(e.Name, [][]string{append([]string{"x", ""}, e.Columns[1:]...), row}, s)
		}
	}
}

// tablesOf lists the schemas of tables of a pack, earlier versions among them.
func tablesOf(p *Pack) (list []*Entry) {
	for _, e := range p.All() {
		if e.Kind == KindTable {
			list = append(append(list, e), e.Older...)
		}
	}
	return list
}
