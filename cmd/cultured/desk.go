package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"

	"cultured/internal/account"
	"cultured/internal/account/accountweb"
	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetweb"
	"cultured/internal/fault"
	"cultured/internal/job"
	"cultured/internal/mail"
	"cultured/internal/web"
	"time"
)

// post is what the account room asks of the mail.
type post struct{ mail.Sender }

func (p post) Send(ctx context.Context, to, subject, body string) error {
	return p.Sender.Send(ctx, mail.Message{To: to, Subject: subject, Body: body})
}

// jobs is what the dataset room's pages ask of the queue.
type jobs struct{ queue *job.Queue }

func (j jobs) Wait(ctx context.Context, id string, upTo time.Duration) (datasetweb.JobStatus, error) {
	s, err := j.queue.Wait(ctx, id, upTo)
	return datasetweb.JobStatus{Final: s.State.Final(), Failed: s.State == job.Failed, Done: s.Done, Total: s.Total, Note: s.Note}, err
}

// pause gives a job a moment to end, whatever comes of it.
func (j jobs) pause(ctx context.Context, id string, upTo time.Duration) error {
	_, err := j.queue.Wait(ctx, id, upTo)
	return err
}

func (j jobs) Cancel(ctx context.Context, id string) error { return j.queue.Cancel(ctx, id) }

// brand is how the actor's organisation shows itself.
func (h *house) brand(ctx context.Context, who actor.Actor) web.Brand {
	b := web.Brand{Name: "Culture D", BaseURL: h.cfg.BaseURL}
	o, err := h.account.House(ctx, who)
	if err != nil {
		h.log.Error("brand", "err", err)
		return b
	}
	if o.Name != "" {
		b.Name, b.Accent = o.Name, o.Accent
	}
	return b
}

func (h *house) publisher(ctx context.Context) (catalogue.Publisher, error) {
	o, err := h.account.House(ctx, actor.Actor{})
	return catalogue.Publisher{Name: h.brandName(o), Homepage: h.cfg.BaseURL}, err
}

func (h *house) brandName(o account.Organisation) string {
	if o.Name == "" {
		return "Culture D"
	}
	return o.Name
}

// ready reports whether the server is open and its database answers: one that cannot must get no requests.
func (h *house) ready(ctx context.Context) error {
	if !h.open.Load() {
		return errors.New("still getting ready")
	}
	return h.db.PingContext(ctx)
}

// post sends a mail. An address that is refused for good is noted and no fault: trying again would not help, and what depends on the mail goes on.
func (h *house) post(ctx context.Context, to, subject, body string) error {
	err := h.account.Post.Send(ctx, to, subject, body)
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind == fault.Invalid {
		h.log.Warn("a mail is refused", "fault", f.Key) // which address it was is nobody's to read here
		return nil
	}
	return err
}

func (h *house) sentMails() func() []mail.Kept {
	if h.mails == nil {
		return nil
	}
	return h.mails.Mails
}

// panels is what the administrator's page shows of the machine.
func (h *house) panels(r *http.Request) []accountweb.Panel {
	p := web.VisitOf(r).P
	return []accountweb.Panel{healthPanel(p, h)}
}

// publicPage is the address of a dataset's public page, "" while it has none.
func (h *house) publicPage(ctx context.Context, id string) string {
	r, err := h.catalogue.Store.OfDataset(ctx, id)
	if err != nil || r.Published == nil {
		return ""
	}
	return "/catalogue/" + r.Slug
}

// address is where a visitor is, as far as it can be trusted: what the last known proxy saw. What stands further left in
// X-Forwarded-For is the visitor's own claim.
func (h *house) address(r *http.Request) string {
	seen := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	if n := len(seen) - h.cfg.Proxies; h.cfg.Proxies > 0 && n >= 0 {
		return strings.TrimSpace(seen[n])
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// datasetDesk is what the catalogue asks of the dataset room.
type datasetDesk struct{ h *house }

// Retitle implements [catalogue.Desk].
func (d datasetDesk) Retitle(ctx context.Context, by actor.Actor, id, title string) error {
	ds, _, err := d.h.dataset.Current(ctx, by, dataset.ID(id))
	if err != nil || ds.Title == title { // the journal tells of no renaming that is none
		return err
	}
	return d.h.dataset.Rename(ctx, by, ds.ID, title)
}

// Facts implements [catalogue.Desk].
func (d datasetDesk) Facts(ctx context.Context, by actor.Actor, id string) (catalogue.Holding, error) {
	ds, v, err := d.h.dataset.Current(ctx, by, dataset.ID(id))
	if err != nil {
		return catalogue.Holding{}, err
	}
	out := catalogue.Holding{Organisation: ds.Organisation, Service: ds.Service, Owner: ds.Owner, OwnerName: ds.OwnerName, Title: ds.Title, Exercise: ds.Lesson != "",
		Version: v.Number, Facts: d.h.facts(ds, v), Personal: personalColumns(v.Outcome.Report.Profile), TableBytes: v.Outcome.TableBytes}
	if out.ServiceName, err = d.h.serviceName(ctx, ds); err != nil {
		return catalogue.Holding{}, err
	}
	for _, e := range ds.Dictionary {
		out.Columns = append(out.Columns, catalogue.Column{Name: e.Name, Title: e.Label, Description: e.Description, Type: string(e.Type)})
	}
	for _, f := range dataset.Formats() {
		out.Formats = append(out.Formats, string(f))
	}
	return out, nil
}

// serviceName says the name of the department a dataset belongs to, "" without one.
func (h *house) serviceName(ctx context.Context, ds dataset.Dataset) (string, error) {
	departments, err := h.account.Departments(ctx, actor.Actor{ID: ds.Owner, Organisation: ds.Organisation})
	for _, s := range departments {
		if s.ID == ds.Service {
			return s.Name, err
		}
	}
	return "", err
}

// faultOf finds the fault a person may read in an error.
func faultOf(err error) (*fault.Error, bool) {
	f, ok := errors.AsType[*fault.Error](err)
	return f, ok && f.Kind != fault.Internal
}
