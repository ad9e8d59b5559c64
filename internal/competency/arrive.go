package competency

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/id"
	"cultured/internal/tabular"
)

// The formats a framework comes in and leaves in.
const (
	FormatCASE  = "case"
	FormatSKOS  = "skos"
	FormatTable = "table"
)

// Formats lists them.
func Formats() []string { return []string{FormatTable, FormatCASE, FormatSKOS} }

// Read makes a framework of a file, whatever it is: CASE or SKOS in JSON, our archive of tables, or any table. partial says that the
// file is a bare table of items, which says nothing of the framework around them. The framework is always valid: what could not be
// taken is a remark. Faults, all on the field "file": those of the readers.
func (a Address) Read(raw []byte, name string, now time.Time, reader tabular.Reader) (f Framework, arrival Arrival, partial bool, err error) {
	arrival = Arrival{At: now, File: name}
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\ufeff")))
	switch {
	case len(trimmed) == 0:
		return f, arrival, false, fault.Field("file", "competency.file_empty")
	case (trimmed[0] == '{' || trimmed[0] == '[') && bytes.Contains(trimmed, []byte(`"CFDocument"`)):
		arrival.Format = FormatCASE
		f, arrival.Remarks, err = a.ReadCASE(raw, now)
	case trimmed[0] == '{' || trimmed[0] == '[':
		arrival.Format = FormatSKOS
		f, arrival.Remarks, err = a.ReadSKOS(raw, now)
	default:
		arrival.Format = FormatTable
		r := &tableReader{now: now, file: name}
		err = r.read(raw, reader)
		f, arrival.Remarks, partial = r.f, r.remarks, r.partial && !r.bare
		a.own(&f)
	}
	if err != nil {
		return Framework{}, arrival, false, err
	}
	arrival.Remarks = append(arrival.Remarks, f.mend()...)
	return f, arrival, partial, append(f.Validate(), f.ValidateItems()...).Err()
}

func (a Address) readTables(raw []byte, name string, now time.Time, reader tabular.Reader) (Framework, []Remark, error) {
	r := &tableReader{now: now, file: name}
	err := r.read(raw, reader)
	a.own(&r.f)
	return r.f, r.remarks, err
}

func (r *tableReader) read(raw []byte, reader tabular.Reader) error {
	if ok, err := r.readPack(raw, reader); ok || err != nil {
		r.f.Settle()
		return err
	}
	g, err := readGrid(raw, r.file, reader)
	if err != nil {
		return err
	}
	if err := r.items(g); err != nil {
		return err
	}
	r.f.Settle()
	return nil
}

// mend makes a framework that came from elsewhere valid, and says what had to give way.
func (f *Framework) mend() []Remark {
	var out []Remark
	say := func(it Item, key string, args ...string) {
		if len(out) < RemarksMost {
			out = append(out, Remark{Where: firstOf(it.Code, it.Label.In(f.Main())), Key: key, Args: args})
		}
	}
	if len(f.Items) > ItemsMost {
		say(Item{Label: f.Title}, "competency.remark_items_many", strconv.Itoa(len(f.Items)), strconv.Itoa(ItemsMost))
		f.Items = f.Items[:ItemsMost]
	}
	f.Title, f.Description = cut(f.Title, LabelLongest), cut(f.Description, TextLongest)
	f.Languages = slices.DeleteFunc(f.Languages, func(l string) bool { return !languageCode.MatchString(l) })
	if len(f.Languages) == 0 {
		f.Languages = []string{"fr"}
	}
	if f.Title[f.Main()] == "" {
		f.Title = f.Title.With(f.Main(), f.Title.In())
	}
	codes := map[string]bool{}
	for i := range f.Items {
		f.mendItem(i, codes, say)
	}
	f.mendPlaces(say)
	f.Settle()
	return out
}

// mendItem makes what one item says of itself fit. The label comes first: others are named by it.
func (f *Framework) mendItem(i int, codes map[string]bool, say func(it Item, key string, args ...string)) {
	it := f.Items[i]
	if long := cut(it.Label, LabelLongest); !sameText(long, it.Label) {
		say(it, "competency.remark_cut", strconv.Itoa(LabelLongest))
		it.Label = long
	}
	if it.Description = cut(it.Description, TextLongest); utf8.RuneCountInString(it.Code) > CodeLongest {
		say(it, "competency.remark_code_long", it.Code)
		it.Code = ""
	}
	for code, t := range it.Levels {
		if c := cut(t, TextLongest); !sameText(c, t) {
			it.SetLevel(code, c)
		}
	}
	if key := french.Fold(it.Code); !it.Retired && it.Code != "" {
		if codes[key] {
			say(it, "competency.remark_code_taken", it.Code)
			it.Code = ""
		}
		codes[key] = true
	}
	if it.Mark < 0 || it.Mark > MarksMost {
		say(it, "competency.remark_mark", strconv.Itoa(it.Mark))
		it.Mark = 0
	}
	var kept []Alignment
	for _, al := range it.Alignments {
		if !slices.Contains(Matches(), al.Match) {
			al.Match = Related
		}
		if al.Checked != "" && !validDay(al.Checked) {
			al.Checked = ""
		}
		twice := slices.ContainsFunc(kept, func(o Alignment) bool { return o.Key() == al.Key() })
		if twice || len(al.Validate()) > 0 || len(kept) == AlignmentsMost {
			say(it, "competency.remark_alignment", al.String())
			continue
		}
		kept = append(kept, al)
	}
	it.Alignments = kept
	f.Items[i] = it
}

