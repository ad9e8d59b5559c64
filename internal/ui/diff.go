package ui

import "strings"

// Diff shows two texts side by side, line against line. Label and both titles are required.
type Diff struct {
	Label                   string
	BeforeTitle, AfterTitle string
	Lines                   []DiffLine
}

// DiffLine is one line of a [Diff]. Kind is "same", "changed", "removed" or "added".
type DiffLine struct {
	Kind          string
	Before, After string
}

// Word is the catalogue key that says the kind.
func (l DiffLine) Word() string {
	switch l.Kind {
	case "added":
		return "ui.diff_added"
	case "removed":
		return "ui.diff_removed"
	}
	return "ui.diff_changed"
}

// diffLines is the number of lines compared; texts longer than that are paired line by line, because the comparison is quadratic.
const diffLines = 1500

// Compare makes the diff of two texts: the longest common lines stay, and runs between them face each other.
func Compare(label, beforeTitle, before, afterTitle, after string) Diff {
	a, b := lines(before), lines(after)
	d := Diff{Label: label, BeforeTitle: beforeTitle, AfterTitle: afterTitle}
	if len(a) > diffLines || len(b) > diffLines {
		d.Lines = face(nil, a, b)
		return d
	}
	common := lengths(a, b)
	var left, right []string
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			d.Lines = face(d.Lines, left, right)
			d.Lines = append(d.Lines, DiffLine{"same", a[i], b[j]})
			left, right = nil, nil
			i, j = i+1, j+1
		case common[i+1][j] >= common[i][j+1]:
			left, i = append(left, a[i]), i+1
		default:
			right, j = append(right, b[j]), j+1
		}
	}
	d.Lines = face(d.Lines, append(left, a[i:]...), append(right, b[j:]...))
	return d
}

func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(strings.ReplaceAll(s, "\r\n", "\n"), "\n"), "\n")
}

// lengths gives, for each pair of places, how many lines the two rests have in common.
func lengths(a, b []string) [][]int16 {
	out := make([][]int16, len(a)+1)
	for i := range out {
		out[i] = make([]int16, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				out[i][j] = out[i+1][j+1] + 1
			} else {
				out[i][j] = max(out[i+1][j], out[i][j+1])
			}
		}
	}
	return out
}

// face appends two runs side by side.
func face(out []DiffLine, left, right []string) []DiffLine {
	for k := range max(len(left), len(right)) {
		switch {
		case k >= len(left):
			out = append(out, DiffLine{Kind: "added", After: right[k]})
		case k >= len(right):
			out = append(out, DiffLine{Kind: "removed", Before: left[k]})
		case left[k] == right[k]:
			out = append(out, DiffLine{"same", left[k], right[k]})
		default:
			out = append(out, DiffLine{"changed", left[k], right[k]})
		}
	}
	return out
}
