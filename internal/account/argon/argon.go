// Package argon hashes passwords with argon2id. It is the account room's only third-party code, kept out of its rules.
//
// Parameters: 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet). Two run at once, so that a crowd of
// sign-ins costs at most 38 MiB and two cores; a bounded queue waits, the rest is told to come back.
package argon

import (
	"context"
	"fmt"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"cultured/internal/account"
	"cultured/internal/fault"
)

const (
	atOnce  = 2  // hashes computed in parallel
	waiting = 64 // callers who may wait for their turn, about three seconds
)

// A Hasher implements [account.Hasher]. Make it with New; one per process.
type Hasher struct {
	turns chan struct{}
	queue chan struct{}
	with  argon2id.Params
}

var _ account.Hasher = (*Hasher)(nil)

// New returns a hasher with the parameters above.
func New() *Hasher {
	return &Hasher{turns: make(chan struct{}, atOnce), queue: make(chan struct{}, atOnce+waiting),
		with: argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}}
}

// decoy is a hash no password gives, with the parameters of New: checking it costs what checking a real one costs.
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

// Hash implements [account.Hasher]. The password is brought to one Unicode form first (NFC), because keyboards differ.
func (h *Hasher) Hash(ctx context.Context, password string) (hash string, err error) {
	defer fault.Wrap(&err, "argon.Hash")
	err = h.turn(ctx, func() (err error) {
		hash, err = argon2id.CreateHash(norm.NFC.String(password), &h.with)
		return err
	})
	return hash, err
}

// Check implements [account.Hasher].
func (h *Hasher) Check(ctx context.Context, password, hash string) (right bool, err error) {
	defer fault.Wrap(&err, "argon.Check")
	against := hash
	if hash == "" {
		against = decoy
	}
	err = h.turn(ctx, func() (err error) {
		right, err = argon2id.ComparePasswordAndHash(norm.NFC.String(password), against)
		return err
	})
	return right && hash != "", err
}

// turn runs fn when fewer than atOnce others do. Faults: Busy "account.busy" when too many wait already.
func (h *Hasher) turn(ctx context.Context, fn func() error) error {
	select {
	case h.queue <- struct{}{}:
		defer func() { <-h.queue }()
	default:
		return fault.New(fault.Busy, "account.busy")
	}
	select {
	case h.turns <- struct{}{}:
		defer func() { <-h.turns }()
	case <-ctx.Done():
		return fmt.Errorf("waiting for a turn: %w", ctx.Err())
	}
	return fn()
}
