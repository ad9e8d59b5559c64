package recognition

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	badgefiles "cultured/content/badges"
	"cultured/internal/actor"
)

// shipped reads the badges that ship.
func shipped(t testing.TB) []Offer {
	t.Helper()
	list, err := LoadOffers(badgefiles.Files)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestShipped_areSixThatPeopleCanTellApart(t *testing.T) {
	list := shipped(t)
	if len(list) != 6 {
		t.Errorf("got %d", len(list))
	}
	colours := map[string]string{}
	for _, o := range list {
		if other := colours[o.Picture.Colour]; other != "" {
			t.Errorf("%s has the colour of %s", o.ID, other)
		}
		colours[o.Picture.Colour] = o.ID
		for _, lang := range []string{"fr", "en"} {
			if n := len([]rune(o.Name.In(lang))); n > 40 {
				t.Errorf("%s: a name of %d letters does not fit under a picture", o.ID, n)
			}
		}
	}
}

func TestLoadOffers_refusesWhatSaysTooLittle(t *testing.T) {
	raw, err := badgefiles.Files.ReadFile("donnee-fiable.json")
	if err != nil {
		t.Fatal(err)
	}
	good := string(raw)
	for name, bad := range map[string]string{
		"no English":           strings.Replace(good, `"en": "Data made reliable"`, `"en": ""`, 1),
		"a fifth level":        strings.Replace(good, `"level": 2`, `"level": 5`, 1),
		"a competence twice":   strings.Replace(good, `"D4.2"`, `"D4.1"`, 1),
		"no competence's code": strings.Replace(good, `"D4.2"`, `"tri"`, 1),
		"no evidence":          strings.Replace(good, `"least": 3`, `"least": 0`, 1),
		"given by the admin":   strings.Replace(good, `"steward"`, `"admin"`, 1),
		"a pale colour":        strings.Replace(good, "#1f6b3a", "#9fd0b0", 1),
		"a shape outside":      strings.Replace(good, "[26, 52", "[2, 52", 1),
		"half a point":         strings.Replace(good, "[26, 52", "[26", 1),
		"another name":         strings.Replace(good, `"donnee-fiable"`, `"autre"`, 1),
		"an unknown field":     strings.Replace(good, `"least"`, `"most": 1, "least"`, 1),
		"no JSON":              "{",
	} {
		if bad == good {
			t.Fatalf("%s: nothing was spoilt", name)
		}
		if _, err := LoadOffers(fstest.MapFS{"donnee-fiable.json": {Data: []byte(bad)}}); err == nil || !strings.Contains(err.Error(), "donnee-fiable.json") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	many := fstest.MapFS{}
	for i := range 13 {
		id := "badge-" + string(rune('a'+i))
		many[id+".json"] = &fstest.MapFile{Data: []byte(strings.Replace(good, `"donnee-fiable"`, `"`+id+`"`, 1))}
	}
	if _, err := LoadOffers(many); err == nil {
		t.Error("thirteen badges were taken")
	}
}

func TestPicture_isTheSameDrawnTwice(t *testing.T) {
	for _, o := range shipped(t) {
		svg := o.Picture.SVG(`<Nom> & "titre"`)
		if err := walkSVG(svg, func(xml.Token, int64) {}); err != nil {
			t.Errorf("%s: %v", o.ID, err)
		}
		if !bytes.Contains(svg, []byte("&lt;Nom&gt; &amp; ")) {
			t.Errorf("%s: its title is not a text: %s", o.ID, svg)
		}
		raw, err := o.Picture.PNG()
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil {
			t.Fatal(err)
		}
		white, ground := 0, 0
		for y := range pngSide {
			for x := range pngSide {
				r, _, b, a := img.At(x, y).RGBA()
				if a == 0xffff && r == 0xffff && b == 0xffff {
					white++
				} else if a == 0xffff {
					ground++
				}
			}
		}
		if _, _, _, a := img.At(0, 0).RGBA(); a != 0 || white < 8_000 || ground < 30_000 {
			t.Errorf("%s: %d white pixels on %d of colour", o.ID, white, ground)
		}
	}
}

// More evidence never makes a badge further away, and the order in which it comes changes nothing.
func TestProgress_neverGoesBack(t *testing.T) {
	offers, draw := shipped(t), rand.New(rand.NewPCG(5, 20))
	start := time.Date(2026, 1, 5, 8, 0, 0, 0, time.UTC)
	for range 2_000 {
		o := offers[draw.IntN(len(offers))]
		shown := map[string]Proven{}
		before := o.Progress(shown)
		for i := range 8 {
			code := o.Competences[draw.IntN(len(o.Competences))].Code
			has := shown[code]
			has.Level = max(has.Level, draw.IntN(5))
			proof := Proof{Key: string(rune('a' + draw.IntN(6))), At: start.AddDate(0, 0, i)}
			has.Proofs = append(append([]Proof(nil), has.Proofs...), proof)
			shown[code] = has
			after := o.Progress(shown)
			if after.Short > before.Short || before.Ready() && !after.Ready() || len(after.Proofs) < len(before.Proofs) {
				t.Fatalf("%s: got %+v after %+v", o.ID, after, before)
			}
			before = after
		}
	}
}

func TestProgress_saysWhatIsMissing(t *testing.T) {
	o := Offer{Competences: []Level{{"D4.1", 1}, {"D4.2", 2}}, Least: 2, Validators: []actor.Role{actor.Steward}, Months: 12}
	one := Proof{Key: "x"}
	p := o.Progress(map[string]Proven{"D4.1": {1, []Proof{one}}, "D4.2": {1, []Proof{one}}})
	if p.Ready() || p.Short != 1 || !p.Needs[0].Met() || p.Needs[1].Met() || len(p.Proofs) != 1 {
		t.Errorf("got %+v", p)
	}
	two := Proof{Key: "y"}
	if p = o.Progress(map[string]Proven{"D4.1": {3, []Proof{one}}, "D4.2": {2, []Proof{two}}}); !p.Ready() {
		t.Errorf("got %+v", p)
	}
	steward := actor.Actor{ID: "s", Roles: []actor.Role{actor.Steward}}
	if !o.MayGive(steward) || o.MayGive(actor.Actor{ID: "a"}) || o.MayGive(actor.Actor{ID: "r", Roles: []actor.Role{actor.Admin}}) {
		t.Error("who may give it is not who it says")
	}
	from := time.Date(2026, 1, 31, 8, 0, 0, 0, time.UTC)
	if o.Until(from) != from.AddDate(1, 0, 0) || !(Offer{}).Until(from).IsZero() {
		t.Error("its end is not a year on")
	}
}
