package dataset

import (
	"fmt"
	"testing"
)

func TestTopWords_saysTruthsInTheReadersLanguage(t *testing.T) {
	french := map[string]string{"dataset.yes": "oui", "dataset.no": "non", "dataset.true": "vrai", "dataset.false": "faux"}
	say := func(key string, args ...any) string {
		if key == "dataset.boolean_written" {
			return fmt.Sprintf("%s (%s)", args...)
		}
		return french[key]
	}
	for _, c := range []struct {
		kind     Type
		in, want []string
	}{
		{TypeBoolean, []string{"true", "false"}, []string{"vrai", "faux"}},
		{TypeBoolean, []string{"TRUE", "FALSE"}, []string{"vrai", "faux"}},
		{TypeBoolean, []string{"1", "0"}, []string{"oui", "non"}},
		{TypeBoolean, []string{"yes", "Oui", "no", "n/d"}, []string{"oui (yes)", "oui (Oui)", "non", "n/d"}},
		{TypeBoolean, []string{"oui", "O", "non"}, []string{"oui", "oui (O)", "non"}},
		{TypeText, []string{"true", "1"}, []string{"true", "1"}},
		{TypeInteger, []string{"1", "0"}, []string{"1", "0"}},
	} {
		p := ColumnProfile{Type: c.kind}
		for _, v := range c.in {
			p.Top = append(p.Top, ValueCount{Value: v})
		}
		for i, want := range c.want {
			if got := p.TopWords(i, say); got != want {
				t.Errorf("%s %q: got %q, want %q", c.kind, c.in[i], got, want)
			}
		}
	}
}
