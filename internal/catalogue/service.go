package catalogue

import (
	"context"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
	"cultured/internal/id"
)

// A Service is the room's front desk.
type Service struct {
	Store Store
	Desk  Desk
	Watch Watch // nil tells nobody
	Now   func() time.Time

	current atomic.Pointer[standing] // the index of this replica; nil before the first search
	turn    sync.Mutex               // held while current is replaced, never while the store is asked but for the first
	renewal atomic.Bool              // a new index is being made aside
}

// A standing is an index and the store's mark it has followed. It never changes.
type standing struct {
	index *Index
	mark  int64
	made  time.Time
}

// Record returns the record of a dataset by may see, made from its facts the first time.
func (s *Service) Record(ctx context.Context, by actor.Actor, dataset string) (_ Record, err error) {
	defer fault.Wrap(&err, "catalogue.Record(%s)", dataset)
	r, err := s.Store.OfDataset(ctx, dataset)
	if fault.KindOf(err) == fault.NotFound {
		if err = s.Begin(ctx, by, dataset); fault.KindOf(err) == fault.NotFound { // said as of a record one may not see
			err = fault.New(fault.NotFound, "catalogue.not_found").Because(err)
		}
		if err != nil {
			return Record{}, err
		}
		r, err = s.Store.OfDataset(ctx, dataset)
	}
	if err != nil {
		return Record{}, err
	}
	if !r.MaySee(by) {
		return Record{}, fault.New(fault.NotFound, "catalogue.not_found")
	}
	return r, nil
}

// Begin makes the record of a dataset from what the system can know by itself.
func (s *Service) Begin(ctx context.Context, by actor.Actor, dataset string) (err error) {
	defer fault.Wrap(&err, "catalogue.Begin(%s)", dataset)
	h, err := s.Desk.Facts(ctx, by, dataset)
	if err != nil {
		return err
	}
	now := s.Now()
	r := Derive(h.Facts).Record
	r.ID, r.Dataset, r.Organisation, r.Service, r.ServiceName = ID(id.New(now)), dataset, h.Organisation, h.Service, h.ServiceName
	r.Author, r.Owner = h.Owner, h.OwnerName
	r.Created, r.Modified, r.Version, r.State = now, now, 1, StateDraft
	r.Slug = SlugOf(r.Title) + "-" + string(r.ID)[len(r.ID)-6:]
	r.hold(h, now)
	if err := s.Store.Add(ctx, by, r); err != nil {
		return err
	}
	return s.Desk.Retitle(ctx, by, dataset, r.Title)
}

// hold copies into the record what only the data says.
func (r *Record) hold(h Holding, now time.Time) {
	r.DataVersion, r.Columns, r.LastUpdate = h.Version, h.Columns, now
	r.ServiceName, r.Exercise = h.ServiceName, h.Exercise
	r.Resources = offers(r.Slug, h, now)
}

// Original names the resource that is the file as it came.
const Original = "original"

// offers lists what a dataset offers once published: the file as it came unless it is withheld, its table in each format, its dictionary.
func offers(slug string, h Holding, now time.Time) []Resource {
	base, rows := "/catalogue/"+slug, h.Facts.Rows
	var out []Resource
	if !h.Facts.Withheld {
		out = append(out, Resource{ID: Original, Title: h.Facts.FileName, Type: Main, Format: FormatOf(h.Facts.Format).Name, Bytes: h.Facts.Bytes, Rows: rows,
			URL: base + "/original", Available: true, Modified: now})
	}
	for _, f := range h.Formats {
		r := Resource{ID: f, Title: slug + "." + f, Type: Main, Format: f, Rows: rows, URL: base + "/data/" + slug + "." + f, Available: true, Modified: now}
		if f == "parquet" {
			r.Bytes = h.TableBytes
		}
		out = append(out, r)
	}
	return append(out, Resource{ID: "dictionary", Title: slug + "-dictionary.csv", Type: Documentation, Format: "csv", Rows: int64(len(h.Columns)),
		URL: base + "/dictionary.csv", Available: true, Modified: now})
}

// Offers reports whether the record has a resource of that ID.
func (r Record) Offers(id string) bool {
	return slices.ContainsFunc(r.Resources, func(one Resource) bool { return one.ID == id })
}

// readdress makes the resources follow a new public address. Once published a record keeps the address it has: others
// link to it.
func (r Record) readdress(before string) Record {
	if r.Published != nil {
		r.Slug = before
	}
	if r.Slug == before {
		return r
	}
	r.Resources = slices.Clone(r.Resources)
	for i, res := range r.Resources {
		r.Resources[i].URL = strings.ReplaceAll(res.URL, before, r.Slug)
		r.Resources[i].Title = strings.ReplaceAll(res.Title, before, r.Slug)
	}
	return r
}

