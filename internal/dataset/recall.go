package dataset

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/french"
	"cultured/internal/schema"
)

// A Remembered mapping is what an organisation decided about files with a header.
type Remembered struct {
	Mapping   Mapping
	Header    string // the columns it was made for, see [HeaderKey]
	Name      string // what people call it, "" until somebody does
	By        string // who decided it last
	ByName    string
	At        time.Time
	Forgotten time.Time // when somebody asked to forget it; it serves no more, and is deleted [regret] later
}

// A MappingKey names a remembered mapping within its organisation: the schema, and the columns it was made for.
type MappingKey struct{ Schema, Header string }

// Key names the mapping.
func (r Remembered) Key() MappingKey { return MappingKey{r.Mapping.Schema, r.Header} }

// MayChange reports whether by may rename or forget the mapping, which is one of its organisation: who decided it, and stewards.
func (r Remembered) MayChange(by actor.Actor) bool {
	return by.Known() && (by.ID == r.By || by.Is(actor.Steward))
}

// Mappings keeps what organisations decided.
type Mappings interface {
	// Remember stores a mapping for the organisation of by, in the place of the one for the same schema and header.
	// Faults: SignIn "dataset.sign_in_first".
	Remember(ctx context.Context, by actor.Actor, r Remembered) error
	// Known lists the mappings of an organisation, the last decided first.
	// Those that are forgotten are not among them.
	Known(ctx context.Context, organisation string, limit int) ([]Remembered, error)
	// Amend changes the name of a mapping of the organisation of by, and whether it is forgotten; those forgotten before
	// a.Gone are deleted. change may run more than once. Faults: NotFound "dataset.mapping_gone".
	Amend(ctx context.Context, by actor.Actor, a Amendment, change func(*Remembered) error) error
}

// An Amendment says which remembered mapping changes, and what the audit log calls it.
type Amendment struct {
	Of   MappingKey
	Verb string
	Gone time.Time
}

// KnownMappings bounds how many mappings of an organisation serve: the last decided.
const KnownMappings = 300

// regret is how long a forgotten mapping can be taken back.
const regret = 24 * time.Hour

// mappingName is the most characters of a mapping's name.
const mappingName = 120

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
	if d.Seen, err = s.look(ctx, src, s.stocked(ctx, by.Organisation, plan)); err != nil {
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
	return s.Mappings.Known(ctx, by.Organisation, KnownMappings)
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

// Remembered lists what the organisation of by decided, the last first, at most [KnownMappings].
// Faults: SignIn "dataset.sign_in_first".
func (s *Service) Remembered(ctx context.Context, by actor.Actor) (_ []Remembered, err error) {
	defer fault.Wrap(&err, "dataset.Remembered")
	if !by.Known() {
		return nil, fault.New(fault.SignIn, "dataset.sign_in_first")
	}
	return s.known(ctx, by)
}

// Call names a remembered mapping; "" takes its name away.
// Faults: those of [Mappings.Amend]; SignIn "dataset.sign_in_first"; Denied "dataset.mapping_not_yours";
// Invalid "dataset.mapping_name" of the field "name".
func (s *Service) Call(ctx context.Context, by actor.Actor, of MappingKey, name string) (err error) {
	defer fault.Wrap(&err, "dataset.Call")
	name = strings.Join(strings.Fields(name), " ")
	if utf8.RuneCountInString(name) > mappingName {
		return fault.Field("name", "dataset.mapping_name", mappingName)
	}
	return s.amend(ctx, by, of, "dataset.mapping_named", func(r *Remembered) { r.Name = name })
}

// Unlearn forgets a remembered mapping, or takes it back when it was forgotten less than a day ago. Datasets mapped with it
// stay as they are. Faults: those of [Service.Call].
func (s *Service) Unlearn(ctx context.Context, by actor.Actor, of MappingKey, back bool) (err error) {
	defer fault.Wrap(&err, "dataset.Unlearn")
	verb, at := "dataset.mapping_dropped", s.Now()
	if back {
		verb, at = "dataset.mapping_kept", time.Time{}
	}
	return s.amend(ctx, by, of, verb, func(r *Remembered) { r.Forgotten = at })
}

func (s *Service) amend(ctx context.Context, by actor.Actor, of MappingKey, verb string, change func(*Remembered)) error {
	if !by.Known() {
		return fault.New(fault.SignIn, "dataset.sign_in_first")
	}
	return s.Mappings.Amend(ctx, by, Amendment{of, verb, s.Now().Add(-regret)}, func(r *Remembered) error {
		if !r.MayChange(by) {
			return fault.New(fault.Denied, "dataset.mapping_not_yours", r.ByName)
		}
		change(r)
		return nil
	})
}
