// Package filetype says what a file that people attach is, from its content: its name only has to fit.
//
// It is for rooms that keep what people hand in (an answer’s files, a piece of work) and give it back as it came. Nothing that runs is taken: no
// program, no page, no drawing that may hold scripts, no document with macros.
package filetype

import (
	"archive/zip"
	"bytes"
	"embed"
	"image"
	_ "image/gif"  // recognised, to say what a file is
	_ "image/jpeg" // the pictures of telephones
	_ "image/png"  // pictures of screens
	"io"
	"path"
	"slices"
	"strings"
	"unicode/utf8"
)

// Text holds the names of the types, in each language.
//
//go:embed text/*.json
var Text embed.FS

const (
	nameMost = 120      // characters of a file's name
	seenMost = 32 << 10 // bytes read at once to recognise a file
)

// A Type is a type of file that people may attach. It is decided from the content; the name must fit.
type Type struct {
	Media   string   // media type it is stored and given back under
	Word    string   // catalogue key
	Endings []string // of names that fit, the usual one first
	Photo   bool     // taken by a camera
}

// TextKey names the type in the catalogue.
func (f Type) TextKey() string { return f.Word }

const office = "application/vnd.openxmlformats-officedocument."

// types are those taken. Programs, pages and drawings that may hold scripts are not among them, nor documents with macros.
var types = []Type{
	{"application/pdf", "filetype.is_pdf", []string{".pdf"}, false},
	{"image/jpeg", "filetype.is_jpeg", []string{".jpg", ".jpeg", ".jpe", ".jfif"}, true},
	{"image/png", "filetype.is_png", []string{".png"}, true},
	{"image/webp", "filetype.is_webp", []string{".webp"}, true},
	{"image/heic", "filetype.is_heic", []string{".heic", ".heif"}, true},
	{"application/vnd.oasis.opendocument.text", "filetype.is_odt", []string{".odt"}, false},
	{"application/vnd.oasis.opendocument.spreadsheet", "filetype.is_ods", []string{".ods"}, false},
	{"application/vnd.oasis.opendocument.presentation", "filetype.is_odp", []string{".odp"}, false},
	{office + "wordprocessingml.document", "filetype.is_docx", []string{".docx"}, false},
	{office + "spreadsheetml.sheet", "filetype.is_xlsx", []string{".xlsx"}, false},
	{office + "presentationml.presentation", "filetype.is_pptx", []string{".pptx"}, false},
	{"text/plain", "filetype.is_text", []string{".txt", ".csv"}, false},
}

// Endings lists those of all the types, as the attribute of a page's field has them.
func Endings() (endings []string) {
	for _, f := range types {
		endings = append(endings, f.Endings...)
	}
	return endings
}

// Photos lists those of pictures a camera takes.
func Photos() (endings []string) {
	for _, f := range types {
		if f.Photo {
			endings = append(endings, f.Endings...)
		}
	}
	return endings
}

// Fits reports whether a file of the type may have a name.
func (f Type) Fits(name string) bool {
	return slices.Contains(f.Endings, strings.ToLower(path.Ext(name)))
}

// Of is the type of a media type; ok is false of what is not taken.
func Of(media string) (Type, bool) {
	at := slices.IndexFunc(types, func(f Type) bool { return f.Media == media })
	if at < 0 {
		return Type{}, false
	}
	return types[at], true
}

// Recognise says what a file of size bytes is, from its content alone; ok is false of what is not taken. It trusts no name and
// runs nothing; it does not look for viruses.
func Recognise(r io.ReaderAt, size int64) (_ Type, ok bool) {
	head := make([]byte, min(size, seenMost))
	if n, err := r.ReadAt(head, 0); err != nil && (err != io.EOF || n < len(head)) {
		return Type{}, false
	}
	media := ""
	switch {
	case bytes.HasPrefix(head, []byte("%PDF-")):
		media = "application/pdf"
	case bytes.HasPrefix(head, []byte("PK\x03\x04")):
		media = zipped(r, size)
	case len(head) >= 16 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		media = "image/webp"
	case len(head) >= 12 && string(head[4:8]) == "ftyp" && slices.Contains([]string{"heic", "heix", "hevc", "mif1", "msf1", "heim", "heis"}, string(head[8:12])):
		media = "image/heic"
	case pictured(r, size) != "":
		media = pictured(r, size)
	case isText(r, size):
		media = "text/plain"
	}
	return Of(media)
}

// pictured is the media type of a picture whose head can be decoded: three letters at the start make no picture.
func pictured(r io.ReaderAt, size int64) string {
	c, name, err := image.DecodeConfig(io.NewSectionReader(r, 0, size))
	if err != nil || c.Width < 1 || c.Height < 1 {
		return ""
	}
	return "image/" + name
}

// zipped is the media type of a document that is an archive, "" of any other archive and of a document with macros.
func zipped(r io.ReaderAt, size int64) string {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return ""
	}
	found, types := "", false
	for i, f := range archive.File {
		name := strings.ToLower(f.Name)
		switch {
		case path.Base(name) == "vbaproject.bin" || strings.HasPrefix(name, "basic/"):
			return ""
		case i == 0 && name == "mimetype":
			found = said(f)
		case name == "[content_types].xml":
			types = true
		case name == "word/document.xml":
			found = office + "wordprocessingml.document"
		case name == "xl/workbook.xml":
			found = office + "spreadsheetml.sheet"
		case name == "ppt/presentation.xml":
			found = office + "presentationml.presentation"
		}
	}
	if strings.HasPrefix(found, office) && !types {
		return ""
	}
	return found
}

// said is what an OpenDocument file says it is, in its first part.
func said(f *zip.File) string {
	in, err := f.Open()
	if err != nil {
		return ""
	}
	text, err := io.ReadAll(io.LimitReader(in, nameMost))
	if err != nil || in.Close() != nil {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// isText reports whether a file is text from its first byte to its last, in UTF-8 or in the Latin alphabet's older codes, and no page.
func isText(r io.ReaderAt, size int64) bool {
	chunk := make([]byte, seenMost)
	for at := int64(0); at < size; at += seenMost {
		n, err := r.ReadAt(chunk, at)
		if err != nil && err != io.EOF {
			return false
		}
		for _, b := range chunk[:n] {
			if b < ' ' && b != '\t' && b != '\n' && b != '\r' && b != '\f' {
				return false
			}
		}
		if low := bytes.ToLower(chunk[:n]); bytes.Contains(low, []byte("<html")) || bytes.Contains(low, []byte("<script")) || bytes.Contains(low, []byte("<svg")) {
			return false
		}
	}
	return size > 0
}

// Name is a file’s name without folders, line breaks, nor what makes it unreadable; never empty.
func Name(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 { // a name that reads backwards lies
			return -1
		}
		return r
	}, name)
	name = strings.Trim(strings.Join(strings.Fields(name), " "), ". /")
	if n := utf8.RuneCountInString(name); n > nameMost { // the ending stays
		name = string([]rune(name)[n-nameMost:])
	}
	if name == "" {
		return "fichier"
	}
	return name
}
