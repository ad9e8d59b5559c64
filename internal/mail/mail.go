package mail

import (
	"context"
	netmail "net/mail"
	"strings"
	"unicode"

	"cultured/internal/fault"
)

// Message is one plain-text mail to one person.
type Message struct {
	To      string // one address: "agent@ville.fr" or "Agnès Le Goff <agent@ville.fr>"
	Subject string // one line; control characters become spaces
	Body    string // plain text, lines ended by "\n"
}

// Sender sends messages. Send returns when the server has taken the message or refused it. Faults: Conflict
// "mail.not_configured" (no server set), Invalid "mail.bad_address" with the address, Invalid "mail.rejected" with the
// address (the server will never take it), Busy "mail.unreachable" (worth another try later).
type Sender interface {
	Send(ctx context.Context, message Message) error
}

// Settings says how mail leaves.
type Settings struct {
	// URL is "smtp://user:password@host:port" (STARTTLS required, port 587 unless given) or "smtps://…" (TLS from the
	// first byte, port 465). Parameters: tls=required|opportunistic|none (smtp only), timeout=30s, helo=name.
	// Empty: no mail.
	URL string
	// From is the sender of every message, an address with or without a name. Needed with URL.
	From string
	// Development keeps messages in memory instead of refusing them when URL is empty.
	Development bool
}

// Open gives the sender the settings ask for: *SMTP with a URL, else *Outbox in development, else a sender that refuses
// each message. It does not connect. Faults: Invalid "mail.bad_url" with the part at fault, Invalid "mail.bad_address".
func Open(settings Settings) (Sender, error) {
	switch {
	case settings.URL != "":
		return openSMTP(settings)
	case settings.Development:
		return NewOutbox(), nil
	default:
		return none{}, nil
	}
}

// none refuses every message: no server is configured.
type none struct{}

func (none) Send(context.Context, Message) error {
	return fault.New(fault.Conflict, "mail.not_configured")
}

// clean gives the message as it may be sent: a parsed address, a subject of one line, a body without stray controls.
func clean(message Message) (Message, *netmail.Address, error) {
	to, err := address(message.To)
	if err != nil {
		return Message{}, nil, err
	}
	return Message{To: to.String(), Subject: oneLine(message.Subject), Body: plainBody(message.Body)}, to, nil
}

// address parses one address. Control characters are refused before the parser sees them: some of them are white space
// to it, and none has a use.
func address(s string) (*netmail.Address, error) {
	if strings.ContainsFunc(s, unicode.IsControl) {
		return nil, fault.New(fault.Invalid, "mail.bad_address", oneLine(s))
	}
	parsed, err := netmail.ParseAddress(s)
	if err != nil {
		return nil, fault.New(fault.Invalid, "mail.bad_address", s).Because(err)
	}
	// The parser decodes =?utf-8?q?...?= in names, which can bring a line break back.
	parsed.Name = oneLine(parsed.Name)
	if strings.ContainsFunc(parsed.Address, func(r rune) bool { return unicode.IsControl(r) || unicode.IsSpace(r) }) {
		return nil, fault.New(fault.Invalid, "mail.bad_address", oneLine(s))
	}
	return parsed, nil
}

// oneLine turns control characters and line separators into spaces: what follows can never be a header of its own.
func oneLine(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD")))
}

// plainBody keeps line ends and tabs, and drops the other control characters.
func plainBody(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, s)
}
