package competency

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/id"
)

// A role is what a column of a table of items says.
type role struct {
	name string // of the roles below, "level" or "scheme"
	lang string
	code string // of the level or the scheme
}

// aliases are the names people give to columns, folded. The first list that has a name wins.
var aliases = []struct {
	role  string
	names []string
	lang  string // the table is probably written in
}{
	{"id", []string{"id", "uuid", "identifiant", "identifier"}, ""},
	{"uri", []string{"uri", "url", "adresse", "lien"}, ""},
	{"kind", []string{"kind", "nature", "type"}, ""},
	{"parent", []string{"parent"}, ""},
	{"status", []string{"status", "statut", "etat"}, ""},
	{"successors", []string{"successors", "successeurs", "remplacee par", "remplace par"}, ""},
	{"mark", []string{"mark", "repere"}, ""},
	{"modified", []string{"modified", "modifie le", "date de modification"}, ""},
	{"family", []string{"famille", "famille de competences", "domaine", "domaine de competences", "axe", "theme", "thematique", "bloc", "categorie", "pole"}, "fr"},
	{"family", []string{"family", "domain", "area", "competence area", "category", "group"}, "en"},
	{"code", []string{"code", "numero", "num", "n", "no", "ref", "reference", "code competence", "notation", "human coding scheme"}, ""},
	{"label", []string{"competence", "competences", "libelle", "libelle competence", "intitule", "nom", "savoir faire", "titre", "enonce"}, "fr"},
	{"label", []string{"label", "competency", "skill", "title", "name", "full statement", "statement"}, "en"},
	{"description", []string{"description", "definition", "detail", "details", "precision", "precisions", "notes"}, ""},
}

// levelColumn reads "N1", "Niveau 2 : Applique", "Level 3 - Masters".
var levelColumn = regexp.MustCompile(`^\s*(?i:niveau|niv\.?|level|n|l)\s*([0-9]{1,2})\s*[:.\-–—(]*\s*(.*?)\)?\s*$`)

// roles says what each column means; lang is the language its names suggest, "" when they suggest none.
func roles(columns []string) (out []role, lang string) {
	for _, column := range columns {
		r := role{}
		folded := sameHeader(column)
		base, in := column, ""
		if i := strings.LastIndexByte(column, '_'); i > 0 && languageCode.MatchString(column[i+1:]) && len(column[i+1:]) <= 5 {
			base, in = column[:i], strings.ToLower(column[i+1:])
		}
		if code, ok := strings.CutPrefix(base, "level_"); ok && in != "" {
			out = append(out, role{"level", column[len(base)+1:], code})
			continue
		}
		for _, a := range aliases {
			if slices.Contains(a.names, folded) || in != "" && slices.Contains(a.names, sameHeader(base)) {
				if r.name = a.role; !slices.Contains(a.names, folded) {
					r.lang = in
				}
				if lang == "" && a.lang != "" && r.lang == "" {
					lang = a.lang
				}
				break
			}
		}
		if m := levelColumn.FindStringSubmatch(column); m != nil && r.name == "" {
			r = role{name: "level", code: "N" + m[1]}
		}
		for _, s := range Schemes() {
			if r.name == "" && (folded == sameHeader(s.Name) || folded == sameHeader(s.ID)) {
				r = role{name: "scheme", code: s.ID}
			}
		}
		out = append(out, r)
	}
	return out, lang
}

// items reads a table of families and competences: ours, or anybody's whose columns can be recognised.
func (r *tableReader) items(g grid) error {
	columns, lang := roles(g.columns)
	has := func(name string) bool {
		return slices.ContainsFunc(columns, func(c role) bool { return c.name == name })
	}
	if !has("label") {
		return fault.Field("file", "competency.table_no_label", strings.Join(g.columns[:min(len(g.columns), 12)], ", "))
	}
	for i, c := range columns {
		if c.name == "" && strings.TrimSpace(g.columns[i]) != "" {
			r.remark("", "competency.remark_column", g.columns[i])
		}
	}
	if r.partial = r.f.ID == ""; r.partial {
		r.bare = !has("id")
		title := fileTitle(r.file)
		r.f.ID = ID(id.NamedUUID("framework file", title))
		r.f.Languages = tableLanguages(columns, lang)
		r.f.Title = Text{r.f.Main(): title}
	}
	r.newLevels(g, columns)
	t := itemTable{tableReader: r, g: g, columns: columns, families: map[string]ItemID{}, main: r.f.Main(), ownKinds: has("kind")}
	for n := range g.rows {
		t.row(n)
	}
	if len(r.f.Items) == 0 {
		return fault.Field("file", "competency.table_empty")
	}
	if t.carried > 0 {
		r.remarks = append(r.remarks, Remark{Key: "competency.remark_carried", Count: t.carried})
	}
	return nil
}

// tableLanguages lists the languages the columns name; without any, the one their own words suggest, else French.
func tableLanguages(columns []role, suggested string) []string {
	var langs []string
	for _, c := range columns {
		if c.lang != "" && !slices.Contains(langs, c.lang) && len(langs) < LanguagesMost {
			langs = append(langs, c.lang)
		}
	}
	if len(langs) == 0 {
		return []string{firstOf(suggested, "fr")}
	}
	return langs
}

// newLevels adds the levels that only columns name.
func (r *tableReader) newLevels(g grid, columns []role) {
	given := len(r.f.Levels) > 0
	for i, c := range columns {
		if c.name != "level" || slices.ContainsFunc(r.f.Levels, func(l Level) bool { return l.Code == c.code }) || given || !r.partial {
			continue
		}
		label := c.code
		if m := levelColumn.FindStringSubmatch(g.columns[i]); m != nil && m[2] != "" {
			label = m[2]
		}
		r.f.Levels = append(r.f.Levels, Level{Code: c.code, Label: Text{r.f.Main(): label}})
	}
}

