package dataset

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"testing"
)

// A sentence that names a row must be known to: in a table of several files, a number alone leads nowhere.
func TestPlaces_knowEverySentenceThatNamesARow(t *testing.T) {
	named := regexp.MustCompile(`[Ll]igne \{(\d)\}`)
	for _, path := range []string{"text/fr.json", "../schema/text/fr.json"} {
		raw, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var all map[string]any
		if err := json.Unmarshal(raw, &all); err != nil {
			t.Fatal(err)
		}
		for key, v := range all {
			text, ok := v.(string)
			if _, finding := all[key+"_mend"]; !ok || !finding { // not the sentence of a finding
				continue
			}
			for _, m := range named.FindAllStringSubmatch(text, -1) {
				if !slices.Contains(rowArgs[key], int(m[1][0]-'0')) {
					t.Errorf("%s: argument %s is a row", key, m[1])
				}
			}
		}
	}
}
