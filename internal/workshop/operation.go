package workshop

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// An ID names a session.
type ID string

// A Kind names what an operation does.
type Kind string

// The kinds of operation. Participants do the first group, the facilitator everything but joining.
const (
	Join     Kind = "join"     // Text is the first name or alias, Mark the seat
	AddCard  Kind = "card"     // Phase, Text, Theme (may be empty), Nonce and Mark
	EditCard Kind = "edit"     // Card, Text
	DropCard Kind = "remove"   // Card: its author takes it back
	MoveCard Kind = "move"     // Card, Theme ("" is none); a theme nobody had is made
	CastDots Kind = "dots"     // Phase, Card, Axis, Value: dots of this hand on this card, instead of those before
	Tell     Kind = "profile"  // Phase, Text: a service, Item: a trade, instead of those before; Value 0 takes them back
	Pick     Kind = "pick"     // Phase, Options: what this hand ticks, instead of what it ticked before
	Tie      Kind = "link"     // Phase, Card, Item: a competence; Value 1 links them, with How it was acquired, 0 unlinks them
	Sort     Kind = "sort"     // Phase, Moves: many cards go under themes at once; without any, the last time is taken back
	Merge    Kind = "merge"    // Phase, Theme, Into: one theme becomes part of another
	Note     Kind = "minute"   // Phase, Text
	Advance  Kind = "phase"    // Phase is the phase seen ("" before the first), To the one that starts
	SetTimer Kind = "timer"    // Value: seconds from now, 0 stops it
	Reveal   Kind = "reveal"   // Phase; Value 1 shows its cards, 0 hides them again
	Freeze   Kind = "freeze"   // Value 1 stops participants, 0 lets them go on
	Moderate Kind = "moderate" // Card; Value 1 hides it from everybody, 0 shows it again
	Split    Kind = "split"    // Phase, Value: tables of about so many people are drawn, 0 for those there are; Table is how many were seen
	Unite    Kind = "unite"    // all tables come together: everybody sees what each wrote
	Seat     Kind = "seat"     // Who, Table: somebody goes to another table; With is who comes in exchange, 0 for nobody
	Label    Kind = "label"    // Table, Text: its name
	Close    Kind = "close"    // nothing changes any more
	Amend    Kind = "text"     // after that: Text stands at a place of the synthesis, To, Phase and Theme; Value is how many versions it had
	Archive  Kind = "dataset"  // after that: the cards were kept as a dataset, Item; without, somebody gives up. With Value 1 somebody begins, who saw Item
	Claim    Kind = "claim"    // after that: somebody with an account took part as Who; it is not said who
	Forget   Kind = "forget"   // after that: who took part, and who wrote what, is erased from the log
)

// An Op is one operation. Which fields count is said by its Kind; the others are zero. Seq, At and Key are given where it
// is stored.
type Op struct {
	Seq  int64     `json:"-"` // in the session, from 1, without holes
	At   time.Time `json:"-"` // of the server's clock
	Key  string    `json:"-"` // of the sender: the same key is the same operation
	Kind Kind      `json:"kind"`

	Phase   string    `json:"phase,omitempty"`
	To      string    `json:"to,omitempty"`
	Card    int64     `json:"card,omitempty"`
	Text    string    `json:"text,omitempty"`
	Theme   string    `json:"theme,omitempty"`
	Into    string    `json:"into,omitempty"`
	Value   int       `json:"value,omitempty"`
	Options []int     `json:"options,omitempty"`
	Axis    int       `json:"axis,omitempty"` // of a vote on two axes: 0 or 1
	Moves   []Move    `json:"moves,omitempty"`
	Item    string    `json:"item,omitempty"`
	How     string    `json:"how,omitempty"`
	Nonce   string    `json:"nonce,omitempty"`
	Mark    string    `json:"mark,omitempty"`
	Table   int       `json:"table,omitempty"` // of a card: where it was written; of whoever joins: where there was most room
	Who     int64     `json:"who,omitempty"`   // the number somebody joined with; see [State.People]
	With    int64     `json:"with,omitempty"`
	Places  [][]int64 `json:"places,omitempty"` // of a draw: who sits at each table
	Claim   string    `json:"claim,omitempty"`  // of whoever joins: what knows their claim code again
	Apart   bool      `json:"apart,omitempty"`  // of a phase that begins, or tables that are drawn: tables are apart from now on
	Person  string    `json:"person,omitempty"` // of the synthesis: which facilitator
	By      int64     `json:"by,omitempty"`     // of a session that is not anonymous: who joined with this number
}

// A Hand is who does something: a facilitator, or whoever holds the secret that joined. The zero Hand is a passer-by.
type Hand struct {
	Facilitator bool
	Person      string // identifier of the facilitator; kept with what is written in the synthesis only
	Secret      string // never stored
	Session     ID
}

// Seat is what the log keeps of a secret: enough to know it again. "" for no secret.
func (h Hand) Seat() string { return h.mark("seat") }

// Owns reports whether this hand wrote the card.
func (h Hand) Owns(c Card) bool {
	return h.Secret != "" && hmac.Equal([]byte(h.mark("card "+c.Nonce)), []byte(c.Mark))
}

// ballot is the mark of this hand in one phase: two phases of one person have nothing in common.
func (h Hand) ballot(phase string) string { return h.mark("ballot " + phase) }

// key makes the sender's key its own: nobody can spoil somebody else's operation by sending its key first.
func (h Hand) key(sent string) string {
	if h.Facilitator {
		sum := sha256.Sum256([]byte("facilitator " + sent))
		return hex.EncodeToString(sum[:20])
	}
	return h.mark("key " + sent)
}

func (h Hand) mark(what string) string {
	if h.Secret == "" {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(h.Secret))
	mac.Write([]byte(string(h.Session) + " " + what)) // a hash takes everything
	return hex.EncodeToString(mac.Sum(nil)[:20])
}
