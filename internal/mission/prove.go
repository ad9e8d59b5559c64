package mission

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// A Mistake makes a bad answer of a good one. One of [Mistakes].
type Mistake string

// mistakes of answers that are tables: each changes the answer so that somebody who worked badly might hand it in.
var mistakes = map[Mistake]func(t Table, column string) Table{
	"lost row":     func(t Table, _ string) Table { t.Rows = t.Rows[:len(t.Rows)-1]; return t },
	"repeated row": func(t Table, _ string) Table { t.Rows = append(t.Rows, slices.Clone(t.Rows[0])); return t },
	"lost column":  lostColumn,
	"emptied":      func(t Table, column string) Table { return changed(t, column, func(string) string { return "" }) },
	"changed value": func(t Table, column string) Table {
		return changed(t, column, func(s string) string { return s + "1" })
	},
	"ten times": func(t Table, column string) Table {
		return changed(t, column, func(s string) string {
			more, _ := tenTimes(rand.New(rand.NewPCG(1, 1)), s)
			return more
		})
	},
	"one stands out": func(t Table, column string) Table {
		return changed(t, column, func(s string) string { return s + " ?" })
	},
	"other writing": func(t Table, column string) Table {
		return changed(t, column, func(s string) string {
			other, _ := otherDate(rand.New(rand.NewPCG(1, 1)), s)
			return other
		})
	},
}

// Mistakes lists the bad answers there are, besides the untouched variant and the empty answer, which every mission must refuse:
// "all rows", "no right row" for rows named; "one more", "not a number" for a number; "always" the option named, for choices, and "left blank", "copied", "same words" or "one more" for what is written beside them; "written" (the text named), "otherwise" (another
// option, number or day) and "left blank" in a field of a form; "without step" (of the kind the text names) and "by hand" (in its place, each anomaly of the
// column mended as it stands in one's own table) for steps; "undescribed" (the column) and "poor record" for what is written about a table; "drawn" (the setting is the column) for charts; those of forms; the others for tables.
func Mistakes() []Mistake {
	list := []Mistake{copied, sameWords, "always", "all rows", "no right row", "one row", "one more", "not a number", "written", "otherwise", "left blank", "without step", "by hand", undescribed, poorRecord, drawnBadly}
	list = append(list, formMistakes()...)
	for m := range mistakes {
		list = append(list, m)
	}
	slices.Sort(list)
	return list
}

func lostColumn(t Table, column string) Table {
	at := t.Column(column)
	t.Columns = slices.Delete(t.Columns, at, at+1)
	for i := range t.Rows {
		t.Rows[i] = slices.Delete(t.Rows[i], at, at+1)
	}
	return t
}

// changed changes the first filled cell of a column.
func changed(t Table, column string, how func(string) string) Table {
	at := t.Column(column)
	for _, r := range t.Rows {
		if r[at] != "" {
			r[at] = how(r[at])
			break
		}
	}
	return t
}

// Good is the answer of somebody who did everything right.
func (m Mission) Good(v Variant) (Answer, error) {
	switch m.Answer {
	case AnswerRows:
		return Answer{Rows: v.rowsPlanted()}, nil
	case AnswerChoices:
		choices := make([]string, len(v.Cases))
		for i, at := range v.Cases {
			choices[i] = m.Right(v, at)
		}
		reasons, err := m.reasons(v)
		return Answer{Choices: choices, Reasons: reasons}, err
	case AnswerFields:
		return Answer{Fields: m.filled(v)}, nil
	case AnswerQuery:
		queries := make([]string, len(m.Queries))
		for i, q := range m.Queries {
			queries[i] = q.SQL
		}
		return Answer{Queries: queries}, nil
	case AnswerChart:
		if m.Chart == nil {
			return Answer{}, errors.New("the mission has no good chart")
		}
		return Answer{Chart: m.goodChart(v)}, nil
	case AnswerForm:
		f := v.Case(m).form("fr", true)
		return Answer{Form: &f}, nil
	case AnswerRecipe:
		if len(m.Recipe) == 0 {
			return Answer{}, errors.New("the mission has no good steps")
		}
		return Answer{Recipe: m.Recipe}, nil
	case AnswerNumber:
		n, err := m.Question.answer(v.Truth)
		return Answer{Number: fmt.Sprint(n)}, err
	}
	t, err := m.made(v.Truth)
	return Answer{Table: &t, Holding: wellKept(t)}, err
}

