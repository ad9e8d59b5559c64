package workshopweb

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/id"
	"cultured/internal/live"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

//go:embed pages/*.tmpl
var pages embed.FS

// Text holds the words of these pages in each language.
//
//go:embed text/*.json
var Text embed.FS

// desk is what every handler of this room has at hand.
type desk struct {
	*workshop.Service
	hub    *live.Hub
	now    func() time.Time
	from   func(*http.Request) string // address of the visitor
	secure bool                       // cookies only over TLS
	names  func(ctx context.Context, by actor.Actor, people ...string) (map[string]string, error)
	shelf  Shelf
}

// A Shelf keeps tables as datasets of an organisation.
type Shelf interface {
	// Keep keeps one, and returns its identifier.
	Keep(ctx context.Context, by actor.Actor, t Table) (string, error)
	// Look says how a dataset stands before by; the zero Standing when there is none any more.
	Look(ctx context.Context, by actor.Actor, of string) (Standing, error)
}

// A Standing is what somebody may know of a dataset.
type Standing struct {
	There bool   // it is kept still
	Seen  bool   // it is shown to who asks
	Owner string // name of who keeps it; may be ""
}

// A Table is the cards of a session as a dataset: a CSV file, and what its columns are.
type Table struct {
	Name    string // of the file
	CSV     []byte
	Columns []Column
}

// A Column is what the dictionary of a dataset says of one.
type Column struct{ Name, Description string }

// A Desk is what these pages stand on.
type Desk struct {
	Workshop *workshop.Service
	Hub      *live.Hub                  // tells those who watch what the service says of sessions that move
	Address  func(*http.Request) string // where a visitor comes from
	Shelf    Shelf                      // nil where nothing can be kept as a dataset
	// Names says how people are called, by identifier; who has left is left out. May be nil.
	Names func(ctx context.Context, by actor.Actor, people ...string) (map[string]string, error)
}

// Routes adds the room's pages to the site.
func Routes(site *web.Site, from Desk) {
	d := desk{Service: from.Workshop, hub: from.Hub, now: site.Now, from: from.Address, names: from.Names, shelf: from.Shelf, secure: strings.HasPrefix(site.BaseURL, "https://")}
	for pattern, h := range map[string]web.Handler{
		"GET /workshops":                     d.list,
		"POST /workshops":                    d.create,
		"GET /workshops/compare":             d.compare,
		"GET /workshops/compare.csv":         d.compareFile,
		"GET /workshops/compare.schema.json": d.compareDictionary,
		"GET /workshops/{id}":                d.run(d.console),
		"POST /workshops/{id}":               d.run(d.conduct),
		"GET /workshops/{id}/wall":           d.run(d.wall),
		"GET /join/{code}/wall":              d.guest(d.wall),
		"GET /join/{code}/seat/cards/{card}": d.guest(d.seatCard),
		"GET /workshops/{id}/cards/{card}":   d.run(d.consoleCard),
		"GET /join/{code}/events":            d.guest(d.events),
		"GET /workshops/{id}/plan":           d.run(d.plan),
		"POST /workshops/{id}/plan":          d.run(d.replan),
		"GET /workshops/{id}/bundles":        d.run(d.bundles),
		"POST /workshops/{id}/bundles":       d.run(d.sortBundles),
		"POST /workshops/{id}/bundles/undo":  d.run(d.unsort),
		"GET /workshops/{id}/sheet":          d.run(d.sheet),
		"GET /workshops/{id}/results":        d.run(d.results),
		"POST /workshops/{id}/results":       d.run(d.amend),
		"POST /workshops/{id}/dataset":       d.run(d.keepDataset),
		"GET /workshops/{id}/results/{file}": d.run(d.export),
		"GET /join":                          d.ask,
		"GET /join/{code}":                   d.door,
		"POST /join/{code}":                  d.enter,
		"GET /join/{code}/seat":              d.seat,
		"POST /join/{code}/seat":             d.act,
		"GET /join/{code}/last":              d.guest(d.last),
		"GET /join/{code}/claim":             d.guest(d.claim),
		"POST /join/{code}/claim":            d.guest(d.takeClaim),
	} {
		site.Handle(pattern, h)
	}
}

