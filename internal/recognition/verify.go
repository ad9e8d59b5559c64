package recognition

import (
	"bytes"
	"context"
	"errors"
	"time"

	"cultured/internal/fault"
)

// A Verdict is what is found of a badge.
type Verdict string

// The verdicts. Only [Valid] means that the badge holds.
const (
	Valid         Verdict = "valid"
	Revoked       Verdict = "revoked"        // its issuer took it back
	Suspended     Verdict = "suspended"      // its issuer took it back for a time
	Expired       Verdict = "expired"        // its period is over
	NotYet        Verdict = "not_yet"        // its period has not begun
	Tampered      Verdict = "tampered"       // its signature is not of what it says, or not of who it says
	UnknownIssuer Verdict = "unknown_issuer" // the key of its issuer cannot be had
	Unchecked     Verdict = "unchecked"      // signed and in its period, but the list of those taken back cannot be had
)

// A Report is a verdict and what it is of. What Badge says was signed only where the verdict is neither Tampered nor UnknownIssuer.
type Report struct {
	Verdict Verdict
	Why     *fault.Error // more about the verdict, nil when there is nothing to add
	Reason  string       // why it was taken back, in its issuer's words
	Badge   Badge
	// OnlyKey is true when the issuer is known by its key alone (did:key): nothing shows who holds it.
	OnlyKey bool
	// Holder is what became of the address given: "" when none was, else [HolderSame], [HolderOther] or [HolderUnsaid].
	Holder string
}

// What a badge says of the person whose address is given.
const (
	HolderSame   = "same"   // the badge is theirs
	HolderOther  = "other"  // it is somebody else's
	HolderUnsaid = "unsaid" // it names its holder by no mail address
)

// An Asking is what a badge is verified with. Source is required.
type Asking struct {
	Source Source
	Now    time.Time
	Email  string // of the person who shows it, "" for not asked
}

// Verify says what a badge is worth: text (JSON or VC-JWT), or a PNG or SVG picture that carries one. What cannot be read as
// a badge is a fault, and no verdict.
// Faults: TooLarge "recognition.too_large"; Invalid "recognition.empty", "recognition.not_json", "recognition.old_badge",
// "recognition.not_badge", "recognition.no_proof", "recognition.other_proof", "recognition.other_algorithm",
// "recognition.unknown_context", "recognition.inline_context", "recognition.too_tangled", "recognition.bad_token", and
// those of [Unbake].
func Verify(ctx context.Context, raw []byte, a Asking) (r Report, err error) {
	defer fault.Wrap(&err, "recognition.Verify")
	a.Source = &Session{Next: a.Source}
	if raw, err = Unbake(raw); err != nil {
		return r, err
	}
	if raw = bytes.TrimSpace(raw); len(raw) == 0 {
		return r, fault.New(fault.Invalid, "recognition.empty")
	}
	e, err := open(raw)
	if err != nil {
		return r, err
	}
	if r.Badge, err = readBadge(e.doc); err != nil {
		return r, err
	}
	err = e.check(ctx, a.Source)
	f, _ := errors.AsType[*fault.Error](err)
	switch {
	case err == nil:
		r.OnlyKey = len(r.Badge.Issuer.ID) > 8 && r.Badge.Issuer.ID[:8] == "did:key:"
		r.Holder = r.Badge.Recipient.is(a.Email)
		return r.settle(ctx, e.doc, a), nil
	case ctx.Err() != nil:
		return r, ctx.Err()
	case f == nil:
		return r, err
	case unreadable[f.Key]:
		return r, err
	case tampered[f.Key]:
		r.Verdict, r.Why = Tampered, f
	default:
		r.Verdict, r.Why = UnknownIssuer, f
	}
	return r, nil
}

// settle decides about a badge that its issuer signed.
func (r Report) settle(ctx context.Context, doc map[string]any, a Asking) Report {
	s, err := standingOf(ctx, doc, a.Source, a.Now)
	r.Reason = s.why
	if key := reasonKeys[s.reason]; key != "" {
		r.Why = fault.New(fault.Conflict, key)
	}
	if r.Verdict = period(doc, a.Now); s.revoked {
		r.Verdict = Revoked
	} else if s.suspended && r.Verdict == Valid {
		r.Verdict = Suspended
	}
	if err != nil && r.Verdict == Valid {
		r.Verdict = Unchecked
		r.Why, _ = errors.AsType[*fault.Error](err)
	}
	return r
}

// period says whether now is in the period of a credential. A date that cannot be read bounds nothing its issuer meant: it
// is taken as over.
func period(doc map[string]any, now time.Time) Verdict {
	from, err := moment(doc, "validFrom")
	if err == nil && from.After(now) {
		return NotYet
	}
	until, wrong := moment(doc, "validUntil")
	if err != nil || wrong != nil || !until.IsZero() && until.Before(now) {
		return Expired
	}
	return Valid
}

func moment(doc map[string]any, key string) (time.Time, error) {
	if doc[key] == nil {
		return time.Time{}, nil
	}
	return time.Parse(time.RFC3339, text(doc, key))
}

// tampered are the faults of a badge that says something else than what its issuer signed.
var tampered = map[string]bool{"recognition.bad_signature": true, "recognition.claim_differs": true, "recognition.other_key": true,
	"recognition.undefined_term": true, "recognition.undefined_scope": true, "recognition.two_descriptions": true,
	"recognition.odd_identifier": true, "recognition.not_linked_data": true, "recognition.proof_over": true}

// unreadable are the faults that let nothing be said of a badge.
var unreadable = map[string]bool{"recognition.unknown_context": true, "recognition.inline_context": true, "recognition.too_tangled": true,
	"recognition.no_proof": true, "recognition.other_proof": true}

// An envelope is a credential with what signs it.
type envelope struct {
	doc   map[string]any
	token *token // nil for a Data Integrity proof inside
}

// open reads a credential, whatever its signature.
func open(raw []byte) (envelope, error) {
	if isToken(raw) {
		t, err := readToken(raw)
		return envelope{doc: t.claims, token: &t}, err
	}
	doc, err := decode(raw)
	return envelope{doc: doc}, err
}

// check says why the signature does not hold, nil when it does.
func (e envelope) check(ctx context.Context, src Source) error {
	if e.token != nil {
		return e.token.check(ctx, src)
	}
	if err := words().admit(e.doc); err != nil {
		return err
	}
	list, err := proofs(e.doc)
	if err != nil {
		return err
	}
	for _, p := range list { // each of ours has to hold: one that does not says that something was changed
		key, err := method{identity(e.doc["issuer"]), text(p, "verificationMethod")}.key(ctx, src)
		if err != nil {
			return err
		}
		if ok, err := signed(e.doc, p, key); err != nil {
			return err
		} else if !ok {
			return fault.New(fault.Conflict, "recognition.bad_signature")
		}
		if p["expires"] != nil { // none of the badges seen has it, and it would have to be told
			return fault.New(fault.Conflict, "recognition.proof_over")
		}
	}
	return nil
}
