package form

import (
	"regexp"
	"slices"
	"strings"
)

// xlsColumn is the column of the choices that says with which answers of a block an option goes.
func (n Narrowing) xlsColumn() string { return "for_" + n.Block }

// several reports whether some option goes with more than one answer: a workbook then has a list in one cell.
func (n Narrowing) several() bool {
	for _, with := range n.With {
		if len(with) > 1 {
			return true
		}
	}
	return false
}

// xlsFilter writes what narrows the options as an expression over the columns of the choices.
func (b Block) xlsFilter() string {
	if b.Narrow == nil {
		return ""
	}
	column, ref := b.Narrow.xlsColumn(), "${"+b.Narrow.Block+"}"
	text := column + "=" + ref
	if b.Narrow.several() {
		text = "selected(" + column + ", " + ref + ")"
	}
	if slices.ContainsFunc(b.Options, func(o string) bool { return len(b.Narrow.With[o]) == 0 }) {
		text += " or " + column + "=''"
	}
	return text
}

// xlsWith is what the column says of an option: the words of the answers it goes with.
func (f *Form) xlsWith(b Block, option string) string {
	at := f.Find(b.Narrow.Block)
	if at < 0 {
		return ""
	}
	var words []string
	for i, o := range f.Blocks[at].Options {
		if slices.Contains(b.Narrow.With[option], o) {
			words = append(words, choiceName(f.Blocks[at], i))
		}
	}
	return strings.Join(words, " ")
}

// choiceColumns are the columns of the sheet of choices beside its own three, in the order of the blocks.
func (f *Form) choiceColumns() (out []string) {
	for _, b := range f.Blocks {
		if b.Narrow != nil && !slices.Contains(out, b.Narrow.xlsColumn()) {
			out = append(out, b.Narrow.xlsColumn())
		}
	}
	return out
}

var (
	filters = regexp.MustCompile(`^(?:([A-Za-z_][\w.-]*)\s*=\s*\$\{\s*([^}\s]+)\s*\}|\$\{\s*([^}\s]+)\s*\}\s*=\s*([A-Za-z_][\w.-]*)|selected\(\s*([A-Za-z_][\w.-]*)\s*,\s*\$\{\s*([^}\s]+)\s*\}\s*\))$`)
	blanks  = regexp.MustCompile(`^([A-Za-z_][\w.-]*)\s*=\s*(?:''|"")$`)
)

// narrow reads a choice_filter that compares a column of the choices with the answer to one question; false of any other, and of one under which an option could
// never be chosen.
func (r *surveyReader) narrow(b *Block, list, text string) bool {
	parts := cutAt(bare(text), "or")
	m := filters.FindStringSubmatch(bare(parts[0]))
	if m == nil || len(parts) > 2 || !b.Kind.Chooses() {
		return false
	}
	column, name, listed := m[1]+m[4]+m[5], m[2]+m[3]+m[6], m[5] != ""
	free := false
	if len(parts) == 2 {
		blank := blanks.FindStringSubmatch(bare(parts[1]))
		if free = blank != nil && blank[1] == column; !free {
			return false
		}
	}
	at := r.form.Find(r.names[name])
	if at < 0 || r.form.Blocks[at].Kind != One {
		return false
	}
	from, with, always := r.form.Blocks[at], map[string][]string{}, map[string]bool{}
	for _, o := range r.lists[list] {
		label := o.text()
		words := strings.Fields(o.cells[strings.ToLower(column)])
		if !listed && len(words) > 1 {
			return false
		}
		if len(words) == 0 && !free {
			return false
		}
		always[label] = always[label] || len(words) == 0
		for _, word := range words {
			answer := r.labelled(from, word)
			if !slices.Contains(from.Options, answer) {
				return false
			}
			with[label] = append(with[label], answer)
		}
	}
	for label := range always {
		if always[label] {
			delete(with, label)
		}
	}
	var options []string
	for _, o := range b.Options { // the same words under two answers are one option here
		if !slices.Contains(options, o) {
			options = append(options, o)
		}
	}
	b.Options, b.Narrow = options, &Narrowing{Block: from.Name, With: with}
	return true
}

// listOf is the list of choices that a type names, "" of one that names none.
func listOf(kind string) string {
	words := strings.Fields(strings.Replace(kind, "select ", "select_", 1))
	if len(words) < 2 {
		return ""
	}
	return words[1]
}
