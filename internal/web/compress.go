package web

import (
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
)

var gzips = sync.Pool{New: func() any {
	z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is valid; our pages come out a tenth larger than at best, in a fifth of the time
	return z
}}

// compress starts compressing an answer that is text and not compressed yet; called once, before the header leaves.
func (w *recorder) compress(code int) {
	h := w.Header()
	if !w.zip || code == http.StatusNoContent || code == http.StatusNotModified || h.Get("Content-Encoding") != "" ||
		h.Get("Content-Range") != "" || !compressible(h.Get("Content-Type")) {
		return
	}
	h.Set("Content-Encoding", "gzip")
	h.Del("Content-Length")
	w.z = gzips.Get().(*gzip.Writer)
	w.z.Reset(counter{w})
}

// finish writes what compression still holds.
func (w *recorder) finish() {
	if w.z != nil {
		_ = w.z.Close() // the connection is gone: nobody is left to tell
		gzips.Put(w.z)
		w.z = nil
	}
}

// compressible says which media types are text; event streams are left alone, so that each event leaves at once.
func compressible(mediaType string) bool {
	if strings.HasPrefix(mediaType, "text/event-stream") {
		return false
	}
	for _, part := range []string{"text/", "json", "xml", "javascript", "svg", "sql", "yaml"} {
		if strings.Contains(mediaType, part) {
			return true
		}
	}
	return false
}

// counter counts the bytes that leave.
type counter struct{ w *recorder }

func (c counter) Write(b []byte) (int, error) {
	n, err := patiently(c.w.ResponseWriter, b)
	c.w.bytes += int64(n)
	return n, err
}
