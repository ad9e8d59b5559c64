package dataset

import "strconv"

// notes says what was decided while reading, each decision on its line.
func (p *Printer) notes(r Report) {
	for _, n := range r.Reading.Notes {
		p.line("  %s", p.say(n.Key, noteArgs(n.Args)...))
	}
}

// noteArgs gives the arguments of a note, whole numbers as such so that plurals work.
func noteArgs(args []string) []any {
	out := make([]any, len(args))
	for i, a := range args {
		out[i] = a
		if n, err := strconv.ParseInt(a, 10, 64); err == nil {
			out[i] = n
		}
	}
	return out
}
