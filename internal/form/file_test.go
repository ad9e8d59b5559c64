package form_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"testing"

	"cultured/internal/fault"
	"cultured/internal/form"
)

func ok(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func photo(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	ok(t, jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 3, 2)), nil))
	return b.Bytes()
}

func TestJudge_refusesWhatLies(t *testing.T) {
	pdf, jpg := []byte("%PDF-1.4"), photo(t)
	file, shot := form.Block{Name: "f", Kind: form.File, Label: "Statuts"}, form.Block{Name: "p", Kind: form.Photo, Label: "Photo"}
	for _, c := range []struct {
		name  string
		block form.Block
		file  string
		body  []byte
		want  string
	}{
		{"a PDF", file, "Statuts.PDF", pdf, ""},
		{"a picture where a file is asked for", file, "a.jpeg", jpg, ""},
		{"a picture that says it is a PDF", file, "a.pdf", jpg, "form.file_lies"},
		{"a file without an ending", file, "statuts", pdf, "form.file_lies"},
		{"a page that says it is a text", file, "a.txt", []byte("<html>"), "form.file_unknown"},
		{"a PDF where a photo is asked for", shot, "a.pdf", pdf, "form.file_photo"},
		{"a PDF that says it is a photo", shot, "a.jpg", pdf, "form.file_lies"},
		{"nothing", file, "a.pdf", nil, "form.file_empty"},
	} {
		_, wrong := c.block.Judge(c.file, int64(len(c.body)), bytes.NewReader(c.body))
		if c.want == "" && wrong != nil || c.want != "" && (wrong == nil || wrong.Key != c.want || wrong.Field != c.block.Field()) {
			t.Errorf("%s: got %v, want %q", c.name, wrong, c.want)
		}
	}
	if _, wrong := file.Judge("a.pdf", form.FileMost+1, bytes.NewReader(pdf)); !fault.Is(wrong, "form.file_large") {
		t.Errorf("too large: got %v", wrong)
	}
}

func TestAFileBlock_asksWhyAndForHowLong(t *testing.T) {
	f := form.New("Demande")
	_, err := f.Put(form.Block{Kind: form.File, Label: "Statuts"})
	if !fault.Is(err, "form.no_purpose") {
		t.Errorf("got %v", err)
	}
	_, err = f.Put(form.Block{Kind: form.Photo, Label: "Photo", Purpose: "voir", Retention: 3, Max: "6"})
	if !fault.Is(err, "form.limit_files") {
		t.Errorf("got %v", err)
	}
	name, err := f.Put(form.Block{Kind: form.Photo, Label: "Photo", Purpose: "voir", Retention: 3, Max: "2", Required: true})
	ok(t, err)
	one := form.Attachment{ID: "1", Bytes: 12, Media: "image/jpeg", Name: "le stade.jpg"}
	for _, c := range []struct {
		typed []string
		want  string
	}{{nil, "form.file_missing"}, {[]string{"1"}, "form.file_gone"}, {[]string{"?"}, "form.file_gone"}, {[]string{one.Value(), one.Value(), one.Value()}, "form.file_many"}, {[]string{one.Value()}, ""}} {
		kept, wrong := f.Read(form.Values{name: c.typed})
		if c.want != "" && !fault.Is(wrong.Err(), c.want) || c.want == "" && len(f.Attached(kept)) != 1 {
			t.Errorf("%v: got %v, want %q", c.typed, wrong, c.want)
		}
	}
	if got := (form.Column{Key: name, Kind: form.Photo}).Text(form.Values{name: {one.Value(), one.Value()}}); got != "le stade.jpg|le stade.jpg" {
		t.Errorf("got %q", got)
	}
}
