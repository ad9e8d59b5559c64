package tabular

// escaped appends the cell that starts at i to text, where a sign makes the next one stand for itself, inside quotes and
// outside. It returns the place of what ends the cell; more asks for more data.
func (r *recordReader) escaped(data []byte, i int) (at int, more bool) {
	first, start := i, len(r.text)
	inside := r.quote != 0 && i < len(data) && data[i] == r.quote
	if inside {
		i++
	}
	for {
		if len(r.text)-start > r.limits.CellBytes {
			return i, true // parse refuses the cell
		}
		if i == len(data) {
			if inside && r.ended { // it opens and never closes: an ordinary character
				r.text, r.open, inside = append(r.text[:start], r.quote), true, false
				i = first + 1
				continue
			}
			return i, !r.ended
		}
		c, last := data[i], i+1 == len(data)
		switch {
		case c != r.escape && c != r.quote && (c != r.sep || r.sep == 0) && c != '\n' && c != '\r', inside && c != r.escape && c != r.quote, c == r.quote && !inside:
			r.text = append(r.text, c)
			i++
		case last && !r.ended:
			return i, true
		case c == r.escape && last: // nothing follows it
			r.text = append(r.text, c)
			i++
		case c == r.escape:
			r.text = append(r.text, data[i+1])
			i += 2
		case c == r.quote:
			if i++; !last && data[i] == r.quote && !r.plain {
				r.text = append(r.text, c)
				i++
			} else {
				inside = false
			}
		case c == '\r' && !r.loneCR && (last || data[i+1] != '\n'): // alone, where it ends no line
			r.text = append(r.text, c)
			i++
		default: // a separator, or the end of the line
			return i, false
		}
	}
}
