package form_test

import (
	"testing"

	"cultured/internal/fault"
	"cultured/internal/form"
)

func TestAPoint_isReadAsPeopleWriteIt(t *testing.T) {
	for _, c := range []struct {
		area  form.Area
		typed []string
		kept  string
		key   string
	}{
		{form.France, []string{"48,1113", "-1,68"}, "48.1113,-1.68", ""},
		{form.France, []string{"48.1113,-1.68"}, "48.1113,-1.68", ""},
		{form.France, []string{"48,1113 ; -1,68"}, "48.1113,-1.68", ""},
		{form.France, []string{"48.1113, -1.68"}, "48.1113,-1.68", ""},
		{form.France, []string{"-21,1", "55,5"}, "-21.1,55.5", ""}, // La Réunion
		{form.France, []string{"-1,68", "48,1113"}, "", "form.point_swapped"},
		{form.France, []string{"40,4", "-3,7"}, "", "form.point_abroad"},
		{form.Anywhere, []string{"40,4", "-3,7"}, "40.4,-3.7", ""},
		{form.Anywhere, []string{"139,7", "35,7"}, "", "form.point_swapped"},
		{form.Anywhere, []string{"200", "300"}, "", "form.answer_point"},
		{form.France, []string{"48"}, "", "form.answer_point"},
		{form.France, []string{"NaN", "1"}, "", "form.answer_point"},
	} {
		f := form.New("x")
		f.Blocks = []form.Block{{Name: "lieu", Kind: form.Point, Label: "Lieu", Area: c.area}}
		kept, wrong := f.Read(form.Values{"lieu": c.typed})
		if kept.First("lieu") != c.kept || c.key != "" && !fault.Is(wrong.Err(), c.key) || c.key == "" && len(wrong) > 0 {
			t.Errorf("%q %q: got %q, %v", c.area, c.typed, kept.First("lieu"), wrong)
		}
	}
	if _, err := (&form.Form{}).Put(form.Block{Kind: form.Point, Label: "Lieu", Area: "mars"}); !fault.Is(err, "form.bad_area") {
		t.Errorf("got %v", err)
	}
}
