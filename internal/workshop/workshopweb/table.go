package workshopweb

import (
	"cmp"
	"strconv"
	"strings"

	"cultured/internal/ui"
	"cultured/internal/workshop"
)

// A tableView is a table as the facilitator and the projection screen see it. Names are for the facilitator alone.
type tableView struct {
	Name, People, Cards string
	Names               []string
}

// A placeView is what a participant is told of his table.
type placeView struct {
	Number           int
	Name, With, Note string
	Look             int64 // the board is as of this number for those who sit there
}

// tables says how the room is split, while it is.
func (v viewer) tables(s *workshop.State) (out []tableView) {
	if !s.Apart() || !v.wall && !v.hand.Facilitator {
		return nil
	}
	for _, t := range s.Tables() {
		one := tableView{Name: t.Name, People: v.p.T("workshopweb.table_people", len(t.People)), Cards: v.p.T("workshopweb.cards", t.Cards)}
		if !v.wall {
			one.Names = aliases(s, t.People)
		}
		out = append(out, one)
	}
	return out
}

func aliases(s *workshop.State, people []int64) (out []string) {
	for _, who := range people {
		out = append(out, s.People[who])
	}
	return out
}

// place is where the hand sits; nil while everybody is together.
func (v viewer) place(s *workshop.State) *placeView {
	t, ok := s.TableOf(v.hand)
	if !ok || v.wall {
		return nil
	}
	own := s.Seated(v.hand)
	var mates []int64
	for _, who := range t.People {
		if who != own {
			mates = append(mates, who)
		}
	}
	out := &placeView{Number: t.Number, Name: v.p.T("workshopweb.at_table", t.Name), With: v.p.T("workshopweb.at_table_alone"), Look: s.TableLook(t.Number)}
	if len(mates) > 0 {
		out.With = v.p.T("workshopweb.at_table_with", strings.Join(aliases(s, mates), ", "))
	}
	if s.Template.Anonymous {
		out.Note = v.p.T("workshopweb.at_table_anonymous")
	}
	return out
}

// tablesPanel is where the facilitator splits the room and brings it together.
type tablesPanel struct {
	Apart bool
	Seen  int // how many tables there were when the page was made
	Again bool
	Size  ui.Field
	Move  *moveForm
	Label *labelForm
}

type moveForm struct{ Who, To, With ui.Choice }

type labelForm struct {
	Table ui.Choice
	Name  ui.Field
}

// newTablesPanel makes it for the phase that runs.
func newTablesPanel(v viewer, s *workshop.State, phase workshop.Phase, errs ui.FormErrors) *tablesPanel {
	p, tables := v.p, s.Tables()
	out := &tablesPanel{Apart: s.Apart(), Seen: s.TableCount(), Again: len(tables) > 0 && !s.Apart(),
		Size: ui.Field{Name: "value", ID: "table-size", Label: p.T("workshopweb.table_size"), Hint: p.T("workshopweb.table_size_hint"), Type: "number", Min: "2", Max: "20",
			Value: strconv.Itoa(cmp.Or(phase.Tables, 6)), Size: "short", Error: errs.For("value"), Autocomplete: "off"}}
	if len(tables) == 0 {
		return out
	}
	var people []ui.Option
	f := &moveForm{Who: ui.Choice{Name: "who", ID: "seat-who", Label: p.T("workshopweb.seat_who"), Error: errs.For("who")},
		To:   ui.Choice{Name: "table", ID: "seat-table", Label: p.T("workshopweb.seat_table"), Error: errs.For("table")},
		With: ui.Choice{Name: "with", ID: "seat-with", Label: p.T("workshopweb.seat_with"), Empty: p.T("workshopweb.seat_nobody"), Optional: true, Error: errs.For("with")}}
	out.Label = &labelForm{Table: ui.Choice{Name: "table", ID: "label-table", Label: p.T("workshopweb.label_table")},
		Name: ui.Field{Name: "text", ID: "label-name", Label: p.T("workshopweb.label_name"), MaxLength: 60, Size: "medium", Error: errs.For("name"), Autocomplete: "off"}}
	for _, t := range tables {
		for _, who := range t.People {
			people = append(people, ui.Option{Value: strconv.FormatInt(who, 10), Label: s.People[who], Group: t.Name})
		}
		one := ui.Option{Value: strconv.Itoa(t.Number), Label: t.Name}
		f.To.Options, out.Label.Table.Options = append(f.To.Options, one), append(out.Label.Table.Options, one)
	}
	f.Who.Options, f.With.Options = people, people
	if len(tables) > 1 && len(people) > 0 {
		out.Move = f
	}
	return out
}
