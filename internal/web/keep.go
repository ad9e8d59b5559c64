package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"cultured/internal/i18n"
)

// A Shelf keeps complete answers given to visitors nobody knows, so that a public page is made once and given often.
// It is bounded, and each replica has its own. The zero value with a Mark is ready to use.
type Shelf struct {
	// Mark is another word whenever an answer may have changed. It is asked for at every request, so it must be cheap.
	Mark func(ctx context.Context) (string, error)

	mu    sync.Mutex
	young map[shelved]*kept
	old   map[shelved]*kept // the generation before: what is asked for again returns to the young
	bytes int               // of the young
}

const (
	shelfBytes  = 16 << 20  // of both generations together
	answerBytes = 256 << 10 // a larger answer is not kept
	answerCost  = 1 << 10   // of an answer besides its body: key, header, maps; about
	queryBytes  = 300       // a longer query is not asked twice
)

// shelved is everything an answer to nobody depends on.
type shelved struct {
	mark  string
	path  string // and query
	lang  i18n.Lang
	theme string
	site  Brand
}

// kept is an answer as it leaves: its header besides the front desk's, and its compressed body.
type kept struct {
	header http.Header
	body   []byte
}

// Keep answers from the shelf where it can. Only good answers of h to a GET of a visitor nobody knows, without a flash,
// are kept; h must depend on nothing of the request but its address, language and theme.
func (s *Shelf) Keep(h Handler) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := VisitOf(r)
		rec, ours := w.(*recorder)
		if !ours || !rec.zip || r.Method != http.MethodGet || v.Actor.Known() || v.Flash != nil || len(r.URL.RawQuery) > queryBytes {
			return h(w, r)
		}
		mark, err := s.Mark(r.Context())
		if err != nil {
			return err
		}
		key := shelved{mark, v.Path, v.Lang, v.Theme, v.Site}
		if k := s.take(key); k != nil {
			return k.give(rec)
		}
		c := &copyist{header: rec.Header().Clone(), body: copies.Get().(*bytes.Buffer)}
		defer copies.Put(c.body)
		c.body.Reset()
		if err := h(c, r); err != nil {
			return err
		}
		if c.status != http.StatusOK || !compressible(c.header.Get("Content-Type")) || len(c.header["Set-Cookie"]) > 0 {
			maps.Copy(rec.Header(), c.header)
			rec.WriteHeader(c.status)
			_, err := rec.Write(c.body.Bytes())
			return err
		}
		k := &kept{header: http.Header{}, body: squeeze(c.body.Bytes())}
		for name, values := range c.header {
			if !slices.Equal(rec.Header()[name], values) {
				k.header[name] = values
			}
		}
		k.header.Set("Content-Encoding", "gzip")
		k.header.Set("Content-Length", strconv.Itoa(len(k.body)))
		s.put(key, k)
		return k.give(rec)
	}
}

// take finds an answer, and makes it young again.
func (s *Shelf) take(key shelved) *kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.young[key]; k != nil {
		return k
	}
	k := s.old[key]
	if k != nil {
		delete(s.old, key)
		s.add(key, k)
	}
	return k
}

func (s *Shelf) put(key shelved, k *kept) {
	if len(k.body) > answerBytes {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.young[key] == nil {
		s.add(key, k)
	}
}

// add puts an answer among the young; when they are half of what the shelf may hold they are the old ones, and those
// that were old are forgotten.
func (s *Shelf) add(key shelved, k *kept) {
	if s.young == nil || s.bytes > shelfBytes/2 {
		s.old, s.young, s.bytes = s.young, map[shelved]*kept{}, 0
	}
	s.young[key] = k
	s.bytes += len(k.body) + len(key.path) + answerCost
}

func (k *kept) give(rec *recorder) error {
	maps.Copy(rec.Header(), k.header)
	rec.WriteHeader(http.StatusOK)
	_, err := rec.Write(k.body)
	return err
}

// squeeze compresses a whole body.
func squeeze(body []byte) []byte {
	var b bytes.Buffer
	z := gzips.Get().(*gzip.Writer)
	defer gzips.Put(z)
	z.Reset(&b)
	_, _ = z.Write(body) // a buffer takes everything
	_ = z.Close()
	return bytes.Clone(b.Bytes())
}

var copies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// A copyist takes an answer down.
type copyist struct {
	header http.Header
	status int
	body   *bytes.Buffer
}

func (c *copyist) Header() http.Header { return c.header }

func (c *copyist) WriteHeader(code int) {
	if c.status == 0 {
		c.status = code
	}
}

func (c *copyist) Write(b []byte) (int, error) {
	c.WriteHeader(http.StatusOK)
	return c.body.Write(b)
}
