package training

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
)

// A CohortID names a cohort: a UUID.
type CohortID string

// Sides lists who a pair is made of: somebody of the data and somebody of the trade.
func Sides() []string { return []string{"data", "trade"} }

// A Member takes part in a cohort. Who is invited decides; what they share is theirs to decide, and to take back.
type Member struct {
	Person string    `json:"person"`
	Side   string    `json:"side"`            // one of [Sides]
	Pair   int       `json:"pair"`            // 1 and up: two of one number work together
	Joined time.Time `json:"joined,omitzero"` // zero while they have not said yes
	Shares time.Time `json:"shares,omitzero"` // since when the facilitator sees their progress; zero while they do not consent
}

// A Note is an entry of the follow-up.
type Note struct {
	ID      string    `json:"id"`
	At      time.Time `json:"at"`
	Person  string    `json:"person"` // "" for who was erased
	Text    string    `json:"text"`
	Private bool      `json:"private,omitempty"` // for the facilitator alone
	Help    bool      `json:"help,omitempty"`    // asks for help
	Helped  bool      `json:"helped,omitempty"`  // and got it
}

// A Cohort is a few people with a concrete use, in pairs, for some weeks.
type Cohort struct {
	ID           CohortID  `json:"id"`
	Organisation string    `json:"-"`
	Lead         string    `json:"lead"` // the facilitator who sees what members share
	Title        string    `json:"title"`
	Use          string    `json:"use"` // the concrete use it is about
	Path         PathID    `json:"path,omitempty"`
	Start        string    `json:"start"` // day, AAAA-MM-JJ
	Weeks        int       `json:"weeks"`
	Members      []Member  `json:"members,omitempty"`
	Notes        []Note    `json:"notes,omitempty"` // the oldest first
	Closed       bool      `json:"closed,omitempty"`
	Revision     int       `json:"revision"`
	Created      time.Time `json:"created"`
}

// What a cohort may hold at most.
const (
	WeeksUsual  = 8
	WeeksMost   = 52
	MembersMost = 40
	NotesMost   = 500
	UseMost     = 1000
	NoteText    = 1000
	PairsMost   = 20
)

// Tidy trims the texts.
func (c *Cohort) Tidy() {
	c.Title, c.Use = strings.TrimSpace(c.Title), strings.TrimSpace(c.Use)
}

// Validate says what is wrong, by form field. Faults: Invalid "training.cohort_title_missing", "training.use_missing", "training.too_long",
// "training.bad_start", "training.bad_weeks".
func (c Cohort) Validate() (faults fault.List) {
	switch {
	case c.Title == "":
		faults.Add("title", "training.cohort_title_missing")
	case utf8.RuneCountInString(c.Title) > TitleMost:
		faults.Add("title", "training.too_long", TitleMost)
	}
	switch {
	case c.Use == "":
		faults.Add("use", "training.use_missing")
	case utf8.RuneCountInString(c.Use) > UseMost:
		faults.Add("use", "training.too_long", UseMost)
	}
	if _, err := time.Parse(time.DateOnly, c.Start); err != nil {
		faults.Add("start", "training.bad_start")
	}
	if c.Weeks < 1 || c.Weeks > WeeksMost {
		faults.Add("weeks", "training.bad_weeks", WeeksMost)
	}
	return faults
}

// Member is the one of a person; nil for none.
func (c *Cohort) Member(person string) *Member {
	i := slices.IndexFunc(c.Members, func(m Member) bool { return m.Person == person })
	if i < 0 {
		return nil
	}
	return &c.Members[i]
}

// Week is the one that runs at a moment, from 1; 0 before the start, and Weeks+1 once it is over.
func (c Cohort) Week(now time.Time) int {
	start, err := time.Parse(time.DateOnly, c.Start)
	if err != nil || now.Before(start) {
		return 0
	}
	return min(int(now.Sub(start)/(7*24*time.Hour))+1, c.Weeks+1)
}

// For is the cohort as a person of it may see it: without others' private notes, and without whether others share, unless they lead it.
func (c Cohort) For(person string) Cohort {
	if c.Lead == person {
		return c
	}
	c.Notes = slices.DeleteFunc(slices.Clone(c.Notes), func(n Note) bool { return n.Private && n.Person != person })
	c.Members = slices.Clone(c.Members)
	for i := range c.Members {
		if c.Members[i].Person != person {
			c.Members[i].Shares = time.Time{}
		}
	}
	return c
}

// unshare ends what members consented to.
func (c *Cohort) unshare() {
	c.Members = slices.Clone(c.Members)
	for i := range c.Members {
		c.Members[i].Shares = time.Time{}
	}
}

// Forget takes a person out: their place and their notes. Without who led it a cohort is over: what members shared was shared with them.
func (c *Cohort) Forget(person string) {
	if c.Lead == person {
		c.Lead, c.Closed = "", true
		c.unshare()
	}
	c.Members = slices.DeleteFunc(slices.Clone(c.Members), func(m Member) bool { return m.Person == person })
	c.Notes = slices.DeleteFunc(slices.Clone(c.Notes), func(n Note) bool { return n.Person == person })
}

// Why somebody may need help.
const (
	Asked  = "asked"  // they say so, and nobody answered yet
	Behind = "behind" // a quarter of the path behind the weeks that went by
	Quiet  = "quiet"  // nothing new in two weeks
)

// quietFor is how long nothing new is nothing to worry about.
const quietFor = 14 * 24 * time.Hour

// Needs says why a member may need help. Only what they share is looked at: without their consent, stages is empty and only what they asked counts.
func (c Cohort) Needs(person string, stages []Stage, now time.Time) (why []string) {
	if slices.ContainsFunc(c.Notes, func(n Note) bool { return n.Person == person && n.Help && !n.Helped }) {
		why = append(why, Asked)
	}
	m := c.Member(person)
	if m == nil || m.Shares.IsZero() || len(stages) == 0 {
		return why
	}
	done, last := Count(stages)
	start, err := time.Parse(time.DateOnly, c.Start)
	if err != nil || done == len(stages) || now.Before(start) {
		return why
	}
	gone := min(1, now.Sub(start).Hours()/(24*7*float64(c.Weeks)))
	if float64(done)/float64(len(stages))+0.25 < gone {
		why = append(why, Behind)
	}
	if last.Before(start) {
		last = start
	}
	if now.Sub(last) > quietFor {
		why = append(why, Quiet)
	}
	return why
}

func itoa(n int) string { return strconv.Itoa(n) }
