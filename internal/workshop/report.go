package workshop

import (
	"slices"
	"time"
)

// A Report is what a session leaves, phase by phase: what everybody may read. Cards still private and those moderation hides
// are not in it; votes and choices are counted once they are over.
type Report struct {
	Title        string        `json:"title"`
	Held         time.Time     `json:"held"` // when the session was made
	People       int           `json:"people"`
	Closed       bool          `json:"closed"`
	Introduction string        `json:"introduction,omitempty"` // written afterwards, as the other texts
	Conclusion   string        `json:"conclusion,omitempty"`
	Phases       []ReportPhase `json:"phases"`
	Minutes      []ReportNote  `json:"minutes"`
}

// A ReportPhase is a write phase with its themes, a vote with its ranking, a choose phase with its options, or a profile phase with how many
// came from where: never fewer than five apart, the others together under "".
type ReportPhase struct {
	Name     string         `json:"name"`
	Kind     PhaseKind      `json:"kind"`
	Title    string         `json:"title"`
	Text     string         `json:"text,omitempty"`
	Cards    int            `json:"cards,omitempty"`
	Themes   []ReportTheme  `json:"themes,omitempty"`
	Options  []ReportOption `json:"options,omitempty"`
	Axes     []string       `json:"axes,omitempty"`
	Ranking  []ReportRank   `json:"ranking,omitempty"`
	Services []ReportOption `json:"services,omitempty"`
	Trades   []ReportOption `json:"trades,omitempty"`
}

// A ReportRank is a card after a vote, with its rank from 1, its dots on the first axis and the second, and how many people gave some.
type ReportRank struct {
	Card   int64  `json:"card"`
	Text   string `json:"text"`
	Rank   int    `json:"rank"`
	Dots   int    `json:"dots"`
	Second int    `json:"second"`
	People int    `json:"people"`
}

// A ReportTheme is a theme that has cards; Name "" is that of cards without one.
type ReportTheme struct {
	Name  string       `json:"name"`
	Text  string       `json:"text,omitempty"`
	Cards []ReportCard `json:"cards"`
}

// A ReportCard is a card with its dots in all votes.
type ReportCard struct {
	ID     int64        `json:"id"`
	Text   string       `json:"text"`
	Dots   int          `json:"dots"`
	Author string       `json:"author,omitempty"` // of a session that is not anonymous
	Table  string       `json:"table,omitempty"`  // it was written at
	Links  []ReportLink `json:"competences,omitempty"`
}

// A ReportLink is a competence of a card.
type ReportLink struct {
	ID    string `json:"id"`
	Code  string `json:"code,omitempty"`
	Label string `json:"label,omitempty"` // in the reader's language, as it is called now
	How   string `json:"how,omitempty"`   // acquired: one of [Ways]
}

// A ReportOption is an option and how many ticked it.
type ReportOption struct {
	Label string `json:"label"`
	Count int    `json:"count"`
}

// A ReportNote is a minute, under the title of its phase.
type ReportNote struct {
	Phase string `json:"phase"`
	Text  string `json:"text"`
}

// Report makes the report of a session as it is now. Within a theme, cards with more dots come first, then in the order they
// were written. Competences say how those of the cards are called.
func (s *State) Report(sess Session, competences []Competence) Report {
	r := Report{Title: sess.Title, Held: sess.Created, People: len(s.People), Closed: s.Closed, Introduction: s.Text(Place{}), Conclusion: s.Text(Place{Part: "conclusion"}), Phases: []ReportPhase{}, Minutes: []ReportNote{}}
	titles := map[string]string{}
	for _, p := range s.Template.Phases {
		titles[p.Name] = p.Title
		one := ReportPhase{Name: p.Name, Kind: p.Kind, Title: p.Title, Text: s.Text(Place{Part: "phase", Phase: p.Name})}
		for i, n := range s.Picks(p.Name) {
			one.Options = append(one.Options, ReportOption{p.Options[i], n})
		}
		for _, k := range s.Ranking(p.Name) {
			one.Axes = p.Axes
			one.Ranking = append(one.Ranking, ReportRank{k.Card.ID, k.Card.Text, k.Rank, k.Dots[0], k.Dots[1], k.People})
		}
		services, trades := s.Shares(p.Name)
		for _, k := range services {
			one.Services = append(one.Services, ReportOption{k.Value, k.Count})
		}
		for _, k := range trades {
			one.Trades = append(one.Trades, ReportOption{k.Value, k.Count})
		}
		if p.Kind == Write {
			one.Themes = s.reportThemes(p.Name, competences)
			for _, t := range one.Themes {
				one.Cards += len(t.Cards)
			}
		}
		if len(one.Themes) > 0 || len(one.Options)+len(one.Ranking)+len(one.Services)+len(one.Trades) > 0 || one.Text != "" {
			r.Phases = append(r.Phases, one)
		}
	}
	for _, m := range s.Minutes {
		r.Minutes = append(r.Minutes, ReportNote{titles[m.Phase], m.Text})
	}
	return r
}

func (s *State) reportThemes(phase string, competences []Competence) (out []ReportTheme) {
	cards := s.Cards(phase, Hand{})
	for _, theme := range append(s.Themes(phase), "") {
		t := ReportTheme{Name: theme, Text: s.Text(Place{"theme", phase, theme})}
		for _, c := range cards {
			if c.Theme == theme {
				t.Cards = append(t.Cards, ReportCard{ID: c.ID, Text: c.Text, Dots: s.allDots(c), Author: s.People[c.By], Table: s.TableName(c.Table), Links: s.reportLinks(c.ID, competences)})
			}
		}
		slices.SortStableFunc(t.Cards, func(a, b ReportCard) int { return b.Dots - a.Dots })
		if len(t.Cards) > 0 {
			out = append(out, t)
		}
	}
	return out
}

func (s *State) reportLinks(card int64, competences []Competence) (out []ReportLink) {
	for _, l := range s.links[card] {
		one := ReportLink{ID: l.Competence, How: l.How}
		if i := slices.IndexFunc(competences, func(c Competence) bool { return c.ID == l.Competence }); i >= 0 {
			one.Code, one.Label = competences[i].Code, competences[i].Label
		}
		out = append(out, one)
	}
	return out
}

func (s *State) allDots(c Card) (sum int) {
	for _, p := range s.Template.Phases {
		if p.Kind == Vote && slices.Contains(p.About, c.Phase) {
			sum += s.Dots(p.Name, c.ID)
		}
	}
	return sum
}
