package competency

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/id"
)

// object is a JSON object whose members are read one by one; what is left is somebody else's.
type object map[string]json.RawMessage

// text takes a member that is a string; "" when it is absent or something else, which stays.
func (o object) text(name string) string {
	var s string
	if raw, ok := o[name]; ok && json.Unmarshal(raw, &s) == nil {
		delete(o, name)
	}
	return s
}

// look reads a member into v and leaves it; false when it is absent or does not fit.
func (o object) look(name string, v any) bool {
	raw, ok := o[name]
	return ok && json.Unmarshal(raw, v) == nil
}

// drop takes a member that says what is known already.
func (o object) drop(name, known string) {
	var s string
	if o.look(name, &s) && s == known {
		delete(o, name)
	}
}

// extended takes what is ours out of "extensions" into v.
func (o object) extended(v any) {
	var all object
	if !o.look("extensions", &all) {
		return
	}
	if raw, ok := all[extension]; ok && json.Unmarshal(raw, v) == nil {
		if delete(all, extension); len(all) == 0 {
			delete(o, "extensions")
			return
		}
		o["extensions"], _ = json.Marshal(all) // raw messages: cannot fail
	}
}

func (o object) foreign() Foreign {
	if len(o) == 0 {
		return nil
	}
	return Foreign(o)
}

type caseReader struct {
	a       Address
	f       Framework
	now     time.Time
	remarks []Remark
	count   map[string]int // of what is kept without being shown
}

func (r *caseReader) remark(where, key string, args ...string) {
	if len(r.remarks) < RemarksMost {
		r.remarks = append(r.remarks, Remark{Where: where, Key: key, Args: args})
	}
}

// RemarksMost bounds what is said of one file.
const RemarksMost = 200

// ReadCASE reads a CASE package, 1.0 or 1.1. What this room has no word for is kept as it came, and said. now dates what has no
// date. Faults, all Invalid on the field "file": "competency.json_broken", "competency.case_no_document",
// "competency.case_no_items".
func (a Address) ReadCASE(raw []byte, now time.Time) (_ Framework, remarks []Remark, err error) {
	var pack object
	if err := parseJSON(raw, &pack); err != nil {
		return Framework{}, nil, err
	}
	var inner object
	if pack.look("CFPackage", &inner) {
		pack = inner
	}
	var doc object
	if !pack.look("CFDocument", &doc) {
		return Framework{}, nil, fault.Field("file", "competency.case_no_document")
	}
	var items, links, rubrics []json.RawMessage
	pack.look("CFItems", &items)
	pack.look("CFAssociations", &links)
	pack.look("CFRubrics", &rubrics)
	if len(items) == 0 {
		return Framework{}, nil, fault.Field("file", "competency.case_no_items")
	}
	r := &caseReader{a: a, now: now, count: map[string]int{}}
	creator := r.document(doc)
	byID := r.items(items)
	r.links(links, byID)
	r.rubrics(rubrics)
	for _, name := range []string{"CFDefinitions", "extensions"} {
		if raw, ok := pack[name]; ok && string(raw) != "null" {
			r.keep(name, raw)
		}
	}
	r.f.Settle()
	r.kinds()
	r.summarise()
	r.f.Creator = creator
	a.own(&r.f)
	return r.f, r.remarks, nil
}

// parseJSON reads JSON or says at which line it breaks.
func parseJSON(raw []byte, v any) error {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	err := json.Unmarshal(raw, v)
	if err == nil {
		return nil
	}
	at := int64(len(raw))
	if s, ok := errors.AsType[*json.SyntaxError](err); ok {
		at = min(s.Offset, at)
	}
	if u, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		at = min(u.Offset, at)
	}
	return fault.Field("file", "competency.json_broken", 1+bytes.Count(raw[:at], []byte("\n"))).Because(err)
}

func (r *caseReader) keep(name string, raw json.RawMessage) {
	if r.f.Foreign == nil {
		r.f.Foreign = Foreign{}
	}
	r.f.Foreign[name] = raw
}

// documentExtension is what [extend] adds to a CFDocument.
type documentExtension struct {
	Title, Description Text
	Languages          []string
	Levels             []Level
	Source, Licence    string
	Creator            *string
}

// document reads the framework's own fields, and returns who made it.
func (r *caseReader) document(doc object) string {
	var ours documentExtension
	doc.extended(&ours)
	f := &r.f
	f.URI = doc.text("uri")
	given := doc.text("identifier")
	if f.ID = ID(uuidOf("framework", given)); string(f.ID) != given {
		r.remark(given, "competency.remark_identifier", string(f.ID))
	}
	main := doc.text("language")
	if main == "" || len(main) > 20 {
		main = "en" // CASE says nothing of a default; most of its documents are in English
		r.remark("CFDocument", "competency.remark_language", main)
	}
	if f.Languages = ours.Languages; len(f.Languages) == 0 || f.Languages[0] != main {
		f.Languages = append([]string{main}, slices.DeleteFunc(f.Languages, func(l string) bool { return l == main })...)
	}
	f.Title = ours.Title.With(main, doc.text("title")).Clean()
	if f.Title == nil {
		f.Title = Text{main: string(f.ID)}
		r.remark("CFDocument", "competency.remark_no_title")
	}
	f.Description = ours.Description.With(main, doc.text("description")).Clean()
	f.Edition, f.Levels, f.Licence = doc.text("version"), ours.Levels, ours.Licence
	if f.Source = doc.text("officialSourceURL"); f.Source == "" {
		f.Source = ours.Source
	}
	creator := doc.text("creator")
	if ours.Creator != nil {
		creator = *ours.Creator
	}
	delete(doc, "lastChangeDateTime")
	doc.drop("caseVersion", "1.1")
	if len(doc) > 0 {
		raw, _ := json.Marshal(doc) // raw messages: cannot fail
		r.keep("CFDocument", raw)
	}
	return creator
}

