package web

import (
	"io"
	"net/http"

	"github.com/klauspost/compress/gzip"
)

// A recorder remembers what was answered, for the log and so that nobody answers twice; it compresses on the way.
type recorder struct {
	http.ResponseWriter
	body    io.ReadCloser // the unlimited body, kept for LimitBody
	pattern string
	status  int
	bytes   int64
	err     error
	zip     bool // the visitor accepts gzip
	z       *gzip.Writer
}

func (w *recorder) WriteHeader(code int) {
	if w.status == 0 {
		w.status = code
		w.compress(code)
	}
	w.ResponseWriter.WriteHeader(code)
}

func (w *recorder) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	if w.z != nil {
		return w.z.Write(b)
	}
	return counter{w}.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *recorder) code() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}

// A probe swallows an answer to learn its status and header.
type probe struct {
	header http.Header
	status int
}

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) WriteHeader(code int)        { p.status = code }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }

// LimitBody replaces the limit on the request's body, in bytes: for uploads, before the body is read.
func LimitBody(w http.ResponseWriter, r *http.Request, limit int64) {
	if rec, ok := w.(*recorder); ok {
		r.Body = http.MaxBytesReader(rec.ResponseWriter, rec.body, limit)
	}
}
