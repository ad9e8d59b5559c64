package form_test

import (
	"archive/zip"
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
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

func picture(t testing.TB, encode func(*bytes.Buffer, image.Image) error) []byte {
	t.Helper()
	var b bytes.Buffer
	ok(t, encode(&b, image.NewGray(image.Rect(0, 0, 3, 2))))
	return b.Bytes()
}

func photo(t testing.TB) []byte {
	return picture(t, func(b *bytes.Buffer, i image.Image) error { return jpeg.Encode(b, i, nil) })
}

func archive(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		w, err := z.Create(pairs[i])
		ok(t, err)
		_, err = w.Write([]byte(pairs[i+1]))
		ok(t, err)
	}
	ok(t, z.Close())
	return b.Bytes()
}

func TestRecognise_trustsTheContentAlone(t *testing.T) {
	png := picture(t, func(b *bytes.Buffer, i image.Image) error { return png.Encode(b, i) })
	for _, c := range []struct {
		name string
		body []byte
		want string // word of the type, "" for none
	}{
		{"a PDF", []byte("%PDF-1.7\n1 0 obj"), "form.type_pdf"},
		{"a picture of a telephone", photo(t), "form.type_jpeg"},
		{"a picture of a screen", png, "form.type_png"},
		{"the first letters of a picture, and no picture", []byte("\xff\xd8\xff\xe0\x00 alert(1)"), ""},
		{"WebP", []byte("RIFF\x10\x00\x00\x00WEBPVP8 "), "form.type_webp"},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "form.type_heic"},
		{"a film", []byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00"), ""},
		{"an OpenDocument text", archive(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<x/>"), "form.type_odt"},
		{"an OpenDocument text with macros", archive(t, "mimetype", "application/vnd.oasis.opendocument.text", "Basic/script-lc.xml", ""), ""},
		{"a Word document", archive(t, "[Content_Types].xml", "", "word/document.xml", ""), "form.type_docx"},
		{"an Excel workbook", archive(t, "[Content_Types].xml", "", "xl/workbook.xml", ""), "form.type_xlsx"},
		{"a presentation", archive(t, "[Content_Types].xml", "", "ppt/presentation.xml", ""), "form.type_pptx"},
		{"a Word document with macros", archive(t, "[Content_Types].xml", "", "word/document.xml", "", "word/vbaProject.bin", ""), ""},
		{"any other archive", archive(t, "virus.exe", "MZ"), ""},
		{"half an archive", archive(t, "word/document.xml", "")[:30], ""},
		{"a program", []byte("MZ\x90\x00\x03"), ""},
		{"a text", []byte("Bonjour,\r\nà demain\n"), "form.type_text"},
		{"a text in Latin-1", []byte("\xe0 demain"), "form.type_text"},
		{"a page", []byte("<!doctype html><HTML><script>1</script>"), ""},
		{"a page far from the start", []byte(strings.Repeat("a", 100000) + "<script>"), ""},
		{"a drawing", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), ""},
		{"nothing", nil, ""},
	} {
		got, known := form.Recognise(bytes.NewReader(c.body), int64(len(c.body)))
		if got.Word != c.want || known != (c.want != "") {
			t.Errorf("%s: got %q, %v, want %q", c.name, got.Word, known, c.want)
		}
	}
}

func FuzzRecognise(f *testing.F) {
	f.Add(photo(f))
	f.Add(archive(f, "mimetype", "application/vnd.oasis.opendocument.text"))
	f.Add([]byte("%PDF-"))
	f.Fuzz(func(t *testing.T, body []byte) {
		got, known := form.Recognise(bytes.NewReader(body), int64(len(body)))
		if known == (got.Media == "") {
			t.Errorf("got %+v, %v", got, known)
		}
	})
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

func TestFileName(t *testing.T) {
	for given, want := range map[string]string{"photo.jpg": "photo.jpg", `C:\Mes documents\photo.jpg`: "photo.jpg", "../../etc/passwd": "passwd", "": "fichier", "...": "fichier", "a\r\nb.pdf": "ab.pdf",
		"factu\u202efdp.exe": "factufdp.exe", strings.Repeat("é", 200) + ".pdf": strings.Repeat("é", 116) + ".pdf"} {
		if got := form.FileName(given); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
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