// An itemTable is a table of items being read.
type itemTable struct {
	*tableReader
	g        grid
	columns  []role
	families map[string]ItemID // by folded name
	main     string
	family   ItemID // of the row above
	carried  int    // rows whose family is that of the row above
	ownKinds bool   // a column says what is a family
}

func (t *itemTable) cell(n int, name string) string {
	for i, c := range t.columns {
		if c.name == name && c.lang == "" {
			return t.g.rows[n][i]
		}
	}
	return ""
}

func (t *itemTable) row(n int) {
	where := t.where("", t.g.numbers[n])
	it := Item{Kind: Competence, Modified: t.now, Code: line(t.cell(n, "code")), URI: strings.TrimSpace(t.cell(n, "uri"))}
	for i, c := range t.columns {
		lang, words := firstOf(c.lang, t.main), clean(t.g.rows[n][i])
		if words == "" {
			continue
		}
		switch c.name {
		case "label":
			it.Label = it.Label.With(lang, words)
		case "description":
			it.Description = it.Description.With(lang, words)
		case "level":
			it.SetLevel(c.code, it.Levels[c.code].With(lang, words))
		case "scheme":
			for _, code := range strings.FieldsFunc(words, func(r rune) bool { return strings.ContainsRune(",;|\n", r) }) {
				if code = line(code); code != "" {
					it.Alignments = append(it.Alignments, Alignment{Scheme: c.code, Code: code, Match: Related, Source: fileTitle(t.file)})
				}
			}
		}
	}
	switch kind := french.Fold(line(t.cell(n, "kind"))); {
	case kind == "family" || kind == "famille":
		it.Kind = Family
	case t.ownKinds && kind != "" && kind != "competence" && kind != "competency" && kind != "skill":
		t.remark(where, "competency.remark_kind", t.cell(n, "kind"))
	}
	t.place(n, &it)
	if len(it.Label) == 0 {
		if t.cell(n, "family") == "" {
			t.remark(where, "competency.remark_row_no_label")
		}
		return // a row that only opens a family, or says nothing
	}
	t.identify(n, &it, where)
	t.dates(n, &it, where)
	if it.Kind == Family {
		it.Parent = ""
		t.families[french.Fold(it.Label.In(t.main))] = it.ID
	}
	if _, twice := t.f.Item(it.ID); twice {
		t.remark(where, "competency.remark_item_twice", firstOf(it.Code, it.Label.In(t.main)))
		return
	}
	t.f.Items = append(t.f.Items, it)
}

// place finds what an item stands under: its parent by identifier, else its family by name, made when it is new.
func (t *itemTable) place(n int, it *Item) {
	if p := strings.TrimSpace(t.cell(n, "parent")); id.IsUUID(p) {
		it.Parent = ItemID(p)
		return
	}
	name := line(t.cell(n, "family"))
	hasColumn := slices.ContainsFunc(t.columns, func(c role) bool { return c.name == "family" })
	switch {
	case it.Kind == Family || !hasColumn || t.ownKinds && name == "":
		return
	case name == "":
		if it.Parent = t.family; t.family != "" && len(it.Label) > 0 {
			t.carried++
		}
		return
	}
	key := french.Fold(name)
	if _, known := t.families[key]; !known {
		family := Item{ID: ItemID(id.NamedUUID(string(t.f.ID), "family "+key)), Kind: Family, Label: Text{t.main: name}, Modified: t.now}
		t.f.Items = append(t.f.Items, family)
		t.families[key] = family.ID
	}
	t.family, it.Parent = t.families[key], t.families[key]
}

// identify gives an item its identifier: its own, else one made of its code or its name, the same each time the file comes.
func (t *itemTable) identify(n int, it *Item, where string) {
	given := strings.TrimSpace(t.cell(n, "id"))
	switch {
	case id.IsUUID(given):
		it.ID = ItemID(given)
	case given != "":
		it.ID = ItemID(uuidOf(string(t.f.ID), given))
		t.remark(where, "competency.remark_identifier", string(it.ID))
	default:
		it.ID = ItemID(id.NamedUUID(string(t.f.ID), fmt.Sprint(it.Kind, " ", firstOf(it.Code, it.Label.In(t.main)))))
		if _, taken := t.f.Item(it.ID); taken && it.Code != "" { // two of one code are two, if they are not called the same
			it.ID = ItemID(id.NamedUUID(string(t.f.ID), fmt.Sprint(it.Kind, " ", it.Code, " ", it.Label.In(t.main))))
		}
	}
	if it.URI != "" && !validAddress(it.URI) {
		t.remark(where, "competency.remark_address", it.URI)
		it.URI = ""
	}
}

// dates reads the columns that only a table of ours has.
func (t *itemTable) dates(n int, it *Item, where string) {
	if s := t.cell(n, "modified"); s != "" {
		if at, err := time.Parse(time.RFC3339Nano, s); err == nil {
			it.Modified = at.UTC()
		}
	}
	if s := t.cell(n, "mark"); s != "" {
		var err error
		if it.Mark, err = strconv.Atoi(s); err != nil {
			t.remark(where, "competency.remark_mark", s)
		}
	}
	it.Retired = slices.Contains([]string{"retired", "retiree", "retire"}, french.Fold(line(t.cell(n, "status"))))
	for _, s := range strings.Fields(t.cell(n, "successors")) {
		it.Successors = append(it.Successors, ItemID(s))
	}
}
