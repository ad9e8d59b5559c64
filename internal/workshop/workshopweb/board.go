package workshopweb

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/workshop"
)

// boardView is the part of a page that others change.
type boardView struct {
	Action   string // where its forms go
	Key      string
	Phase    string
	People   string
	Voters   string
	Sections []section
	Choice   *choiceView
	Ranks    []*rankView
	Crowds   []*crowdView
	Minutes  []minuteView
	Names    []string // of those who came in, for the facilitator
	Tables   []tableView
	Place    *placeView
}

// section is one write phase.
type section struct {
	Name, Title, Note string
	Groups            []group
	Voting            bool
	Said              bool // the page's own title is the section's
	Left              string
}

// group is one theme and its cards; a Title that is empty is that of cards without a theme.
type group struct {
	Title  string
	Count  string
	Cards  []cardView
	Target bool // cards may be dragged here
}

type cardView struct {
	ID            int64
	Text          string
	Author        string
	Table         string // it was written at, for those who see those of several
	Mine, Hidden  bool
	Moving        bool // may be put into another theme
	Dragging      bool // and dragged there
	Moderating    bool
	Voting        bool
	Ballots       []ballotView
	Dots          int
	DotsSaid      string
	Links         []string // names of competences
	Link          string   // where it is linked to some
	Choice        ui.Choice
	NewTheme      ui.Field
	Edit          ui.Textarea
	Key           string
	Action, Phase string
}

// A ballotView is the dots of one hand on a card, on one axis.
type ballotView struct {
	Axis       int
	Label      string // of the axis, "" for the only one
	About      string // what the buttons are about
	Own        int
	Less, More int // what the buttons set; -1 is no button
}

type choiceView struct {
	Title  string
	Open   bool
	Phase  string
	Key    string
	Action string
	Boxes  ui.Group
	Bars   []barView
}

type barView struct {
	Label string
	Said  string
	Count int
	Most  int
}

type minuteView struct{ Phase, Text, At string }

// A viewer is who looks at a board, and on which page.
type viewer struct {
	p      *i18n.Printer
	hand   workshop.Hand
	action string
	key    string
	wall   bool // shows, asks for nothing
	all    bool // every phase, not what the present one needs

	competences []workshop.Competence // that cards may be linked to
	card        int64                 // on the page of one card
}

// board makes the view of a state.
func (v viewer) board(s *workshop.State) boardView {
	phase, running := s.Phase()
	b := boardView{Action: v.action, Key: v.key, Phase: phase.Name, People: v.p.T("workshopweb.people", len(s.People)), Voters: voters(v.p, s), Tables: v.tables(s), Place: v.place(s)}
	if v.hand.Facilitator && !v.wall {
		b.Names = s.Aliases()
	}
	for _, one := range s.Template.Phases {
		if v.wants(s, phase, running, one) {
			if one := v.section(s, phase, one); !v.all || len(one.Groups) > 0 {
				b.Sections = append(b.Sections, one)
			}
		}
		v.counted(&b, s, phase, one)
		if one.Kind == workshop.Choose && s.Begun(one.Name) && (v.all || one.Name == phase.Name || phase.Kind == workshop.Restitution) {
			b.Choice = v.choice(s, one, one.Name == phase.Name)
		}
	}
	if v.all || phase.Kind == workshop.Restitution {
		for _, m := range s.Minutes {
			b.Minutes = append(b.Minutes, minuteView{title(s, m.Phase), m.Text, v.p.DateTime(m.At)})
		}
	}
	return b
}

// counted adds what a phase came to, where everything is read again.
func (v viewer) counted(b *boardView, s *workshop.State, now, one workshop.Phase) {
	if !v.all && now.Kind != workshop.Restitution && now.Kind != workshop.Discuss || !s.Counted(one.Name) {
		return
	}
	switch one.Kind {
	case workshop.Vote:
		if r := ranking(v.p, one, s.Ranking(one.Name)); r != nil {
			b.Ranks = append(b.Ranks, r)
		}
	case workshop.Ask:
		services, trades := s.Shares(one.Name)
		b.Crowds = append(b.Crowds, crowd(v.p, one, services, trades))
	}
}

