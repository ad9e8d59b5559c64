package fetch

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"cultured/internal/fault"
)

// A Mark is what a server gave to recognise a file by. The zero value recognises none.
type Mark struct {
	ETag     string // as served, quotes included
	Modified string // Last-Modified, as served
}

// A Request asks for a file.
type Request struct {
	Address string // as a person wrote it; see [ReadAddress]
	Known   Mark   // of the file already here: the answer may then be that it has not changed
	Limit   int64  // bytes of the file once unpacked, at most; 0 for no limit
	Send    []byte // posted when there is some; otherwise the file is only asked for
	Type    string // of what is sent
	Page    bool   // a web page is welcome; otherwise it is a fault: people paste the address of the page about the file
}

// An Answer is a file being received. Close its Body.
type Answer struct {
	Unchanged bool          // it is the file already here; Body is empty
	Body      io.ReadCloser // never nil. Its reads fail with faults: TooLarge "fetch.too_large", Busy "fetch.cut", "fetch.slow"
	Name      string        // file name, never empty, without folders
	Bytes     int64         // size announced, -1 when not known
	Mark      Mark          // to ask again with
	Address   string        // where the file was found, after redirects
}

// Open asks for a file and returns once its first bytes are here. Whatever happens, nothing takes longer than the time of
// the settings.
// Faults: Denied "fetch.off" when nothing may go out, "fetch.refused", "fetch.not_listed"; those of [ReadAddress]; Invalid
// "fetch.redirects", "fetch.no_name", "fetch.tls", "fetch.tls_date", "fetch.tls_name", "fetch.tls_issuer", "fetch.missing",
// "fetch.forbidden", "fetch.answer", "fetch.page", "fetch.encoding"; TooLarge "fetch.too_large"; Busy "fetch.broken",
// "fetch.crowded", "fetch.unreachable", "fetch.slow".
func (c *Client) Open(ctx context.Context, q Request) (_ *Answer, err error) {
	defer fault.Wrap(&err, "fetch.Open")
	if !c.Allowed() {
		return nil, fault.New(fault.Denied, "fetch.off")
	}
	u, err := ReadAddress(q.Address)
	if err != nil {
		return nil, err
	}
	if err := c.admit(ctx, u); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	stop := time.AfterFunc(c.set.Time, func() { cancel(errTime) })
	end := func() { stop.Stop(); cancel(nil) }
	res, err := c.http.Do(c.ask(ctx, u.String(), q))
	if err != nil {
		err = explain(ctx, err, u.Hostname())
		end()
		return nil, err
	}
	body := &body{raw: res.Body, ctx: ctx, cancel: cancel, end: end, limit: q.Limit, host: res.Request.URL.Hostname()}
	a, err := c.receive(res, body, q)
	if err != nil {
		_ = body.Close() // the fault says more
		return nil, err
	}
	return a, nil
}

func (c *Client) ask(ctx context.Context, address string, of Request) *http.Request {
	method, known := http.MethodGet, of.Known
	if len(of.Send) > 0 {
		method = http.MethodPost
	}
	q, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(of.Send))
	if err != nil {
		panic("fetch: " + err.Error()) // it was parsed a moment ago
	}
	if of.Type != "" {
		q.Header.Set("Content-Type", of.Type)
	}
	q.Header.Set("User-Agent", c.set.Agent)
	q.Header.Set("Accept", "*/*")
	if known.ETag != "" {
		q.Header.Set("If-None-Match", known.ETag)
	}
	if known.Modified != "" {
		q.Header.Set("If-Modified-Since", known.Modified)
	}
	return q
}

// receive reads the head of an answer.
func (c *Client) receive(res *http.Response, b *body, q Request) (*Answer, error) {
	a := &Answer{Body: b, Bytes: res.ContentLength, Mark: Mark{res.Header.Get("ETag"), res.Header.Get("Last-Modified")},
		Address: res.Request.URL.String(), Name: fileName(res)}
	switch {
	case res.StatusCode == http.StatusNotModified && q.Known != Mark{}:
		a.Unchanged, a.Bytes = true, 0
		if a.Mark == (Mark{}) {
			a.Mark = q.Known
		}
		return a, nil
	case res.StatusCode != http.StatusOK && res.StatusCode != http.StatusNonAuthoritativeInfo:
		return nil, answered(res)
	case res.Header.Get("Content-Encoding") != "" && !strings.EqualFold(res.Header.Get("Content-Encoding"), "identity"):
		return nil, fault.New(fault.Invalid, "fetch.encoding", short(res.Header.Get("Content-Encoding"))) // gzip is undone already
	case q.Limit > 0 && res.ContentLength > q.Limit:
		return nil, fault.New(fault.TooLarge, "fetch.too_large", q.Limit)
	}
	b.start()
	b.in = bufio.NewReaderSize(readFunc(b.fill), 64<<10)
	head, err := b.in.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !q.Page && isPage(head) {
		return nil, fault.New(fault.Invalid, "fetch.page")
	}
	return a, nil
}

// sniffed is how many bytes tell a web page from a file.
const sniffed = 1024

// isPage recognises a web page by how it begins: what servers say of their files is often wrong.
func isPage(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	for bytes.HasPrefix(head, []byte("<!--")) {
		_, after, ok := bytes.Cut(head, []byte("-->"))
		if !ok {
			return false
		}
		head = bytes.TrimLeft(after, " \t\r\n")
	}
	head = bytes.ToLower(head[:min(len(head), 15)])
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html"))
}

// answered is the fault of an answer that is no file.
func answered(res *http.Response) error {
	host, code := res.Request.URL.Hostname(), res.StatusCode
	switch {
	case code == http.StatusNotFound || code == http.StatusGone:
		return fault.New(fault.Invalid, "fetch.missing", host)
	case code == http.StatusUnauthorized || code == http.StatusForbidden || code == http.StatusProxyAuthRequired:
		return fault.New(fault.Invalid, "fetch.forbidden", host)
	case code == http.StatusTooManyRequests || code == http.StatusServiceUnavailable:
		return fault.New(fault.Busy, "fetch.crowded", host)
	case code >= 500:
		return fault.New(fault.Busy, "fetch.broken", host, itoa(code))
	}
	return fault.New(fault.Invalid, "fetch.answer", host, itoa(code))
}
