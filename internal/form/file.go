package form

import (
	"archive/zip"
	"bytes"
	"image"
	_ "image/gif"  // recognised, to say what a file is
	_ "image/jpeg" // the pictures of telephones
	_ "image/png"  // pictures of screens
	"io"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"cultured/internal/fault"
)

// The bounds of what is attached to an answer.
const (
	FileMost    = 20_000_000     // bytes of one file
	FilesMost   = 5              // files of one block
	SentMost    = 60_000_000     // bytes of all the files of one sending
	HeldMost    = 40             // files that wait under one ticket
	WaitingMost = 2 << 30        // bytes that wait, unsent, for one form
	HeldFor     = 24 * time.Hour // how long a file waits for the answer it was chosen for
	nameMost    = 120            // characters of a file's name
	seenMost    = 32 << 10       // bytes read at once to recognise a file
)

// A FileType is a type of file that forms take. It is decided from the content; the name must fit.
type FileType struct {
	Media   string   // media type it is stored and given back under
	Word    string   // catalogue key
	Endings []string // of names that fit, the usual one first
	Photo   bool     // what a photo block takes
}

// TextKey names the type in the catalogue.
func (f FileType) TextKey() string { return f.Word }

const office = "application/vnd.openxmlformats-officedocument."

// fileTypes are the types taken. Programs, pages and drawings that may hold scripts are not among them, nor documents with macros.
var fileTypes = []FileType{
	{"application/pdf", "form.type_pdf", []string{".pdf"}, false},
	{"image/jpeg", "form.type_jpeg", []string{".jpg", ".jpeg", ".jpe", ".jfif"}, true},
	{"image/png", "form.type_png", []string{".png"}, true},
	{"image/webp", "form.type_webp", []string{".webp"}, true},
	{"image/heic", "form.type_heic", []string{".heic", ".heif"}, true},
	{"application/vnd.oasis.opendocument.text", "form.type_odt", []string{".odt"}, false},
	{"application/vnd.oasis.opendocument.spreadsheet", "form.type_ods", []string{".ods"}, false},
	{"application/vnd.oasis.opendocument.presentation", "form.type_odp", []string{".odp"}, false},
	{office + "wordprocessingml.document", "form.type_docx", []string{".docx"}, false},
	{office + "spreadsheetml.sheet", "form.type_xlsx", []string{".xlsx"}, false},
	{office + "presentationml.presentation", "form.type_pptx", []string{".pptx"}, false},
	{"text/plain", "form.type_text", []string{".txt", ".csv"}, false},
}

// Accepts lists the endings a block takes, as the attribute of a page's field has them.
func (k Kind) Accepts() (endings []string) {
	for _, f := range fileTypes {
		if f.Photo || k == File {
			endings = append(endings, f.Endings...)
		}
	}
	return endings
}

func typeOf(media string) (FileType, bool) {
	at := slices.IndexFunc(fileTypes, func(f FileType) bool { return f.Media == media })
	if at < 0 {
		return FileType{}, false
	}
	return fileTypes[at], true
}

// Recognise says what a file of size bytes is, from its content alone; ok is false of what forms do not take. It trusts no name and
// runs nothing; it does not look for viruses.
func Recognise(r io.ReaderAt, size int64) (_ FileType, ok bool) {
	head := make([]byte, min(size, seenMost))
	if n, err := r.ReadAt(head, 0); err != nil && (err != io.EOF || n < len(head)) {
		return FileType{}, false
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
	return typeOf(media)
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

// An Attachment is one file of an answer, or one that waits for it.
type Attachment struct {
	ID     string
	Form   ID
	Answer AnswerID // "" while it waits
	Nonce  string   // of the ticket it was chosen under
	Block  string
	Name   string // as it was called, without folders
	Media  string // decided from the content
	Bytes  int64
	Hash   string // of the stored file
	At     time.Time
}

// Value is the attachment as an answer's value: number, size in bytes, media type, name.
func (a Attachment) Value() string {
	return strings.Join([]string{a.ID, strconv.FormatInt(a.Bytes, 10), a.Media, a.Name}, " ")
}

// ReadAttachment reads a value; ok is false of any other text.
func ReadAttachment(value string) (a Attachment, ok bool) {
	parts := strings.SplitN(value, " ", 4)
	if len(parts) != 4 {
		return a, false
	}
	size, err := strconv.ParseInt(parts[1], 10, 64)
	return Attachment{ID: parts[0], Bytes: size, Media: parts[2], Name: parts[3]}, err == nil
}

// FileName is a name without folders, line breaks, nor what makes it unreadable; never empty.
func FileName(name string) string {
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

// Judge says whether a block takes a file, from its name, its size and its content. Faults, of the block's field: Invalid
// "form.file_empty", "form.file_large", "form.file_unknown", "form.file_lies", "form.file_photo".
func (b Block) Judge(name string, size int64, r io.ReaderAt) (FileType, *fault.Error) {
	no := func(key string, args ...any) (FileType, *fault.Error) {
		wrong := b.wrong(key, append([]any{name}, args...)...)
		wrong.Field = b.Field()
		return FileType{}, wrong
	}
	switch {
	case size == 0:
		return no("form.file_empty")
	case size > FileMost:
		return no("form.file_large", FileMost/1_000_000)
	}
	found, ok := Recognise(r, size)
	switch ending := strings.ToLower(path.Ext(name)); {
	case !ok:
		return no("form.file_unknown")
	case !slices.Contains(found.Endings, ending):
		return no("form.file_lies", found)
	case b.Kind == Photo && !found.Photo:
		return no("form.file_photo", found)
	}
	return found, nil
}

// readFiles judges what is attached: values that this house wrote, not the visitor.
func (b Block) readFiles(given []string) ([]string, *fault.Error) {
	for _, value := range given {
		if _, ok := ReadAttachment(value); !ok {
			return nil, b.wrong("form.file_gone")
		}
	}
	if most := MostFiles(b); len(given) > most {
		return nil, b.wrong("form.file_many", most)
	}
	return given, nil
}

// MostFiles is how many files a block takes: one unless it says more.
func MostFiles(b Block) int {
	if n, err := strconv.Atoi(b.Max); err == nil && n > 0 {
		return n
	}
	return 1
}

// Attached lists the files among an answer's values.
func (f *Form) Attached(v Values) (out []Attachment) {
	for _, b := range f.Blocks {
		if !b.Kind.Attaches() {
			continue
		}
		for _, value := range v[b.Name] {
			if a, ok := ReadAttachment(value); ok {
				a.Block = b.Name
				out = append(out, a)
			}
		}
	}
	return out
}

// Computes reports whether the form computes anything.
func (f *Form) Computes() bool {
	return slices.ContainsFunc(f.Blocks, func(b Block) bool { return b.Kind == Computed })
}

// Attaches reports whether the form takes files.
func (f *Form) Attaches() bool {
	return slices.ContainsFunc(f.Blocks, func(b Block) bool { return b.Kind.Attaches() })
}
