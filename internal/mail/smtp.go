package mail

import (
	"context"
	"errors"
	"net"
	netmail "net/mail"
	"net/url"
	"slices"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"

	"cultured/internal/fault"
)

const (
	submissionPort = 587 // RFC 6409
	smtpsPort      = 465 // RFC 8314
	defaultTimeout = 30 * time.Second
	longestTimeout = 10 * time.Minute
)

// SMTP is a Sender through one server. Each message has its own connection: mails are few, and an idle connection is
// one the server closes.
type SMTP struct {
	host    string
	from    *netmail.Address
	timeout time.Duration
	options []gomail.Option
	// implicit is TLS from the first byte; the library then dials itself, to know that it may send a password.
	implicit bool
}

// dialler remembers the connection it made, to close it whatever becomes of the exchange.
type dialler struct{ made net.Conn }

func (d *dialler) dial(ctx context.Context, network, address string) (_ net.Conn, err error) {
	d.made, err = new(net.Dialer).DialContext(ctx, network, address)
	return d.made, err
}

func (d *dialler) close() {
	if d.made != nil {
		_ = d.made.Close() // most often closed already, at the end of a good exchange
	}
}

func openSMTP(settings Settings) (*SMTP, error) {
	from, err := address(settings.From)
	if err != nil {
		return nil, err
	}
	sender, err := parseURL(settings.URL)
	if err != nil {
		return nil, err
	}
	sender.from = from
	if _, err := gomail.NewClient(sender.host, sender.options...); err != nil {
		return nil, badURL("options").Because(err)
	}
	return sender, nil
}

// parseURL reads the server's address and options. Its faults name the part, never the value: it may hold a password.
func parseURL(raw string) (*SMTP, error) {
	u, err := url.Parse(raw)
	if err != nil {
		return nil, badURL("url") // the cause would quote the URL, and its password, in the log
	}
	sender := &SMTP{host: u.Hostname(), timeout: defaultTimeout}
	if sender.host == "" || u.Opaque != "" {
		return nil, badURL("host")
	}
	if u.Path != "" && u.Path != "/" {
		return nil, badURL("path")
	}
	port := submissionPort
	switch u.Scheme {
	case "smtp":
	case "smtps":
		port, sender.implicit = smtpsPort, true
	default:
		return nil, badURL("scheme")
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return nil, badURL("port")
		}
	}
	if err := sender.readQuery(u); err != nil {
		return nil, err
	}
	sender.options = append(sender.options, gomail.WithPort(port), gomail.WithTimeout(sender.timeout))
	if u.User != nil {
		password, _ := u.User.Password()
		sender.options = append(sender.options, gomail.WithUsername(u.User.Username()), gomail.WithPassword(password),
			gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover))
	}
	return sender, nil
}

// readQuery reads the parameters of the URL. An unknown one is refused: a misspelt "tls" must not pass for the default.
func (s *SMTP) readQuery(u *url.URL) error {
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return badURL("parameters")
	}
	policy := gomail.TLSMandatory
	for name, values := range query {
		value := values[len(values)-1]
		switch name {
		case "tls":
			policies := map[string]gomail.TLSPolicy{"required": gomail.TLSMandatory,
				"opportunistic": gomail.TLSOpportunistic, "none": gomail.NoTLS}
			known := false
			if policy, known = policies[value]; !known || s.implicit {
				return badURL("tls")
			}
		case "timeout":
			s.timeout, err = time.ParseDuration(value)
			if err != nil || s.timeout <= 0 || s.timeout > longestTimeout {
				return badURL("timeout")
			}
		case "helo":
			if value == "" || oneLine(value) != value {
				return badURL("helo")
			}
			s.options = append(s.options, gomail.WithHELO(value))
		default:
			return badURL(oneLine(name))
		}
	}
	if s.implicit {
		s.options = append(s.options, gomail.WithSSL())
	} else {
		s.options = append(s.options, gomail.WithTLSPolicy(policy))
	}
	return nil
}

func badURL(part string) *fault.Error { return fault.New(fault.Invalid, "mail.bad_url", part) }

// Send implements Sender. The whole exchange takes at most the URL's timeout.
func (s *SMTP) Send(ctx context.Context, message Message) (err error) {
	defer fault.Wrap(&err, "mail.Send")
	message, to, err := clean(message)
	if err != nil {
		return err
	}
	options := s.options
	if !s.implicit {
		// The library leaves the connection open when the server offers no encryption or refuses the password.
		dialled := &dialler{}
		defer dialled.close()
		options = append(slices.Clone(options), gomail.WithDialContextFunc(dialled.dial))
	}
	client, err := gomail.NewClient(s.host, options...)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	letter := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP),
		gomail.WithNoDefaultUserAgent())
	letter.FromMailAddress(s.from)
	letter.ToMailAddress(to)
	letter.Subject(message.Subject)
	letter.SetDate()
	letter.SetMessageID()
	// RFC 3834: out-of-office robots do not answer what says it was generated.
	letter.SetGenHeader("Auto-Submitted", "auto-generated")
	letter.SetBodyString(gomail.TypeTextPlain, message.Body)
	return explain(client.DialAndSendWithContext(ctx, letter), to.Address)
}

// explain sorts the server's answers: refused for good, or worth another try.
func explain(err error, to string) error {
	if err == nil {
		return nil
	}
	refusal, ok := errors.AsType[*gomail.SendError](err)
	if ok && !refusal.IsTemp() && refusal.ErrorCode() >= 500 {
		return fault.New(fault.Invalid, "mail.rejected", to).Because(err)
	}
	return fault.New(fault.Busy, "mail.unreachable").Because(err)
}