// wants reports whether a write phase is looked at during the phase that runs.
func (v viewer) wants(s *workshop.State, now workshop.Phase, running bool, one workshop.Phase) bool {
	if one.Kind != workshop.Write || !s.Begun(one.Name) {
		return false
	}
	return v.all || !running || now.Name == one.Name || slices.Contains(now.About, one.Name) || now.Kind == workshop.Restitution || now.Kind == workshop.Discuss
}

func title(s *workshop.State, phase string) string {
	for _, p := range s.Template.Phases {
		if p.Name == phase {
			return p.Title
		}
	}
	return phase
}

func (v viewer) section(s *workshop.State, now, one workshop.Phase) section {
	n := s.Count(one.Name)
	out := section{Name: one.Name, Title: one.Title, Note: v.p.T("workshopweb.cards", n), Voting: now.Kind == workshop.Vote && !v.wall && !v.hand.Facilitator}
	out.Said = v.wall && one.Name == now.Name
	if !s.Shown(one.Name) {
		out.Note = v.p.T("workshopweb.cards_private", n)
	}
	if out.Voting {
		out.Left = v.left(s, now)
	}
	cards := s.Cards(one.Name, v.hand)
	if s.Apart() && s.Shown(one.Name) && !v.wall && !v.hand.Facilitator {
		out.Note = v.p.T("workshopweb.cards", len(cards)) // those of the table
	}
	shown := cards
	if v.wall && !s.Closed && len(cards) > wallMost {
		shown = onWall(s, cards)
		out.Note = v.p.T("workshopweb.cards_on_wall", n, wallMost)
	}
	themes := s.ThemesFor(one.Name, v.hand)
	sorting := sorts(now, one.Name) && !v.wall && !s.Closed
	for _, theme := range append(slices.Clone(themes), "") {
		g := group{Title: theme, Target: sorting}
		for _, c := range shown {
			if c.Theme == theme {
				g.Cards = append(g.Cards, v.cardView(s, now, c, themes))
			}
		}
		if len(g.Cards) > 0 || sorting && theme != "" && len(cards) > 0 {
			in := 0
			for _, c := range cards {
				if c.Theme == theme {
					in++
				}
			}
			g.Count = v.p.T("workshopweb.cards", in)
			out.Groups = append(out.Groups, g)
		}
	}
	return out
}

// wallMost is how many cards of a phase the projection shows: nobody reads more from a chair, and thousands who watch are not sent them.
const wallMost = 200

// onWall are the cards a wall has room for, in the order they came: those with the most dots, then the newest.
func onWall(s *workshop.State, cards []workshop.Card) []workshop.Card {
	best := slices.Clone(cards)
	slices.SortStableFunc(best, func(a, b workshop.Card) int {
		return cmp.Or(cmp.Compare(dotsOn(s, b), dotsOn(s, a)), cmp.Compare(b.ID, a.ID))
	})
	best = best[:wallMost]
	slices.SortFunc(best, func(a, b workshop.Card) int { return cmp.Compare(a.ID, b.ID) })
	return best
}

// dotsOn is how many dots a card has, in every vote about it.
func dotsOn(s *workshop.State, c workshop.Card) (n int) {
	for _, p := range s.Template.Phases {
		if p.Kind == workshop.Vote && slices.Contains(p.About, c.Phase) {
			n += s.Dots(p.Name, c.ID)
		}
	}
	return n
}

// sorts reports whether the cards of a write phase are put under themes now.
func sorts(now workshop.Phase, write string) bool {
	return now.Kind == workshop.Group && slices.Contains(now.About, write)
}