// run finds the session of the address for its facilitator.
func (d desk) run(answer func(http.ResponseWriter, *http.Request, workshop.Session) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		sess, err := d.Run(r.Context(), web.Actor(r), workshop.ID(r.PathValue("id")))
		if err != nil {
			return err
		}
		return answer(w, r, sess)
	}
}

// guest finds the session of the address's code, for anybody who has it.
func (d desk) guest(answer func(http.ResponseWriter, *http.Request, workshop.Session) error) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		sess, err := d.session(r)
		if err != nil {
			return err
		}
		return answer(w, r, sess)
	}
}

// secretLength is that of [id.Secret].
const secretLength = 52

// hand is the participant who asks: the one whose secret the browser holds.
func hand(r *http.Request, sess workshop.Session) workshop.Hand {
	h := workshop.Hand{Session: sess.ID}
	if c, err := r.Cookie("seat"); err == nil && len(c.Value) == secretLength && id.Valid(c.Value[:secretLength/2]) && id.Valid(c.Value[secretLength/2:]) {
		h.Secret = c.Value
	}
	return h
}

// origin is where a code comes from.
func (d desk) origin(r *http.Request) workshop.Origin {
	return workshop.Origin{Browser: hand(r, workshop.Session{}).Secret, Address: d.from(r)}
}

// keep gives the browser a secret for its seats, if it has none. One serves every session: what each stores of it has
// nothing in common with the others.
func (d desk) keep(w http.ResponseWriter, h workshop.Hand) workshop.Hand {
	if h.Secret == "" {
		h.Secret = id.Secret()
		http.SetCookie(w, &http.Cookie{Name: "seat", Value: h.Secret, Path: "/join", HttpOnly: true, Secure: d.secure, SameSite: http.SameSiteLaxMode, MaxAge: 90 * 24 * 3600})
	}
	return h
}

// operation reads what a form asks for.
func operation(r *http.Request) workshop.Op {
	number := func(name string) int {
		if r.PostFormValue(name) == "" {
			return 0
		}
		return int(integer(r.PostFormValue(name)))
	}
	op := workshop.Op{Kind: workshop.Kind(r.PostFormValue("kind")), Phase: r.PostFormValue("phase"), To: r.PostFormValue("to"), Card: int64(number("card")),
		Text: r.PostFormValue("text"), Theme: r.PostFormValue("theme"), Into: r.PostFormValue("into"), Value: number("value"),
		Item: r.PostFormValue("item"), How: r.PostFormValue("how"), Axis: number("axis"), Table: number("table"), Who: int64(number("who")), With: int64(number("with"))}
	if other := r.PostFormValue("new_theme"); other != "" {
		op.Theme = other
	}
	if op.Kind == workshop.Tell && r.PostFormValue("value") == "" {
		op.Value = -1 // neither agreed nor taken back
	}
	if op.Kind == workshop.SetTimer {
		op.Value = 60 * number("minutes")
	}
	for _, o := range r.PostForm["option"] {
		op.Options = append(op.Options, int(integer(o)))
	}
	op.Key = keyOf(r, op)
	return op
}

// keyOf makes one key of the page's and of what its form asks for: a form sent twice counts once, two forms of one page
// are two operations.
func keyOf(r *http.Request, op workshop.Op) string {
	page := r.PostFormValue("key")
	if !id.Valid(page) {
		return ""
	}
	op.Key = ""
	asked, err := json.Marshal(op) // all of it: who goes back to the page and writes something else asks for something else
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(asked)
	return page + " " + hex.EncodeToString(sum[:20])
}

func integer(s string) int64 {
	n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	if err != nil {
		return -1 // no card, and more than no budget: the rule says what is wrong
	}
	return n
}
