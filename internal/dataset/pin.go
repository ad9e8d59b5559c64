package dataset

import (
	"context"
	"errors"
	"sync"

	"cultured/internal/fault"
)

// pins count who is about to name a file that has just arrived. Files are named by their content: what one person
// forgets another may be handing in, and a pinned file is not discarded. One process writes the files, so its memory is
// the place to count.
type pins struct {
	mu sync.Mutex
	of map[string]int
}

// pin keeps a file until letGo. It is pinned on failure too. Faults: Busy "db.busy" for a file discarded since it arrived.
func (s *Service) pin(blob string) error {
	s.pins.mu.Lock()
	defer s.pins.mu.Unlock()
	if blob == "" {
		return nil
	}
	if s.pins.of == nil {
		s.pins.of = map[string]int{}
	}
	s.pins.of[blob]++
	f, err := s.Shelf.Read(blob)
	if err != nil {
		return fault.New(fault.Busy, "db.busy").Because(err)
	}
	return f.Close()
}

// hold stores a file and pins it; where another was faster to discard the same, it stores it again, pinned already.
func (s *Service) hold(ctx context.Context, store func() (string, error)) (blob string, err error) {
	for range 3 {
		if blob, err = store(); err != nil {
			return "", err
		}
		if err = s.pin(blob); err == nil {
			return blob, nil
		}
		missed := blob
		defer func() { err = errors.Join(err, s.letGo(ctx, missed)) }()
	}
	return "", err
}

// letGo unpins files, and discards those no row names.
func (s *Service) letGo(ctx context.Context, blobs ...string) error {
	s.pins.mu.Lock()
	for _, blob := range blobs {
		if s.pins.of[blob] > 1 {
			s.pins.of[blob]--
		} else {
			delete(s.pins.of, blob)
		}
	}
	s.pins.mu.Unlock()
	return s.discard(ctx, blobs...)
}

// discard deletes the files that no row names any more, even when ctx is done; a pinned one is left to whoever pinned it.
func (s *Service) discard(ctx context.Context, blobs ...string) error {
	s.pins.mu.Lock()
	defer s.pins.mu.Unlock()
	for _, blob := range blobs {
		if blob == "" || s.pins.of[blob] > 0 {
			continue
		}
		n, err := s.Graves.Uses(context.WithoutCancel(ctx), blob)
		if err != nil {
			return err
		}
		if n == 0 && s.Named != nil {
			named, err := s.Named(context.WithoutCancel(ctx), blob)
			if err != nil {
				return err
			}
			n += map[bool]int{true: 1}[named]
		}
		if n == 0 {
			if err := s.Shelf.Discard(blob); err != nil {
				return err
			}
		}
	}
	return nil
}
