package competency

import (
	"regexp"
	"slices"
	"strconv"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/id"
)

// The most a framework may hold. Lengths are in characters.
const (
	ItemsMost       = 5000
	LevelsMost      = 10
	LanguagesMost   = 12
	AlignmentsMost  = 200 // of one item
	LabelLongest    = 1000
	TextLongest     = 5000
	CodeLongest     = 40
	referenceLength = 1000
)

// languageCode is the shape of a BCP 47 code.
var languageCode = regexp.MustCompile(`^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$`)

// FieldOf is the form field of a text: "label-fr".
func FieldOf(name, lang string) string { return name + "-" + lang }

// LevelField is the form field of a level's description in an item: "levels-N1-fr".
func LevelField(code, lang string) string { return "levels-" + code + "-" + lang }

// Validate says everything that is wrong with the framework's own fields and levels; [Framework.ValidateItems] does for the
// items. Faults, all Invalid: "competency.title_missing", "competency.text_long", "competency.languages_wrong",
// "competency.levels_many", "competency.level_code_missing", "competency.level_code_taken", "competency.level_label_missing".
func (f Framework) Validate() fault.List {
	var wrong fault.List
	if f.Title.In(f.Main()) == "" {
		wrong.Add(FieldOf("title", f.Main()), "competency.title_missing")
	}
	tooLong(&wrong, "title", f.Title, LabelLongest)
	tooLong(&wrong, "description", f.Description, TextLongest)
	for field, s := range map[string]string{"creator": f.Creator, "source": f.Source, "licence": f.Licence, "edition": f.Edition} {
		if utf8.RuneCountInString(s) > referenceLength {
			wrong.Add(field, "competency.text_long", referenceLength)
		}
	}
	distinct := slices.Compact(slices.Sorted(slices.Values(f.Languages)))
	if n := len(f.Languages); n == 0 || n > LanguagesMost || len(distinct) != n || slices.ContainsFunc(f.Languages, func(l string) bool { return !languageCode.MatchString(l) }) {
		wrong.Add("languages", "competency.languages_wrong")
	}
	if len(f.Levels) > LevelsMost {
		wrong.Add("levels", "competency.levels_many", LevelsMost)
	}
	for i, l := range f.Levels {
		field := "level-" + strconv.Itoa(i+1)
		switch {
		case l.Code == "":
			wrong.Add(field+"-code", "competency.level_code_missing")
		case utf8.RuneCountInString(l.Code) > CodeLongest:
			wrong.Add(field+"-code", "competency.text_long", CodeLongest)
		case slices.ContainsFunc(f.Levels[:i], func(o Level) bool { return o.Code == l.Code }):
			wrong.Add(field+"-code", "competency.level_code_taken", l.Code)
		}
		if l.Label.In(f.Main()) == "" {
			wrong.Add(FieldOf(field+"-label", f.Main()), "competency.level_label_missing", l.Code)
		}
		tooLong(&wrong, field+"-label", l.Label, LabelLongest)
		tooLong(&wrong, field+"-description", l.Description, TextLongest)
	}
	return wrong
}

func tooLong(wrong *fault.List, name string, t Text, most int) {
	for lang, s := range t {
		if utf8.RuneCountInString(s) > most {
			wrong.Add(FieldOf(name, lang), "competency.text_long", most)
		}
	}
}

// ValidateItems says the first thing that is wrong with each item. Faults: Invalid "competency.items_many" and those of
// [Framework.ValidateItem].
func (f Framework) ValidateItems() fault.List {
	var wrong fault.List
	if len(f.Items) > ItemsMost {
		wrong.Add("items", "competency.items_many", ItemsMost)
		return wrong
	}
	codes := map[string]int{}
	for _, it := range f.Items {
		if !it.Retired && it.Code != "" {
			codes[french.Fold(it.Code)]++
		}
	}
	byID := map[ItemID]Item{}
	for _, it := range f.Items {
		byID[it.ID] = it
	}
	for _, it := range f.Items {
		found := f.itemFaults(it, byID, codes)
		if len(found) > 0 {
			wrong = append(wrong, found[0])
		}
	}
	return wrong
}

