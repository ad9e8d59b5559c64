package mail

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"cultured/internal/fault"
)

// sink is an SMTP server that keeps what it is given (RFC 5321, the few verbs a client needs).
type sink struct {
	address string
	refuse  string // answer to RCPT TO, "" to accept
	silent  bool   // accepts the connection and never speaks

	mu       sync.Mutex
	messages []string // as received, without dot-stuffing
	from, to []string
	auth     []string
}

func newSink(t *testing.T, settings ...func(*sink)) *sink {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{address: listener.Addr().String()}
	for _, set := range settings { // before the first connection
		set(s)
	}
	var open sync.WaitGroup
	open.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			open.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() { _ = listener.Close(); open.Wait() })
	return s
}

// serve speaks with one client until it leaves.
func (s *sink) serve(conn net.Conn) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	r := bufio.NewReader(conn)
	if s.silent {
		_, _ = io.Copy(io.Discard, r)
		return
	}
	say := func(line string) { fmt.Fprintf(conn, "%s\r\n", line) }
	say("220 sink")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		line = strings.TrimRight(line, "\r\n")
		verb := strings.ToUpper(strings.SplitN(line, " ", 2)[0])
		s.mu.Lock()
		switch {
		case verb == "EHLO":
			say("250-sink\r\n250-8BITMIME\r\n250 AUTH PLAIN")
		case verb == "AUTH":
			s.auth = append(s.auth, line)
			say("235 ok")
		case verb == "MAIL":
			s.from = append(s.from, line)
			say("250 ok")
		case verb == "RCPT" && s.refuse != "":
			say(s.refuse)
		case verb == "RCPT":
			s.to = append(s.to, line)
			say("250 ok")
		case verb == "DATA":
			say("354 go on")
			s.messages = append(s.messages, readData(r))
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			s.mu.Unlock()
			return
		default:
			say("250 ok")
		}
		s.mu.Unlock()
	}
}

func readData(r *bufio.Reader) string {
	var b strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			return b.String()
		}
		b.WriteString(strings.TrimPrefix(line, "."))
	}
}

// one gives the only message received, parsed.
func (s *sink) one(t *testing.T) (*netmail.Message, string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.messages) != 1 {
		t.Fatalf("got %d messages, want 1", len(s.messages))
	}
	m, err := netmail.ReadMessage(strings.NewReader(s.messages[0]))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	return m, strings.ReplaceAll(string(body), "\r\n", "\n")
}

func open(t *testing.T, s *sink, parameters string) Sender {
	t.Helper()
	sender, err := Open(Settings{URL: "smtp://" + s.address + "?tls=none" + parameters, From: "Culture D <noreply@example.org>"})
	if err != nil {
		t.Fatal(err)
	}
	return sender
}

func TestAMessageArrivesAsWritten(t *testing.T) {
	s := newSink(t)
	body := "Bonjour Agnès,\n\n.un point seul\n.\nUne ligne très longue " + strings.Repeat("é", 1200) + "\nhttps://example.org/?a=b&c=d\n"
	err := open(t, s, "").Send(t.Context(), Message{To: "Agnès Le Goff <agnes@example.org>", Subject: "Votre lien d’accès — été", Body: body})
	if err != nil {
		t.Fatal(err)
	}
	m, got := s.one(t)
	if strings.TrimRight(got, "\n") != strings.TrimRight(body, "\n") {
		t.Errorf("got body %q, want %q", got, body)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || subject != "Votre lien d’accès — été" {
		t.Errorf("got subject %q, %v", subject, err)
	}
	to, err := m.Header.AddressList("To")
	if err != nil || to[0].Name != "Agnès Le Goff" || to[0].Address != "agnes@example.org" {
		t.Errorf("got to %v, %v", to, err)
	}
	if got := m.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/plain; charset=UTF-8") {
		t.Errorf("got %q", got)
	}
	for _, header := range []string{"Date", "Message-Id", "From", "Auto-Submitted"} {
		if m.Header.Get(header) == "" {
			t.Errorf("no header %s", header)
		}
	}
	for line := range strings.SplitSeq(s.messages[0], "\r\n") {
		if len(line) > 998 {
			t.Errorf("a line of %d bytes, over RFC 5322", len(line))
		}
	}
}

func TestNoValueAddsAHeader(t *testing.T) {
	evil := "Bonjour\r\nBcc: victim@example.org\r\n\r\nbody\u2028x\x00"
	s := newSink(t)
	if err := open(t, s, "").Send(t.Context(), Message{To: "a@example.org", Subject: evil, Body: "Bcc: x@example.org\r\n.\r\nRCPT TO:<x@example.org>\r\n"}); err != nil {
		t.Fatal(err)
	}
	m, _ := s.one(t)
	if m.Header.Get("Bcc") != "" || len(s.to) != 1 {
		t.Errorf("got Bcc %q, recipients %v", m.Header.Get("Bcc"), s.to)
	}
	for _, to := range []string{"a@example.org\r\nBcc: b@example.org", "a@example.org\nb@example.org", "a@example.org, b@example.org", "",
		"a", "a@b\x00.fr", "=?utf-8?q?x=0D=0ABcc:_b@example.org?= <a b@example.org>", "a@example.org>\r\nRCPT TO:<b@example.org"} {
		if err := open(t, s, "").Send(t.Context(), Message{To: to, Subject: "x"}); !fault.Is(err, "mail.bad_address") {
			t.Errorf("%q: got %v, want mail.bad_address", to, err)
		}
	}
	encoded := newSink(t)
	name := "=?utf-8?q?x=0D=0ABcc=3A_b?= <a@example.org>" // a line break hidden in an encoded name
	if err := open(t, encoded, "").Send(t.Context(), Message{To: name}); err != nil {
		t.Fatal(err)
	}
	if m, _ := encoded.one(t); m.Header.Get("Bcc") != "" {
		t.Errorf("got Bcc %q", m.Header.Get("Bcc"))
	}
}

