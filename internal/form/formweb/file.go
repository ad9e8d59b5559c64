package formweb

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"cultured/internal/fault"
	"cultured/internal/filetype"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/ui"
	"cultured/internal/web"
)

// An attach is the question of files.
type attach struct {
	ID, Label, Hint, Error, Describes, Accept string
	Required, Many                            bool
	Limit, All                                int64 // bytes of one file, and of all those of the page
	Held                                      []ui.Checkbox
}

// heldName is the name of the boxes that keep files chosen before.
func heldName(b form.Block) string { return "held-" + b.Name }

func attachOf(p *i18n.Printer, b form.Block, values []string, wrong string) *attach {
	out := &attach{ID: b.Field(), Label: b.Label, Hint: hintOf(p, b), Error: wrong, Many: form.MostFiles(b) > 1, Limit: form.FileMost, All: form.SentMost, Accept: strings.Join(b.Kind.Accepts(), ",")}
	if b.Kind == form.Photo { // media types, so that telephones offer their camera
		out.Accept = "image/jpeg,image/png,image/webp,image/heic"
	}
	for _, value := range values {
		if a, ok := form.ReadAttachment(value); ok {
			out.Held = append(out.Held, ui.Checkbox{Name: heldName(b), ID: "held-" + a.ID, Value: a.ID, Label: p.T("formweb.keep_file", fileText(p, a)), Checked: true})
		}
	}
	out.Required = b.Required && len(out.Held) == 0
	ids := []string{}
	if out.Hint != "" {
		ids = append(ids, out.ID+"-more")
	}
	if wrong != "" {
		ids = append(ids, out.ID+"-wrong")
	}
	out.Describes = strings.Join(ids, " ")
	return out
}

// fileText is a file's name and size.
func fileText(p *i18n.Printer, a form.Attachment) string {
	return p.T("formweb.file_size", a.Name, p.Bytes(a.Bytes))
}

// slack is what a sending may hold beside its files, in bytes.
const slack = 2 << 20

// memory is what of a sending is held in memory before it lies on disk, in bytes.
const memory = 1 << 20

// parseSent reads a page sent back, with its files where it may have any. What lies on disk is removed with the request.
func parseSent(w http.ResponseWriter, r *http.Request, f form.Form) error {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "multipart/form-data" {
		return r.ParseForm()
	}
	if f.Attaches() {
		web.LimitBody(w, r, form.SentMost+slack)
	}
	err = r.ParseMultipartForm(memory)
	if _, large := errors.AsType[*http.MaxBytesError](err); err != nil && !large && !errors.Is(err, io.ErrUnexpectedEOF) {
		err = fault.New(fault.Invalid, "formweb.bad_sending").Because(err)
	}
	return err
}

// chosen lists the files chosen for a block; a field nobody touched sends an empty one without a name.
func chosen(r *http.Request, b form.Block) (out []*multipart.FileHeader) {
	if r.MultipartForm == nil {
		return nil
	}
	for _, one := range r.MultipartForm.File[b.Field()] {
		if one.Filename != "" || one.Size > 0 {
			out = append(out, one)
		}
	}
	return out
}

// keepFiles has the files of a page wait for its answer, and adds their numbers to what was typed. wrong says which were refused; refusal
// is why none could be kept.
func (d Desk) keepFiles(r *http.Request, f form.Form, sent form.Submission) (wrong fault.List, refusal error) {
	for _, b := range f.Blocks {
		if !b.Kind.Attaches() {
			continue
		}
		for _, one := range chosen(r, b) {
			if refusal != nil {
				wrong.Add(b.Field(), "form.file_again", b.Label, filetype.Name(one.Filename))
				continue
			}
			a, err := d.keepFile(r, f, sent, b, one)
			said, known := errors.AsType[*fault.Error](err)
			switch {
			case err == nil:
				sent.Typed[b.Name] = append(sent.Typed[b.Name], a.ID)
			case known && said.Field == b.Field():
				wrong = append(wrong, said)
			default:
				refusal = err
				wrong.Add(b.Field(), "form.file_again", b.Label, filetype.Name(one.Filename))
			}
		}
	}
	return wrong, refusal
}

func (d Desk) keepFile(r *http.Request, f form.Form, sent form.Submission, b form.Block, one *multipart.FileHeader) (form.Attachment, error) {
	body, err := one.Open()
	if err != nil {
		return form.Attachment{}, err
	}
	a, err := d.Form.Attach(r.Context(), web.Actor(r), f.ID, form.Upload{Sent: sent, Block: b.Name, Name: one.Filename, Bytes: one.Size, Body: body})
	return a, errors.Join(err, body.Close())
}

// tryFiles judges the files of a preview, and keeps none.
func tryFiles(r *http.Request, f form.Form, typed form.Values) (wrong fault.List, err error) {
	for _, b := range f.Blocks {
		if !b.Kind.Attaches() {
			continue
		}
		for _, one := range chosen(r, b) {
			body, err := one.Open()
			if err != nil {
				return nil, err
			}
			name := filetype.Name(one.Filename)
			found, said := b.Judge(name, one.Size, body)
			if err := body.Close(); err != nil {
				return nil, err
			}
			if said != nil {
				wrong = append(wrong, said)
				continue
			}
			typed[b.Name] = append(typed[b.Name], form.Attachment{ID: "-", Name: name, Bytes: one.Size, Media: found.Media}.Value())
		}
	}
	return wrong, nil
}

// together are the faults of files and those of answers, in the order of the page, one a field: a file that was refused is not also missing.
func together(blocks []form.Block, files, answers fault.List) (out fault.List) {
	has := map[string]bool{}
	for _, b := range blocks {
		for _, one := range append(append(fault.List{}, files...), answers...) {
			if one.Field == b.Field() && !has[one.Field] {
				has[one.Field] = true
				out = append(out, one)
			}
		}
	}
	return out
}

// download gives a file of an answer to those who may read it: always to be saved, never shown as a page of this house.
func (d Desk) download(w http.ResponseWriter, r *http.Request) error {
	a, body, err := d.Form.Download(r.Context(), web.Actor(r), idOf(r), answerOf(r), r.PathValue("file"))
	if err != nil {
		return err
	}
	web.Attachment(w, a.Media, a.Name)
	w.Header().Set("Content-Security-Policy", "default-src 'none'; sandbox")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	http.ServeContent(w, r, "", a.At, body)
	return body.Close()
}

// fileFacts are the files of an answer, each with its way.
func fileFacts(p *i18n.Printer, req form.Request, b form.Block) (out []ui.Fact) {
	for _, value := range req.Answer.Values[b.Name] {
		if a, ok := form.ReadAttachment(value); ok {
			out = append(out, ui.Fact{Label: b.Label, Value: fileText(p, a), Href: path(req.Form.ID, "answers", string(req.Answer.ID), "files", a.ID)})
		}
	}
	return out
}
