package form

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/french"
)

type option struct {
	name, label string
	cells       map[string]string
}

// text is what people read of an option.
func (o option) text() string {
	if o.label == "" {
		o.label = o.name
	}
	return strings.Join(strings.Fields(o.label), " ")
}

// A surveyReader makes blocks of rows.
type surveyReader struct {
	form   Form
	names  map[string]string // of the workbook's names, those of blocks
	lists  map[string][]option
	told   []Told
	repeat string          // group that stands open
	at     int             // row being read
	skip   int             // depth inside a repeat within a repeat, which is left out
	gates  []gate          // parts and groups that stand open, the outermost first
	looks  map[string]bool // appearances that were told
}

func (r *surveyReader) tell(key string, args ...any) {
	r.told = append(r.told, Told{"survey", r.at, key, args})
}

// plain are the types that make a kind as they are.
var plain = map[string]Kind{"text": Line, "string": Line, "decimal": Number, "integer": Number, "int": Number, "date": Date, "today_date": Date, "note": Explanation, "calculate": Computed, "geopoint": Point,
	"location": Point, "range": Number, "file": File, "image": Photo, "photo": Photo}

// meta are types that say something of the device or the moment, which this house does not ask for.
var meta = []string{"start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username", "email", "audit", "background-audio", "start-geopoint"}

func (r *surveyReader) row(row sheetRow) {
	r.at = row.number
	c := row.cells
	words := strings.Fields(strings.ReplaceAll(strings.ToLower(c["type"]), "begin ", "begin_"))
	if len(words) == 0 {
		r.tell("form.xls_no_type")
		return
	}
	kind := strings.ReplaceAll(strings.Join(words, " "), "end ", "end_")
	switch {
	case kind == "end_repeat":
		r.closeGate()
		if r.skip > 0 {
			r.skip--
		} else {
			r.repeat = ""
		}
		return
	case kind == "end_group":
		r.closeGate()
		return
	case r.skip > 0:
		r.tell("form.xls_inside", c["name"])
		if kind == "begin_repeat" {
			r.skip++
		}
		if strings.HasPrefix(kind, "begin_") {
			r.gates = append(r.gates, gate{})
		}
		return
	case slices.Contains(meta, kind):
		r.tell("form.xls_meta", kind)
		return
	}
	b := Block{Label: cut(strings.TrimSpace(labelOf(c, "label")), LabelMost), Hint: cut(labelOf(c, "hint"), HintMost)}
	if b.Label == "" {
		b.Label = c["name"]
	}
	taken := r.kind(&b, kind, c)
	if taken {
		r.rest(&b, c)
	}
	if strings.HasPrefix(kind, "begin_") {
		own := gate{label: b.Label, group: b.Kind == Repeat}
		r.condition(&own.when, first(c, "relevant", "bind::relevant"))
		r.gates = append(r.gates, own)
	}
	if taken {
		r.put(b, c["name"])
	}
}

// kind finds what a type asks for; false when nothing here does, which it tells.
func (r *surveyReader) kind(b *Block, kind string, c map[string]string) bool {
	words := strings.Fields(kind)
	switch {
	case kind == "begin_repeat":
		if r.repeat != "" {
			r.skip = 1
			r.tell("form.xls_inside", c["name"])
			return false
		}
		b.Kind, b.Min, b.Max = Repeat, c["rows_min"], c["rows_max"]
		b.Label, b.Hint, _ = strings.Cut(b.Label, "\n")
		if n, err := strconv.Atoi(c["repeat_count"]); err == nil {
			b.Min, b.Max = strconv.Itoa(n), strconv.Itoa(n)
		} else if c["repeat_count"] != "" {
			r.tell("form.xls_column", "repeat_count", c["repeat_count"])
		}
	case kind == "begin_group":
		b.Kind = Heading
		b.Label, b.Hint, _ = strings.Cut(b.Label, "\n")
		if r.repeat != "" {
			r.tell("form.xls_part_in_group", b.Label)
			return false
		}
	case strings.HasPrefix(kind, "select_one ") || strings.HasPrefix(kind, "select one ") || strings.HasPrefix(kind, "select_multiple ") || strings.HasPrefix(kind, "select multiple "):
		return r.choice(b, strings.Fields(strings.Replace(c["type"], "select ", "select_", 1)))
	default:
		known := false
		if b.Kind, known = plain[words[0]]; !known || len(words) > 1 {
			r.tell("form.xls_type", c["type"], b.Label)
			return false
		}
		if words[0] == "integer" || words[0] == "int" {
			r.tell("form.xls_integer", b.Label)
		}
	}
	if kept := Kind(c["kind"]); kept == b.Kind || b.Kind == Line && slices.Contains([]Kind{LongText, Email, Phone, Address, Commune}, kept) {
		b.Kind = kept
	} else if b.Kind == Line && strings.Contains(c["appearance"], "multiline") {
		b.Kind = LongText
	} else if b.Kind == Explanation && kept == Computed {
		b.Kind = Computed
	}
	return true
}

