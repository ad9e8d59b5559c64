package recipe

import (
	"io"
	"slices"
	"strconv"
	"strings"
)

// Address locates rows by an address that one or several columns make together. It asks the service that the instance was set up with, many at
// a time; what it answered is kept, so that the same address is in the same place next month. An address that is not found is left and listed.
type Address struct {
	Columns []string `json:"columns"` // in the order an address is written: number and street, code of the post, town
}

// A Place is where an address is, in degrees (WGS 84).
type Place struct {
	Found               bool
	Latitude, Longitude float64
	Label               string  // the address as the service writes it
	Score               float64 // 0 to 1, how sure the service is
}

// addressColumns are those the step adds; one whose name is taken is numbered.
var addressColumns = []string{"adresse_trouvee", "latitude", "longitude", "score_adresse"}

// addressesAtOnce is how many rows are held and asked together.
const addressesAtOnce = 500

// Kind implements [Step].
func (*Address) Kind() string { return "address" }

// Say implements [Step].
func (a *Address) Say() Sentence { return Sentence{"recipe.say_address", []any{listed(a.Columns)}} }

func (a *Address) fit(at *site) (worker, error) {
	places, err := at.columns(a.Columns)
	if err != nil {
		return worker{}, err
	}
	if at.kitchen.Places == nil {
		return worker{}, at.bad("recipe.no_places")
	}
	header := slices.Clone(at.header)
	for _, name := range addressColumns {
		header = append(header, free(header, name))
	}
	l := &locating{at: at, places: places, header: header}
	return worker{header: header, many: true, each: l.each, rest: l.rest}, nil
}

// A locating holds rows until there are enough to ask.
type locating struct {
	at     *site
	places []int
	header []string
	rows   []row
}

func (l *locating) each(r row, out emit) error {
	line := make([]string, len(l.header))
	for i, v := range r.cells {
		line[i] = strings.Clone(v)
	}
	if l.rows = append(l.rows, row{r.number, line}); len(l.rows) < addressesAtOnce {
		return nil
	}
	if err := l.ask(); err != nil {
		return err
	}
	for _, done := range l.rows {
		if err := out(done); err != nil {
			return err
		}
	}
	l.rows = l.rows[:0]
	return nil
}

// rest asks for the last rows, once, and gives them one by one.
func (l *locating) rest() (row, error) {
	if l.places != nil {
		if err := l.ask(); err != nil {
			return row{}, err
		}
		l.places = nil
	}
	if len(l.rows) == 0 {
		return row{}, io.EOF
	}
	done := l.rows[0]
	l.rows = l.rows[1:]
	return done, nil
}

// ask locates the rows held, each different address once.
func (l *locating) ask() error {
	at, known := make([]int, len(l.rows)), map[string]int{}
	var addresses []string
	for i, r := range l.rows {
		address := l.address(r.cells)
		n, ok := known[address]
		if !ok {
			n = len(addresses)
			known[address], addresses = n, append(addresses, address)
		}
		at[i] = n
	}
	if len(addresses) == 0 {
		return nil
	}
	found, err := l.at.kitchen.Places(addresses)
	if err != nil {
		return err
	}
	for i, r := range l.rows {
		switch p := found[at[i]]; {
		case p.Found:
			n := len(l.header) - len(addressColumns)
			copy(r.cells[n:], []string{p.Label, degrees(p.Latitude), degrees(p.Longitude), strconv.FormatFloat(p.Score, 'f', 2, 64)})
			l.at.tally.changed(r.number, l.header[n], addresses[at[i]], p.Label)
		case addresses[at[i]] != "":
			l.at.tally.lonely(addresses[at[i]])
		}
	}
	return nil
}

func (l *locating) address(cells []string) string {
	var parts []string
	for _, p := range l.places {
		if v := trimmed(cells[p]); v != "" {
			parts = append(parts, v)
		}
	}
	return strings.Join(parts, " ")
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
