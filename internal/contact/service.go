package contact

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// An Objection is the digest of a way that must not be used.
type Objection struct {
	Digest string
	At     time.Time
	By     string // person who wrote it down
	How    string // how it was received
}

// A Store keeps lists and objections. Every method checks the organisation.
type Store interface {
	// Mark stores a list; whatever was stored of its dataset is replaced when the trail it was read with is still there. Fault: Conflict "contact.moved".
	Mark(ctx context.Context, by actor.Actor, l List, trail int) error
	// Forget drops the list of a dataset that is gone; one that is not there is no error. What was objected stays.
	Forget(ctx context.Context, organisation, dataset string) error
	// Lists returns those of an organisation, by title, those that are none any more too.
	Lists(ctx context.Context, organisation string) ([]List, error)
	// Object stores objections, each once, and returns how many are new.
	Object(ctx context.Context, by actor.Actor, list []Objection) (int, error)
	// Withdraw takes objections back, and returns how many there were.
	Withdraw(ctx context.Context, by actor.Actor, digests []string) (int, error)
	// Objections returns the digests of an organisation.
	Objections(ctx context.Context, organisation string) (map[string]bool, error)
	// Given writes in the audit log that a dataset left whole, and why.
	Given(ctx context.Context, by actor.Actor, dataset, why string) error
}

// A Set is a dataset as its room gives it.
type Set struct {
	ID, Title string
	May       bool            // the reader may change it
	Columns   []string        // names
	Personal  map[string]bool // of these, the ones that tell about persons
}

// Data is what this room asks of that of datasets.
type Data interface {
	// Set returns a dataset by may see. Fault: NotFound.
	Set(ctx context.Context, by actor.Actor, dataset string) (Set, error)
	// Table opens its rows. Fault: NotFound.
	Table(ctx context.Context, by actor.Actor, dataset string) (tabular.Table, error)
}

// A Service is the room's front desk.
type Service struct {
	Store  Store
	Trails Trails
	Data   Data
	Secret []byte // digests are made under it; the same on every replica
	Now    func() time.Time
}

func known(by actor.Actor) error {
	if !by.Known() {
		return fault.New(fault.SignIn, "contact.sign_in_first")
	}
	return nil
}

// A Count is what a list holds.
type Count struct {
	List
	Rows      int64
	Reached   int64 // rows that reach somebody, none of whose ways was objected: those that [Service.Give] gives
	Refused   int64 // rows of which some way was objected
	Twice     int64 // rows that a row before reaches already
	Elsewhere int64 // rows that another list reaches too
	May       bool
}

// mostWays bounds what a survey holds in memory.
const mostWays = 2_000_000

// Survey counts the lists by may see, and how many ways were objected. Faults: SignIn "contact.sign_in_first"; TooLarge "contact.too_many".
func (s *Service) Survey(ctx context.Context, by actor.Actor) (out []Count, refused int, err error) {
	defer fault.Wrap(&err, "contact.Survey")
	if err := known(by); err != nil {
		return nil, 0, err
	}
	lists, err := s.Store.Lists(ctx, by.Organisation)
	if err != nil {
		return nil, 0, err
	}
	objected, err := s.Store.Objections(ctx, by.Organisation)
	if err != nil {
		return nil, 0, err
	}
	all := survey{objected: objected, in: map[string][]int{}}
	for _, l := range lists {
		if l.Off {
			continue
		}
		set, err := s.Data.Set(ctx, by, l.Dataset)
		if fault.KindOf(err) == fault.NotFound {
			continue
		}
		if err != nil {
			return nil, 0, err
		}
		l.Title = set.Title
		if err := s.count(ctx, by, &all, Count{List: l, May: set.May}); err != nil {
			return nil, 0, err
		}
	}
	for i := range all.counts {
		for _, reach := range all.rows[i] {
			if slices.ContainsFunc(reach, func(way string) bool { return len(all.in[way]) > 1 }) {
				all.counts[i].Elsewhere++
			}
		}
	}
	return all.counts, len(objected), nil
}

// A survey is what was counted so far.
type survey struct {
	objected map[string]bool
	in       map[string][]int // lists that reach a way
	counts   []Count
	rows     [][][]string // ways of each row, of each list
}

