package web

import (
	"bytes"
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"sync"

	"github.com/klauspost/compress/gzip"

	"cultured/internal/i18n"
	"cultured/internal/recent"
)

// A Shelf keeps complete answers given to visitors nobody knows, so that a public page is made once and given often.
// It is bounded, and each replica has its own. The zero value with a Mark is ready to use.
type Shelf struct {
	// Mark is another word whenever an answer may have changed. It is asked for at every request, so it must be cheap.
	Mark func(ctx context.Context) (string, error)

	once   sync.Once
	recent recent.Cache[shelved, *kept]
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
		if k, ok := s.kept().Get(key); ok {
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
		if len(k.body) <= answerBytes {
			s.kept().Put(key, k)
		}
		return k.give(rec)
	}
}

// kept returns what is on the shelf, which gets its room with the first to ask.
func (s *Shelf) kept() *recent.Cache[shelved, *kept] {
	s.once.Do(func() {
		s.recent.Room = shelfBytes
		s.recent.Size = func(k shelved, v *kept) int { return len(v.body) + len(k.path) + answerCost }
	})
	return &s.recent
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
