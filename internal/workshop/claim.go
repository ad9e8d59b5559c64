package workshop

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// Attendances keeps that somebody with an account took part in a session, for that person alone.
type Attendances interface {
	// Keep keeps it, once for each person and session.
	Keep(ctx context.Context, by actor.Actor, a Attendance) error
	// Find is the address of the page where a person finds theirs; "" for none.
	Find(ctx context.Context, by actor.Actor, session ID) (string, error)
}

// An Attendance is that somebody took part: nothing of what was written or voted.
type Attendance struct {
	Session ID
	Title   string
	Held    time.Time // when the session was made
}

// claimLength is 60 bits in base 32: nobody guesses one of a session's.
const claimLength = 12

// claimDigits are those of codes.
const claimDigits = "0123456789abcdefghjkmnpqrstvwxyz"

// ClaimCode is the code by which this hand claims its participation from another device: made of its secret, so that nobody else has it. The log
// keeps a hash of it. "" for no secret.
func (h Hand) ClaimCode() string {
	raw, err := hex.DecodeString(h.mark("claim"))
	if err != nil || len(raw) < claimLength {
		return ""
	}
	code := make([]byte, claimLength)
	for i := range code {
		code[i] = claimDigits[raw[i]&31]
	}
	return string(code)
}

// WriteClaim is a claim code as it is copied by hand: three groups of four.
func WriteClaim(code string) string {
	if len(code) != claimLength {
		return ""
	}
	code = strings.ToUpper(code)
	return code[:4] + "-" + code[4:8] + "-" + code[8:]
}

// claimHash is what the log keeps of a claim code, "" for none.
func claimHash(session ID, code string) string {
	if len(code) != claimLength {
		return ""
	}
	sum := sha256.Sum256([]byte("claim " + string(session) + " " + code))
	return hex.EncodeToString(sum[:20])
}

// decideClaim lets who holds a seat, or its code in Item, claim it once the session is closed, as long as it is known who took part. What is stored says
// that the seat was claimed, not by whom.
func (s *State) decideClaim(op Op, h Hand) (Op, error) {
	who := s.Seated(h)
	if code := ReadCode(op.Item); code != "" {
		who = s.claims[claimHash(h.Session, code)]
	}
	switch {
	case s.Forgotten:
		return op, fault.New(fault.Conflict, "workshop.claim_erased")
	case !s.Closed:
		return op, fault.New(fault.Conflict, "workshop.not_closed")
	case who == 0:
		return op, fault.Field("code", "workshop.no_claim_code")
	case s.claimed[who]:
		return op, fault.Field("code", "workshop.claimed_already")
	}
	return Op{At: op.At, Kind: Claim, Who: who}, nil
}

// Claim ties the participation of a seat to an account: that of the hand, or that of a code ("" for the hand's own). Who claims twice has it once;
// a seat is claimed by one person. No card, vote or name goes with it.
// Faults: SignIn "workshop.claim_sign_in"; Busy "workshop.too_fast"; Conflict "workshop.not_closed", "workshop.claim_erased"; Invalid, on the field
// "code", "workshop.no_claim_code", "workshop.claimed_already".
func (s *Service) Claim(ctx context.Context, by actor.Actor, sess Session, h Hand, code string) (err error) {
	defer fault.Wrap(&err, "workshop.Claim(%s)", sess.ID)
	if !by.Known() {
		return fault.New(fault.SignIn, "workshop.claim_sign_in")
	}
	if !s.rates.take(handPace, "claim "+by.ID, s.Now()) {
		return fault.New(fault.Busy, "workshop.too_fast")
	}
	h.Session, h.Facilitator = sess.ID, false
	if code = ReadCode(code); code != "" {
		h.Secret = "claim code " + code // the same person with the same code is the same operation; nobody can tell who from its key
	} else if h.Secret == "" {
		return fault.Field("code", "workshop.no_claim_code")
	}
	if at, err := s.Attended.Find(ctx, by, sess.ID); err != nil || at != "" {
		return err
	}
	if _, err := s.Do(ctx, sess, h, Op{Kind: Claim, Item: code, Key: "claim " + by.ID}); err != nil {
		return err
	}
	return s.Attended.Keep(ctx, by, Attendance{sess.ID, sess.Title, sess.Created})
}
