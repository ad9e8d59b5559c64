package dataset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/schema"
)

// A Remembered mapping is what an organisation decided about files with a header.
type Remembered struct {
	Mapping Mapping
	Header  string // the columns it was made for, see [HeaderKey]
	ByName  string
	At      time.Time
}

// Mappings keeps what organisations decided.
type Mappings interface {
	// Remember stores a mapping for the organisation of by, in the place of the one for the same schema and header.
	// Faults: SignIn "dataset.sign_in_first".
	Remember(ctx context.Context, by actor.Actor, r Remembered) error
	// Known lists the mappings of an organisation, the last decided first.
	Known(ctx context.Context, organisation string, limit int) ([]Remembered, error)
}

// knownMappings bounds how many mappings of an organisation are looked at.
const knownMappings = 300

// HeaderKey names a header: the same columns in any order, case and accents aside, have the same.
func HeaderKey(columns []string) string {
	folded := make([]string, len(columns))
	for i, c := range columns {
		folded[i] = french.Fold(c)
	}
	slices.Sort(folded)
	sum := sha256.Sum256([]byte(strings.Join(folded, "\x00")))
	return hex.EncodeToString(sum[:16])
}

// A MappingDraft is a mapping of a source, about to be decided.
type MappingDraft struct {
	Schema  *schema.Schema
	Seen    *Glance
	Mapping Mapping
	Matches []schema.Match // why, by field; nil for a mapping the source has already
}

// Draft proposes a mapping of a source to a schema: the one the source has for that schema, else what its columns and the
// decisions of the organisation of by suggest. Faults: those of an unknown schema; Invalid "dataset.map_schema" for one
// that does not describe columns; those of the file.
func (s *Service) Draft(ctx context.Context, by actor.Actor, src Source, name string) (_ MappingDraft, err error) {
	defer fault.Wrap(&err, "dataset.Draft(%s)", name)
	d := MappingDraft{}
	if d.Schema, err = s.Schema(name); err != nil {
		return d, err
	}
	if d.Schema.Document != nil {
		return d, fault.New(fault.Invalid, "dataset.map_schema")
	}
	now, at := src.Plan.MapStep()
	plan := src.Plan
	if at >= 0 {
		plan = plan[:at]
	}
	if d.Seen, err = s.look(ctx, src, plan); err != nil {
		return d, err
	}
	if at >= 0 && now.Schema == name {
		d.Mapping = now
		return d, nil
	}
	known, err := s.known(ctx, by)
	if err != nil {
		return d, err
	}
	var of []Mapping
	for _, k := range known {
		if k.Mapping.Schema == name {
			of = append(of, k.Mapping)
		}
	}
	d.Mapping, d.Matches = Propose(d.Schema, name, d.Seen, of)
	return d, nil
}

// look reads the first rows of a source.
func (s *Service) look(ctx context.Context, src Source, plan Plan) (*Glance, error) {
	file, err := s.Shelf.Read(src.Blob)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // read only
	open, _, err := s.plain(file, src)
	if err != nil {
		return nil, err
	}
	return Look(ctx, open, plan)
}

func (s *Service) known(ctx context.Context, by actor.Actor) ([]Remembered, error) {
	if !by.Known() {
		return nil, nil
	}
	return s.Mappings.Known(ctx, by.Organisation, knownMappings)
}

// Recall finds what the organisation of by decided about files with these columns: of the mappings whose columns are all
// there, the one with most of them, the last decided first. ok is false when there is none, or for a visitor.
func (s *Service) Recall(ctx context.Context, by actor.Actor, columns []string) (r Remembered, ok bool, err error) {
	defer fault.Wrap(&err, "dataset.Recall")
	known, err := s.known(ctx, by)
	most := 0
	for _, k := range known {
		if n := len(k.Mapping.Fields); n > most && k.Mapping.Fits(columns) {
			r, ok, most = k, true, n
		}
	}
	return r, ok, err
}

// Remember keeps a mapping for the organisation of by and files with these columns. A visitor's is not kept.
func (s *Service) Remember(ctx context.Context, by actor.Actor, m Mapping, columns []string) (err error) {
	defer fault.Wrap(&err, "dataset.Remember")
	if !by.Known() {
		return nil
	}
	return s.Mappings.Remember(ctx, by, Remembered{Mapping: m, Header: HeaderKey(columns), At: s.Now()})
}
