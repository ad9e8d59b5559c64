package recognition

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
)

const (
	// leastBits is the shortest status list, so that nobody can tell from the list which badge is asked about.
	leastBits = 131_072
	// mostListBytes bounds a list once unpacked: sixteen million badges.
	mostListBytes = 2 << 20
)

// The purposes of a status list: a bit that takes a badge back, and a few bits that say why.
const (
	revocation = "revocation"
	suspension = "suspension"
	message    = "message"
)

// A Reason is why a badge was taken back. The zero value is for one that was not.
type Reason int

// The reasons, in the order of the list's numbers, which never changes.
const (
	Holds      Reason = iota
	Mistake           // it was issued by mistake
	Withdrawn         // the evidence does not hold
	Dishonest         // it was obtained dishonestly
	Replaced          // a newer badge replaces it
	OnDemand          // its holder asked for it
	Paused            // it is taken back for a time: in our lists a suspension is a revocation that says so, and ends
	reasonBits = 4    // of the list, for each badge
)

// reasonKeys are the sentences that say why, by reason.
var reasonKeys = map[Reason]string{Mistake: "recognition.reason_mistake", Withdrawn: "recognition.reason_withdrawn", Dishonest: "recognition.reason_dishonest",
	Replaced: "recognition.reason_replaced", OnDemand: "recognition.reason_on_demand"}

// Revocations say, by a badge's place in the list, why it was taken back.
type Revocations map[int]Reason

// The ends of the addresses of our two lists. The standard lets a badge name several lists, the schema of Open Badges one:
// a badge of ours names the list of bits, and who finds its bit set finds why beside it.
const (
	listEnd    = "/revocations"
	reasonsEnd = "/reasons"
)

// beside is the address of the reasons that go with a list of ours; "" for somebody else's list.
func beside(list string) string {
	if base, ok := strings.CutSuffix(list, listEnd); ok {
		return base + reasonsEnd
	}
	return ""
}

// entry is what a badge says of the list it stands in.
func entry(list string, place int, what string, size int) map[string]any {
	at := strconv.Itoa(place)
	e := map[string]any{"id": list + "#" + at, "type": "BitstringStatusListEntry", "statusPurpose": what, "statusListIndex": at, "statusListCredential": list}
	if size > 1 {
		e["statusSize"] = float64(size)
	}
	return e
}

// List returns a status list credential of the issuer, unsigned, for an address that ends in "/revocations": which badges
// are taken back; or the one beside it, which says why, when reasons is true. Its bits are those of the standard: the first
// badge is the leftmost bit. Fault: Invalid "recognition.bad_place" for a place outside the list.
func (r Revocations) List(issuer, address string, reasons bool, now time.Time) ([]byte, error) {
	size, what := 1, revocation
	if reasons {
		size, what, address = reasonBits, message, beside(address)
	}
	bits := make([]byte, leastBits*size/8)
	for place, why := range r {
		v := 1
		if reasons {
			v = int(why)
		}
		if place < 0 || place >= leastBits {
			return nil, fault.New(fault.Invalid, "recognition.bad_place", place)
		}
		if why == Holds {
			continue
		}
		for i := range size {
			if v>>(size-1-i)&1 == 1 {
				at := place*size + i
				bits[at/8] |= 1 << (7 - at%8)
			}
		}
	}
	return json.Marshal(map[string]any{
		"@context": []any{credentialsContext}, "id": address, "type": []any{"VerifiableCredential", "BitstringStatusListCredential"},
		"issuer": issuer, "validFrom": stamp(now),
		"credentialSubject": map[string]any{"id": address + "#list", "type": "BitstringStatusList", "statusPurpose": what, "encodedList": pack(bits)},
	})
}

// pack compresses bits as a status list carries them: gzip, then multibase base64url.
func pack(bits []byte) string {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level exists
	_, _ = w.Write(bits)                                  // a buffer takes all
	_ = w.Close()
	return "u" + base64.RawURLEncoding.EncodeToString(b.Bytes())
}

var errList = errors.New("not a bitstring")

