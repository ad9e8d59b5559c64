package form

import (
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/filetype"
)

// The bounds of what is attached to an answer.
const (
	FileMost    = 20_000_000     // bytes of one file
	FilesMost   = 5              // files of one block
	SentMost    = 60_000_000     // bytes of all the files of one sending
	HeldMost    = 40             // files that wait under one ticket
	WaitingMost = 2 << 30        // bytes that wait, unsent, for one form
	HeldFor     = 24 * time.Hour // how long a file waits for the answer it was chosen for
)

// Accepts lists the endings a block takes, as the attribute of a page's field has them.
func (k Kind) Accepts() []string {
	if k == File {
		return filetype.Endings()
	}
	return filetype.Photos()
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

// Judge says whether a block takes a file, from its name, its size and its content. Faults, of the block's field: Invalid
// "form.file_empty", "form.file_large", "form.file_unknown", "form.file_lies", "form.file_photo".
func (b Block) Judge(name string, size int64, r io.ReaderAt) (filetype.Type, *fault.Error) {
	no := func(key string, args ...any) (filetype.Type, *fault.Error) {
		wrong := b.wrong(key, append([]any{name}, args...)...)
		wrong.Field = b.Field()
		return filetype.Type{}, wrong
	}
	switch {
	case size == 0:
		return no("form.file_empty")
	case size > FileMost:
		return no("form.file_large", FileMost/1_000_000)
	}
	found, ok := filetype.Recognise(r, size)
	switch {
	case !ok:
		return no("form.file_unknown")
	case !found.Fits(name):
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
