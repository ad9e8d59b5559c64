package catalogue

import (
	"encoding/json"
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
	Field    string // JSON name of the field
	Base     string // texts as a person reads them; lists are joined by ", "
	Mine     string
	Theirs   string
	Conflict bool // both changed it, and not alike: somebody must choose
	Kept     Side // without a conflict, the side whose text is kept
}

// Label is the catalogue key of the field's name.
func (d Difference) Label() string { return "catalogue.field_" + d.Field }

// field is one thing a person writes in a record: how to read it and how to take it from another record.
type field struct {
	name string
	read func(Record) string
	take func(*Record, Record)
}

func text(name string, at func(*Record) *string) field {
	return field{name, func(r Record) string { return *at(&r) }, func(dst *Record, src Record) { *at(dst) = *at(&src) }}
}

// fields are the fields a person edits, in the order of the form. Facts (resources, columns, dates of the record) are
// not among them: the system keeps them, the latest wins.
var fields = []field{
	text("title", func(r *Record) *string { return &r.Title }),
	text("description", func(r *Record) *string { return &r.Description }),
	text("purpose", func(r *Record) *string { return &r.Purpose }),
	text("limits", func(r *Record) *string { return &r.Limits }),
	text("origin", func(r *Record) *string { return &r.Origin }),
	text("owner", func(r *Record) *string { return &r.Owner }),
	text("contact", func(r *Record) *string { return &r.Contact }),
	{"keywords", func(r Record) string { return strings.Join(r.Keywords, ", ") },
		func(dst *Record, src Record) { dst.Keywords = slices.Clone(src.Keywords) }},
	{"themes", func(r Record) string { return joinThemes(r.Themes) },
		func(dst *Record, src Record) { dst.Themes = slices.Clone(src.Themes) }},
	{"spatial", func(r Record) string { return readSpatial(r.Spatial) },
		func(dst *Record, src Record) { dst.Spatial = src.Clone().Spatial }},
	{"temporal", func(r Record) string { return readTemporal(r.Temporal) },
		func(dst *Record, src Record) { dst.Temporal = src.Temporal }},
	text("frequency", func(r *Record) *string { return &r.Frequency }),
	{"confidentiality", func(r Record) string { return string(r.Confidentiality) },
		func(dst *Record, src Record) { dst.Confidentiality = src.Confidentiality }},
	text("licence", func(r *Record) *string { return &r.Licence }),
	text("language", func(r *Record) *string { return &r.Language }),
	{"schema", func(r Record) string { return strings.TrimSpace(r.Schema.Name + " " + r.Schema.URI) },
		func(dst *Record, src Record) { dst.Schema = src.Schema }},
	{"hvd", func(r Record) string { return string(r.HVD) }, func(dst *Record, src Record) { dst.HVD = src.HVD }},
	{"service", func(r Record) string { return r.Service },
		func(dst *Record, src Record) { dst.Service, dst.ServiceName = src.Service, src.ServiceName }},
	text("slug", func(r *Record) *string { return &r.Slug }),
}

func joinThemes(themes []Theme) string {
	parts := make([]string, len(themes))
	for i, t := range themes {
		parts[i] = string(t)
	}
	return strings.Join(parts, ", ")
}

func readSpatial(s Spatial) string {
	parts := slices.DeleteFunc([]string{s.Name, s.Code, s.Kind}, func(p string) bool { return p == "" })
	if s.BBox != nil {
		box, _ := json.Marshal([]float64{s.BBox.West, s.BBox.South, s.BBox.East, s.BBox.North})
		parts = append(parts, string(box))
	}
	return strings.Join(parts, " ")
}

func readTemporal(t Temporal) string {
	if t.Empty() {
		return ""
	}
	return string(t.Start) + "/" + string(t.End)
}

// Compare lists what changed between base, the record both people opened, and what each of them wants to save, in the
// order of the form. Without a Conflict among them, [Merge] needs no choice.
func Compare(base, mine, theirs Record) []Difference {
	var diffs []Difference
	for _, f := range fields {
		b, m, t := f.read(base), f.read(mine), f.read(theirs)
		switch {
		case m == b && t == b:
		case m == t:
			diffs = append(diffs, Difference{f.name, b, m, t, false, Theirs})
		case t == b:
			diffs = append(diffs, Difference{f.name, b, m, t, false, Mine})
		case m == b:
			diffs = append(diffs, Difference{f.name, b, m, t, false, Theirs})
		default:
			diffs = append(diffs, Difference{f.name, b, m, t, true, ""})
		}
	}
	return diffs
}

// Merge returns theirs, the record as saved, with what mine changed and nobody else did, and with mine where choice
// says so. Facts, state and version are theirs.
// Faults: a list of Conflict "catalogue.choose_text", one per conflicting field without a choice; "catalogue.choice_invalid"
// for a choice that is no side.
func Merge(base, mine, theirs Record, choice map[string]Side) (Record, error) {
	merged := theirs.Clone()
	var open fault.List
	for _, d := range Compare(base, mine, theirs) {
		side := d.Kept
		if d.Conflict {
			side = choice[d.Field]
		}
		switch side {
		case Mine:
			i := slices.IndexFunc(fields, func(f field) bool { return f.name == d.Field })
			fields[i].take(&merged, mine)
		case Theirs:
		case "":
			f := fault.New(fault.Conflict, "catalogue.choose_text")
			f.Field = d.Field
			open = append(open, f)
		default:
			open.Add(d.Field, "catalogue.choice_invalid", string(side))
		}
	}
	return merged, open.Err()
}

// CheckVersion refuses to save over a newer row. Fault: Conflict "catalogue.changed_meanwhile", after which pages show
// what [Compare] says.
func CheckVersion(opened, stored int) error {
	if opened != stored {
		return fault.New(fault.Conflict, "catalogue.changed_meanwhile", strconv.Itoa(opened), strconv.Itoa(stored))
	}
	return nil
}