// bad is the good answer with a mistake.
func (m Mission) bad(v Variant, b Bad) (Answer, error) {
	good, err := m.Good(v)
	if err != nil {
		return good, err
	}
	all := make([]int, len(v.Table.Rows))
	for i := range all {
		all[i] = v.Table.Number(i)
	}
	if m.Answer == AnswerFields && m.field(b.Column) == nil {
		return good, fmt.Errorf("mistake %q: no field %q", b.Mistake, b.Column)
	}
	switch m.Answer {
	case AnswerQuery:
		return m.badQuery(good, b)
	case AnswerChoices:
		return m.badChoices(v, good, b)
	case AnswerRecipe:
		return m.badRecipe(v, good, b)
	case AnswerChart:
		return m.drawnOtherwise(good, b)
	case AnswerForm:
		return m.badForm(v, good, b)
	}
	switch b.Mistake {
	case "all rows":
		return Answer{Rows: all}, nil
	case "no right row":
		return Answer{Rows: slices.DeleteFunc(all, func(n int) bool { return slices.Contains(good.Rows, n) })}, nil
	case "one row":
		return Answer{Rows: good.Rows[:1]}, nil
	case "one more":
		n, err := m.Question.answer(v.Truth)
		return Answer{Number: fmt.Sprint(n + 1)}, err
	case "written", "otherwise", "left blank":
		good.Fields[b.Column] = m.wrongly(v, b)
		return good, nil
	case "not a number":
		return Answer{Number: "not a number"}, nil
	}
	if (b.Mistake == undescribed || b.Mistake == poorRecord) && good.Holding != nil {
		good.Holding = unwritten(*good.Holding, b)
		return good, nil
	}
	make, ok := mistakes[b.Mistake]
	if !ok || good.Table == nil {
		return good, fmt.Errorf("no mistake %q of an answer that is a %s", b.Mistake, m.Answer)
	}
	if b.Column != "" && good.Table.Column(b.Column) < 0 {
		return good, fmt.Errorf("mistake %q: no column %q", b.Mistake, b.Column)
	}
	if i := m.sound(v, *good.Table, b); i > 0 { // a cell that was wrong anyway is no business of "untouched"
		rows := good.Table.Rows
		rows[0], rows[i] = rows[i], rows[0]
	}
	t := make(*good.Table, b.Column)
	return Answer{Table: &t, Holding: good.Holding}, nil
}

// sound is the first row whose cell nothing was planted in, for a mistake that "untouched" must see; 0 for any other.
func (m Mission) sound(v Variant, t Table, b Bad) int {
	if b.Fails != "untouched" || b.Column == "" || len(m.Work) > 0 {
		return 0
	}
	planted := map[int]bool{}
	for _, a := range v.Anomalies {
		if a.Column == b.Column {
			planted[v.rows[a.Row]] = true
		}
	}
	at := t.Column(b.Column)
	for i, row := range t.Rows {
		if !planted[i] && row[at] != "" {
			return i
		}
	}
	return 0
}

// A Doubt is why a mission proves nothing: a sentence of the catalogue. Err is for engineers, it may be nil.
type Doubt struct {
	Key  string
	Args []any
	Err  error
}

// Error implements error, for logs.
func (d Doubt) Error() string { return fmt.Sprintf("%s %v: %v", d.Key, d.Args, d.Err) }

// Unwrap gives the cause.
func (d Doubt) Unwrap() error { return d.Err }

// Sentence gives what a person reads.
func (d Doubt) Sentence() (key string, args []any) { return d.Key, d.Args }

