package web

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// How slow a visitor may be. A connection that says nothing for silence is given up; so is a body that, past its first
// minute, comes slower than slowest: a few bytes now and then would hold the connection for ever. 4 KiB a second is a tenth
// of the worst mobile line.
const (
	silence = 30 * time.Second
	grace   = time.Minute
	slowest = 4 << 10  // bytes a second
	piece   = 64 << 10 // bytes of an answer written under one deadline
)

// errCut says that a body did not come whole: the visitor's connection ended, or was too slow.
var errCut = errors.New("web: the body was cut")

// A patientBody reads a request's body under a deadline that each read moves on.
type patientBody struct {
	io.ReadCloser
	conn  *http.ResponseController
	now   func() time.Time
	start time.Time
	read  int64
}

// patient gives r a body that does not wait for ever. Without a body there is nothing to wait for.
func (s *Site) patient(w http.ResponseWriter, r *http.Request, start time.Time) io.ReadCloser {
	if r.Body == nil || r.Body == http.NoBody {
		return r.Body
	}
	b := &patientBody{ReadCloser: r.Body, conn: http.NewResponseController(w), now: s.Now, start: start}
	_ = b.conn.SetReadDeadline(start.Add(silence)) // for a body nobody reads; a connection without deadlines keeps none
	return b
}

// Read implements io.Reader. A body given up is one that was cut: [io.ErrUnexpectedEOF].
func (b *patientBody) Read(p []byte) (int, error) {
	now := b.now()
	until := now.Add(silence)
	if by := b.start.Add(grace + time.Duration(b.read/slowest)*time.Second); by.Before(until) {
		until = by
	}
	_ = b.conn.SetReadDeadline(until) // as above
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	if errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF) {
		return n, fmt.Errorf("%w: %w: %w", errCut, io.ErrUnexpectedEOF, err)
	}
	if err != nil { // the end: what follows on the connection is another request's
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	return n, err
}

// patiently writes b in pieces, each under a deadline of its own: whoever reads slowly is served, whoever stopped is not
// waited for.
func patiently(w http.ResponseWriter, b []byte) (written int, err error) {
	conn := http.NewResponseController(w)
	for {
		part := b[written:min(written+piece, len(b))]
		_ = conn.SetWriteDeadline(time.Now().Add(silence)) // a connection without deadlines keeps none
		n, err := w.Write(part)
		written += n
		if err != nil || written >= len(b) {
			return written, err
		}
	}
}
