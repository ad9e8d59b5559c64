package workshopweb

import (
	"net/http"
	"net/url"

	"cultured/internal/fault"
	"cultured/internal/ui"
	"cultured/internal/web"
	"cultured/internal/workshop"
)

// claimPage is where somebody who took part ties that to an account.
type claimPage struct {
	Head   ui.PageHead
	Notice *ui.Notice
	Done   string // page where it is kept
	Yours  string // the claim code of this device
	SignIn string
	Action string // "" when nothing can be claimed here and now
	As     string // whose account
	Code   *ui.Field
	Back   string
}

var claimTemplate = ui.Page[claimPage](pages, "pages/claim.tmpl")

func (d desk) claim(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	return d.showClaim(w, r, sess, nil)
}

func (d desk) showClaim(w http.ResponseWriter, r *http.Request, sess workshop.Session, errs ui.FormErrors) error {
	if d.Attended == nil {
		return fault.New(fault.NotFound, "web.not_found")
	}
	p, by, h, at := web.VisitOf(r).P, web.Actor(r), hand(r, sess), ui.Link("/join", sess.Code, "claim")
	seated, closed, erased := false, false, false
	if err := d.Read(r.Context(), sess, func(s *workshop.State) { seated, closed, erased = s.Seated(h) != 0, s.Closed, s.Forgotten }); err != nil {
		return err
	}
	page := claimPage{Head: ui.PageHead{Eyebrow: sess.Title, Title: p.T("workshopweb.claim"), Lead: p.T("workshopweb.claim_lead")}}
	if seated {
		page.Back = seatOf(sess)
	}
	var err error
	if by.Known() {
		if page.Done, err = d.Attended.Find(r.Context(), by, sess.ID); err != nil {
			return err
		}
	}
	switch {
	case page.Done != "":
		page.Notice = &ui.Notice{Kind: "success", Text: p.T("workshopweb.claim_done")}
	case erased:
		page.Notice = &ui.Notice{Kind: "warning", Text: p.T("workshop.claim_erased")}
	case !closed:
		page.Notice, page.Yours = &ui.Notice{Kind: "info", Text: p.T("workshopweb.claim_later")}, yours(seated, h)
	case !by.Known():
		page.SignIn, page.Yours = "/sign-in?next="+url.QueryEscape(at), yours(seated, h)
	default:
		page.Action, page.As = at, p.T("workshopweb.claim_as", by.Name)
		if !seated || errs != nil {
			page.Code = &ui.Field{Name: "code", Label: p.T("workshopweb.claim_code"), Hint: p.T("workshopweb.claim_code_hint"), Value: r.PostFormValue("code"), Error: errs.For("code"), Size: "medium", Required: !seated, Autocomplete: "off"}
		}
	}
	status := http.StatusOK
	if len(errs) > 0 {
		status = http.StatusUnprocessableEntity
	}
	return claimTemplate.Render(w, r, status, ui.Head{Title: page.Head.Title, NoIndex: true, Errors: errs}, page)
}

// yours is the claim code of a device that took part, to be copied by hand.
func yours(seated bool, h workshop.Hand) string {
	if !seated {
		return ""
	}
	return workshop.WriteClaim(h.ClaimCode())
}

func (d desk) takeClaim(w http.ResponseWriter, r *http.Request, sess workshop.Session) error {
	if d.Attended == nil {
		return fault.New(fault.NotFound, "web.not_found")
	}
	err := d.Claim(r.Context(), web.Actor(r), sess, hand(r, sess), r.PostFormValue("code"))
	if errs, ok := ui.FormErrorsOf(web.VisitOf(r).P, err); ok {
		return d.showClaim(w, r, sess, errs)
	}
	if err != nil {
		return err
	}
	return web.Redirect(w, r, ui.Link("/join", sess.Code, "claim"), web.Said{})
}
