package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// sessionCookie is host-bound where the site is served over TLS; browsers refuse the prefix without it.
func (s *Site) sessionCookie() string {
	if strings.HasPrefix(s.BaseURL, "https://") {
		return "__Host-session"
	}
	return "session"
}

// SetSession gives the browser its session secret until the time given; the zero time ends it.
func (s *Site) SetSession(w http.ResponseWriter, secret string, until time.Time) {
	c := &http.Cookie{Name: s.sessionCookie(), Value: secret, Path: "/", HttpOnly: true,
		Secure: strings.HasPrefix(s.BaseURL, "https://"), SameSite: http.SameSiteLaxMode, Expires: until}
	if until.IsZero() {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// Session is the secret of the request's session, "" when it has none.
func (s *Site) Session(r *http.Request) string {
	if c, err := r.Cookie(s.sessionCookie()); err == nil {
		return c.Value
	}
	return ""
}

// Remember keeps a harmless preference (language, theme) for a year; "" forgets it.
func (s *Site) Remember(w http.ResponseWriter, name, value string) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: strings.HasPrefix(s.BaseURL, "https://"), MaxAge: 365 * 24 * 3600}
	if value == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// Said is a flash as a room gives it: catalogue keys, translated when it is shown.
type Said struct {
	Kind string    `json:"k"` // "success", "info" or "warning"
	Key  string    `json:"t"`
	Args []string  `json:"a,omitempty"`
	Undo *SaidUndo `json:"u,omitempty"`
}

// SaidUndo is the way back of a [Said].
type SaidUndo struct {
	Key    string `json:"t"`
	Action string `json:"p"` // path to POST to
	Name   string `json:"n"`
	Value  string `json:"v"`
}

// unfollowed is the header of a script that sends a form and goes to the answer itself: following by itself, it would lose the place in the page.
const unfollowed = "X-Unfollowed"

// Redirect answers 303 to path, with a sentence for the page that follows; the empty Said says nothing. A script that sent "X-Unfollowed: 1" gets 204 and the path in that header.
func Redirect(w http.ResponseWriter, r *http.Request, path string, said Said) error {
	if said.Key != "" {
		b, err := json.Marshal(said)
		if err != nil {
			return err
		}
		http.SetCookie(w, &http.Cookie{Name: "flash", Value: base64.RawURLEncoding.EncodeToString(b), Path: "/",
			HttpOnly: true, SameSite: http.SameSiteLaxMode, MaxAge: 60})
	}
	if r.Header.Get(unfollowed) != "" {
		w.Header().Set(unfollowed, path)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(w, r, path, http.StatusSeeOther)
	return nil
}

// takeFlash reads the sentence of the last redirect and forgets it, on page loads only.
func takeFlash(w http.ResponseWriter, r *http.Request, v *Visit) *Flash {
	c, err := r.Cookie("flash")
	if err != nil || r.Method != http.MethodGet || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		return nil
	}
	http.SetCookie(w, &http.Cookie{Name: "flash", Path: "/", HttpOnly: true, MaxAge: -1})
	var said Said
	b, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || json.Unmarshal(b, &said) != nil || !v.P.Has(said.Key) {
		return nil
	}
	args := make([]any, len(said.Args))
	for i, a := range said.Args {
		args[i] = a
	}
	f := &Flash{Kind: said.Kind, Text: v.P.T(said.Key, args...)}
	if u := said.Undo; u != nil && LocalPath(u.Action) == u.Action {
		f.Undo = &Undo{Label: v.P.T(u.Key), Action: u.Action, Name: u.Name, Value: u.Value}
	}
	return f
}

// SignIn sends a visitor to the sign-in page and back afterwards.
func SignIn(w http.ResponseWriter, r *http.Request) {
	next := "/"
	if r.Method == http.MethodGet {
		next = r.URL.RequestURI()
	}
	http.Redirect(w, r, "/sign-in?next="+url.QueryEscape(next), http.StatusSeeOther)
}

// LocalPath returns path if it leads to this site, else "/": a redirect never leaves it.
func LocalPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}
