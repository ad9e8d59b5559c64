package formdb_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"cultured/internal/actor"
	"cultured/internal/blob"
	"cultured/internal/db"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/form/formdb"
)

// A bytesFile is a file in memory.
type bytesFile struct{ *bytes.Reader }

func (bytesFile) Close() error { return nil }

var pdf = []byte("%PDF-1.7 statuts")

// joined is a form that asks for a file, with its page as it comes back.
func joined(t *testing.T, s *form.Service) (form.Form, form.Submission) {
	t.Helper()
	f := published(t, s, func(f *form.Form) {
		_, err := f.Put(form.Block{Kind: form.File, Label: "Statuts", Purpose: "instruire", Retention: 2, Max: "2"})
		ok(t, err)
	})
	return f, page(f, "oui")
}

func upload(sent form.Submission, name string, body []byte) form.Upload {
	return form.Upload{Sent: sent, Block: "statuts", Name: name, Bytes: int64(len(body)), Body: bytesFile{bytes.NewReader(body)}}
}

// stored counts the files on disk.
func stored(t *testing.T, s *form.Service) (n int) {
	t.Helper()
	for _, err := range s.Shelf.(blob.Private).List(t.Context()) {
		ok(t, err)
		n++
	}
	return n
}

func TestAttach_theFileIsTheAnswersOrGone(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, d *db.DB) {
		f, sent := joined(t, s)
		now := noon
		s.Now = func() time.Time { return now }
		one, err := s.Attach(t.Context(), nobody, f.ID, upload(sent, `C:\statuts.pdf`, pdf))
		ok(t, err)
		two, err := s.Attach(t.Context(), nobody, f.ID, upload(sent, "statuts.pdf", pdf)) // the same bytes are two files
		ok(t, err)
		if one.Hash == two.Hash || one.Name != "statuts.pdf" || stored(t, s) != 2 {
			t.Errorf("got %+v and %+v, %d files", one, two, stored(t, s))
		}
		_, err = s.Attach(t.Context(), nobody, f.ID, upload(sent, "photo.pdf", []byte("MZ\x00")))
		want(t, err, "form.file_unknown")
		sent.Typed["statuts"] = []string{one.ID}
		other := page(f, "autre") // another page claims this one's file
		other.Typed["statuts"] = []string{one.ID}
		_, err = s.Submit(t.Context(), nobody, f.ID, other)
		want(t, err, "form.file_gone")

		a, err := s.Submit(t.Context(), nobody, f.ID, sent)
		ok(t, err)
		again, err := s.Submit(t.Context(), nobody, f.ID, sent)
		ok(t, err)
		if again.ID != a.ID {
			t.Errorf("sent twice it is %s and %s", a.ID, again.ID)
		}
		got, body, err := s.Download(t.Context(), mate, f.ID, a.ID, one.ID)
		ok(t, err)
		read, err := io.ReadAll(body)
		ok(t, err)
		ok(t, body.Close())
		if !bytes.Equal(read, pdf) || got.Media != "application/pdf" {
			t.Errorf("got %q, %+v", read, got)
		}
		for _, c := range []struct {
			name   string
			answer form.AnswerID
			number string
			key    string
		}{{"a file that waits", a.ID, two.ID, "form.file_gone_now"}, {"of another answer", "x", one.ID, "form.file_gone_now"}} {
			_, _, err := s.Download(t.Context(), ada, f.ID, c.answer, c.number)
			if !fault.Is(err, c.key) {
				t.Errorf("%s: got %v", c.name, err)
			}
		}
		for name, by := range map[string]actor.Actor{"of another service": bob, "of another organisation": eve} {
			if _, _, err := s.Download(t.Context(), by, f.ID, a.ID, one.ID); !fault.Is(err, "form.not_found") {
				t.Errorf("%s: got %v", name, err)
			}
		}

		now = now.Add(form.HeldFor)
		ok(t, s.Sweep(t.Context()))
		if n := stored(t, s); n != 1 {
			t.Errorf("after a day %d files are left, want the answer's", n)
		}
		if named, err := (&formdb.Store{DB: d}).Names(t.Context(), one.Hash); err != nil || !named {
			t.Errorf("the answer's file is not named: %v", err)
		}
		now = noon.AddDate(0, 2, 1)
		_, err = s.Expire(t.Context())
		ok(t, err)
		if n := stored(t, s); n != 0 {
			t.Errorf("after its retention %d files are left", n)
		}
		left, err := s.Answers(t.Context(), ada, f.ID)
		ok(t, err)
		if len(left) != 1 || len(left[0].Values["statuts"]) != 0 || left[0].Values.First("votre_avis") != "oui" {
			t.Errorf("got %+v", left)
		}
	})
}

func TestDelete_takesTheFiles(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, _ *db.DB) {
		f, sent := joined(t, s)
		one, err := s.Attach(t.Context(), nobody, f.ID, upload(sent, "a.pdf", pdf))
		ok(t, err)
		sent.Typed["statuts"] = []string{one.ID}
		a, err := s.Submit(t.Context(), nobody, f.ID, sent)
		ok(t, err)
		ok(t, s.Delete(t.Context(), ada, f.ID, a.ID, a.Reference))
		if n := stored(t, s); n != 0 {
			t.Errorf("%d files are left", n)
		}
	})
}

func TestReceive_aFileTakenAwayRefusesTheAnswerWhole(t *testing.T) {
	each(t, func(t *testing.T, s *form.Service, d *db.DB) {
		f, sent := joined(t, s)
		one, err := s.Attach(t.Context(), nobody, f.ID, upload(sent, "a.pdf", pdf))
		ok(t, err)
		a := form.Answer{ID: "a", Form: f.ID, Organisation: "o", Version: 1, At: noon, Values: form.Values{"statuts": {one.Value()}}, State: form.Received, Revision: 1, Files: []form.Attachment{one, {ID: "gone"}}}
		_, err = s.Replies.Receive(t.Context(), a, one.Nonce, func(int) error { return nil })
		want(t, err, "form.file_gone_now")
		if n, err := s.Replies.Taken(t.Context(), f.ID); err != nil || n != 0 {
			t.Errorf("%d answers were taken, %v", n, err)
		}
		held, err := s.Files.Held(t.Context(), f.ID, one.Nonce)
		ok(t, err)
		if len(held) != 1 || held[0].Answer != "" {
			t.Errorf("got %+v", held)
		}
	})
}
