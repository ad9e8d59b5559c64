package recipe

import (
	"io"
	"slices"
	"strings"

	"cultured/internal/fault"
)

// unpairedKept is how many keys without a partner are shown.
const unpairedKept = 20

// Join brings columns from another table where the values of a column meet. A row keeps its place and is never doubled: a key
// that stands twice over there is refused. Rows without a partner stay, counted, their keys shown.
type Join struct {
	With  string   `json:"with"`            // the other table, as the kitchen names it
	Named string   `json:"named,omitempty"` // as people call it; "" for With
	On    string   `json:"on"`              // column here
	Their string   `json:"their,omitempty"` // column there; "" for the same name
	Take  []string `json:"take"`            // columns brought
	Loose bool     `json:"loose,omitempty"` // case, accents and signs aside
	Only  bool     `json:"only,omitempty"`  // rows without a partner are left out
}

// Kind implements [Step].
func (*Join) Kind() string { return "join" }

// Say implements [Step].
func (j *Join) Say() Sentence {
	key := "recipe.say_join"
	if j.Only {
		key = "recipe.say_join_only"
	}
	return Sentence{key, []any{listed(j.Take), j.name(), j.On}}
}

func (j *Join) fit(at *site) (worker, error) {
	on, err := at.column(j.On)
	if err != nil {
		return worker{}, err
	}
	found, names, err := j.load(at)
	if err != nil {
		return worker{}, err
	}
	if err := at.fresh(at.header, names...); err != nil {
		return worker{}, err
	}
	header := slices.Concat(at.header, names)
	line := make([]string, len(header))
	return worker{header: header, each: func(r row, out emit) error {
		clear(line[copy(line, r.cells):])
		partner, ok := found[j.key(r.cells[on])]
		if !ok {
			at.tally.lonely(r.cells[on])
			if j.Only {
				return nil
			}
		}
		copy(line[len(r.cells):], partner)
		return out(row{r.number, line})
	}}, nil
}

// name is what people call the other table.
func (j *Join) name() string {
	if j.Named != "" {
		return j.Named
	}
	return j.With
}

func (j *Join) key(v string) string {
	if j.Loose {
		return Fingerprint(v)
	}
	return v
}

// load holds the columns taken, by key.
func (j *Join) load(at *site) (map[string][]string, []string, error) {
	if at.kitchen.Others == nil {
		return nil, nil, at.bad("recipe.no_table", j.name())
	}
	table, err := at.kitchen.Others(j.With)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil, at.bad("recipe.no_table", j.name())
	}
	if err != nil {
		return nil, nil, err
	}
	defer func() { _ = table.Close() }() // read only
	there := &site{step: at.step, header: table.Columns()}
	their := j.Their
	if their == "" {
		their = j.On
	}
	key, err := there.column(their)
	if err != nil {
		return nil, nil, err
	}
	take, err := there.columns(j.Take)
	if err != nil {
		return nil, nil, err
	}
	names := there.chosen(take).header
	found, line := map[string][]string{}, make([]string, len(take))
	for {
		r, err := table.Next()
		if err == io.EOF {
			return found, names, nil
		}
		if err != nil {
			return nil, nil, err
		}
		if key >= len(r.Cells) || r.Cells[key] == "" {
			continue
		}
		for i, p := range take {
			line[i] = ""
			if p < len(r.Cells) {
				line[i] = r.Cells[p]
			}
		}
		k := strings.Clone(j.key(r.Cells[key]))
		if _, twice := found[k]; twice {
			return nil, nil, at.bad("recipe.key_twice", j.name(), r.Cells[key])
		}
		if found[k], err = at.hold(line); err != nil {
			return nil, nil, err
		}
		if err := at.take(int64(len(k) + 48)); err != nil {
			return nil, nil, err
		}
	}
}