func TestRefusalsAreSorted(t *testing.T) {
	for answer, want := range map[string]string{
		"550 5.1.1 no such user": "mail.rejected", "451 4.3.0 later": "mail.unreachable", "421 closing": "mail.unreachable",
	} {
		s := newSink(t, func(s *sink) { s.refuse = answer })
		err := open(t, s, "").Send(t.Context(), Message{To: "a@example.org"})
		if !fault.Is(err, want) {
			t.Errorf("%s: got %v, want %s", answer, err, want)
		}
	}
	if err := open(t, &sink{address: "127.0.0.1:1"}, "").Send(t.Context(), Message{To: "a@example.org"}); !fault.Is(err, "mail.unreachable") {
		t.Errorf("got %v, want mail.unreachable", err)
	}
}

func TestASilentServerIsLeft(t *testing.T) {
	s := newSink(t, func(s *sink) { s.silent = true })
	began := time.Now()
	err := open(t, s, "&timeout=200ms").Send(t.Context(), Message{To: "a@example.org"})
	if !fault.Is(err, "mail.unreachable") || time.Since(began) > 3*time.Second {
		t.Errorf("got %v after %v, want mail.unreachable soon", err, time.Since(began))
	}
}

func TestEncryptionIsRequiredUnlessToldOtherwise(t *testing.T) {
	s := newSink(t) // offers no STARTTLS
	sender, err := Open(Settings{URL: "smtp://user:secret@" + s.address, From: "a@example.org"})
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), Message{To: "a@example.org"}); !fault.Is(err, "mail.unreachable") {
		t.Errorf("got %v, want mail.unreachable", err)
	}
	if len(s.auth)+len(s.messages) > 0 {
		t.Errorf("sent in clear: %v %v", s.auth, s.messages)
	}
}

func TestWrongSettingsAreNamedAndKeepTheirSecrets(t *testing.T) {
	for url, part := range map[string]string{
		"http://h": "scheme", "smtp://": "host", "smtp:h": "host", "smtp://h:0": "port", "smtp://h:99999": "port", "smtp://h/x": "path",
		"smtp://h?tls=maybe": "tls", "smtps://h?tls=none": "tls", "smtp://h?timeout=0s": "timeout", "smtp://h?starttls=1": "starttls",
		"smtp://u:secret@h:x": "url", "smtp://h?helo=": "helo",
	} {
		_, err := Open(Settings{URL: url, From: "a@example.org"})
		if f := asFault(err); f == nil || f.Key != "mail.bad_url" || f.Args[0] != part {
			t.Errorf("%s: got %v, want mail.bad_url %s", url, err, part)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("the password is in %v", err)
		}
	}
	if _, err := Open(Settings{URL: "smtp://h", From: "nobody"}); !fault.Is(err, "mail.bad_address") {
		t.Errorf("got %v, want mail.bad_address", err)
	}
}

func asFault(err error) *fault.Error {
	f, _ := err.(*fault.Error)
	return f
}

func TestWithoutAServer(t *testing.T) {
	sender, err := Open(Settings{})
	if err != nil {
		t.Fatal(err)
	}
	err = sender.Send(t.Context(), Message{To: "a@example.org"})
	if !fault.Is(err, "mail.not_configured") || fault.KindOf(err) != fault.Conflict {
		t.Errorf("got %v, want mail.not_configured", err)
	}
	sender, err = Open(Settings{Development: true})
	if err != nil {
		t.Fatal(err)
	}
	outbox := sender.(*Outbox)
	for i := range outboxSize + 5 {
		if err := outbox.Send(context.Background(), Message{To: "a@example.org", Subject: fmt.Sprint(i)}); err != nil {
			t.Fatal(err)
		}
	}
	mails := outbox.Mails()
	if len(mails) != outboxSize || mails[0].Subject != "104" || mails[99].Subject != "5" {
		t.Errorf("got %d mails, %q to %q", len(mails), mails[0].Subject, mails[len(mails)-1].Subject)
	}
	if err := outbox.Send(t.Context(), Message{To: "x"}); !fault.Is(err, "mail.bad_address") {
		t.Errorf("got %v, want mail.bad_address", err)
	}
}

func FuzzACleanMessageHasNoControl(f *testing.F) {
	f.Add("a@example.org", "Sujet", "corps")
	f.Add("=?utf-8?q?x=0D=0A?= <a@example.org>", "a\r\nBcc: b", "\x00")
	f.Fuzz(func(t *testing.T, to, subject, body string) {
		message, _, err := clean(Message{To: to, Subject: subject, Body: body})
		if err != nil {
			return
		}
		if strings.ContainsAny(message.To+message.Subject, "\r\n\x00") || strings.ContainsAny(message.Body, "\r\x00") {
			t.Errorf("got %q", message)
		}
	})
}

func FuzzAServerURLNeverPanics(f *testing.F) {
	f.Add("smtp://u:p@h:25?tls=none&timeout=3s&helo=x")
	f.Fuzz(func(t *testing.T, url string) {
		if s, err := parseURL(url); err == nil && (s.host == "" || s.timeout <= 0) {
			t.Errorf("%q: got %+v", url, s)
		}
	})
}
