package dataset

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
	"cultured/internal/schema"
	"cultured/internal/tabular"
)

// MostTables is how many tables of one archive are checked at once; it is said when there are more.
const MostTables = 200

// split makes of the check of an archive that holds several tables one for each, c being that of its first. A dataset is
// one table, and so is what is asked for by the name of a table or of a schema.
func (s *Service) split(c Check) (_ Check, others []Check, err error) {
	if c.For != "" || c.Source.Schema != "" || c.Source.Options.Member != "" {
		return c, nil, nil
	}
	file, err := s.Shelf.Read(c.Source.Blob)
	if err != nil {
		return c, nil, err
	}
	defer func() { _ = file.Close() }() // read only
	b, err := s.bundle(file)
	if _, said := outcome(err); said { // by the examination
		return c, nil, nil
	}
	if err != nil || b == nil || len(b.Resources) < 2 {
		return c, nil, err
	}
	tables := b.Resources[:min(len(b.Resources), MostTables)]
	first := 0
	for i := range tables {
		if &tables[i] == b.Choose("") {
			first = i
		}
	}
	c.Package = c.ID
	for i := range tables {
		one := c
		one.ID, one.Place, one.Source.Options.Member = CheckID(id.New(c.At)), i, b.address(i)
		if i != first {
			others = append(others, one)
		}
	}
	c.Place, c.Source.Options.Member = first, b.address(first)
	return c, others, nil
}

// holds says whether a file is an archive that has a table of that name.
func (s *Service) holds(blob, table string) bool {
	if table == "" {
		return false
	}
	file, err := s.Shelf.Read(blob)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }() // read only
	b, err := s.bundle(file)
	return err == nil && b != nil && b.Choose(table) != nil
}

// Together returns the checks of the package a check belongs to, in the order of its tables; a lone check by itself.
// Faults: those of [Service.Check].
func (s *Service) Together(ctx context.Context, by actor.Actor, of CheckID) (_ []Check, err error) {
	defer fault.Wrap(&err, "dataset.Together")
	c, err := s.Check(ctx, by, of)
	if err != nil || c.Package == "" {
		return []Check{c}, err
	}
	all, err := s.Packages.Tables(ctx, c.Package)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(one Check) bool { return one.By != c.By }), nil
}

// About says what the package of a check is: its name, its tables and what is odd about it.
func (s *Service) About(c Check) (_ schema.Package, err error) {
	defer fault.Wrap(&err, "dataset.About")
	file, err := s.Shelf.Read(c.Source.Blob)
	if err != nil {
		return schema.Package{}, err
	}
	defer func() { _ = file.Close() }() // read only
	b, err := s.bundle(file)
	if err != nil || b == nil {
		return schema.Package{}, errors.Join(err, fault.New(fault.NotFound, "dataset.check_gone"))
	}
	if b.Undescribed {
		b.Name = c.Source.Name
	}
	if n := len(b.Resources); n > MostTables {
		b.Notes = append(b.Notes, tabular.Note{Key: "dataset.note_most_tables", Args: []string{strconv.Itoa(n), strconv.Itoa(MostTables)}})
	}
	return b.Package, nil
}
