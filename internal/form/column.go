package form

import (
	"reflect"
	"slices"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/french"
)

// ColumnMost is the length of what an owner's files call a question, in characters.
const ColumnMost = 100

// tidyColumn trims what the owner's files call a question and its options, and drops what says nothing.
func (b *Block) tidyColumn() {
	b.Column = strings.Join(strings.Fields(b.Column), " ")
	codes := map[string]string{}
	for option, code := range b.Codes {
		option, code = strings.Join(strings.Fields(option), " "), strings.Join(strings.Fields(code), " ")
		if code != "" && (code != option || !slices.Contains(b.Options, option)) {
			codes[option] = code
		}
	}
	b.Codes = nil
	if b.Kind.Chooses() && len(codes) > 0 {
		b.Codes = codes
	}
	if !b.Kind.Asks() {
		b.Column = ""
	}
}

func (b Block) validateColumn(out *fault.List, before []Block) {
	length(out, "column", b.Column, ColumnMost)
	for _, o := range before {
		if b.Column != "" && o.Name != b.Name && (french.Fold(o.Column) == french.Fold(b.Column) || o.Column == "" && o.Name == b.Column) {
			out.Add("column", "form.column_twice", b.Column, o.Label)
			break
		}
	}
	var strange []string
	for option := range b.Codes {
		if !slices.Contains(b.Options, option) {
			strange = append(strange, option)
		}
	}
	if slices.Sort(strange); len(strange) > 0 {
		out.Add("codes", "form.code_option", strange[0])
	}
}

// unmapped is the block without what its owner's files call it.
func (b Block) unmapped() Block {
	b.Column, b.Codes = "", nil
	return b
}

// Maps reports whether the owner's files call anything by names of their own.
func (f *Form) Maps() bool {
	return slices.ContainsFunc(f.Blocks, func(b Block) bool { return b.Column != "" || len(b.Codes) > 0 })
}

// Mapped is the sheet in its owner's words, as f has them today: columns by their own names, options by their codes.
func (s Sheet) Mapped(f Form) Sheet {
	s.Columns, s.Answers = slices.Clone(s.Columns), slices.Clone(s.Answers)
	taken := map[string]bool{}
	for i, c := range s.Columns {
		_, _, name, inRow := ofRow(c.Key)
		at := f.Find(name)
		if at < 0 {
			continue
		}
		if own := f.Blocks[at].Column; own != "" {
			if inRow {
				own += strings.TrimPrefix(strings.TrimSuffix(c.Name, "_"+name), f.Blocks[at].Within)
			}
			s.Columns[i].Name = own
		}
		if taken[s.Columns[i].Name] {
			s.Columns[i].Name = c.Name
		}
		taken[s.Columns[i].Name] = true
	}
	for i, a := range s.Answers {
		values := Values{}
		for key, texts := range a.Values {
			_, _, name, _ := ofRow(key)
			if at := f.Find(name); at >= 0 && len(f.Blocks[at].Codes) > 0 {
				texts = slices.Clone(texts)
				for j, text := range texts {
					if code := f.Blocks[at].Codes[text]; code != "" {
						texts[j] = code
					}
				}
			}
			values[key] = texts
		}
		s.Answers[i].Values = values
	}
	return s
}

// sameQuestion reports whether two blocks ask the same: what their owners promise about persons, and call the columns, is theirs.
func sameQuestion(a, b Block) bool {
	a, b = a.unmapped(), b.unmapped()
	a.Purpose, a.Retention, b.Purpose, b.Retention = "", 0, "", 0
	return reflect.DeepEqual(a, b)
}
