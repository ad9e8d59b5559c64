package dataset

// notes says what was decided while reading, each decision on its line.
func (p *Printer) notes(r Report) {
	for _, n := range r.Reading.Notes {
		p.line("  %s", p.say(n.Key, anys(n.Args)...))
	}
}
