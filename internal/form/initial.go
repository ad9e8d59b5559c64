package form

import (
	"slices"
	"strings"
	"time"

	"cultured/internal/fault"
)

// Today is the initial value of a date that is the day somebody answers.
const Today = "today"

// Proposes reports whether a block of the kind may have initial values.
func (k Kind) Proposes() bool {
	return slices.Contains([]Kind{Line, LongText, Number, Date, One, Many, Commune}, k)
}

// tidyInitial drops what says nothing, and writes a day as days are kept.
func (b *Block) tidyInitial() {
	var kept []string
	for _, text := range b.Initial {
		text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
		if b.Kind.Chooses() {
			text = strings.Join(strings.Fields(text), " ")
		}
		if b.Kind == Date && text != Today {
			if day, problem := (Block{Kind: Date}).readDate(text); problem == nil {
				text = day
			}
		}
		if text != "" && !slices.Contains(kept, text) {
			kept = append(kept, text)
		}
	}
	if b.Initial = kept; !b.Kind.Proposes() {
		b.Initial = nil
	}
}

// validateInitial says why the block would refuse its own initial values. Field: initial.
func (b Block) validateInitial(out *fault.List) {
	switch {
	case len(b.Initial) == 0 || b.Kind == Date && b.Initial[0] == Today && len(b.Initial) == 1 && b.Within == "":
		return
	case b.Within != "": // a row left blank asks for nothing, and one that holds what was proposed is not blank
		out.Add("initial", "form.initial_group")
		return
	}
	if _, problem := b.read(b.Initial); problem != nil {
		out.Add("initial", problem.Key, problem.Args...)
	}
}

// Propose adds to what was typed the initial values of the questions asks reports true of: those that were not on the page before, so that what somebody cleared
// stays so. today is the day of the answer.
func (f *Form) Propose(typed Values, today time.Time, asks func(Block) bool) Values {
	out := Values{}
	for name, texts := range typed {
		out[name] = texts
	}
	for _, b := range f.Blocks {
		if len(b.Initial) == 0 || b.Within != "" || len(out[b.Name]) > 0 || !asks(b) {
			continue
		}
		if out[b.Name] = b.Initial; b.Kind == Date && b.Initial[0] == Today {
			out[b.Name] = []string{today.Format(time.DateOnly)}
		}
	}
	return out
}
