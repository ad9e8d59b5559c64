package recipe

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// A Formula is a formula of spreadsheets, compiled for named cells. The zero value answers nothing. Several readers may ask it at once.
type Formula struct {
	of    answer
	names []string
	text  string
}

// NewFormula compiles a text for cells of the given names. Faults: Invalid "recipe.bad_formula", "recipe.no_closing", "recipe.open_quote",
// "recipe.open_bracket", "recipe.comma", "recipe.cell_name", "recipe.cell_name_is", "recipe.no_function", "recipe.no_function_near",
// "recipe.bad_arguments", "recipe.no_column", "recipe.no_column_near", "recipe.two_columns"; their first argument, a step, means
// nothing here.
func NewFormula(names []string, text string) (Formula, error) {
	a, err := parse(&site{step: 1, header: names}, text)
	return Formula{a, names, text}, err
}

// Of is what the formula says of cells, in the order of the names; ok is false when it has no answer.
func (f Formula) Of(cells []string) (v string, ok bool) {
	if f.of == nil {
		return "", false
	}
	return f.of(cells)
}

// OfFormula is the fault of a formula that is no step of a recipe: "recipe.formula_" + what is wrong. ok is false for another fault.
func OfFormula(err error) (t Trouble, ok bool) {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Args) == 0 {
		return t, false
	}
	name, ok := strings.CutPrefix(f.Key, "recipe.")
	if !ok || !slices.Contains([]string{"bad_formula", "no_closing", "open_quote", "open_bracket", "comma", "cell_name", "cell_name_is", "no_function",
		"no_function_near", "bad_arguments", "no_column", "no_column_near", "two_columns"}, name) {
		return t, false
	}
	return Trouble{"recipe.formula_" + name, f.Args[1:]}, true
}

// A Trouble is why a formula has no answer: a key of the catalogue and what stands in its sentence.
type Trouble struct {
	Key  string // "" for none
	Args []any
}

// Why says why the formula has no answer for cells; nothing where it has one. Keys: "recipe.answer_zero", "recipe.answer_empty" with a column,
// "recipe.answer_number" with a value and a column, "recipe.answer_number_alone" with a value, "recipe.answer_function" with a function and its values,
// "recipe.answer_long".
func (f Formula) Why(cells []string) Trouble {
	at := &site{step: 1, header: f.names, trouble: &Trouble{}}
	a, err := parse(at, f.text)
	if err != nil {
		return Trouble{}
	}
	if _, ok := a(cells); ok {
		return Trouble{}
	}
	return *at.trouble
}

// fails keeps the first reason for which there is no answer, where one is asked for.
func (s *site) fails(key string, args ...any) (string, bool) {
	if s.trouble != nil && s.trouble.Key == "" {
		*s.trouble = Trouble{key, args}
	}
	return "", false
}

// unread says that a value is no number, and in which column it stands.
func (s *site) unread(cells []string, v string) (string, bool) {
	if s.trouble == nil {
		return "", false
	}
	for _, i := range s.named {
		switch {
		case cells[i] != v:
		case strings.TrimSpace(v) == "":
			return s.fails("recipe.answer_empty", s.header[i])
		default:
			return s.fails("recipe.answer_number", v, s.header[i])
		}
	}
	return s.fails("recipe.answer_number_alone", v)
}

// glue makes the answer of two texts put together.
func (s *site) glue(_ string, a, b answer) answer {
	return func(cells []string) (string, bool) {
		v, ok := a(cells)
		w, ok2 := b(cells)
		if !ok || !ok2 {
			return "", false
		}
		if len(v)+len(w) > textMost {
			return s.fails("recipe.answer_long")
		}
		return v + w, true
	}
}

// reckon makes the answer of an operation on two numbers; a date takes days, or another date.
func (s *site) reckon(sign string, a, b answer) answer {
	return func(cells []string) (string, bool) {
		v, ok := a(cells)
		w, ok2 := b(cells)
		if !ok || !ok2 {
			return "", false
		}
		if quickly, ok := reckonQuickly(sign, v, w); ok {
			return quickly, true
		}
		x, ok := exact(v)
		y, ok2 := exact(w)
		if !ok || !ok2 {
			if d, ok := reckonDates(sign, v, w); ok {
				return d, true
			}
			if ok {
				v = w
			}
			return s.unread(cells, v)
		}
		switch sign {
		case "+":
			x.Add(x, y)
		case "-":
			x.Sub(x, y)
		case "*":
			x.Mul(x, y)
		default:
			if y.Sign() == 0 {
				return s.fails("recipe.answer_zero")
			}
			x.Quo(x, y)
		}
		return decimal(x), true
	}
}

// reckonDates adds days to a date, takes them away, or counts those between two.
func reckonDates(sign, v, w string) (string, bool) {
	if sign != "+" && sign != "-" {
		return "", false
	}
	if _, number := french.Decimal(strings.TrimSpace(v)); number && sign == "+" {
		v, w = w, v
	}
	at, ok := fullDate(v)
	if !ok {
		return "", false
	}
	if other, ok := fullDate(w); ok {
		return strconv.Itoa(days(at, other)), sign == "-"
	}
	n, ok := signedWhole(w)
	if !ok {
		return "", false
	}
	if sign == "-" {
		n = -n
	}
	moved := at.AddDate(0, 0, n)
	if h, m, sec := at.Clock(); h+m+sec > 0 {
		return moved.Format("2006-01-02T15:04:05"), moved.Year() >= 1 && moved.Year() <= 9999
	}
	return writtenDate(moved.Truncate(24 * time.Hour))
}
