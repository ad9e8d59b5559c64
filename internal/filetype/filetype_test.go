package filetype_test

import (
	"archive/zip"
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"cultured/internal/filetype"
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
		{"a PDF", []byte("%PDF-1.7\n1 0 obj"), "filetype.is_pdf"},
		{"a picture of a telephone", photo(t), "filetype.is_jpeg"},
		{"a picture of a screen", png, "filetype.is_png"},
		{"the first letters of a picture, and no picture", []byte("\xff\xd8\xff\xe0\x00 alert(1)"), ""},
		{"WebP", []byte("RIFF\x10\x00\x00\x00WEBPVP8 "), "filetype.is_webp"},
		{"HEIC", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00"), "filetype.is_heic"},
		{"a film", []byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00"), ""},
		{"an OpenDocument text", archive(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<x/>"), "filetype.is_odt"},
		{"an OpenDocument text with macros", archive(t, "mimetype", "application/vnd.oasis.opendocument.text", "Basic/script-lc.xml", ""), ""},
		{"a Word document", archive(t, "[Content_Types].xml", "", "word/document.xml", ""), "filetype.is_docx"},
		{"an Excel workbook", archive(t, "[Content_Types].xml", "", "xl/workbook.xml", ""), "filetype.is_xlsx"},
		{"a presentation", archive(t, "[Content_Types].xml", "", "ppt/presentation.xml", ""), "filetype.is_pptx"},
		{"a Word document with macros", archive(t, "[Content_Types].xml", "", "word/document.xml", "", "word/vbaProject.bin", ""), ""},
		{"any other archive", archive(t, "virus.exe", "MZ"), ""},
		{"half an archive", archive(t, "word/document.xml", "")[:30], ""},
		{"a program", []byte("MZ\x90\x00\x03"), ""},
		{"a text", []byte("Bonjour,\r\nà demain\n"), "filetype.is_text"},
		{"a text in Latin-1", []byte("\xe0 demain"), "filetype.is_text"},
		{"a page", []byte("<!doctype html><HTML><script>1</script>"), ""},
		{"a page far from the start", []byte(strings.Repeat("a", 100000) + "<script>"), ""},
		{"a drawing", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), ""},
		{"nothing", nil, ""},
	} {
		got, known := filetype.Recognise(bytes.NewReader(c.body), int64(len(c.body)))
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
		got, known := filetype.Recognise(bytes.NewReader(body), int64(len(body)))
		if known == (got.Media == "") {
			t.Errorf("got %+v, %v", got, known)
		}
	})
}

func TestName(t *testing.T) {
	for given, want := range map[string]string{"photo.jpg": "photo.jpg", `C:\Mes documents\photo.jpg`: "photo.jpg", "../../etc/passwd": "passwd", "": "fichier", "...": "fichier", "a\r\nb.pdf": "ab.pdf",
		"factu\u202efdp.exe": "factufdp.exe", strings.Repeat("é", 200) + ".pdf": strings.Repeat("é", 116) + ".pdf"} {
		if got := filetype.Name(given); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}
