package mission

import (
	"context"
	"slices"
	"strings"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// WrittenKinds lists the checks an author may compose for an answer.
func WrittenKinds(kind AnswerKind) []string {
	switch kind {
	case AnswerRows:
		return []string{"flagged", "wrong"}
	case AnswerNumber:
		return []string{"number"}
	case AnswerQuery:
		return []string{"query"}
	case AnswerChoices:
		return []string{"choices", "reasons"}
	case AnswerFields:
		return []string{"filled", "tells", "differs", "fact", "duration", "score"}
	case AnswerForm:
		return []string{"form_asks", "form_few", "form_purpose", "form_kinds", "form_required", "form_told", "form_labels", "form_hints", "form_parts"}
	case AnswerChart:
		return []string{"chart_kind", "chart_shows", "chart_zero", "chart_most", "chart_order", "chart_title", "chart_unit", "chart_source", "chart_alt", "chart_contrast"}
	case AnswerRecipe:
		return []string{"replay", "replay_columns", "replay_rows", "replay_total", "refuses"}
	}
	return []string{"plain", "columns", "rows", "unique", "format", "schema", "mended", "untouched", "total", "result", "identifiers", "k", "kept", "described", "record"}
}

// tidy trims the texts of a mission and drops the lines an author left blank.
func (m *Mission) tidy() {
	said := []*Words{&m.Title, &m.Story, &m.Expected, &m.Gain, &m.Source.Title}
	for i := range m.Cases {
		said = append(said, &m.Cases[i].Text, &m.Cases[i].Lead)
	}
	for i := range m.Fields {
		said = append(said, &m.Fields[i].Label, &m.Fields[i].Hint, &m.Fields[i].Good)
	}
	for _, w := range said {
		w.FR, w.EN = strings.TrimSpace(w.FR), strings.TrimSpace(w.EN)
	}
	for _, s := range []*string{&m.Source.Producer, &m.Source.Licence, &m.Source.URL, &m.Key} {
		*s = strings.TrimSpace(*s)
	}
	m.Competences = slices.DeleteFunc(m.Competences, func(c Competence) bool { return c.Code == "" })
	if m.Practice != nil {
		m.Practice.Competences = slices.DeleteFunc(m.Practice.Competences, func(c Competence) bool { return c.Code == "" })
	}
	m.Disturb = slices.DeleteFunc(m.Disturb, func(d Disturbance) bool { return d.Kind == "" })
	m.Checks = slices.DeleteFunc(m.Checks, func(c Check) bool { return c.Kind == "" })
}

// Suggest finds, for each check, a mistake that fails it on every variant: the bad answers a mission names. A check none fails is left without one, and
// [Mission.Prove] says so. Faults: those of [Mission.Draw] and [Mission.Judge].
func (m Mission) Suggest(source Table, seeds int, b Bench) (bad []Bad, err error) {
	var variants []Variant
	for seed := range uint64(seeds) {
		v, err := m.Draw(source, seed)
		if err != nil {
			return nil, err
		}
		variants = append(variants, v)
	}
	for _, check := range m.Checks {
		for _, one := range m.candidates(variants[0], check) {
			if slices.Contains(bad, one) || m.always(variants, one, b) {
				if !slices.Contains(bad, one) {
					bad = append(bad, one)
				}
				break
			}
		}
	}
	return bad, nil
}

// candidates are the mistakes that may fail a check, the likeliest first.
func (m Mission) candidates(v Variant, check Check) (list []Bad) {
	names := []Mistake{"lost row", "repeated row"}
	switch m.Answer {
	case AnswerChoices:
		return m.choiceCandidates(check)
	case AnswerFields:
		return m.fieldCandidates(v, check)
	case AnswerForm:
		for _, one := range formMistakes() {
			list = append(list, Bad{Mistake: one, Fails: check.Kind})
		}
		return list
	case AnswerChart:
		return m.chartCandidates(v, check)
	case AnswerRecipe:
		return m.recipeCandidates(v, check)
	case AnswerRows:
		names = []Mistake{"all rows", "no right row", "one row"}
	case AnswerNumber:
		names = []Mistake{"one more", "not a number"}
	case AnswerQuery:
		return []Bad{{Mistake: "written", Column: check.Column, Text: "SELECT NULL WHERE false", Fails: check.Kind}, {Mistake: "written", Column: check.Column, Text: "SELECT NULL", Fails: check.Kind}}
	}
	switch check.Kind {
	case "described":
		return []Bad{{Mistake: undescribed, Column: v.Truth.Columns[0], Fails: check.Kind}}
	case "record":
		return []Bad{{Mistake: poorRecord, Fails: check.Kind}}
	}
	for _, name := range names {
		list = append(list, Bad{Mistake: name, Fails: check.Kind})
	}
	if m.Answer != AnswerTable {
		return list
	}
	columns := v.Truth.Columns
	if check.Column != "" {
		columns = []string{check.Column}
	} else if len(check.Columns) > 0 {
		columns = check.Columns
	}
	for _, s := range m.Work {
		if s.As != "" {
			columns = append(slices.Clone(columns), s.As)
		}
	}
	for _, name := range []Mistake{"changed value", "emptied", "one stands out", "other writing", "ten times", "lost column"} {
		for _, c := range columns {
			if v.Truth.Column(c) >= 0 || len(m.Work) > 0 {
				list = append(list, Bad{Mistake: name, Column: c, Fails: check.Kind})
			}
		}
	}
	return list
}

// always reports whether a mistake fails its check on every variant.
func (m Mission) always(variants []Variant, one Bad, b Bench) bool {
	for _, v := range variants {
		answer, err := m.bad(v, one)
		if err != nil {
			return false
		}
		verdict, err := m.Judge(v, answer, b)
		if err != nil || !slices.Contains(verdict.failed(), one.Fails) {
			return false
		}
	}
	return true
}

// Draft returns one of the organisation's own missions to who may write it. Faults: those of [Service.Mine]; NotFound "mission.not_found".
func (s *Service) Draft(ctx context.Context, by actor.Actor, of ID) (_ Own, err error) {
	defer fault.Wrap(&err, "mission.Draft(%s)", of)
	if !by.Known() {
		return Own{}, fault.New(fault.SignIn, "mission.sign_in")
	}
	o, err := s.Owns.Own(ctx, by.Organisation, of)
	if err == nil && !o.May(by) {
		return Own{}, fault.New(fault.NotFound, "mission.not_found") // nobody meets it before it is published
	}
	return o, err
}

// A Writing is what an author hands in: Of is "" for a new mission, Opened the revision the form was opened on, Sheet the table handed in with it, nil to
// keep the one there is.
type Writing struct {
	Of      ID
	Opened  int
	Mission Mission
	Sheet   *Table
}

// Write keeps what an author wrote, unfinished or not. Colleagues meet nothing of it before it is published. Faults: those of [Service.Mine]; NotFound "mission.not_found"; Invalid
// "mission.title_missing" (field title_fr); Conflict "mission.moved".
func (s *Service) Write(ctx context.Context, by actor.Actor, w Writing) (_ ID, err error) {
	of, m, sheet := w.Of, w.Mission, w.Sheet
	defer fault.Wrap(&err, "mission.Write(%s)", of)
	if !by.Known() {
		return "", fault.New(fault.SignIn, "mission.sign_in")
	}
	m.tidy()
	if m.Title.FR == "" {
		return "", fault.Field("title_fr", "mission.title_missing")
	}
	now, sheets := s.Now(), map[string]string{}
	if sheet != nil {
		m.Source.File = sheetName(*sheet)
		sheets[m.Source.File] = string(sheet.CSV())
	}
	if of == "" {
		of = ID(strings.ToLower(id.New(now)))
		m.ID = of
		return of, s.Owns.AddOwns(ctx, by, []Own{{ID: of, Organisation: by.Organisation, Author: by.ID, Mission: m, Revision: 1, Changed: now}}, sheets)
	}
	o, err := s.Draft(ctx, by, of)
	if err != nil {
		return "", err
	}
	if err := s.Owns.AddOwns(ctx, by, nil, sheets); err != nil {
		return "", err
	}
	if sheet == nil {
		m.Source.File = o.Mission.Source.File
	}
	m.ID = of
	return of, s.Owns.ChangeOwn(ctx, by, of, "mission.log_written", func(o *Own) error {
		if o.Revision != w.Opened {
			return fault.New(fault.Conflict, "mission.moved")
		}
		if o.From != "" { // of a pack: what its author knew to be wrong stays
			m.Bad = o.Mission.Bad
		}
		o.Mission, o.Changed = m, now
		return nil
	})
}

// suggested are the bad answers found for what is written so far; none while it cannot be drawn: the proof says what is in the way.
func (s *Service) suggested(m Mission, source Table, seeds int) (bad []Bad) {
	defer func() {
		if recover() != nil {
			bad = nil
		}
	}()
	if len(source.Rows) == 0 && !m.sourceless() {
		return nil
	}
	bad, err := m.Suggest(source, seeds, s.Bench)
	if err != nil {
		return nil
	}
	return bad
}

// A Proof is what trying a draft says: its doubts, each a sentence, and one variant of it, empty while none can be drawn.
type Proof struct {
	Doubts  []error
	Variant Variant
}

// Prove tries a draft on a few variants. Faults: those of [Service.Draft].
func (s *Service) Prove(ctx context.Context, by actor.Actor, of ID) (p Proof, err error) {
	defer fault.Wrap(&err, "mission.Prove(%s)", of)
	o, err := s.Draft(ctx, by, of)
	if err != nil {
		return p, err
	}
	m := o.Mission
	m.ID = o.ID
	source, err := s.sheet(ctx, by.Organisation, m.Source.File)
	if err != nil {
		return p, err
	}
	if err := m.Check(); err != nil {
		p.Doubts = append(p.Doubts, err)
	}
	if o.From == "" {
		m.Bad = s.suggested(m, source, seedsIn)
	}
	p.Doubts = append(p.Doubts, s.proved(m, source, seedsIn)...)
	p.Variant, err = m.Draw(source, 1)
	if err != nil {
		p.Variant = Variant{}
	}
	return p, nil
}
