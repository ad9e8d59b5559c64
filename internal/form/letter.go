package form

import (
	"context"
	"slices"
	"strings"
	"time"

	"cultured/internal/fault"
)

// News names what happened to an answer: steps by their number, none when it just came.
type News struct {
	Organisation string
	Form         ID
	Answer       AnswerID
	By           string // agent who did it, "" for the author
	Steps        []int
}

// A Letter tells somebody by mail that something happened to an answer. It repeats nothing of what was answered or written: its
// reader follows the address.
type Letter struct {
	Email   string // of the author, as they gave it; "" when Person is told
	Person  string // agent
	Subject string // catalogue keys, whose arguments are the answer's number, its form's title and, of the body, a page and the state
	Body    string
	State   State
	Lang    string // the author answered in, "" where it is not known, and of a person
	Request Request
}

// LettersMost is how many mails say to one address within LettersSpan that an answer to a form came: nobody floods somebody else's
// mail with a public form.
const (
	LettersMost = 3
	LettersSpan = time.Hour
)

// Letters says who is to be written to of a news, nobody for one of an answer erased since.
func (s *Service) Letters(ctx context.Context, n News) (_ []Letter, err error) {
	defer fault.Wrap(&err, "form.Letters(%s)", n.Form)
	a, err := s.Replies.Answer(ctx, n.Organisation, n.Form, n.Answer)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	r, err := s.request(ctx, a, a.Version)
	if err != nil {
		return nil, err
	}
	out := r.letters(n)
	return slices.DeleteFunc(out, func(l Letter) bool {
		return l.Body == letterReceived.body && s.tries.count("letter "+string(n.Form)+" "+strings.ToLower(l.Email), LettersSpan, s.Now()) > LettersMost
	}), nil
}

// words are what a letter says: catalogue keys.
type words struct{ subject, body string }

var (
	letterReceived = words{"form.letter_received_subject", "form.letter_received"}
	letterState    = words{"form.letter_state_subject", "form.letter_state"}
	letterMessage  = words{"form.letter_message_subject", "form.letter_message"}
	letterWritten  = words{"form.letter_written_subject", "form.letter_written"}
	letterAssigned = words{"form.letter_assigned_subject", "form.letter_assigned"}
)

func (r Request) letters(n News) (out []Letter) {
	f, a := r.Form, r.Answer
	author := ""
	if f.Tells() {
		author = a.Values.First(f.Tell)
	}
	to := func(w words, email, person string) {
		if email != "" || person != "" {
			one := Letter{Email: email, Person: person, Subject: w.subject, Body: w.body, State: a.State, Request: r}
			if person == "" {
				one.Lang = a.Lang
			}
			out = append(out, one)
		}
	}
	if len(n.Steps) == 0 {
		to(letterReceived, author, "")
		return out
	}
	if !f.Track {
		return nil
	}
	var news words // one letter for all: a message says more than a state
	for _, one := range r.Steps {
		if !slices.Contains(n.Steps, one.Number) {
			continue
		}
		switch {
		case one.Kind == StepAssign && one.Text != n.By:
			to(letterAssigned, "", one.Text)
		case one.Kind == StepMessage && one.Person == "":
			to(letterWritten, "", treater(f, a))
		case one.Kind == StepMessage:
			news = letterMessage
		case one.Kind == StepState && news.body == "":
			news = letterState
		}
	}
	if news.body != "" {
		to(news, author, "")
	}
	return out
}

// Tells reports whether authors are written to: a question of the form asks for the address.
func (f *Form) Tells() bool {
	at := f.Find(f.Tell)
	return at >= 0 && f.Blocks[at].Kind == Email && f.Blocks[at].Within == ""
}

// treater is who reads what the author of an answer writes.
func treater(f Form, a Answer) string {
	if a.Assignee != "" {
		return a.Assignee
	}
	return f.Owner
}
