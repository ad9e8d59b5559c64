package form

import (
	"maps"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// A Narrowing leaves of a block's options those that go with the answer to an earlier One: the districts of the town that was chosen.
type Narrowing struct {
	Block string              `json:"block"` // name of the earlier block
	With  map[string][]string `json:"with"`  // for an option, the answers it goes with; one that is not named goes with any, and with none
}

// allows reports whether an option goes with the answer.
func (n Narrowing) allows(option, answer string) bool {
	with := n.With[option]
	return len(with) == 0 || slices.Contains(with, answer)
}

// Allowed lists the options that go with the answers so far, in the form's order: all of them where nothing narrows.
func (b Block) Allowed(kept Values) []string {
	if b.Narrow == nil {
		return b.Options
	}
	return slices.DeleteFunc(slices.Clone(b.Options), func(o string) bool { return !b.Narrow.allows(o, kept.First(b.Narrow.Block)) })
}

// narrowed is the block as the answers so far leave it: what no option is left of asks for nothing.
func (b Block) narrowed(kept Values) Block {
	if b.Narrow == nil {
		return b
	}
	b.Options = b.Allowed(kept)
	if len(b.Options) == 0 {
		b.Required = false
	}
	if b.Kind == Many && b.Min != "" {
		if least, ok := b.measure(b.Min); ok && int(least) > len(b.Options) {
			b.Min = ""
		}
	}
	return b
}

// astray is the fault of an option that exists, and does not go with the answers so far; nil when there is none.
func (f *Form) astray(b Block, typed []string, kept Values) *fault.Error {
	if b.Narrow == nil {
		return nil
	}
	_, _, name, _ := ofRow(b.Narrow.Block)
	label := name
	if at := f.Find(name); at >= 0 {
		label = f.Blocks[at].Label
	}
	answer := kept.First(b.Narrow.Block)
	for _, t := range typed {
		if t = strings.TrimSpace(t); !slices.Contains(b.Options, t) || b.Narrow.allows(t, answer) {
			continue
		}
		if answer == "" {
			return b.wrong("form.answer_first", t, label)
		}
		return b.wrong("form.answer_not_with", t, answer, label)
	}
	return nil
}

// tidyNarrow trims what was typed, and drops what narrows nothing.
func (b *Block) tidyNarrow() {
	if b.Narrow == nil || !b.Kind.Chooses() || b.Narrow.Block == "" && len(b.Narrow.With) == 0 {
		b.Narrow = nil
		return
	}
	with := map[string][]string{}
	for option, answers := range b.Narrow.With {
		option = strings.Join(strings.Fields(option), " ")
		for _, a := range answers {
			if a = strings.Join(strings.Fields(a), " "); a != "" && !slices.Contains(with[option], a) {
				with[option] = append(with[option], a)
			}
		}
	}
	b.Narrow = &Narrowing{Block: b.Narrow.Block, With: with}
}

// validateNarrow says what is wrong with what narrows the options. Fields: narrow, with.
func (b Block) validateNarrow(out *fault.List, before []Block) {
	if b.Narrow == nil {
		return
	}
	at := slices.IndexFunc(before, func(o Block) bool { return o.Name == b.Narrow.Block && o.Kind == One })
	if at < 0 || before[at].Within != "" && before[at].Within != b.Within {
		out.Add("narrow", "form.narrow_later")
		return
	}
	if len(b.Narrow.With) == 0 {
		out.Add("with", "form.narrow_nothing", before[at].Label)
		return
	}
	for _, option := range slices.Sorted(maps.Keys(b.Narrow.With)) {
		if !slices.Contains(b.Options, option) {
			out.Add("with", "form.narrow_option", option, b.Label)
			return
		}
		for _, a := range b.Narrow.With[option] {
			if !slices.Contains(before[at].Options, a) {
				out.Add("with", "form.narrow_option", a, before[at].Label)
				return
			}
		}
	}
}

// ReadWith reads what an author writes: for each option a line « option = answer ; other answer », with the answers of the block that narrows. A line without the
// sign, or with nothing after it, narrows nothing.
func ReadWith(text string, answers []string) map[string][]string {
	with := map[string][]string{}
	for line := range strings.Lines(text) {
		option, said, ok := strings.Cut(line, "=")
		option, said = strings.TrimSpace(option), strings.TrimSpace(said)
		if !ok || said == "" || option == "" {
			continue
		}
		parts := strings.Split(said, ";")
		if slices.Contains(answers, said) { // an answer may hold the sign that parts two
			parts = []string{said}
		}
		for _, p := range parts {
			p = strings.Join(strings.Fields(p), " ")
			if i := slices.IndexFunc(answers, func(a string) bool { return french.Fold(a) == french.Fold(p) }); i >= 0 {
				p = answers[i]
			}
			with[option] = append(with[option], p)
		}
	}
	return with
}
