package recipe

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"cultured/internal/french"
)

// The steps of this file hide people. None leaves a value it cannot read as it was: the one odd cell is often the one that names somebody.

// Generalise says values more roughly: the year of a date, the department of a code, the ten a number is in. What it cannot read it empties.
type Generalise struct {
	Columns []string `json:"columns"`
	To      string   `json:"to"` // one of Roughly
}

// Roughly lists how values may be said, the usual one first. Their titles are "recipe.choice_" + name.
func Roughly() []string {
	return []string{"year", "month", "department", "tens", "hundreds", "thousands"}
}

// Kind implements [Step].
func (*Generalise) Kind() string { return "generalise" }

// Say implements [Step].
func (g *Generalise) Say() Sentence {
	return Sentence{"recipe.say_generalise_" + g.To, []any{listed(g.Columns)}}
}

func (g *Generalise) fit(at *site) (worker, error) {
	rough := map[string]func(string) (string, bool){"year": yearOf, "month": monthOf, "department": departmentOf,
		"tens": spanOf(10), "hundreds": spanOf(100), "thousands": spanOf(1000)}[g.To]
	if rough == nil {
		return worker{}, at.bad("recipe.bad_choice", g.To)
	}
	return at.hidden(g.Columns, rough)
}

// hidden makes the worker of a step after which no value is as it was unless the step says so: one that write cannot read is emptied, and
// counted as such.
func (s *site) hidden(names []string, write func(v string) (after string, ok bool)) (worker, error) {
	tally := s.tally
	return s.mapped(names, func(v string) (string, bool) {
		after, ok := write(strings.TrimSpace(v))
		if !ok {
			tally.Left++
			return "", true
		}
		return after, true
	})
}

func yearOf(v string) (string, bool) {
	iso, ok := isoDate(v)
	if !ok || len(iso) < 4 {
		return "", false
	}
	return iso[:4], true
}

func monthOf(v string) (string, bool) {
	iso, ok := isoDate(v)
	if !ok || len(iso) < 7 {
		return "", false
	}
	return iso[:7], true
}

// placeCode is the code of a commune or a postal code: five signs, of Corsica with a letter.
var placeCode = regexp.MustCompile(`^(\d{5}|2[AB]\d{3})$`)

// departmentOf takes the department out of a code of commune or a postal code. Spreadsheets lose the zero in front. A postal code of Corsica says
// 20, as it always did.
func departmentOf(v string) (string, bool) {
	v = strings.ToUpper(v)
	if len(v) == 4 {
		v = "0" + v
	}
	if !placeCode.MatchString(v) {
		return "", false
	}
	if strings.HasPrefix(v, "97") || strings.HasPrefix(v, "98") {
		return v[:3], true
	}
	return v[:2], true
}

// spanOf says which span of that width a number is in: 37 is in 30-39.
func spanOf(width int64) func(string) (string, bool) {
	return func(v string) (string, bool) {
		n, ok := french.Number(v)
		if !ok || n < -1e15 || n > 1e15 {
			return "", false
		}
		from := int64(n) / width * width
		if n < 0 && float64(from) > n {
			from -= width
		}
		return strconv.FormatInt(from, 10) + "-" + strconv.FormatInt(from+width-1, 10), true
	}
}

// Mask keeps the first letters of a value and hides the others, and how many they are.
type Mask struct {
	Columns []string `json:"columns"`
	Keep    int      `json:"keep"` // letters that stay, 0 to 10
}

// mostKept is how many letters a mask leaves at most.
const mostKept = 10

// Kind implements [Step].
func (*Mask) Kind() string { return "mask" }

// Say implements [Step].
func (m *Mask) Say() Sentence { return Sentence{"recipe.say_mask", []any{listed(m.Columns), m.Keep}} }

func (m *Mask) fit(at *site) (worker, error) {
	if m.Keep < 0 || m.Keep > mostKept {
		return worker{}, at.bad("recipe.bad_mask", mostKept)
	}
	return at.hidden(m.Columns, func(v string) (string, bool) {
		end := 0
		for range m.Keep {
			_, n := utf8.DecodeRuneInString(v[end:])
			end += n
		}
		return v[:end] + "***", true
	})
}

// Pseudonym writes another name for each value, always the same for the same value in one organisation, which nobody can take back without the
// organisation's secret. What is so written is still personal data: a colleague who has a list of names can have it written the same way, and compare.
type Pseudonym struct {
	Columns []string `json:"columns"`
}

// Kind implements [Step].
func (*Pseudonym) Kind() string { return "pseudonym" }

// Say implements [Step].
func (p *Pseudonym) Say() Sentence { return Sentence{"recipe.say_pseudonym", []any{listed(p.Columns)}} }

func (p *Pseudonym) fit(at *site) (worker, error) {
	if len(at.kitchen.Secret) == 0 {
		return worker{}, at.bad("recipe.no_secret")
	}
	return at.hidden(p.Columns, func(v string) (string, bool) {
		mac := hmac.New(sha256.New, at.kitchen.Secret)
		mac.Write([]byte("pseudonym\x00" + v)) // never fails
		return hex.EncodeToString(mac.Sum(nil)[:10]), true
	})
}

// Shuffle deals the values of some columns out to the rows anew, together, so that each still stands in the table and none beside its row. The
// order follows from the organisation's secret and the number of rows: the same table is dealt the same way again.
type Shuffle struct {
	Columns []string `json:"columns"`
}

// Kind implements [Step].
func (*Shuffle) Kind() string { return "shuffle" }

// Say implements [Step].
func (s *Shuffle) Say() Sentence { return Sentence{"recipe.say_shuffle", []any{listed(s.Columns)}} }

func (s *Shuffle) fit(at *site) (worker, error) {
	places, err := at.columns(s.Columns)
	if err != nil {
		return worker{}, err
	}
	if len(at.kitchen.Secret) == 0 {
		return worker{}, at.bad("recipe.no_secret")
	}
	var rows []row
	next, dealt := 0, false
	give := drained(&rows, &next)
	return worker{header: at.header, each: func(r row, _ emit) error {
		held, err := at.hold(r.cells)
		rows = append(rows, row{r.number, held})
		return err
	}, rest: func() (row, error) {
		if !dealt {
			dealt = true
			at.deal(rows, places)
		}
		return give()
	}}, nil
}

// deal moves the cells of the places from row to row.
func (s *site) deal(rows []row, places []int) {
	mac := hmac.New(sha256.New, s.kitchen.Secret)
	mac.Write(binary.LittleEndian.AppendUint64([]byte("shuffle\x00"), uint64(len(rows)))) // never fails
	order := rand.New(rand.NewChaCha8([32]byte(mac.Sum(nil)))).Perm(len(rows))
	for _, p := range places {
		before := make([]string, len(rows))
		for i, r := range rows {
			before[i] = r.cells[p]
		}
		for i, from := range order {
			if rows[i].cells[p] != before[from] {
				s.tally.changed(rows[i].number, s.header[p], rows[i].cells[p], before[from])
			}
			rows[i].cells[p] = before[from]
		}
	}
}
