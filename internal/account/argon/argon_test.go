package argon

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"cultured/internal/fault"
)

func TestHasher(t *testing.T) {
	h, ctx := New(), context.Background()
	hash, err := h.Hash(ctx, "é une phrase à retenir")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("got %q, want the parameters of OWASP", hash)
	}
	for _, tc := range []struct {
		name, password, hash string
		want                 bool
	}{
		{"the same password", "é une phrase à retenir", hash, true},
		{"the same, with the accents typed apart", "e\u0301 une phrase a\u0300 retenir", hash, true},
		{"another", "e une phrase a retenir", hash, false},
		{"nobody's password", "é une phrase à retenir", "", false},
		{"an empty password against nobody", "", "", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got, err := h.Check(ctx, tc.password, tc.hash); err != nil || got != tc.want {
				t.Errorf("got %v %v, want %v", got, err, tc.want)
			}
		})
	}
	if _, err := h.Check(ctx, "x", "not a hash"); err == nil {
		t.Error("a broken hash is an error")
	}
}

// TestHasher_unknownCostsTheSame compares the work, not the clock's last digit: nobody must cost at least half of somebody.
func TestHasher_unknownCostsTheSame(t *testing.T) {
	h, ctx := New(), context.Background()
	hash, err := h.Hash(ctx, "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	best := func(hash string) time.Duration {
		least := time.Hour
		for range 5 {
			start := time.Now()
			if _, err := h.Check(ctx, "wrong", hash); err != nil {
				t.Fatal(err)
			}
			least = min(least, time.Since(start))
		}
		return least
	}
	if known, unknown := best(hash), best(""); unknown < known/2 || known < unknown/2 {
		t.Errorf("got %v for nobody, want about %v", unknown, known)
	}
}

func TestHasher_aCrowdIsToldToComeBack(t *testing.T) {
	h := New()
	for range atOnce {
		h.turns <- struct{}{}
	}
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for range atOnce + waiting {
		wg.Go(func() { _, _ = h.Hash(ctx, "x") })
	}
	for len(h.queue) < cap(h.queue) {
		time.Sleep(time.Millisecond)
	}
	_, err := h.Hash(ctx, "one too many")
	if !fault.Is(err, "account.busy") {
		t.Errorf("got %v, want account.busy", err)
	}
	cancel()
	wg.Wait()
	if len(h.queue) != 0 {
		t.Errorf("got %d still queued, want none", len(h.queue))
	}
}
