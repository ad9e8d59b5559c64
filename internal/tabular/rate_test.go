package tabular

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// frenchTexts are the titles and descriptions of the schemas that are shipped: what French files look like, headers, words and
// sentences. Those without an accent say nothing of an encoding.
func frenchTexts(t *testing.T) []string {
	t.Helper()
	seen := map[string]bool{}
	root := filepath.Join("..", "..", "content", "schemas")
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.Name() != "schema.json" {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var s struct {
			Fields []struct{ Title, Description string }
		}
		if json.Unmarshal(raw, &s) != nil {
			return nil // another kind of schema
		}
		for _, f := range s.Fields {
			for _, text := range []string{f.Title, f.Description} {
				if text = strings.Join(strings.Fields(text), " "); text != "" && ascii([]byte(text)) < len(text) && len(text) < 300 {
					seen[text] = true
				}
			}
		}
		return nil
	})
	if err != nil || len(seen) < 500 {
		t.Fatalf("got %d texts, %v", len(seen), err)
	}
	list := make([]string, 0, len(seen))
	for text := range seen {
		list = append(list, text)
	}
	slices.Sort(list)
	return list
}

// encoded writes a text in an encoding; ok is false when it has signs the encoding lacks.
func encoded(text, encoding string) (raw []byte, ok bool) {
	switch encoding {
	case "utf-8":
		return []byte(text), true
	case "utf-16le", "utf-16be":
		var order binary.AppendByteOrder = binary.LittleEndian
		if encoding == "utf-16be" {
			order = binary.BigEndian
		}
		for _, u := range utf16.Encode([]rune(text)) {
			raw = order.AppendUint16(raw, u)
		}
		return raw, true
	}
	set := charset(encoding)
	for _, r := range text {
		if r < 0x80 {
			raw = append(raw, byte(r))
			continue
		}
		i := slices.Index(set[:], r)
		if i < 0 || encoding == "iso-8859-1" && i < 0x20 {
			return nil, false
		}
		raw = append(raw, byte(0x80+i))
	}
	return raw, true
}

// readBack is the text a reader shows.
func readBack(raw []byte) string {
	counted, err := survey(bytes.NewReader(raw), maxSurvey)
	if err != nil {
		return err.Error()
	}
	var r Reading
	skip, err := counted.decide("", &r)
	if err != nil {
		return err.Error()
	}
	raw = raw[skip:]
	if strings.HasPrefix(r.Encoding, "utf-16") {
		raw = asciiHead(raw, r.Encoding)
	}
	return string(decodeText(nil, raw, charset(r.Encoding), r.Encoding[:3] == "utf"))
}

// A French text in each encoding is read as it was written, at the least so often: of files of 1, 3 and 12 accented texts, in
// small letters and in capitals. What is read is compared, not the name: most files are the same in several encodings.
func TestEncoding_isFoundAgain(t *testing.T) {
	texts := frenchTexts(t)
	sizes := []int{1, 3, 12}
	for _, encoding := range Encodings {
		floors := []float64{0.98, 0.999, 0.999}
		t.Run(encoding, func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, 2))
			written := map[string][]byte{} // nil for what the encoding lacks signs for
			write := func(text string) ([]byte, bool) {
				raw, known := written[text]
				if !known {
					raw, _ = encoded(text, encoding)
					written[text] = raw
				}
				return raw, raw != nil
			}
			start, _ := encoded("id;libelle\n", encoding)
			for i, size := range sizes {
				tried, right, wrong := 0, 0, ""
				for tried < 2000 {
					var b strings.Builder
					b.WriteString("id;libelle\n")
					raw := slices.Clone(start)
					for n := 0; n < size; {
						text := texts[random.IntN(len(texts))]
						if random.IntN(3) == 0 {
							text = strings.ToUpper(text)
						}
						line := "7;" + strings.ReplaceAll(text, ";", ",") + "\n"
						if part, ok := write(line); ok {
							n++
							b.WriteString(line)
							raw = append(raw, part...)
						}
					}
					tried++
					if got := readBack(raw); got == b.String() {
						right++
					} else if wrong == "" || len(got) < len(wrong) {
						wrong = got
					}
				}
				rate := float64(right) / float64(tried)
				t.Logf("%d texts: %.2f %%", size, 100*rate)
				if rate < floors[i] {
					t.Errorf("%d texts: got %.2f %% read as they were written, want at least %.2f %%; for example %q", size, 100*rate, 100*floors[i], wrong)
				}
			}
		})
	}
}
