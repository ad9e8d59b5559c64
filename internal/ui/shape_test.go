package ui

import (
	"fmt"
	"strings"
	"testing"
)

func TestPages(t *testing.T) {
	for _, tc := range []struct {
		page, last int
		want       string
	}{
		{1, 1, ""},
		{1, 2, "[1] 2 >"},
		{2, 3, "< 1 [2] 3 >"},
		{1, 9, "[1] 2 … 9 >"},
		{4, 9, "< 1 2 3 [4] 5 … 9 >"},
		{5, 9, "< 1 … 4 [5] 6 … 9 >"},
		{6, 9, "< 1 … 5 [6] 7 8 9 >"},
		{9, 9, "< 1 … 8 [9]"},
	} {
		p := Pages(tc.page, tc.last, func(n int) string { return fmt.Sprintf("?page=%d", n) })
		var parts []string
		if p.Previous != "" {
			parts = append(parts, "<")
		}
		for _, l := range p.Links {
			switch {
			case l.Gap:
				parts = append(parts, "…")
			case l.Current:
				parts = append(parts, fmt.Sprintf("[%d]", l.Number))
			default:
				parts = append(parts, itoa(l.Number))
			}
		}
		if p.Next != "" {
			parts = append(parts, ">")
		}
		if got := strings.Join(parts, " "); got != tc.want {
			t.Errorf("page %d of %d: got %q, want %q", tc.page, tc.last, got, tc.want)
		}
	}
}

func TestCompare(t *testing.T) {
	for _, tc := range []struct{ what, before, after, want string }{
		{"nothing", "", "", ""},
		{"the same", "a\nb", "a\nb", "same a|a, same b|b"},
		{"a line changed", "a\nb\nc", "a\nx\nc", "same a|a, changed b|x, same c|c"},
		{"a line added at the end", "a", "a\nb", "same a|a, added |b"},
		{"a line removed at the start", "a\nb", "b", "removed a|, same b|b"},
		{"line ends of Windows", "a\r\nb\r\n", "a\nb\n", "same a|a, same b|b"},
		{"from nothing", "", "a", "added |a"},
	} {
		var parts []string
		for _, l := range Compare("x", "b", tc.before, "a", tc.after).Lines {
			parts = append(parts, l.Kind+" "+l.Before+"|"+l.After)
		}
		if got := strings.Join(parts, ", "); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.what, got, tc.want)
		}
	}
}

func TestCompare_longTextsStayQuick(t *testing.T) {
	long := strings.Repeat("line\n", 200_000)
	if got, want := len(Compare("x", "b", long, "a", long+"more").Lines), 200_001; got != want {
		t.Errorf("got %d lines, want %d", got, want)
	}
}

func TestScore_ringHasOneSegmentAPoint(t *testing.T) {
	for _, tc := range []struct {
		value int
		grade string
		dash  string
	}{
		{0, "low", "0 90"}, {1, "low", "8 82"}, {4, "middle", "8 2 8 2 8 2 8 52"}, {7, "high", "8 2 8 2 8 2 8 2 8 2 8 2 8 22"},
		{9, "high", "8 2 8 2 8 2 8 2 8 2 8 2 8 2 8 2 8 2"}, {12, "high", "8 2 8 2 8 2 8 2 8 2 8 2 8 2 8 2 8 2"},
	} {
		s := Score{Label: "x", Value: tc.value, Max: 9}
		if s.Dash() != tc.dash || s.Grade() != tc.grade {
			t.Errorf("%d/9: got %q %s, want %q %s", tc.value, s.Dash(), s.Grade(), tc.dash, tc.grade)
		}
	}
}

func TestSplit_segmentsFillTheBarAndSmallOnesAreSeen(t *testing.T) {
	segments := Split{Label: "x", Parts: []Part{{Value: 1_000_000, Kind: Success}, {Value: 0}, {Value: 1, Kind: Error}}}.Segments()
	if got, want := len(segments), 2; got != want {
		t.Fatalf("got %d segments, want %d", got, want)
	}
	last := segments[1]
	if last.Width < 5 || last.X+last.Width < 999.9 || last.X+last.Width > 1000.1 {
		t.Errorf("got the last segment %+v, want it seen and ending at 1000", last)
	}
	if got := (Split{Label: "x"}).Segments(); got != nil {
		t.Errorf("got %v for nothing, want none", got)
	}
}

func TestHistogram_staysInItsBox(t *testing.T) {
	for _, b := range (Histogram{Label: "x", Counts: []float64{0, 1, 1e6, 3}}).Boxes() {
		if b.Height < 2 || b.Y < 0 || b.Y+b.Height > HistogramHeight || b.X+b.Width > HistogramWidth {
			t.Errorf("got %+v, want it inside and at least 2 high", b)
		}
	}
}

func TestLinkAndQuery(t *testing.T) {
	if got, want := Link("/datasets", "a/b", "é"), "/datasets/a%2Fb/%C3%A9"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for _, tc := range []struct {
		path  string
		pairs []string
		want  string
	}{
		{"/c", nil, "/c"}, {"/c", []string{"q", "", "page", "2"}, "/c?page=2"}, {"/c?x=1", []string{"q", "a b"}, "/c?x=1&q=a+b"},
	} {
		got, err := Query(tc.path, tc.pairs...)
		if err != nil || got != tc.want {
			t.Errorf("got %q, %v, want %q", got, err, tc.want)
		}
	}
	if _, err := Query("/c", "q"); err == nil {
		t.Error("got no error for half a pair, want one")
	}
}
