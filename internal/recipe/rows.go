package recipe

import (
	"io"
	"slices"
	"strings"

	"cultured/internal/french"
)

var errEnd = io.EOF

// Fill writes into empty cells what stands above them.
type Fill struct {
	Columns []string `json:"columns"`
}

// Kind implements [Step].
func (*Fill) Kind() string { return "fill" }

// Say implements [Step].
func (f *Fill) Say() Sentence { return Sentence{"recipe.say_fill", []any{listed(f.Columns)}} }

func (f *Fill) fit(at *site) (worker, error) {
	places, err := at.columns(f.Columns)
	if err != nil {
		return worker{}, err
	}
	above := make([]string, len(places))
	return worker{header: at.header, each: func(r row, out emit) error {
		for i, p := range places {
			switch {
			case strings.TrimSpace(r.cells[p]) != "":
				above[i] = strings.Clone(r.cells[p])
			case above[i] != "":
				at.tally.changed(r.number, at.header[p], r.cells[p], above[i])
				r.cells[p] = above[i]
			default:
				at.tally.Left++
			}
		}
		return out(r)
	}}, nil
}

// Totals leaves out the rows that sum up others: the first word of the first filled cell is "total", "sous-total" or the like.
type Totals struct{}

// Kind implements [Step].
func (*Totals) Kind() string { return "totals" }

// Say implements [Step].
func (*Totals) Say() Sentence { return Sentence{"recipe.say_totals", nil} }

func (*Totals) fit(at *site) (worker, error) {
	return worker{header: at.header, each: func(r row, out emit) error {
		if isTotal(r.cells) {
			return nil
		}
		return out(r)
	}}, nil
}

func isTotal(cells []string) bool {
	at := slices.IndexFunc(cells, func(v string) bool { return strings.TrimSpace(v) != "" })
	if at < 0 || len(cells[at]) > 60 {
		return false
	}
	words := french.Words(cells[at])
	if len(words) == 0 {
		return false
	}
	switch words[0] {
	case "total", "totaux", "soustotal":
		return true
	case "sous":
		return len(words) > 1 && (words[1] == "total" || words[1] == "totaux")
	case "ensemble", "somme":
		return len(words) == 1
	}
	return false
}

// Filter keeps the rows where a column answers a condition, or leaves them out.
type Filter struct {
	Column string `json:"column"`
	Is     string `json:"is"` // "empty", "filled", "equal", "contains", "starts", "less", "more", "matches"
	Value  string `json:"value,omitempty"`
	Drop   bool   `json:"drop,omitempty"` // leaves out those that answer
}

// Kind implements [Step].
func (*Filter) Kind() string { return "filter" }

// Say implements [Step].
func (f *Filter) Say() Sentence {
	key := "recipe.say_filter_"
	if f.Drop {
		key = "recipe.say_without_"
	}
	key += f.Is
	if _, number := french.Number(f.Value); number && (f.Is == "less" || f.Is == "more") {
		key += "_number"
	}
	return Sentence{key, []any{f.Column, f.Value}}
}

func (f *Filter) fit(at *site) (worker, error) {
	column, err := at.column(f.Column)
	if err != nil {
		return worker{}, err
	}
	test, err := f.test(at)
	if err != nil {
		return worker{}, err
	}
	return worker{header: at.header, each: func(r row, out emit) error {
		if test(r.cells[column]) == f.Drop {
			return nil
		}
		return out(r)
	}}, nil
}

func (f *Filter) test(at *site) (func(string) bool, error) {
	switch f.Is {
	case "empty":
		return func(v string) bool { return strings.TrimSpace(v) == "" }, nil
	case "filled":
		return func(v string) bool { return strings.TrimSpace(v) != "" }, nil
	case "equal":
		return func(v string) bool { return v == f.Value }, nil
	}
	if f.Value == "" {
		return nil, at.bad("recipe.nothing_to_find")
	}
	switch f.Is {
	case "contains":
		return func(v string) bool { return strings.Contains(v, f.Value) }, nil
	case "starts":
		return func(v string) bool { return strings.HasPrefix(v, f.Value) }, nil
	case "less":
		return func(v string) bool { return v != "" && compare(v, f.Value) < 0 }, nil
	case "more":
		return func(v string) bool { return v != "" && compare(v, f.Value) > 0 }, nil
	case "matches":
		re, err := expression(f.Value, false)
		if err != nil {
			return nil, at.bad("recipe.bad_pattern", f.Value)
		}
		return re.MatchString, nil
	}
	return nil, at.bad("recipe.bad_choice", f.Is)
}

