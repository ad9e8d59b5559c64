package dataset

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"io"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/recipe"
	"cultured/internal/tabular"
)

// Kitchen is what recipes of by work with: the datasets that by sees, by their ID, each in its current version as it is stored.
func (s *Service) Kitchen(ctx context.Context, by actor.Actor) recipe.Kitchen {
	return recipe.Kitchen{Secret: s.secretOf(by.Organisation), Ask: s.asking(pageTime), Map: s.mapper(ctx, by), Places: s.locator(ctx, by.Organisation), Others: func(name string) (tabular.Table, error) {
		_, v, err := s.Current(ctx, by, ID(name))
		if err != nil {
			return nil, err
		}
		return s.openStored(ctx, v)
	}}
}

// How long the process of a step in SQL may live: while a page waits, and while a version is made.
const (
	pageTime = 10 * time.Second
	runTime  = 2 * time.Minute
)

// asking gives steps in SQL a process that lives for upTo at most; nil where there is none.
func (s *Service) asking(upTo time.Duration) func(recipe.Question) (recipe.Inquiry, error) {
	if s.Ask == nil {
		return nil
	}
	return func(q recipe.Question) (recipe.Inquiry, error) { return s.Ask(q, upTo) }
}

// locator says where addresses are; nil where no service was chosen.
func (s *Service) locator(ctx context.Context, organisation string) func([]string) ([]recipe.Place, error) {
	if s.Places == nil {
		return nil
	}
	return func(addresses []string) ([]recipe.Place, error) { return s.Places(ctx, organisation, addresses) }
}

// mapper completes a step that maps to a schema: its rules and, where no field was chosen, the columns likely to hold each, of those the first
// rows show.
func (s *Service) mapper(ctx context.Context, by actor.Actor) func(tabular.Table, *recipe.Map) error {
	return func(table tabular.Table, step *recipe.Map) error {
		rules, err := s.Schema(step.Schema)
		if err != nil {
			return err
		}
		if step.Titled = rules.Title; len(step.Fields) == 0 {
			known, err := s.known(ctx, by)
			if err != nil {
				return err
			}
			var before []Mapping
			for _, k := range known {
				if k.Mapping.Schema == step.Schema {
					before = append(before, k.Mapping)
				}
			}
			seen, err := Look(ctx, func() (tabular.Table, error) { return table, nil }, nil)
			if err != nil {
				return err
			}
			m, _ := Propose(rules, step.Schema, seen, before)
			step.Fields = m.Fields
		}
		if len(step.Fields) == 0 {
			return nil
		}
		fix, err := Mapping{Schema: step.Schema, Fields: step.Fields, Drop: step.Drop}.Step(rules)
		step.Rule = fix.Rule
		return err
	}
}

// secretOf is what hides people in the tables of an organisation: another one for each, so that no two can bring their pseudonyms together.
// None where the instance has none.
func (s *Service) secretOf(organisation string) []byte {
	if len(s.Secret) == 0 {
		return nil
	}
	mac := hmac.New(sha256.New, s.Secret)
	mac.Write([]byte("recipes of " + organisation)) // never fails
	return mac.Sum(nil)
}

// stocked returns a plan whose recipes find the datasets of an organisation. Who wrote the recipe saw them then; who may change the
// dataset it is part of runs it again.
func (s *Service) stocked(ctx context.Context, organisation string, plan Plan) Plan {
	plan = slices.Clone(plan)
	for i := range plan {
		if plan[i].Kind != fixRecipe {
			continue
		}
		plan[i].kitchen.Secret = s.secretOf(organisation)
		plan[i].kitchen.Ask = s.asking(runTime)
		plan[i].kitchen.Places = s.locator(ctx, organisation)
		plan[i].kitchen.Others = func(name string) (tabular.Table, error) {
			d, err := s.Datasets.Find(ctx, organisation, ID(name))
			if err != nil {
				return nil, err
			}
			v, err := s.Datasets.Version(ctx, d.ID, d.Current)
			if err != nil {
				return nil, err
			}
			return s.openStored(ctx, v)
		}
	}
	return plan
}

// storedPage is how many rows of a stored table are asked for at once.
const storedPage = 1000

// A stored is a stored table read row by row, its values as files write them.
type stored struct {
	ctx    context.Context
	tables Tables
	blob   string
	page   Page
	at     int
	read   int64
	cells  []string
}

func (s *Service) openStored(ctx context.Context, v Version) (tabular.Table, error) {
	t := &stored{ctx: ctx, tables: s.Tables, blob: v.Outcome.Table}
	return t, t.turn("")
}

// turn reads the page after a cursor.
func (t *stored) turn(after string) (err error) {
	t.at = 0
	t.page, err = t.tables.Rows(t.ctx, t.blob, Query{After: after, Limit: storedPage})
	return err
}

func (t *stored) Reading() tabular.Reading { return tabular.Reading{HeaderRow: 1} }
func (t *stored) Position() int64          { return t.read }
func (t *stored) Close() error             { return nil }

func (t *stored) Columns() []string {
	out := make([]string, len(t.page.Columns))
	for i, c := range t.page.Columns {
		out[i] = c.Name
	}
	return out
}

func (t *stored) Next() (tabular.Row, error) {
	if t.at == len(t.page.Rows) {
		if t.page.Next == "" {
			return tabular.Row{}, io.EOF
		}
		if err := t.turn(t.page.Next); err != nil {
			return tabular.Row{}, err
		}
		return t.Next()
	}
	row := t.page.Rows[t.at]
	t.at++
	t.read++
	t.cells = t.cells[:0]
	for i, c := range row.Cells {
		t.cells = append(t.cells, Plain(t.page.Columns[i].Type, c))
	}
	return tabular.Row{Number: int(row.Number), Cells: t.cells, Width: len(t.cells)}, nil
}

// supplied is the source of a check whose recipes find what they join with, with the rules of its organisation.
func (s *Service) supplied(ctx context.Context, c Check) (src Source, err error) {
	src = c.Source
	src.Plan = s.stocked(ctx, c.Organisation, src.Plan)
	if s.Rules != nil {
		src.rules, err = s.Rules(ctx, c.Organisation, src.Schema, string(c.For))
	}
	return src, err
}