// Prove runs a mission, for seeds from 0 to seeds−1, against the good answer, the untouched variant, an empty answer and the bad ones it names. It returns
// what is wrong with the mission: a mission is published only when nothing is. Every check must be failed by one of the bad answers.
func (m Mission) Prove(source Table, seeds int, b Bench) (problems []error) {
	say := func(err error, key string, args ...any) {
		problems = append(problems, Doubt{"mission." + key, args, err})
	}
	problems = append(m.provePractice(), m.proveOptions(source, seeds, b)...)
	failed := make([]bool, len(m.Checks)) // by one of the bad answers at least
	for seed := range uint64(seeds) {
		v, err := m.Draw(source, seed)
		if err != nil {
			return append(problems, Doubt{"mission.doubt_draw", []any{err.Error()}, err})
		}
		if err := keyed(v.Truth, m.Key); m.tabled() && err != nil {
			return append(problems, Doubt{"mission.doubt_key", []any{m.Key}, err})
		}
		good, err := m.Good(v)
		if err != nil {
			return append(problems, Doubt{"mission.doubt_draw", []any{err.Error()}, err})
		}
		if verdict, err := m.Judge(v, good, b); err != nil || !verdict.Passed {
			say(err, "doubt_good", strings.Join(verdict.failed(), ", "))
		}
		if _, err := m.Judge(v, Answer{}, b); !errors.As(err, new(*fault.Error)) {
			say(err, "doubt_empty")
		}
		if m.tabled() && len(m.Disturb)+len(m.Work) > 0 || m.written() || m.Answer == AnswerChart || m.Answer == AnswerForm {
			as, err := m.untouched(v)
			if err != nil {
				return append(problems, Doubt{"mission.doubt_draw", []any{err.Error()}, err})
			}
			verdict, err := m.Judge(v, as, b)
			if err != nil || verdict.Passed {
				say(err, "doubt_untouched")
			}
			for i, r := range verdict.Results {
				failed[i] = failed[i] || !r.Passed
			}
		}
		for _, wrong := range m.Bad {
			answer, err := m.bad(v, wrong)
			if err != nil {
				return append(problems, Doubt{"mission.doubt_draw", []any{err.Error()}, err})
			}
			verdict, err := m.Judge(v, answer, b)
			if err != nil || !slices.Contains(verdict.failed(), wrong.Fails) {
				say(err, "doubt_bad", string(wrong.Mistake), wrong.Column, wrong.Fails)
			}
			for i, r := range verdict.Results {
				if !r.Passed && r.Kind == wrong.Fails && (r.Field == "" || r.Field == wrong.Column) {
					failed[i] = true
				}
			}
		}
	}
	for i, c := range m.Checks {
		if !failed[i] {
			say(nil, "doubt_check", c.Kind, c.Column)
		}
	}
	return problems
}

// sourceless reports whether a mission may do without a table.
func (m Mission) sourceless() bool {
	return m.Answer == AnswerChoices || m.Answer == AnswerFields || m.Answer == AnswerForm
}

// tabled reports whether what the answer makes is a table.
func (m Mission) tabled() bool { return m.Answer == AnswerTable || m.Answer == AnswerRecipe }

// untouched is the variant's file as it is read when somebody hands it in as it came, steps that leave it so, a chart as nobody ordered it, a form as it is at first.
func (m Mission) untouched(v Variant) (Answer, error) {
	switch m.Answer {
	case AnswerRecipe:
		return Answer{Recipe: idle(v.Table)}, nil
	case AnswerChart:
		return Answer{Chart: order(v.Table)}, nil
	case AnswerForm:
		f := v.Case(m).Begun("fr")
		return Answer{Form: &f}, nil
	}
	raw := v.File()
	in, err := tabular.Open(bytes.NewReader(raw), int64(len(raw)), "untouched.csv", tabular.Options{})
	if err != nil {
		return Answer{}, err
	}
	t, err := Read(in)
	return Answer{Table: &t, Holding: barelyKept(t)}, errors.Join(err, in.Close())
}

// keyed reports a key that does not tell rows apart.
func keyed(t Table, key string) error {
	at := t.Column(key)
	if at < 0 {
		return fmt.Errorf("no key column %q", key)
	}
	seen := map[string]bool{}
	for _, r := range t.Rows {
		if k := plainKey(r[at]); seen[k] {
			return fmt.Errorf("the key %q has %q twice", key, r[at])
		} else {
			seen[k] = true
		}
	}
	return nil
}

// failed lists the kinds of the checks that failed.
func (v Verdict) failed() (kinds []string) {
	for _, r := range v.Results {
		if !r.Passed {
			kinds = append(kinds, r.Kind)
		}
	}
	return kinds
}