func (r *surveyReader) choice(b *Block, words []string) bool {
	b.Kind = One
	if strings.ToLower(words[0]) == "select_multiple" {
		b.Kind = Many
	}
	if len(words) < 2 || len(r.lists[words[1]]) < 2 || len(r.lists[words[1]]) > OptionsMost {
		r.tell("form.xls_list", b.Label, strings.Join(words[1:], " "))
		return false
	}
	for _, o := range r.lists[words[1]] {
		b.Options = append(b.Options, o.text())
	}
	if len(words) > 2 {
		r.tell("form.xls_or_other", b.Label)
	}
	return true
}

// rest reads the columns beside type, name and label.
func (r *surveyReader) rest(b *Block, c map[string]string) {
	if b.Kind != Repeat {
		b.Within = r.repeat
	}
	b.Required = slices.Contains([]string{"yes", "true", "true()", "oui", "1"}, strings.ToLower(c["required"]))
	if !b.Required && c["required"] != "" && !slices.Contains([]string{"no", "false", "false()", "non", "0"}, strings.ToLower(c["required"])) {
		r.tell("form.xls_column", "required", c["required"])
	}
	b.About, b.Purpose = c["personal"] == "yes", cut(c["purpose"], LabelMost)
	b.Retention, _ = strconv.Atoi(c["retention"]) // none: to be said before publishing
	if b.Kind.Attaches() {
		b.Max = c["files_max"]
	}
	if c["area"] == string(France) {
		b.Area = France
	}
	if text := first(c, "constraint", "bind::constraint"); text != "" && b.Kind != Email && !r.limits(b, text) {
		r.tell("form.xls_column", "constraint", text)
	}
	r.shown(b, first(c, "relevant", "bind::relevant"))
	if strings.HasPrefix(strings.ToLower(c["type"]), "range") && b.Kind == Number {
		b.Min, b.Max = bounds(c["parameters"])
		delete(c, "parameters")
	}
	if b.Kind == Computed {
		if b.Formula = c["formula"]; b.Formula == "" {
			b.Formula, _ = r.formula(first(c, "calculation", "bind::calculate"))
		}
	} else if text := c["calculation"]; text != "" {
		r.tell("form.xls_column", "calculation", text)
	}
	if text := c["choice_filter"]; text != "" && !r.narrow(b, listOf(c["type"]), text) {
		r.tell("form.xls_column", "choice_filter", text)
	}
	if text := labelOf(c, "default"); text != "" && !r.initial(b, text) {
		r.tell("form.xls_column", "default", text)
	}
	for _, column := range []string{"read_only", "readonly", "trigger", "parameters", "constraint_message", "required_message", "guidance_hint"} {
		if text := labelOf(c, column); text != "" {
			r.tell("form.xls_column", column, text)
		}
	}
	if look := c["appearance"]; look != "" && c["kind"] == "" && !strings.Contains(look, "multiline") && !r.looks[look] { // told once: a workbook says it of row after row
		r.looks[look] = true
		r.tell("form.xls_column", "appearance", look)
	}
	for _, column := range slices.Sorted(maps.Keys(c)) {
		if kind, _, _ := strings.Cut(strings.TrimPrefix(column, "media::"), "::"); slices.Contains([]string{"image", "audio", "video", "big-image"}, kind) {
			r.tell("form.xls_media", b.Label, c[column])
		}
	}
}

