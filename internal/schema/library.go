package schema

import (
	"context"
	"io/fs"
	"sync"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// An Edition is a set of schemas an instance received after it was installed.
type Edition struct {
	ID       string    `json:"id"`
	At       time.Time `json:"at"`       // when it was received
	From     string    `json:"from"`     // address or folder it came from
	Snapshot string    `json:"snapshot"` // date of the schemas
	Schemas  int       `json:"schemas"`
	Skipped  []string  `json:"skipped,omitempty"` // what the registry lists and could not be read
}

// A Shelf keeps editions. The newest few stay, so that one may go back.
type Shelf interface {
	// Keep writes an edition and puts it in use.
	Keep(g *Gathering, e Edition) error
	// Choose puts a kept edition in use; "" is the one shipped with the program. Faults: NotFound "schema.no_edition".
	Choose(id string) error
	// Current is the edition in use, "" and nil for the one shipped with the program.
	Current() (id string, files fs.FS, err error)
	// Editions lists those kept, newest first.
	Editions() ([]Edition, error)
}

// A Library serves the pack in use, and replaces it. Safe for concurrent use.
type Library struct {
	*Pack                                                                          // what pages and checks read
	Shipped *Pack                                                                  // what came with the program
	Shelf   Shelf                                                                  // where editions are
	Fetch   func(ctx context.Context, address string, limit int64) ([]byte, error) // the guarded way out; nil for none
	Now     func() time.Time
	NewID   func(time.Time) string

	mu   sync.Mutex
	used string // edition the pack is
}

// Refresh serves the edition in use: at the start, and when another server of the same folder changed it. An edition
// that cannot be read is left for what is served. Faults: those of the shelf; Internal "schema.pack_broken".
func (l *Library) Refresh() (err error) {
	defer fault.Wrap(&err, "schema.Refresh")
	l.mu.Lock()
	defer l.mu.Unlock()
	id, files, err := l.Shelf.Current()
	if err != nil || id == l.used {
		return err
	}
	next := l.Shipped
	if id != "" {
		if next, err = LoadPack(files); err != nil {
			return err
		}
	}
	l.Replace(next)
	l.used = id
	return nil
}

// Used is the edition served, "" for the one shipped with the program.
func (l *Library) Used() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.used
}

// Editions lists the editions kept, newest first. Faults: Denied "schema.not_admin".
func (l *Library) Editions(by actor.Actor) (_ []Edition, err error) {
	defer fault.Wrap(&err, "schema.Editions")
	if !by.Is(actor.Admin) {
		return nil, fault.New(fault.Denied, "schema.not_admin")
	}
	return l.Shelf.Editions()
}

// Choose goes back to an edition kept, "" for the one shipped with the program. Faults: Denied "schema.not_admin";
// NotFound "schema.no_edition".
func (l *Library) Choose(by actor.Actor, id string) (err error) {
	defer fault.Wrap(&err, "schema.Choose(%s)", id)
	if !by.Is(actor.Admin) {
		return fault.New(fault.Denied, "schema.not_admin")
	}
	if err := l.Shelf.Choose(id); err != nil {
		return err
	}
	return l.Refresh()
}

// maxFetched bounds one file of a registry, in bytes.
const maxFetched = maxDescriptor

// UpdateFrom fetches the index at an address, gathers what it names, and serves it. Nothing changes when it fails.
// Faults: Denied "schema.not_admin", "schema.no_way_out"; those of the fetch, of [Gather] and of [Library.Take].
func (l *Library) UpdateFrom(ctx context.Context, by actor.Actor, address string) (_ Edition, err error) {
	defer fault.Wrap(&err, "schema.UpdateFrom(%s)", address)
	if !by.Is(actor.Admin) {
		return Edition{}, fault.New(fault.Denied, "schema.not_admin")
	}
	if l.Fetch == nil {
		return Edition{}, fault.New(fault.Denied, "schema.no_way_out")
	}
	raw, err := l.Fetch(ctx, address, maxFetched)
	if err != nil {
		return Edition{}, err
	}
	var stopped error
	g, err := Gather(raw, address, func(file string) ([]byte, error) {
		if err := ctx.Err(); err != nil {
			stopped = err
			return nil, err
		}
		return l.Fetch(ctx, file, maxFetched)
	}, l.Now())
	if stopped != nil {
		return Edition{}, stopped
	}
	if err != nil {
		return Edition{}, err
	}
	return l.Take(g, address)
}

// Take keeps a gathering as the newest edition and serves it. from says where it came from.
// Faults: Invalid "schema.registry_shrunk" when it has fewer than half of the schemas served: a registry half down must
// not empty an instance.
func (l *Library) Take(g *Gathering, from string) (_ Edition, err error) {
	defer fault.Wrap(&err, "schema.Take(%s)", from)
	if n, now := len(g.Pack.All()), len(l.All()); 2*n < now {
		return Edition{}, fault.New(fault.Invalid, "schema.registry_shrunk", n, now)
	}
	at := l.Now()
	e := Edition{ID: l.NewID(at), At: at, From: from, Snapshot: g.Pack.Snapshot(), Schemas: len(g.Pack.All())}
	for _, s := range g.Skipped {
		e.Skipped = append(e.Skipped, s.Name)
	}
	if err := l.Shelf.Keep(g, e); err != nil {
		return Edition{}, err
	}
	return e, l.Refresh()
}
