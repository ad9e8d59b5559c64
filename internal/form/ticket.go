package form

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/id"
)

// A Ticket is what a page of a form carries, sealed, so that an answer comes once, from a page this house gave, after the time a
// person needs. It names nobody and no address: a whole town hall may answer from one.
type Ticket struct {
	Form    ID
	Version int
	At      time.Time // when the page was given, to the second
	Nonce   string    // used once: the same one again is the same answer again
}

// The least time between a page and its answer, and how long a page stays good.
const (
	FillLeast = 3 * time.Second
	FillMost  = 7 * 24 * time.Hour
)

// NewTicket makes the ticket of a page.
func NewTicket(f Form, now time.Time) Ticket {
	return Ticket{Form: f.ID, Version: f.Version, At: now, Nonce: id.New(now)}
}

// Seal writes a ticket as nobody without the key can.
func (t Ticket) Seal(key []byte) string {
	body := strings.Join([]string{string(t.Form), strconv.Itoa(t.Version), strconv.FormatInt(t.At.Unix(), 10), t.Nonce}, ".")
	return body + "." + base64.RawURLEncoding.EncodeToString(mac(key, body))
}

func mac(key []byte, body string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("form ticket " + body)) // a hash takes every write
	return m.Sum(nil)
}

// OpenTicket reads a sealed ticket. ok is false of any other text.
func OpenTicket(key []byte, sealed string) (t Ticket, ok bool) {
	at := strings.LastIndexByte(sealed, '.')
	if at < 0 {
		return t, false
	}
	parts := strings.Split(sealed[:at], ".")
	sum, err := base64.RawURLEncoding.DecodeString(sealed[at+1:])
	if len(parts) != 4 || err != nil || !hmac.Equal(sum, mac(key, sealed[:at])) {
		return t, false
	}
	version, errVersion := strconv.Atoi(parts[1])
	seconds, errAt := strconv.ParseInt(parts[2], 10, 64)
	if errVersion != nil || errAt != nil {
		return t, false
	}
	return Ticket{Form: ID(parts[0]), Version: version, At: time.Unix(seconds, 0), Nonce: parts[3]}, true
}

// Judge says whether an answer may come under the ticket. Faults, all Conflict, none of which loses what was typed: "form.page_old" of
// another form's ticket or one too old: the page needs a new one; "form.too_fast": sending again is enough.
func (t Ticket) Judge(form ID, now time.Time) error {
	switch age := now.Sub(t.At); {
	case t.Form != form || age > FillMost || age < -time.Minute: // replicas' clocks differ a little
		return fault.New(fault.Conflict, "form.page_old")
	case age < FillLeast:
		return fault.New(fault.Conflict, "form.too_fast")
	}
	return nil
}

// letters of references: those nobody confuses when reading them aloud.
var letters = base32.NewEncoding("23456789ABCDEFGHJKLMNPQRSTUVWXYZ").WithPadding(base32.NoPadding)

// Reference is the number a person is given for an answer: ten letters and digits, "7KQFM-2XPD4". try tells apart the rare answers
// of one form that would share one; it shows nothing of the answer.
func Reference(form ID, nonce string, try uint16) string {
	sum := sha256.Sum256(binary.BigEndian.AppendUint16([]byte("reference "+string(form)+" "+nonce), try))
	text := letters.EncodeToString(sum[:7])
	return text[:5] + "-" + text[5:10]
}