// itemExtension is what [extend] adds to a CFItem.
type itemExtension struct {
	Label, Description Text
	Levels             map[string]Text
	Mark               int
	Kind               Kind
	Retired, Ended     bool
}

// items reads the CFItems, and returns the identifier each was known by in the file.
func (r *caseReader) items(list []json.RawMessage) map[string]ItemID {
	byID := map[string]ItemID{}
	taken := map[ItemID]bool{}
	main := r.f.Main()
	for n, raw := range list {
		where := "CFItems[" + strconv.Itoa(n) + "]"
		var o object
		if json.Unmarshal(raw, &o) != nil {
			r.remark(where, "competency.remark_not_object")
			continue
		}
		var ours itemExtension
		o.extended(&ours)
		given := o.text("identifier")
		it := Item{ID: ItemID(uuidOf(string(r.f.ID), given)), URI: o.text("uri"), Code: line(o.text("humanCodingScheme")), Mark: ours.Mark, Kind: ours.Kind,
			Levels: ours.Levels, Retired: ours.Retired}
		if given == "" {
			it.ID = ItemID(id.NamedUUID(string(r.f.ID), string(raw)))
			r.remark(where, "competency.remark_no_identifier", string(it.ID))
		} else if string(it.ID) != given {
			r.remark(where, "competency.remark_identifier", string(it.ID))
		}
		if taken[it.ID] {
			r.remark(where, "competency.remark_item_twice", given)
			continue
		}
		taken[it.ID], byID[given], byID[it.URI] = true, it.ID, it.ID
		it.Label = ours.Label.With(main, o.text("fullStatement")).Clean()
		if it.Label == nil {
			it.Label = Text{main: firstOf(it.Code, string(it.ID))}
			r.remark(where, "competency.remark_no_label")
		}
		it.Description = ours.Description.With(main, o.text("notes")).Clean()
		it.Modified = r.time(where, o.text("lastChangeDateTime"))
		if ours.Ended {
			delete(o, "statusEndDate")
		}
		it.Foreign = o.foreign()
		r.f.Items = append(r.f.Items, it)
	}
	return byID
}

func firstOf(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func (r *caseReader) time(where, s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		if s != "" {
			r.remark(where, "competency.remark_date", s)
		}
		return r.now
	}
	return t.UTC()
}

// kinds says which items are families: those called so, else those on top with others under them.
func (r *caseReader) kinds() {
	for i, it := range r.f.Items {
		var called string
		if object(it.Foreign).look("CFItemType", &called) {
			switch french.Fold(called) {
			case "family", "competence":
				if it.Kind == "" {
					it.Kind = Kind(french.Fold(called))
				}
				if called == map[Kind]string{Family: "Family", Competence: "Competence"}[it.Kind] {
					delete(it.Foreign, "CFItemType")
				}
			}
		}
		if it.Kind == "" || it.Kind == Family && it.Parent != "" {
			it.Kind = r.f.shape(it)
		}
		if len(it.Foreign) == 0 {
			it.Foreign = nil
		}
		r.f.Items[i].Kind, r.f.Items[i].Foreign = it.Kind, it.Foreign
	}
}

// summarise says what is kept without being shown.
func (r *caseReader) summarise() {
	for _, what := range []string{"rubric", "association"} {
		if n := r.count[what]; n > 0 {
			r.remarks = append(r.remarks, Remark{Key: "competency.remark_kept_" + what, Count: n})
		}
	}
}

// rubrics reads our levels back; those of others are kept as they came.
func (r *caseReader) rubrics(list []json.RawMessage) {
	main := r.f.Main()
	var rest []json.RawMessage
	for _, raw := range list {
		var rubric struct {
			Identifier       string
			CFRubricCriteria []struct {
				CFItemURI               struct{ Identifier string }
				CFRubricCriterionLevels []struct{ Identifier, Description string }
			}
		}
		if json.Unmarshal(raw, &rubric) != nil || rubric.Identifier != rubricID(r.f.ID) {
			rest = append(rest, raw)
			r.count["rubric"]++
			continue
		}
		for _, c := range rubric.CFRubricCriteria {
			i := r.f.at(ItemID(c.CFItemURI.Identifier))
			if i < 0 {
				continue
			}
			for code, t := range r.f.Items[i].Levels {
				for _, l := range c.CFRubricCriterionLevels {
					if l.Identifier == id.NamedUUID(c.CFItemURI.Identifier, "level "+code) && t[main] != "" && t[main] != l.Description {
						r.f.Items[i].SetLevel(code, t.With(main, clean(l.Description)))
					}
				}
			}
		}
	}
	if len(rest) > 0 {
		raw, _ := json.Marshal(rest) // raw messages: cannot fail
		r.keep("CFRubrics", raw)
	}
}

func host(uri string) string {
	_, rest, ok := strings.Cut(uri, "://")
	if !ok {
		return ""
	}
	h, _, _ := strings.Cut(rest, "/")
	return strings.TrimPrefix(h, "www.")
}