// count adds a list to a survey. Faults: those of [Data]; TooLarge "contact.too_many".
func (s *Service) count(ctx context.Context, by actor.Actor, all *survey, c Count) error {
	var ways [][]string
	at := len(all.counts)
	err := s.each(ctx, by, c.List, func(_ []string, reach []string) error {
		c.Rows++
		twice := false
		for _, way := range reach {
			if slices.Contains(all.in[way], at) {
				twice = true
			} else {
				all.in[way] = append(all.in[way], at)
			}
		}
		if twice {
			c.Twice++
		}
		if len(all.in) > mostWays {
			return fault.New(fault.TooLarge, "contact.too_many", mostWays)
		}
		s.weigh(&c, reach, all.objected, by.Organisation)
		ways = append(ways, reach)
		return nil
	})
	all.counts, all.rows = append(all.counts, c), append(all.rows, ways)
	return err
}

// weigh counts a row among those that are reached, or refused.
func (s *Service) weigh(c *Count, reach []string, objected map[string]bool, organisation string) {
	switch {
	case slices.ContainsFunc(reach, func(way string) bool { return objected[Digest(s.Secret, organisation, way)] }):
		c.Refused++
	case len(reach) > 0:
		c.Reached++
	}
}

// each gives the rows of a list with the ways they hold.
func (s *Service) each(ctx context.Context, by actor.Actor, l List, fn func(cells, reach []string) error) (err error) {
	table, err := s.Data.Table(ctx, by, l.Dataset)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, table.Close()) }()
	var at []int
	for _, c := range []string{l.Email, l.Phone} {
		if i := slices.Index(table.Columns(), c); c != "" && i >= 0 {
			at = append(at, i)
		}
	}
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		var reach []string
		for _, i := range at {
			if i < len(row.Cells) {
				if way := Way(row.Cells[i]); way != "" {
					reach = append(reach, way)
				}
			}
		}
		if err := fn(row.Cells, reach); err != nil {
			return err
		}
	}
}

// Find returns a dataset by may see, and the list it is, Off when it is none. Faults: SignIn "contact.sign_in_first"; those of [Data.Set].
func (s *Service) Find(ctx context.Context, by actor.Actor, dataset string) (_ Set, _ List, err error) {
	defer fault.Wrap(&err, "contact.Find(%s)", dataset)
	if err := known(by); err != nil {
		return Set{}, List{}, err
	}
	set, err := s.Data.Set(ctx, by, dataset)
	if err != nil {
		return set, List{}, err
	}
	lists, err := s.Store.Lists(ctx, by.Organisation)
	if i := slices.IndexFunc(lists, func(l List) bool { return l.Dataset == dataset }); i >= 0 {
		return set, lists[i], err
	}
	return set, List{Off: true}, err
}

// mine finds a dataset that by may change. Fault: Denied "contact.not_yours".
func (s *Service) mine(ctx context.Context, by actor.Actor, dataset string) (Set, List, error) {
	set, l, err := s.Find(ctx, by, dataset)
	if err == nil && !set.May {
		err = fault.New(fault.Denied, "contact.not_yours")
	}
	return set, l, err
}

// Mark says that a dataset is a list, and with which columns; its trail stays. Faults: those of [Service.Find] and [List.Validate]; Denied "contact.not_yours".
func (s *Service) Mark(ctx context.Context, by actor.Actor, dataset string, l List) (err error) {
	defer fault.Wrap(&err, "contact.Mark(%s)", dataset)
	set, before, err := s.mine(ctx, by, dataset)
	if err != nil {
		return err
	}
	l.Organisation, l.Dataset, l.Title, l.Trail, l.Off = by.Organisation, dataset, set.Title, before.Trail, false
	if err := l.Validate(set.Columns).Err(); err != nil {
		return err
	}
	return s.Store.Mark(ctx, by, l, len(before.Trail))
}

// Turn takes a dataset from the lists, or back to them: its columns and its trail are kept. Faults: those of [Service.Mark]; NotFound "contact.no_list".
func (s *Service) Turn(ctx context.Context, by actor.Actor, dataset string, off bool) (err error) {
	defer fault.Wrap(&err, "contact.Turn(%s)", dataset)
	_, l, err := s.mine(ctx, by, dataset)
	if err == nil && l.Dataset == "" {
		err = fault.New(fault.NotFound, "contact.no_list")
	}
	if err != nil || l.Off == off {
		return err
	}
	l.Off = off
	return s.Store.Mark(ctx, by, l, len(l.Trail))
}