// put adds a block, or tells why it cannot. What only lacks a purpose is taken.
func (r *surveyReader) put(b Block, name string) {
	if len(r.form.Blocks) >= BlocksMost {
		r.tell("form.many_blocks", BlocksMost)
		return
	}
	b.Tidy()
	for _, one := range b.Validate(r.form.Blocks) {
		switch one.Field {
		case "purpose", "retention", "personal":
			continue
		case "min", "max":
			b.Min, b.Max = "", ""
		case "narrow", "with":
			b.Narrow = nil
		case "initial":
			b.Initial = nil
		case "when":
			b.When = nil
		case "within":
			b.Within = ""
		default:
			r.told = append(r.told, Told{"survey", r.at, one.Key, one.Args})
			return
		}
		r.told = append(r.told, Told{"survey", r.at, one.Key, one.Args})
	}
	b.Name = r.form.free(name)
	r.names[name] = b.Name
	r.form.Blocks = append(r.form.Blocks, b)
	if b.Kind == Repeat {
		r.repeat = b.Name
	}
}

var limitOf = regexp.MustCompile(`^(\.|string-length\(\s*\.\s*\)|count-selected\(\s*\.\s*\))\s*(>=|<=|>|<)\s*(-?[0-9]+(?:\.[0-9]+)?|date\(['"]([0-9-]+)['"]\))$`)

// limits reads a constraint made of limits; false of any other.
func (r *surveyReader) limits(b *Block, text string) bool {
	for _, part := range regexp.MustCompile(`\s+and\s+`).Split(strings.TrimSpace(text), -1) {
		m := limitOf.FindStringSubmatch(strings.Trim(part, "() "+"\t"))
		if m == nil {
			if m = limitOf.FindStringSubmatch(strings.TrimSpace(part)); m == nil {
				return false
			}
		}
		fits := map[Kind]bool{Number: m[1] == "." && m[4] == "", Date: m[1] == "." && m[4] != "", Line: strings.HasPrefix(m[1], "string"), LongText: strings.HasPrefix(m[1], "string"), Many: strings.HasPrefix(m[1], "count")}
		value, ok := m[3], fits[b.Kind]
		if m[4] != "" {
			value = m[4]
		}
		if len(m[2]) == 1 {
			value, ok = beside(value, m[2], ok && b.Kind != Number)
		}
		if !ok {
			return false
		}
		if m[2][0] == '>' {
			b.Min = value
		} else {
			b.Max = value
		}
	}
	return true
}

// beside is the limit that a strict one comes to, of counts and days; of numbers there is none.
func beside(value, sign string, whole bool) (string, bool) {
	by := map[string]int{">": 1, "<": -1}[sign]
	if n, err := strconv.Atoi(value); err == nil && whole {
		return strconv.Itoa(n + by), true
	}
	if day, err := time.Parse(time.DateOnly, value); err == nil && whole {
		return day.AddDate(0, 0, by).Format(time.DateOnly), true
	}
	return "", false
}

// labelled is the option a word of the workbook stands for.
func (r *surveyReader) labelled(b Block, word string) string {
	for _, list := range r.lists {
		for _, o := range list {
			label := strings.Join(strings.Fields(o.label), " ")
			if o.name == word && slices.ContainsFunc(b.Options, func(one string) bool { return one == label }) && len(list) == len(b.Options) {
				return label
			}
		}
	}
	for i, o := range b.Options {
		if choiceName(b, i) == word || french.Fold(o) == french.Fold(word) {
			return o
		}
	}
	return word
}
