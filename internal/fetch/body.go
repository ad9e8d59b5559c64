package fetch

import (
	"bufio"
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"cultured/internal/fault"
)

var (
	errTime    = errors.New("the transfer took longer than the settings allow")
	errSilence = errors.New("no byte for a long time")
)

type readFunc func(p []byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// A body is a file on its way, watched: bytes once unpacked, silence, the end that was announced.
type body struct {
	raw    io.ReadCloser
	in     *bufio.Reader // nil when there is nothing to read
	ctx    context.Context
	cancel context.CancelCauseFunc
	end    func()
	limit  int64
	read   int64
	host   string
	quiet  *time.Timer
	once   sync.Once
}

func (b *body) start() { b.quiet = time.AfterFunc(silence, func() { b.cancel(errSilence) }) }

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	if b.in == nil {
		return 0, io.EOF
	}
	return b.in.Read(p)
}

// fill reads from the network.
func (b *body) fill(p []byte) (int, error) {
	b.quiet.Reset(silence)
	n, err := b.raw.Read(p)
	b.read += int64(n)
	if b.limit > 0 && b.read > b.limit {
		return 0, fault.New(fault.TooLarge, "fetch.too_large", b.limit)
	}
	if err != nil && err != io.EOF {
		err = lost(b.ctx, err, b.host)
	}
	return n, err
}

// Close implements io.Closer: what is left is not received.
func (b *body) Close() (err error) {
	b.once.Do(func() {
		if b.quiet != nil {
			b.quiet.Stop()
		}
		b.end()
		err = b.raw.Close()
	})
	return err
}

// lost is the fault of a transfer that stopped on its way.
func lost(ctx context.Context, err error, host string) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errTime), errors.Is(cause, errSilence):
		return fault.New(fault.Busy, "fetch.slow", host).Because(cause)
	case cause != nil:
		return cause // whoever asked does not want it any more
	}
	return fault.New(fault.Busy, "fetch.cut", host).Because(err)
}