func (v viewer) cardView(s *workshop.State, now workshop.Phase, c workshop.Card, themes []string) cardView {
	out := cardView{ID: c.ID, Text: c.Text, Author: s.People[c.By], Hidden: c.Hidden, Key: v.key, Action: v.action, Phase: now.Name}
	if !s.Apart() || v.hand.Facilitator {
		out.Table = s.TableName(c.Table)
	}
	if out.Dots = dotsOn(s, c); out.Dots > 0 {
		out.DotsSaid = v.p.T("workshopweb.dots", out.Dots)
	}
	for _, l := range s.Links(c.ID) {
		out.Links = append(out.Links, nameOf(v.competences, l.Competence))
	}
	if v.wall || s.Closed {
		return out
	}
	if now.Kind == workshop.Connect && slices.Contains(now.About, c.Phase) {
		out.Link = linkOf(v.action, c.ID)
	}
	number := strconv.FormatInt(c.ID, 10)
	out.Mine, out.Moderating = v.hand.Owns(c), v.hand.Facilitator
	out.Dragging = sorts(now, c.Phase)
	out.Moving = out.Dragging || v.hand.Facilitator || out.Mine
	if out.Moving {
		out.Choice = ui.Choice{Name: "theme", ID: "theme-" + number, Label: v.p.T("workshopweb.theme"), Empty: v.p.T("workshopweb.no_theme")}
		for _, t := range themes {
			out.Choice.Options = append(out.Choice.Options, ui.Option{Value: t, Label: t, Selected: t == c.Theme})
		}
		out.NewTheme = ui.Field{Name: "new_theme", ID: "new-theme-" + number, Label: v.p.T("workshopweb.new_theme"), Optional: true, Autocomplete: "off", MaxLength: 120}
	}
	if out.Mine {
		out.Edit = ui.Textarea{Name: "text", ID: "text-" + number, Label: v.p.T("workshopweb.card_text"), Value: c.Text, Rows: 3}
	}
	if now.Kind == workshop.Vote && !v.hand.Facilitator && slices.Contains(now.About, c.Phase) {
		out.Voting, out.Ballots = true, v.ballots(s, now, c)
	}
	return out
}

// axes are those of a vote: the only one has no name.
func axes(vote workshop.Phase) []string {
	if len(vote.Axes) == 0 {
		return []string{""}
	}
	return vote.Axes
}

// left says how many dots a hand has left, on each axis.
func (v viewer) left(s *workshop.State, vote workshop.Phase) string {
	var said []string
	for axis, label := range axes(vote) {
		one := v.p.T("workshopweb.dots_left", s.Left(vote.Name, axis, v.hand))
		if label != "" {
			one = v.p.T("workshopweb.on_axis", label, one)
		}
		said = append(said, one)
	}
	return strings.Join(said, " ")
}

func (v viewer) ballots(s *workshop.State, vote workshop.Phase, c workshop.Card) (out []ballotView) {
	for axis, label := range axes(vote) {
		b := ballotView{Axis: axis, Label: label, About: strings.TrimSpace(label + " " + c.Text), Own: s.OwnDots(vote.Name, c.ID, axis, v.hand), Less: -1, More: -1}
		if b.Own > 0 {
			b.Less = b.Own - 1
		}
		if s.Left(vote.Name, axis, v.hand) > 0 {
			b.More = b.Own + 1
		}
		out = append(out, b)
	}
	return out
}

func (v viewer) choice(s *workshop.State, one workshop.Phase, current bool) *choiceView {
	out := &choiceView{Title: one.Title, Phase: one.Name, Key: v.key, Action: v.action, Open: current && !v.wall && !v.hand.Facilitator && !s.Closed}
	picked := s.OwnPicks(one.Name, v.hand)
	out.Boxes = ui.Group{Name: "option", Label: one.Title, Many: true, Hint: v.p.T("workshopweb.pick_hint", one.Budget)}
	for i, o := range one.Options {
		out.Boxes.Options = append(out.Boxes.Options, ui.Option{Value: strconv.Itoa(i), Label: o, Selected: slices.Contains(picked, i)})
	}
	for i, n := range s.Picks(one.Name) {
		out.Bars = append(out.Bars, barView{Label: one.Options[i], Said: v.p.T("workshopweb.picks", n), Count: n, Most: max(1, len(s.People))})
	}
	return out
}