// Refresh brings the record of a dataset up to date with its current version. What the public sees does not move.
func (s *Service) Refresh(ctx context.Context, by actor.Actor, dataset string) (err error) {
	defer fault.Wrap(&err, "catalogue.Refresh(%s)", dataset)
	r, err := s.Store.OfDataset(ctx, dataset)
	if fault.KindOf(err) == fault.NotFound {
		return s.Begin(ctx, by, dataset)
	}
	if err != nil {
		return err
	}
	h, err := s.Desk.Facts(ctx, by, dataset)
	if err != nil {
		return err
	}
	if h.Version == r.DataVersion && h.ServiceName == r.ServiceName && slices.Equal(h.Columns, r.Columns) {
		return nil // heard of already, or nothing the record shows
	}
	now := s.Now()
	_, err = s.Store.Change(ctx, by, r.ID, "catalogue.refreshed", func(r *Record) error {
		updated := r.LastUpdate
		newer := h.Version != r.DataVersion
		r.hold(h, now)
		if !newer {
			r.LastUpdate = updated
		} else if r.State == StatePublished {
			r.State = r.resting()
		}
		return nil
	})
	return err
}

// A Clash says that somebody saved the record since it was opened: the second person sees both texts and chooses.
type Clash struct {
	Saved       Record // as it stands now
	Differences []Difference
}

// Error implements error; the page shows the differences instead.
func (c *Clash) Error() string {
	return "catalogue: the record was saved by somebody else, version " + strconv.Itoa(c.Saved.Version)
}

// Save writes what a person edited: mine, opened as version opened. choice says, by field, whose text is kept where
// both changed it; nil on the first try. Faults: those of [Record.Allowed], [Record.Validate]; a *[Clash].
func (s *Service) Save(ctx context.Context, by actor.Actor, mine Record, choice map[string]Side) (_ Record, err error) {
	defer fault.Wrap(&err, "catalogue.Save(%s)", mine.ID)
	opened := mine.Version
	base, err := s.Store.At(ctx, mine.ID, opened)
	if err != nil {
		return Record{}, err
	}
	now := s.Now()
	saved, err := s.Store.Change(ctx, by, mine.ID, "catalogue.record_saved", func(r *Record) error {
		if err := r.Apply(Edit, by, now); err != nil {
			return err
		}
		merged, err := mergeOnto(base, mine, *r, choice)
		if err != nil {
			return err
		}
		if err := merged.Validate().Err(); err != nil {
			return err
		}
		*r = merged.readdress(r.Slug)
		return nil
	})
	if err != nil {
		return Record{}, err
	}
	return saved, s.Desk.Retitle(ctx, by, saved.Dataset, saved.Title)
}

// Written reports whether mine, opened at its version, changes anything a person writes: whether there is something to
// save before an action. Faults: those of the store.
func (s *Service) Written(ctx context.Context, mine Record) (_ bool, err error) {
	defer fault.Wrap(&err, "catalogue.Written(%s)", mine.ID)
	base, err := s.Store.At(ctx, mine.ID, mine.Version)
	if err != nil {
		return false, err
	}
	return len(Compare(base, mine, base)) > 0, nil
}

func mergeOnto(base, mine, saved Record, choice map[string]Side) (Record, error) {
	for _, d := range Compare(base, mine, saved) {
		if d.Conflict && choice[d.Field] == "" {
			return Record{}, &Clash{Saved: saved, Differences: Compare(base, mine, saved)}
		}
	}
	return Merge(base, mine, saved, choice)
}

// Act does one of the actions on the record of a dataset. review matters for Publish only: what it says of personal
// data is found by the service, its reason comes from the person. Faults: those of [Record.Apply] and [Record.Publish];
// Conflict "catalogue.data_moved" when another version of the data came while it was looked into.
func (s *Service) Act(ctx context.Context, by actor.Actor, dataset string, a Action, override string) (_ Record, err error) {
	defer fault.Wrap(&err, "catalogue.Act(%s, %s)", dataset, a)
	r, err := s.Record(ctx, by, dataset)
	if err != nil {
		return Record{}, err
	}
	review, looked := Review{Override: override}, r.DataVersion
	if a == Publish {
		if err := s.Refresh(ctx, by, dataset); err != nil { // the data looked into must be the data published
			return Record{}, err
		}
		h, err := s.Desk.Facts(ctx, by, dataset)
		if err != nil {
			return Record{}, err
		}
		review.PersonalData, looked = h.Personal, h.Version
	}
	now := s.Now()
	done, err := s.Store.Change(ctx, by, r.ID, "catalogue.done_"+string(a), func(r *Record) error {
		if a == Publish && r.DataVersion != looked {
			return fault.New(fault.Conflict, "catalogue.data_moved")
		}
		if a == Publish {
			return r.Publish(by, review, now)
		}
		return r.Apply(a, by, now)
	})
	return done, s.tell(ctx, by, r, review, err)
}

