package schemafile

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/schema"
)

// A Shelf is the folder of the editions. It may be shared by several servers.
type Shelf struct{ Dir string }

var _ schema.Shelf = Shelf{}

// kept is how many editions stay, the one in use included.
const kept = 3

// current is the file that names the edition in use; nothing in it means the one shipped with the program.
const current = "current"

// Keep implements [schema.Shelf].
func (s Shelf) Keep(g *schema.Gathering, e schema.Edition) (err error) {
	defer fault.Wrap(&err, "schemafile.Keep(%s)", e.ID)
	if !editionName.MatchString(e.ID) {
		return fs.ErrInvalid
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return err
	}
	work, err := os.MkdirTemp(s.Dir, ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }() // gone already once it has its name
	about, err := json.Marshal(e)
	if err != nil {
		return err
	}
	for name, raw := range g.Files {
		if err := write(filepath.Join(work, filepath.FromSlash(name)), raw); err != nil {
			return err
		}
	}
	if err := write(filepath.Join(work, "edition.json"), about); err != nil {
		return err
	}
	if err := os.Rename(work, filepath.Join(s.Dir, e.ID)); err != nil {
		return err
	}
	if err := s.Choose(e.ID); err != nil {
		return err
	}
	return s.forget()
}

var editionName = regexp.MustCompile(`^[0-9]{8}T[0-9]{9}Z$`)

func write(name string, raw []byte) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return err
	}
	return os.WriteFile(name, raw, 0o600)
}

// Choose implements [schema.Shelf].
func (s Shelf) Choose(id string) (err error) {
	defer fault.Wrap(&err, "schemafile.Choose(%s)", id)
	if id != "" {
		if _, err := s.edition(id); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(s.Dir, 0o700); err != nil {
		return err
	}
	next := filepath.Join(s.Dir, ".current-new")
	if err := os.WriteFile(next, []byte(id), 0o600); err != nil {
		return err
	}
	return os.Rename(next, filepath.Join(s.Dir, current))
}

// Current implements [schema.Shelf].
func (s Shelf) Current() (id string, files fs.FS, err error) {
	defer fault.Wrap(&err, "schemafile.Current")
	raw, err := os.ReadFile(filepath.Join(s.Dir, current))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	id = strings.TrimSpace(string(raw))
	if id == "" {
		return "", nil, nil
	}
	if !editionName.MatchString(id) {
		return "", nil, fs.ErrInvalid
	}
	return id, os.DirFS(filepath.Join(s.Dir, id)), nil
}

// Editions implements [schema.Shelf].
func (s Shelf) Editions() (list []schema.Edition, err error) {
	defer fault.Wrap(&err, "schemafile.Editions")
	names, err := os.ReadDir(s.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if !editionName.MatchString(name.Name()) {
			continue
		}
		e, err := s.edition(name.Name())
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	slices.SortFunc(list, func(a, b schema.Edition) int { return cmp.Compare(b.ID, a.ID) })
	return list, nil
}

func (s Shelf) edition(id string) (e schema.Edition, err error) {
	if !editionName.MatchString(id) {
		return e, fault.New(fault.NotFound, "schema.no_edition")
	}
	raw, err := os.ReadFile(filepath.Join(s.Dir, id, "edition.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return e, fault.New(fault.NotFound, "schema.no_edition")
	}
	if err != nil {
		return e, err
	}
	return e, json.Unmarshal(raw, &e)
}

// forget removes the oldest editions, never the one in use.
func (s Shelf) forget() error {
	list, err := s.Editions()
	if err != nil {
		return err
	}
	used, _, err := s.Current()
	if err != nil {
		return err
	}
	var errs []error
	for i, e := range list {
		if i >= kept && e.ID != used {
			errs = append(errs, os.RemoveAll(filepath.Join(s.Dir, e.ID)))
		}
	}
	return errors.Join(errs...)
}

// Folder reads the files of a registry or a pack from a folder: those of schema.data.gouv.fr by the end of their
// address, whatever the site, since a copy keeps the same tree.
func Folder(dir string) (index []byte, address string, fetch schema.Fetch, err error) {
	files := os.DirFS(dir)
	address = "schemas.json"
	index, err = fs.ReadFile(files, address)
	if errors.Is(err, fs.ErrNotExist) {
		address = "index.json"
		index, err = fs.ReadFile(files, address)
	}
	if err != nil {
		return nil, "", nil, fault.New(fault.Invalid, "schema.no_index", dir).Because(err)
	}
	return index, address, func(address string) ([]byte, error) {
		name := address
		if _, rest, web := strings.Cut(address, "://"); web {
			_, name, _ = strings.Cut(rest, "/")
		}
		return fs.ReadFile(files, name)
	}, nil
}

// NewID names an edition made at the time.
func NewID(now time.Time) string {
	return strings.Replace(now.UTC().Format("20060102T150405.000Z"), ".", "", 1)
}
