package workshop

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode/utf8"

	"cultured/internal/actor"
	"cultured/internal/fault"
)

// Tidy cleans the texts of a plan that a facilitator typed, drops what its phases' kinds have no use for, and names the phases that have no name
// yet, so that what is wrong afterwards is what people can mend.
func (t *Template) Tidy() {
	t.Title = line(t.Title)
	names := map[string]bool{}
	for _, p := range t.Phases {
		names[p.Name] = true
	}
	for i := range t.Phases {
		p := &t.Phases[i]
		for n := len(t.Phases); p.Name == ""; n++ {
			if name := fmt.Sprint("etape-", n); !names[name] {
				p.Name, names[name] = name, true
			}
		}
		p.Title, p.Prompt = line(p.Title), clean(p.Prompt)
		p.Themes, p.Options, p.Axes = lines(p.Themes), lines(p.Options), lines(p.Axes)
		if p.Kind != Write {
			p.Themes, p.Private = nil, false
		}
		if p.Kind != Vote {
			p.Axes, p.Ties = nil, ShareRank
		}
		if p.Kind != Vote && p.Kind != Choose {
			p.Budget = 0
		}
		if p.Kind != Choose && p.Kind != Ask {
			p.Options = nil
		}
		if p.Kind != Vote && p.Kind != Group && p.Kind != Connect {
			p.About = nil
		}
		if !p.Kind.ByTables() {
			p.Tables = 0
		}
	}
}

// lines are the texts that say something, each once.
func lines(all []string) (out []string) {
	for _, one := range all {
		if one = line(one); one != "" && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	return out
}

// Mend says all that is wrong with a plan in the words of its form, whose fields are "title" and "PART-N" for the phase N, from 0.
// Faults: Invalid "workshop.plan_…".
func (t Template) Mend() (faults fault.List) {
	if t.Title == "" || utf8.RuneCountInString(t.Title) > titleMost {
		faults.Add("title", "workshop.plan_title", titleMost)
	}
	if len(t.Phases) == 0 || len(t.Phases) > phasesMost {
		faults.Add("title", "workshop.plan_phases", phasesMost)
	}
	written := map[string]bool{}
	for i, p := range t.Phases {
		at := func(part string) string { return fmt.Sprint(part, "-", i) }
		if p.Title == "" || utf8.RuneCountInString(p.Title) > titleMost {
			faults.Add(at("title"), "workshop.plan_title", titleMost)
		}
		if utf8.RuneCountInString(p.Prompt) > promptMost {
			faults.Add(at("prompt"), "workshop.plan_prompt", promptMost)
		}
		if p.Minutes < 0 || p.Minutes > minutesMost {
			faults.Add(at("minutes"), "workshop.plan_minutes", minutesMost)
		}
		if p.Tables != 0 && (p.Tables < tableSmall || p.Tables > tableLarge) {
			faults.Add(at("tables"), "workshop.table_size", tableSmall, tableLarge)
		}
		if len(p.Themes) > listMost || !short(p.Themes) {
			faults.Add(at("themes"), "workshop.plan_list", listMost, titleMost)
		}
		if p.Kind == Choose && len(p.Options) == 0 {
			faults.Add(at("options"), "workshop.plan_options")
		} else if len(p.Options) > listMost || !short(p.Options) {
			faults.Add(at("options"), "workshop.plan_list", listMost, titleMost)
		}
		if (p.Kind == Vote || p.Kind == Choose) && (p.Budget < 1 || p.Budget > budgetMost) {
			faults.Add(at("budget"), "workshop.plan_budget", budgetMost)
		}
		if len(p.Axes) != 0 && len(p.Axes) != axesOfAVote {
			faults.Add(at("axes"), "workshop.plan_axes")
		}
		if p.Kind == Group || p.Kind == Connect || p.Kind == Vote {
			if len(p.About) == 0 || slices.ContainsFunc(p.About, func(name string) bool { return !written[name] }) {
				faults.Add(at("about"), "workshop.plan_about")
			}
		}
		written[p.Name] = p.Kind == Write
	}
	return faults
}

// Replan gives a session another plan, as long as nothing happened in it. Faults: those of [Template.Mend]; Conflict
// "workshop.begun_already"; Invalid "workshop.bad_template" for what no form makes.
func (s *Service) Replan(ctx context.Context, by actor.Actor, sess Session, t Template) (err error) {
	defer fault.Wrap(&err, "workshop.Replan(%s)", sess.ID)
	if _, err := s.Run(ctx, by, sess.ID); err != nil {
		return err
	}
	t.Name, t.Summary, t.Order = sess.Template.Name, sess.Template.Summary, sess.Template.Order
	t.Tidy()
	if err := t.Mend().Err(); err != nil {
		return err
	}
	if err := t.check(); err != nil {
		return err
	}
	return s.Sessions.Replan(ctx, sess.ID, t.Title, t)
}

// same reports whether two plans are one.
func (t Template) same(o Template) bool { return reflect.DeepEqual(t, o) }

// Lines are the non-empty lines of a text, as forms write lists.
func Lines(text string) []string { return strings.Split(strings.ReplaceAll(text, "\r", ""), "\n") }