// Shared reports whether the catalogue shows the dataset's record to by.
func (s *Service) Shared(ctx context.Context, by actor.Actor, dataset string) bool {
	r, err := s.Store.OfDataset(ctx, dataset)
	return err == nil && r.MaySee(by) && r.Confidentiality != Restricted
}

// Public returns what everybody sees at a public address. Faults: NotFound "catalogue.not_found".
func (s *Service) Public(ctx context.Context, slug string) (_ Record, err error) {
	defer fault.Wrap(&err, "catalogue.Public(%s)", slug)
	r, err := s.Published(ctx, slug)
	if err != nil {
		return Record{}, err
	}
	p, _ := r.Public()
	return p, nil
}

// Published returns the record behind a public address, with its snapshot. Faults: NotFound "catalogue.not_found".
func (s *Service) Published(ctx context.Context, slug string) (_ Record, err error) {
	defer fault.Wrap(&err, "catalogue.Published(%s)", slug)
	r, err := s.Store.BySlug(ctx, slug)
	if err == nil && r.Published == nil {
		err = fault.New(fault.NotFound, "catalogue.not_found")
	}
	return r, err
}

// Remove takes the record of a deleted dataset away.
func (s *Service) Remove(ctx context.Context, by actor.Actor, dataset string) error {
	return s.Store.Remove(ctx, by, dataset)
}

// indexAge is how long an index may keep what it reckoned of today: whether an update is late.
const indexAge = time.Hour

// Index returns the search index, up to date with the store. While nothing changes it waits for nobody.
func (s *Service) Index(ctx context.Context) (*Index, error) {
	latest, err := s.latest(ctx)
	if err != nil {
		return nil, err
	}
	return latest.index, nil
}

// Mark is the store's mark up to which searches know it: another one whenever any record has changed.
func (s *Service) Mark(ctx context.Context) (int64, error) {
	latest, err := s.latest(ctx)
	if err != nil {
		return 0, err
	}
	return latest.mark, nil
}

func (s *Service) latest(ctx context.Context) (_ *standing, err error) {
	defer fault.Wrap(&err, "catalogue.Index")
	have := s.current.Load()
	if have == nil {
		if have, err = s.first(ctx); err != nil {
			return nil, err
		}
	}
	if s.Now().Sub(have.made) > indexAge && s.renewal.CompareAndSwap(false, true) {
		go s.renew(context.WithoutCancel(ctx))
	}
	changed, removed, mark, err := s.Store.Since(ctx, have.mark)
	if err != nil {
		return nil, err
	}
	if mark == have.mark {
		return have, nil
	}
	s.turn.Lock()
	defer s.turn.Unlock()
	latest := s.current.Load() // its mark is have's or a later one
	if latest.mark < mark {
		latest = &standing{latest.index.With(changed, removed), mark, latest.made}
		s.current.Store(latest)
	}
	return latest, nil
}

// first makes the first index; everybody waits for it.
func (s *Service) first(ctx context.Context) (*standing, error) {
	s.turn.Lock()
	defer s.turn.Unlock()
	if have := s.current.Load(); have != nil {
		return have, nil
	}
	made, err := s.anew(ctx)
	if err == nil {
		s.current.Store(made)
		go debug.FreeOSMemory() // reading every record leaves more behind than the index weighs
	}
	return made, err
}

func (s *Service) anew(ctx context.Context) (*standing, error) {
	now := s.Now()
	all, _, mark, err := s.Store.Since(ctx, 0)
	if err != nil {
		return nil, err
	}
	return &standing{NewIndex(all, now), mark, now}, nil
}

// renew makes an index anew while searches use the one there is. A store that fails is heard of by the next search, and
// the one after tries again.
func (s *Service) renew(ctx context.Context) {
	defer s.renewal.Store(false)
	next, err := s.anew(ctx)
	defer debug.FreeOSMemory() // as in first
	for err == nil && !s.replace(next) {
		var changed []Record
		var removed []ID
		mark := next.mark
		if changed, removed, mark, err = s.Store.Since(ctx, mark); err == nil {
			next = &standing{next.index.With(changed, removed), mark, next.made}
		}
	}
}

// replace puts next in the place of the index there is, unless that one has followed the store further.
func (s *Service) replace(next *standing) bool {
	s.turn.Lock()
	defer s.turn.Unlock()
	if s.current.Load().mark > next.mark {
		return false
	}
	s.current.Store(next)
	return true
}

// Search answers a query for by.
func (s *Service) Search(ctx context.Context, by actor.Actor, q Query) (Result, error) {
	x, err := s.Index(ctx)
	if err != nil {
		return Result{}, err
	}
	return x.Search(q, by), nil
}