// ValidateItem says everything that is wrong with one item of f. Faults, all Invalid: "competency.label_missing",
// "competency.text_long", "competency.code_taken", "competency.kind_unknown", "competency.parent_unknown",
// "competency.parent_retired", "competency.parent_loop", "competency.family_on_top", "competency.mark_unknown",
// "competency.identifier_wrong", "competency.alignments_many" and those of [Alignment.Validate].
func (f Framework) ValidateItem(it Item) fault.List {
	codes, byID := map[string]int{}, map[ItemID]Item{}
	for _, other := range f.Items {
		if other.ID == it.ID {
			continue
		}
		byID[other.ID] = other
		if !other.Retired && other.Code != "" {
			codes[french.Fold(other.Code)]++
		}
	}
	byID[it.ID] = it
	if !it.Retired && it.Code != "" {
		codes[french.Fold(it.Code)]++
	}
	return f.itemFaults(it, byID, codes)
}

func (f Framework) itemFaults(it Item, byID map[ItemID]Item, codes map[string]int) fault.List {
	var wrong fault.List
	if !id.IsUUID(string(it.ID)) {
		wrong.Add("id", "competency.identifier_wrong", string(it.ID))
	}
	if it.Label.In(f.Main()) == "" {
		wrong.Add(FieldOf("label", f.Main()), "competency.label_missing")
	}
	tooLong(&wrong, "label", it.Label, LabelLongest)
	tooLong(&wrong, "description", it.Description, TextLongest)
	for code, t := range it.Levels {
		tooLong(&wrong, "levels-"+code, t, TextLongest)
	}
	if utf8.RuneCountInString(it.Code) > CodeLongest {
		wrong.Add("code", "competency.text_long", CodeLongest)
	}
	if !it.Retired && it.Code != "" && codes[french.Fold(it.Code)] > 1 {
		wrong.Add("code", "competency.code_taken", it.Code)
	}
	if it.Kind != Family && it.Kind != Competence {
		wrong.Add("kind", "competency.kind_unknown", string(it.Kind))
	}
	if it.Mark < 0 || it.Mark > MarksMost {
		wrong.Add("mark", "competency.mark_unknown", MarksMost)
	}
	placeFaults(&wrong, it, byID)
	if len(it.Alignments) > AlignmentsMost {
		wrong.Add("alignments", "competency.alignments_many", AlignmentsMost)
	}
	seen := map[string]bool{}
	for _, a := range it.Alignments {
		wrong = append(wrong, a.Validate()...)
		if seen[a.Key()] {
			wrong.Add("code", "competency.alignment_twice")
		}
		seen[a.Key()] = true
	}
	return wrong
}

// placeFaults says what is wrong with where an item stands.
func placeFaults(wrong *fault.List, it Item, byID map[ItemID]Item) {
	if it.Parent == "" {
		return
	}
	parent, known := byID[it.Parent]
	switch {
	case !known:
		wrong.Add("parent", "competency.parent_unknown")
		return
	case it.Kind == Family:
		wrong.Add("parent", "competency.family_on_top")
		return
	case parent.Retired && !it.Retired:
		wrong.Add("parent", "competency.parent_retired")
		return
	}
	for range len(byID) {
		if parent.ID == it.ID {
			wrong.Add("parent", "competency.parent_loop")
			return
		}
		next, more := byID[parent.Parent]
		if !more {
			return
		}
		parent = next
	}
	wrong.Add("parent", "competency.parent_loop")
}

// Validate says everything that is wrong with an alignment. Faults, all Invalid: "competency.alignment_scheme",
// "competency.alignment_empty", "competency.alignment_match", "competency.alignment_address", "competency.alignment_day",
// "competency.text_long".
func (a Alignment) Validate() fault.List {
	var wrong fault.List
	if a.Scheme == "" {
		wrong.Add("scheme", "competency.alignment_scheme")
	}
	if a.Code == "" && a.URI == "" {
		wrong.Add("code", "competency.alignment_empty")
	}
	if a.URI != "" && !validAddress(a.URI) {
		wrong.Add("uri", "competency.alignment_address", a.URI)
	}
	if !slices.Contains(Matches(), a.Match) {
		wrong.Add("match", "competency.alignment_match")
	}
	if a.Checked != "" && !validDay(a.Checked) {
		wrong.Add("checked", "competency.alignment_day", a.Checked)
	}
	for field, s := range map[string]string{"scheme": a.Scheme, "code": a.Code, "uri": a.URI, "source": a.Source, "note": a.Note} {
		if utf8.RuneCountInString(s) > referenceLength {
			wrong.Add(field, "competency.text_long", referenceLength)
		}
	}
	tooLong(&wrong, "label", a.Label, LabelLongest)
	return wrong
}
