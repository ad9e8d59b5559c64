package competency

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
)

// Side says whose text is kept.
type Side string

// The sides of a conflict.
const (
	Mine   Side = "mine"   // the one who saves second
	Theirs Side = "theirs" // the one who saved first
)

// A Difference is one field that somebody changed since base.
type Difference struct {
	Field              string // "code", "label.fr", "levels.N1.fr": see [Fields]
	Base, Mine, Theirs string
	Conflict           bool // both changed it, and not alike: somebody must choose
	Kept               Side // without a conflict, the side whose text is kept
}

// A Field is one thing an item says, as a person reads it.
type Field struct {
	Name  string // "code", "kind", "parent", "mark", "label.fr", "description.fr", "levels.N1.fr", "alignments", "successors"
	Value string
}

// Fields lists what an item says, in the order of the form: a field that says nothing is left out. What a form does not edit
// (alignments, successors) comes last.
func (it Item) Fields() []Field {
	var out []Field
	add := func(name, value string) {
		if value != "" {
			out = append(out, Field{name, value})
		}
	}
	texts := func(name string, t Text) {
		for _, lang := range slices.Sorted(maps.Keys(t)) {
			add(name+"."+lang, t[lang])
		}
	}
	add("code", it.Code)
	add("parent", string(it.Parent))
	if it.Mark > 0 {
		add("mark", strconv.Itoa(it.Mark))
	}
	texts("label", it.Label)
	texts("description", it.Description)
	for _, code := range slices.Sorted(maps.Keys(it.Levels)) {
		texts("levels."+code, it.Levels[code])
	}
	var lines []string
	for _, a := range it.Alignments {
		lines = append(lines, a.String())
	}
	add("alignments", strings.Join(lines, "\n"))
	if it.Retired {
		var ids []string
		for _, s := range it.Successors {
			ids = append(ids, string(s))
		}
		add("successors", strings.Join(ids, "\n"))
	}
	return out
}

// String says an alignment on one line, for comparing.
func (a Alignment) String() string {
	parts := []string{SchemeName(a.Scheme), a.Code, a.Label.In("fr"), a.URI, "(" + string(a.Match) + ")", a.Source, a.Checked, a.Note}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), " ")
}

func (it Item) field(name string) string {
	for _, f := range it.Fields() {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// take copies one field the form edits from src.
func (it *Item) take(name string, src Item) {
	what, lang, _ := strings.Cut(name, ".")
	switch what {
	case "code":
		it.Code = src.Code
	case "parent":
		it.Parent = src.Parent
	case "mark":
		it.Mark = src.Mark
	case "label":
		it.Label = it.Label.With(lang, src.Label[lang])
	case "description":
		it.Description = it.Description.With(lang, src.Description[lang])
	case "levels":
		dot := strings.LastIndexByte(lang, '.') // a level's code may hold a dot, a language does not
		code, lang := lang[:dot], lang[dot+1:]
		it.SetLevel(code, it.Levels[code].With(lang, src.Levels[code][lang]))
	}
}

// SetLevel replaces what the item says of a level; an empty text takes it away.
func (it *Item) SetLevel(code string, t Text) {
	levels := maps.Clone(it.Levels)
	if levels == nil {
		levels = map[string]Text{}
	}
	if levels[code] = t; len(t) == 0 {
		delete(levels, code)
	}
	if it.Levels = levels; len(levels) == 0 {
		it.Levels = nil
	}
}

// editable reports whether the item's form writes the field.
func editable(name string) bool { return name != "alignments" && name != "successors" }

// Compare lists the fields of the form that changed between base, the item both people opened, and what each of them wants
// to save. Without a Conflict among them, [Merge] needs no choice.
func Compare(base, mine, theirs Item) []Difference {
	var diffs []Difference
	seen := map[string]bool{}
	for _, it := range []Item{base, mine, theirs} {
		for _, f := range it.Fields() {
			if seen[f.Name] || !editable(f.Name) {
				continue
			}
			seen[f.Name] = true
			b, m, t := base.field(f.Name), mine.field(f.Name), theirs.field(f.Name)
			switch {
			case m == b && t == b:
			case m == t || m == b:
				diffs = append(diffs, Difference{f.Name, b, m, t, false, Theirs})
			case t == b:
				diffs = append(diffs, Difference{f.Name, b, m, t, false, Mine})
			default:
				diffs = append(diffs, Difference{f.Name, b, m, t, true, ""})
			}
		}
	}
	return diffs
}

// Merge returns theirs, the item as saved, with what mine changed and nobody else did, and with mine where choice says so.
// Faults: a list of Conflict "competency.choose_text", one per conflicting field without a choice; Invalid
// "competency.choice_invalid" for a choice that is no side.
func Merge(base, mine, theirs Item, choice map[string]Side) (Item, error) {
	merged := theirs
	var open fault.List
	for _, d := range Compare(base, mine, theirs) {
		side := d.Kept
		if d.Conflict {
			side = choice[d.Field]
		}
		switch side {
		case Mine:
			merged.take(d.Field, mine)
		case Theirs:
		case "":
			f := fault.New(fault.Conflict, "competency.choose_text")
			f.Field = d.Field
			open = append(open, f)
		default:
			open.Add(d.Field, "competency.choice_invalid", string(side))
		}
	}
	return merged, open.Err()
}