// compare orders numbers by value, dates by time, everything else as a French list.
func compare(a, b string) int {
	if x, ok := french.Number(a); ok {
		if y, ok := french.Number(b); ok {
			switch {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		}
	}
	if x, _, ok := french.Date(a); ok {
		if y, _, ok := french.Date(b); ok {
			return x.Compare(y)
		}
	}
	return french.Compare(a, b)
}

// Deduplicate keeps one row of those that have the same values in some columns, case, accents and spaces aside if asked.
type Deduplicate struct {
	Columns []string `json:"columns"`         // none: all of them
	Keep    string   `json:"keep"`            // "first", "last", "fullest": the one with most cells filled, the first of them
	Loose   bool     `json:"loose,omitempty"` // "SAINT-DENIS" and "Saint Denis" are the same
}

// Kind implements [Step].
func (*Deduplicate) Kind() string { return "deduplicate" }

// Say implements [Step].
func (d *Deduplicate) Say() Sentence {
	if len(d.Columns) == 0 {
		return Sentence{"recipe.say_deduplicate_all", nil}
	}
	return Sentence{"recipe.say_deduplicate_" + d.Keep, []any{listed(d.Columns)}}
}

func (d *Deduplicate) fit(at *site) (worker, error) {
	places := at.others(nil)
	if len(d.Columns) > 0 {
		var err error
		if places, err = at.columns(d.Columns); err != nil {
			return worker{}, err
		}
	}
	parts, joined := make([]string, len(places)), []byte(nil)
	key := func(cells []string) []byte { // lent until the next one
		for i, p := range places {
			if parts[i] = cells[p]; d.Loose {
				parts[i] = strings.Join(french.Words(cells[p]), " ")
			}
		}
		joined = appendKey(joined[:0], parts)
		return joined
	}
	switch d.Keep {
	case "first":
		return d.first(at, key), nil
	case "last", "fullest":
		return d.best(at, key), nil
	}
	return worker{}, at.bad("recipe.bad_choice", d.Keep)
}

// first lets rows through as they come and holds keys alone.
func (d *Deduplicate) first(at *site, key func([]string) []byte) worker {
	seen := map[string]bool{}
	return worker{header: at.header, each: func(r row, out emit) error {
		k := key(r.cells)
		if seen[string(k)] {
			return nil
		}
		seen[string(k)] = true
		if err := at.take(int64(len(k) + 48)); err != nil {
			return err
		}
		return out(r)
	}}
}

// best holds a row for each key; they come out in the order of their numbers in the file.
func (d *Deduplicate) best(at *site, key func([]string) []byte) worker {
	rows, byKey, next, sorted := []row(nil), map[string]int{}, 0, false
	give := drained(&rows, &next)
	return worker{header: at.header, each: func(r row, _ emit) error {
		k := key(r.cells)
		slot, known := byKey[string(k)]
		if known && d.Keep == "fullest" && filled(r.cells) <= filled(rows[slot].cells) {
			return nil
		}
		held, err := at.hold(r.cells)
		if err != nil {
			return err
		}
		if known {
			rows[slot] = row{r.number, held}
			return nil
		}
		byKey[string(k)], rows = len(rows), append(rows, row{r.number, held})
		return at.take(int64(len(k) + 48))
	}, rest: func() (row, error) {
		if !sorted {
			sorted = true
			slices.SortStableFunc(rows, func(a, b row) int { return a.number - b.number })
		}
		return give()
	}}
}

func filled(cells []string) (n int) {
	for _, v := range cells {
		if v != "" {
			n++
		}
	}
	return n
}