// unpack is the reverse of pack, bounded.
func unpack(s string) ([]byte, error) {
	s, ok := strings.CutPrefix(s, "u")
	if !ok {
		return nil, errList
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, err
	}
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	bits, err := io.ReadAll(io.LimitReader(z, mostListBytes+1))
	if err != nil || len(bits) > mostListBytes || len(bits)*8 < leastBits {
		return nil, errors.Join(err, errList)
	}
	return bits, nil
}

// A standing is what the issuer's lists say of a badge.
type standing struct {
	revoked, suspended bool
	why                string // in the issuer's words
	reason             Reason // of a list of ours
}

// standingOf asks the lists that a badge names. Faults: NotFound or what the source says, when a list cannot be had;
// Invalid "recognition.bad_list" when it is not the issuer's, not signed, out of date, or too short.
func standingOf(ctx context.Context, doc map[string]any, src Source, now time.Time) (s standing, err error) {
	issuer := identity(doc["issuer"])
	for _, e := range many(doc["credentialStatus"]) {
		if text(e, "type") != "BitstringStatusListEntry" {
			return s, fault.New(fault.Invalid, "recognition.other_status", short(text(e, "type")))
		}
		v, err := lookUp(ctx, e, issuer, src, now)
		if err != nil {
			if text(e, "statusPurpose") == message { // the reason is lost; whether it holds is not
				continue
			}
			return s, err
		}
		switch text(e, "statusPurpose") {
		case revocation:
			if s.revoked = v != 0; s.revoked {
				s.reason = reasonOf(ctx, e, issuer, src, now)
			}
			if s.reason == Paused {
				s.revoked, s.suspended = false, true
			}
		case suspension:
			s.suspended = s.suspended || v != 0
		case message:
			for _, m := range many(field(e, "statusMessage")) {
				if n, err := strconv.ParseInt(strings.TrimPrefix(text(m, "status"), "0x"), 16, 32); err == nil && int(n) == v && v != 0 {
					s.why = text(m, "message")
				}
			}
		}
	}
	return s, nil
}

// reasonOf asks beside a list of ours why a badge was taken back; [Holds] when it is not said.
func reasonOf(ctx context.Context, revoked any, issuer string, src Source, now time.Time) Reason {
	place, err := strconv.Atoi(text(revoked, "statusListIndex"))
	address := beside(text(revoked, "statusListCredential"))
	if err != nil || address == "" {
		return Holds
	}
	v, err := lookUp(ctx, entry(address, place, message, reasonBits), issuer, src, now)
	if err != nil {
		return Holds // that it was taken back is known; only why is lost
	}
	return Reason(v)
}

// lookUp reads one entry's value in its list.
func lookUp(ctx context.Context, named any, issuer string, src Source, now time.Time) (int, error) {
	address := text(named, "statusListCredential")
	bad := fault.New(fault.Invalid, "recognition.bad_list", host(address))
	if !strings.HasPrefix(address, "https://") {
		return 0, bad
	}
	raw, err := src.Find(ctx, address)
	if err != nil {
		return 0, err
	}
	list, err := open(bytes.TrimSpace(raw))
	if err != nil {
		return 0, bad.Because(err)
	}
	if err := list.check(ctx, src); err != nil {
		return 0, bad.Because(err)
	}
	subject := dig(list.doc, "credentialSubject")
	if identity(list.doc["issuer"]) != issuer || text(list.doc, "id") != address || text(subject, "type") != "BitstringStatusList" ||
		!has(dig(subject, "statusPurpose"), text(named, "statusPurpose")) || period(list.doc, now) != Valid {
		return 0, bad
	}
	bits, err := unpack(text(subject, "encodedList"))
	if err != nil {
		return 0, bad.Because(err)
	}
	size := 1
	if n, ok := dig(named, "statusSize").(float64); ok {
		size = int(n)
	}
	place, err := strconv.Atoi(text(named, "statusListIndex"))
	if err != nil || place < 0 || size < 1 || size > 8 || place > len(bits)*8/size-1 {
		return 0, bad.Because(err)
	}
	v := 0
	for at := place * size; at < (place+1)*size; at++ {
		v = v<<1 | int(bits[at/8]>>(7-at%8)&1)
	}
	return v, nil
}
