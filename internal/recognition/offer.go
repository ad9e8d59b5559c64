package recognition

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"cultured/internal/actor"
)

// mostOffers bounds the badges that may be earned: more would say less.
const mostOffers = 12

// Words is a text in each language of the pages, by its code.
type Words map[string]string

// In is the text in a language, in French when there is none.
func (w Words) In(lang string) string {
	if s := w[lang]; s != "" {
		return s
	}
	return w["fr"]
}

func (w Words) whole() bool { return w["fr"] != "" && w["en"] != "" }

// An Offer is a badge that may be earned here: competences with their level, the evidence it rests on, and who gives it.
type Offer struct {
	ID          string  `json:"id"`
	Name        Words   `json:"name"`
	Description Words   `json:"description"` // of who holds it
	Criteria    Words   `json:"criteria"`    // what was asked
	Competences []Level `json:"competences"`
	Least       int     `json:"least"` // pieces of evidence, at least, about the competences together
	// Validators are the roles of those who may give it.
	Validators []actor.Role `json:"validators"`
	Months     int          `json:"months"` // that it holds, 0 for ever
	Picture    Picture      `json:"picture"`
}

// A Level is one of a competence, by the code of the framework, from 1 to 4.
type Level struct {
	Code  string `json:"code"`
	Level int    `json:"level"`
}

// Until is when a badge given at a moment is over, zero for never.
func (o Offer) Until(from time.Time) time.Time {
	if o.Months == 0 {
		return time.Time{}
	}
	return from.AddDate(0, o.Months, 0)
}

// MayGive says whether somebody may give the badge.
func (o Offer) MayGive(by actor.Actor) bool { return slices.ContainsFunc(o.Validators, by.Is) }

// LoadOffers reads the badges in files: one *.json each, those that ask for least first. Faults: those of decoding and of what an
// offer has to say, with the file's name; more than twelve.
func LoadOffers(files fs.FS) ([]Offer, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	var list []Offer
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var o Offer
		d := json.NewDecoder(strings.NewReader(string(raw)))
		d.DisallowUnknownFields()
		if err := d.Decode(&o); err != nil {
			return nil, fmt.Errorf("recognition: %s: %w", name, err)
		}
		if o.ID+".json" != name {
			return nil, fmt.Errorf("recognition: %s: it calls itself %q", name, o.ID)
		}
		if wrong := o.wrong(); wrong != "" {
			return nil, fmt.Errorf("recognition: %s: %s", name, wrong)
		}
		list = append(list, o)
	}
	if len(list) > mostOffers {
		return nil, fmt.Errorf("recognition: %d badges, %d at most", len(list), mostOffers)
	}
	slices.SortStableFunc(list, func(a, b Offer) int { return a.asks() - b.asks() })
	return list, nil
}

// asks is how much an offer asks for: the sum of its levels.
func (o Offer) asks() (sum int) {
	for _, c := range o.Competences {
		sum += c.Level
	}
	return sum
}

var (
	codeShape  = regexp.MustCompile(`^[A-Z][0-9]{1,2}\.[0-9]{1,2}$`)
	offerShape = regexp.MustCompile(`^[a-z][a-z0-9-]{2,40}$`)
)

// wrong says what an offer lacks, "" for nothing: what ships is read by those who write it.
func (o Offer) wrong() string {
	switch {
	case !offerShape.MatchString(o.ID):
		return "its id is no word of an address"
	case !o.Name.whole() || !o.Description.whole() || !o.Criteria.whole():
		return "a text is missing in a language"
	case len(o.Competences) == 0 || len(o.Validators) == 0:
		return "it needs a competence, and somebody who gives it"
	case o.Least < 1 || o.Least > 20 || o.Months < 0 || o.Months > 120:
		return "a number is out of its range"
	}
	for i, c := range o.Competences {
		if !codeShape.MatchString(c.Code) || c.Level < 1 || c.Level > 4 || slices.ContainsFunc(o.Competences[:i], func(other Level) bool { return other.Code == c.Code }) {
			return "competence " + c.Code + " is not one, or stands twice"
		}
	}
	for _, r := range o.Validators {
		if r != actor.Facilitator && r != actor.Steward && r != actor.HR {
			return "role " + string(r) + " gives no badges"
		}
	}
	return o.Picture.wrong()
}

// String writes it as "D4.2 N2".
func (l Level) String() string { return fmt.Sprintf("%s N%d", l.Code, l.Level) }

// A Proof is a piece of evidence that somebody has, about a competence. Key tells it from their others.
type Proof struct {
	Key string
	Evidence
	At time.Time
}

// Proven is what somebody has shown of a competence: the level that their evidence adds up to, 0 for none.
type Proven struct {
	Level  int
	Proofs []Proof
}

// A Need is one competence of an offer, and how far somebody is.
type Need struct {
	Level
	Reached int
}

// Met says whether it is far enough.
func (n Need) Met() bool { return n.Reached >= n.Level.Level }

// Progress is how far somebody is towards a badge.
type Progress struct {
	Needs  []Need
	Proofs []Proof // all there is about the competences, each once, the oldest first
	Short  int     // pieces of evidence still missing
}

// Ready says whether the badge may be asked for.
func (p Progress) Ready() bool {
	return p.Short == 0 && !slices.ContainsFunc(p.Needs, func(n Need) bool { return !n.Met() })
}

// Progress holds what somebody has shown, by the code of competences, against the offer. More evidence never makes it worse.
func (o Offer) Progress(shown map[string]Proven) (p Progress) {
	for _, c := range o.Competences {
		has := shown[c.Code]
		p.Needs = append(p.Needs, Need{c, has.Level})
		for _, proof := range has.Proofs {
			if !slices.ContainsFunc(p.Proofs, func(other Proof) bool { return other.Key == proof.Key }) {
				p.Proofs = append(p.Proofs, proof)
			}
		}
	}
	slices.SortStableFunc(p.Proofs, func(a, b Proof) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.Key, b.Key)
	})
	p.Short = max(0, o.Least-len(p.Proofs))
	return p
}
