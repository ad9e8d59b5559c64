package recognitionweb

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/recognition"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const (
	pictureBytes = 8 << 20          // of a file
	textBytes    = 1 << 20          // of a text pasted, or of any other field
	longest      = 20 * time.Second // that a verification waits for other machines
)

// An asked is what the form was sent with.
type asked struct {
	file        []byte
	text, email string
}

type verifyPage struct {
	Head   ui.PageHead
	Result *result
	Drop   ui.FileDrop
	Text   ui.Textarea
	Email  ui.Field
	Online string // what is asked of other machines
}

// A result is a verdict and what the badge says; Lines are hidden where nobody known signed them.
type result struct {
	Notice ui.Notice
	Facts  ui.Facts
	Claims string // before facts that are claims
}

var verifyTemplate = ui.Page[verifyPage](pages, "pages/verify.tmpl")

// A view is what the page shows: the form as it was sent, under what was found when something was.
type view struct {
	asked  asked
	found  *result
	status int
	errs   ui.FormErrors
}

func (d Desk) show(w http.ResponseWriter, r *http.Request, v view) error {
	p, a := web.VisitOf(r).P, v.asked
	page := verifyPage{Head: ui.PageHead{Title: p.T("recognitionweb.verify"), Lead: p.T("recognitionweb.lead")}, Result: v.found,
		Drop: ui.FileDrop{Name: "file", Label: p.T("recognitionweb.file"), Hint: p.T("recognitionweb.file_hint"), Error: v.errs.For("file"),
			Accept: ".png,.svg,.json,.jsonld,.jwt,.txt", Limit: pictureBytes},
		Text:   ui.Textarea{Name: "badge", Label: p.T("recognitionweb.text"), Hint: p.T("recognitionweb.text_hint"), Error: v.errs.For("badge"), Value: a.text, Rows: 4, Fixed: true, Optional: true},
		Email:  ui.Field{Name: "email", Label: p.T("recognitionweb.email"), Hint: p.T("recognitionweb.email_hint"), Type: "email", Value: a.email, Optional: true},
		Online: p.T("recognitionweb.offline")}
	if d.Outgoing {
		page.Online = p.T("recognitionweb.online")
	}
	return verifyTemplate.Render(w, r, v.status, ui.Head{Title: page.Head.Title, Errors: v.errs}, page)
}

// verify says what the badge sent is worth, above the form.
func verify(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		p := web.VisitOf(r).P
		a, err := receive(w, r)
		raw, field := a.file, "file"
		if len(raw) == 0 {
			raw, field = []byte(a.text), "badge"
		}
		var report recognition.Report
		if err == nil {
			ctx, stop := context.WithTimeout(r.Context(), longest)
			defer stop()
			report, err = recognition.Verify(ctx, raw, recognition.Asking{Source: d.Service, Now: d.Now(), Email: a.email})
		}
		if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal {
			return d.show(w, r, view{asked: a, status: web.StatusOf(err), errs: ui.FormErrors{{Field: field, Text: p.T(f.Key, f.Args...)}}})
		}
		if err != nil {
			return err
		}
		return d.show(w, r, view{asked: asked{email: a.email}, status: http.StatusOK, found: told(p, report)})
	}
}

// receive reads the form. Faults: TooLarge "recognition.too_large"; Invalid "recognitionweb.nothing".
func receive(w http.ResponseWriter, r *http.Request) (a asked, err error) {
	web.LimitBody(w, r, pictureBytes+2*textBytes)
	form, err := r.MultipartReader()
	if err != nil {
		return a, fault.New(fault.Invalid, "recognitionweb.nothing")
	}
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = a.take(part)
		}
		if _, large := errors.AsType[*http.MaxBytesError](err); large {
			return a, fault.New(fault.TooLarge, "recognition.too_large", pictureBytes)
		}
		if f, ok := errors.AsType[*fault.Error](err); ok {
			return a, f
		}
		if err != nil { // no form a browser sends
			return a, fault.New(fault.Invalid, "recognitionweb.nothing")
		}
	}
	if len(a.file) == 0 && a.text == "" {
		return a, fault.New(fault.Invalid, "recognitionweb.nothing")
	}
	return a, nil
}

// take reads one field of the form.
func (a *asked) take(part *multipart.Part) (err error) {
	limit := int64(textBytes)
	if part.FormName() == "file" {
		limit = pictureBytes
	}
	raw, err := io.ReadAll(io.LimitReader(part, limit+1))
	switch {
	case err != nil:
		return err
	case int64(len(raw)) > limit:
		return fault.New(fault.TooLarge, "recognition.too_large", limit)
	}
	switch part.FormName() {
	case "file":
		a.file = raw
	case "badge":
		a.text = string(raw)
	case "email":
		a.email = string(raw)
	}
	return nil
}

// told puts a report into words.
func told(p *i18n.Printer, r recognition.Report) *result {
	kind := ui.Error
	switch {
	case r.Verdict == recognition.Valid && r.Holder != recognition.HolderOther:
		kind = ui.Success
	case r.Verdict == recognition.Unchecked || r.Verdict == recognition.NotYet || r.Verdict == recognition.Valid:
		kind = ui.Warning
	}
	said := r.Said()
	out := &result{Notice: ui.Notice{Kind: kind, Text: p.T(said[0].Key), Urgent: true}, Facts: ui.Facts{Aside: true}}
	for _, s := range said[1:] {
		out.Notice.Items = append(out.Notice.Items, p.T(s.Key, s.Args...))
	}
	if r.Verdict == recognition.Tampered || r.Verdict == recognition.UnknownIssuer {
		out.Claims = p.T("recognitionweb.claims")
	}
	for _, l := range r.Badge.Lines() {
		value, ok := l.Value.(string)
		if !ok {
			value = p.DateTime(l.Value.(time.Time))
		}
		out.Facts.Items = append(out.Facts.Items, ui.Fact{Label: p.T(l.Key), Value: value})
	}
	return out
}