func cut(t Text, most int) Text {
	for lang, s := range t {
		if utf8.RuneCountInString(s) > most {
			t = t.With(lang, strings.TrimSpace(string([]rune(s)[:most-1]))+"…")
		}
	}
	return t
}

func sameText(a, b Text) bool {
	for lang := range a {
		if a[lang] != b[lang] {
			return false
		}
	}
	return len(a) == len(b)
}

// mendPlaces puts at the top what stands under nothing, in a loop, or under what is retired; and forgets successors that are none.
func (f *Framework) mendPlaces(say func(it Item, key string, args ...string)) {
	byID := map[ItemID]Item{}
	for _, it := range f.Items {
		byID[it.ID] = it
	}
	for i, it := range f.Items {
		var wrong fault.List
		if placeFaults(&wrong, it, byID); len(wrong) > 0 {
			say(it, "competency.remark_place")
			it.Parent = ""
			byID[it.ID] = it
		}
		it.Successors = slices.DeleteFunc(slices.Clone(it.Successors), func(s ItemID) bool { _, ok := byID[s]; return !ok || s == it.ID })
		if len(it.Successors) == 0 {
			it.Successors = nil
		}
		f.Items[i] = it
	}
}

// A File is a file as somebody handed it in.
type File struct {
	Name string
	Raw  []byte
}

// Import brings a framework in from a file, into the working copy: of the framework of that identifier if there is one, else of a
// new one. Nobody but those who edit sees it before it is published. Faults: those of editing and of [Address.Read]; Invalid
// "competency.import_same" when the file says what the working copy says.
func (s *Service) Import(ctx context.Context, by actor.Actor, file File, a Address, reader tabular.Reader) (_ ID, err error) {
	defer fault.Wrap(&err, "competency.Import(%s)", file.Name)
	if err := mayEdit(by, by.Organisation); err != nil {
		return "", err
	}
	now := s.Now()
	f, arrival, partial, err := a.Read(file.Raw, file.Name, now, reader)
	if err != nil {
		return "", err
	}
	arrival.Person = by.ID
	all, err := s.Store.All(ctx, by.Organisation)
	if err != nil {
		return "", err
	}
	if partial {
		f.graft(all, &arrival)
		a.own(&f) // a bare table does not say whose items it has: now it is known
	}
	f.dodge(all, &arrival)
	d := Deed{Verb: "competency.log_imported", Note: file.Name}
	if !slices.ContainsFunc(all, func(k Kept) bool { return k.Working.ID == f.ID }) {
		return f.ID, s.Store.Add(ctx, by, Kept{Organisation: by.Organisation, Revision: 1, Working: f, Created: now, Arrival: &arrival}, d)
	}
	before := 0
	k, err := s.edit(ctx, by, f.ID, d, func(k *Kept) error {
		before = k.Revision
		k.Become(f)
		k.Arrival = &arrival
		return append(k.Working.Validate(), k.Working.ValidateItems()...).Err()
	})
	if err == nil && k.Revision == before {
		return f.ID, fault.Field("file", "competency.import_same")
	}
	return f.ID, err
}

// graft lets a bare table of items speak for the framework that has them: what the table does not say stays.
func (f *Framework) graft(all []Kept, arrival *Arrival) {
	for _, k := range all {
		if !slices.ContainsFunc(f.Items, func(it Item) bool { _, ok := k.Working.Item(it.ID); return ok }) {
			continue
		}
		whole := k.Working.Clone()
		spoken := map[ItemID]bool{}
		for _, it := range f.Items {
			spoken[it.ID] = true
			if old, ok := whole.Item(it.ID); ok {
				it.Foreign, it.Mark = old.Foreign, firstMark(it.Mark, old.Mark)
				it.Alignments = firstAlignments(it.Alignments, old.Alignments)
				it.URI = firstOf(it.URI, old.URI)
			}
			whole.put(it)
		}
		silent := 0
		for _, it := range whole.Items {
			if !spoken[it.ID] && !it.Retired {
				silent++
			}
		}
		if silent > 0 {
			arrival.Remarks = append(arrival.Remarks, Remark{Key: "competency.remark_silent", Count: silent})
		}
		whole.Settle()
		*f = whole
		return
	}
}

func firstMark(a, b int) int {
	if a > 0 {
		return a
	}
	return b
}

func firstAlignments(a, b []Alignment) []Alignment {
	if len(a) > 0 {
		return a
	}
	return b
}

// dodge gives new identifiers to items that another framework of the organisation has already: an identifier names one thing.
func (f *Framework) dodge(all []Kept, arrival *Arrival) {
	taken := map[ItemID]bool{}
	for _, k := range all {
		if k.Working.ID == f.ID {
			continue
		}
		for _, it := range k.Working.Items {
			taken[it.ID] = true
		}
	}
	renamed := map[ItemID]ItemID{}
	for i, it := range f.Items {
		if taken[it.ID] {
			renamed[it.ID] = ItemID(id.NamedUUID(string(f.ID), string(it.ID)))
			f.Items[i].ID = renamed[it.ID]
		}
	}
	if len(renamed) == 0 {
		return
	}
	for i, it := range f.Items {
		if to, ok := renamed[it.Parent]; ok {
			f.Items[i].Parent = to
		}
		f.Items[i].Successors = slices.Clone(it.Successors)
		for j, s := range it.Successors {
			if to, ok := renamed[s]; ok {
				f.Items[i].Successors[j] = to
			}
		}
	}
	arrival.Remarks = append(arrival.Remarks, Remark{Key: "competency.remark_dodged", Count: len(renamed)})
}