// Agree adds to the trail of a list when, how and to which words people said yes. Faults: those of [Service.Mark] and [Consent.Validate]; NotFound
// "contact.no_list"; Conflict "contact.long_trail".
func (s *Service) Agree(ctx context.Context, by actor.Actor, dataset string, c Consent) (err error) {
	defer fault.Wrap(&err, "contact.Agree(%s)", dataset)
	_, l, err := s.mine(ctx, by, dataset)
	switch {
	case err != nil:
		return err
	case l.Off:
		return fault.New(fault.NotFound, "contact.no_list")
	case len(l.Trail) >= TrailMost:
		return fault.New(fault.Conflict, "contact.long_trail", TrailMost)
	}
	c.By, c.At = by.ID, s.Now()
	if err := c.Validate(s.Now().Format(time.DateOnly)).Err(); err != nil {
		return err
	}
	n := len(l.Trail)
	l.Trail = append(slices.Clone(l.Trail), c)
	return s.Store.Mark(ctx, by, l, n)
}

// Object notes that the owners of the ways of a text, one a line, refused. It returns how many are new. Faults: SignIn "contact.sign_in_first"; those of
// [Refusals]; of the field "how" Invalid "contact.no_how".
func (s *Service) Object(ctx context.Context, by actor.Actor, text, how string) (_ int, err error) {
	defer fault.Wrap(&err, "contact.Object")
	if err := known(by); err != nil {
		return 0, err
	}
	ways, err := Refusals(text)
	if err != nil {
		return 0, err
	}
	if how == "" {
		return 0, fault.Field("how", "contact.no_how")
	}
	var list []Objection
	for _, way := range ways {
		list = append(list, Objection{Digest(s.Secret, by.Organisation, way), s.Now(), by.ID, how})
	}
	return s.Store.Object(ctx, by, list)
}

// Withdraw takes back that the owners of the ways of a text refused. It returns how many had. Faults: SignIn "contact.sign_in_first"; Denied
// "contact.stewards_only"; those of [Refusals].
func (s *Service) Withdraw(ctx context.Context, by actor.Actor, text string) (_ int, err error) {
	defer fault.Wrap(&err, "contact.Withdraw")
	if err := known(by); err != nil {
		return 0, err
	}
	if !by.Is(actor.Steward) && !by.Is(actor.Admin) {
		return 0, fault.New(fault.Denied, "contact.stewards_only")
	}
	ways, err := Refusals(text)
	if err != nil {
		return 0, err
	}
	for i := range ways {
		ways[i] = Digest(s.Secret, by.Organisation, ways[i])
	}
	return s.Store.Withdraw(ctx, by, ways)
}

// Give gives the contacts of a list that may be used: a row whose every way was not objected, the first that reaches somebody when once is asked, with the
// columns wanted, in the order of the table. start is called once, with their names. Faults: those of [Service.Mark]; NotFound "contact.no_list"; Invalid
// "contact.no_columns".
func (s *Service) Give(ctx context.Context, by actor.Actor, ask Ask, start func(header []string) error, row func(cells []string) error) (err error) {
	defer fault.Wrap(&err, "contact.Give(%s)", ask.Dataset)
	set, l, err := s.mine(ctx, by, ask.Dataset)
	if err != nil {
		return err
	}
	if l.Off {
		return fault.New(fault.NotFound, "contact.no_list")
	}
	var header []string
	var at []int
	for i, c := range set.Columns {
		if slices.Contains(ask.Columns, c) {
			header, at = append(header, c), append(at, i)
		}
	}
	if len(at) == 0 {
		return fault.Field("column", "contact.no_columns")
	}
	objected, err := s.Store.Objections(ctx, by.Organisation)
	if err != nil {
		return err
	}
	var agreed map[string]bool
	if ask.Purpose != "" {
		if agreed, err = s.Trails.Holding(ctx, by.Organisation, ask.Purpose); err != nil {
			return err
		}
	}
	if err := start(header); err != nil {
		return err
	}
	seen, line := map[string]bool{}, make([]string, len(at))
	return s.each(ctx, by, l, func(cells, reach []string) error {
		if len(reach) == 0 {
			return nil
		}
		for _, way := range reach {
			if objected[Digest(s.Secret, by.Organisation, way)] || ask.Once && seen[way] {
				return nil
			}
		}
		if ask.Purpose != "" && !slices.ContainsFunc(reach, func(way string) bool { return agreed[Digest(s.Secret, by.Organisation, way)] }) {
			return nil
		}
		for _, way := range reach {
			seen[way] = ask.Once
		}
		for i, from := range at {
			line[i] = ""
			if from < len(cells) {
				line[i] = cells[from]
			}
		}
		return row(line)
	})
}

// An Ask is what a file of contacts holds.
type Ask struct {
	Dataset string
	Columns []string
	Once    bool   // each person once
	Purpose string // only who agreed to it, and did not take it back; "" asks for no agreement
}
