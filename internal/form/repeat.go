package form

import (
	"slices"
	"strconv"
	"strings"

	"cultured/internal/fault"
)

// RowsMost is how many times a group repeats at most; RowsUsual when nobody says.
const (
	RowsMost  = 30
	RowsUsual = 10
)

// RowKey names the answers to a block of a group in one of its rows, numbered from 1.
func RowKey(group string, row int, name string) string {
	return group + "." + strconv.Itoa(row) + "." + name
}

// ofRow reads a key; ok is false of a block that stands in no group.
func ofRow(key string) (group string, row int, name string, ok bool) {
	parts := strings.Split(key, ".")
	if len(parts) != 3 {
		return "", 0, key, false
	}
	row, err := strconv.Atoi(parts[1])
	return parts[0], row, parts[2], err == nil
}

// Most is how many rows a group takes.
func (b Block) Most() int {
	if n, err := strconv.Atoi(b.Max); err == nil && n > 0 {
		return min(n, RowsMost)
	}
	return RowsUsual
}

// Least is how many rows a group needs.
func (b Block) Least() int {
	n, _ := strconv.Atoi(b.Min) // no number is no limit
	if b.Required {
		n = max(n, 1)
	}
	return n
}

// Members are the blocks of a group.
func (f *Form) Members(group string) (out []Block) {
	for _, b := range f.Blocks {
		if b.Within == group && group != "" {
			out = append(out, b)
		}
	}
	return out
}

// Rows is how many rows of a group there are among values.
func (v Values) Rows(group string) int {
	n, _ := strconv.Atoi(v.First(group)) // no number is no row
	return min(max(n, 0), RowsMost)
}

// rowOf is a block of a group as it stands in a row.
func (f *Form) rowOf(b Block, row int) Block {
	if b.When != nil {
		tests := b.When.Tests()
		for i, c := range tests {
			if at := f.Find(c.Block); at >= 0 && f.Blocks[at].Within == b.Within {
				tests[i].Block = RowKey(b.Within, row, c.Block)
			}
		}
		b.When = Join(tests, b.When.Any)
	}
	if b.Narrow != nil {
		if at := f.Find(b.Narrow.Block); at >= 0 && f.Blocks[at].Within == b.Within {
			b.Narrow = &Narrowing{RowKey(b.Within, row, b.Narrow.Block), b.Narrow.With}
		}
	}
	b.Name = RowKey(b.Within, row, b.Name)
	return b
}

// Row lists the blocks of a group as they stand in a row.
func (f *Form) Row(group string, row int) (out []Block) {
	for _, m := range f.Members(group) {
		out = append(out, f.rowOf(m, row))
	}
	return out
}

// Expand lists the blocks as an answer has them: a group, then its blocks for each of its rows.
func (f *Form) Expand(v Values) (out []Block) {
	for _, b := range f.Blocks {
		switch {
		case b.Kind == Repeat:
			out = append(out, b)
			members := f.Members(b.Name)
			for row := 1; row <= v.Rows(b.Name); row++ {
				for _, m := range members {
					out = append(out, f.rowOf(m, row))
				}
			}
		case b.Within == "" || f.Find(b.Within) < 0:
			out = append(out, b)
		}
	}
	return out
}

// Compact drops the rows in which nothing was typed and numbers the others from 1, so that a row left blank asks for nothing.
func (f *Form) Compact(typed Values) Values {
	if !slices.ContainsFunc(f.Blocks, func(b Block) bool { return b.Kind == Repeat }) {
		return typed
	}
	out := Values{}
	for key, texts := range typed {
		if _, _, _, ok := ofRow(key); !ok {
			out[key] = texts
		}
	}
	for _, g := range f.Blocks {
		if g.Kind != Repeat {
			continue
		}
		full := 0
		for row := 1; row <= typed.Rows(g.Name); row++ {
			had := false
			for _, m := range f.Members(g.Name) {
				texts := typed[RowKey(g.Name, row, m.Name)]
				if strings.TrimSpace(strings.Join(texts, "")) == "" || m.Kind == Computed {
					continue
				}
				if !had {
					had, full = true, full+1
				}
				out[RowKey(g.Name, full, m.Name)] = texts
			}
		}
		delete(out, g.Name)
		if full > 0 {
			out[g.Name] = []string{strconv.Itoa(full)}
		}
	}
	return out
}

// readRows judges how many rows a group has.
func (b Block) readRows(n int) ([]string, *fault.Error) {
	if least := b.Least(); n < least {
		return nil, b.wrong("form.rows_few", least)
	}
	if most := b.Most(); n > most {
		return nil, b.wrong("form.rows_many", most, n)
	}
	if n == 0 {
		return nil, nil
	}
	return []string{strconv.Itoa(n)}, nil
}

// Strip takes the answers to the named blocks out of values, in every row, and reports whether there were any.
func Strip(v Values, names []string) (any bool) {
	for key := range v {
		if _, _, name, _ := ofRow(key); slices.Contains(names, name) {
			delete(v, key)
			any = true
		}
	}
	return any
}

// validateGroup says what is wrong with the group a block stands in: a group is followed by its blocks, and nothing between them.
func (b Block) validateGroup(out *fault.List, before []Block) {
	switch {
	case b.Within == "":
		return
	case b.Kind == Repeat:
		out.Add("within", "form.group_in_group")
		return
	case b.Kind.Attaches():
		out.Add("within", "form.group_file")
		return
	}
	at := slices.IndexFunc(before, func(o Block) bool { return o.Kind == Repeat && o.Name == b.Within })
	if at < 0 || slices.ContainsFunc(before[at+1:], func(o Block) bool { return o.Within != b.Within }) {
		out.Add("within", "form.group_apart")
	}
}
