package e2e

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cultured/internal/catalogue"
	"cultured/internal/db"
)

// routes lists the product's routes: method and pattern.
func routes(t *testing.T) (all [][2]string) {
	t.Helper()
	b, err := os.ReadFile("../../cmd/cultured/testdata/routes.golden")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(b)) {
		method, pattern, ok := strings.Cut(strings.TrimSpace(line), " ")
		if ok {
			all = append(all, [2]string{method, strings.TrimSuffix(pattern, "{$}")})
		}
	}
	return all
}

// column reads one column of a CSV page.
func (v *visitor) column(t *testing.T, path, name string) (values []string) {
	t.Helper()
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(v.want(t, path), "\ufeff")))
	if strings.HasPrefix(path, "/admin") {
		r.Comma = ';'
	}
	lines, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	at := slices.Index(lines[0], name)
	for _, line := range lines[1:] {
		values = append(values, line[at])
	}
	return values
}

// store opens the server's own database.
func (s *server) store(t *testing.T) *db.DB {
	t.Helper()
	address := s.database
	if address == "" {
		address = filepath.Join(s.data, "cultured.db")
	}
	d, err := db.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// neighbour puts a second organisation into the instance, and signs in its only person, who holds every role there.
func (s *server) neighbour(t *testing.T, d *db.DB) *visitor {
	t.Helper()
	for _, statement := range []string{
		`INSERT INTO account_organisation (id, name, slug, siren, territory, accent, created_at, version)
			VALUES ('zzzzzzzzzzzzzzzzzzzzzzzzzz', 'Mairie voisine', 'mairie-voisine', '', '', '', '2026-01-01T00:00:00.000Z', 1)`,
		`INSERT INTO account_person (id, organisation, service, name, email, roles, language, state, password_hash, searchable, created_at, last_sign_in_at, version)
			SELECT 'yyyyyyyyyyyyyyyyyyyyyyyyyy', 'zzzzzzzzzzzzzzzzzzzzzzzzzz', NULL, 'Eve Voisine', 'eve@demo.example', 'facilitator steward hr admin', 'fr', 'active',
			password_hash, 'eve voisine', created_at, '', 1 FROM account_person WHERE email = 'agent@demo.example'`,
	} {
		if _, err := d.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	return s.signIn(t, "eve")
}

// A loot is what an organisation would not have others know.
type loot struct {
	datasets, people, services, slugs []string // names in addresses
	check, session                    string
	words                             []string // titles, names, e-mails
}

func lootOf(t *testing.T, s *server, d *db.DB) loot {
	t.Helper()
	s.signIn(t, "agent") // a second browser, whose session has a name
	admin, steward, agent := s.signIn(t, "admin"), s.signIn(t, "steward"), s.signIn(t, "agent")
	l := loot{people: admin.column(t, "/admin/people.csv", "id"), words: slices.Concat(admin.column(t, "/admin/people.csv", "name"), admin.column(t, "/admin/people.csv", "email"))}
	l.words = slices.DeleteFunc(l.words, func(w string) bool { return strings.Contains(w, "oisine") || strings.HasPrefix(w, "eve@") })
	rows, err := d.QueryContext(t.Context(), `SELECT dataset, slug, body FROM catalogue_record`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	titles := map[string]string{}
	ids, names := steward.column(t, "/datasets.csv", "id"), steward.column(t, "/datasets.csv", "title")
	for i := range ids {
		titles[ids[i]] = names[i]
	}
	for rows.Next() {
		var id, slug, body string
		if err := rows.Scan(&id, &slug, &body); err != nil {
			t.Fatal(err)
		}
		var record catalogue.Record
		if err := json.Unmarshal([]byte(body), &record); err != nil {
			t.Fatal(err)
		}
		if record.Published != nil {
			continue // public: everybody may know
		}
		l.datasets, l.slugs, l.words = append(l.datasets, id), append(l.slugs, slug), append(l.words, titles[id])
	}
	for _, m := range regexp.MustCompile(`/admin/services/([0-9a-z]{26})`).FindAllStringSubmatch(admin.want(t, "/admin/services"), -1) {
		l.services = append(l.services, m[1])
	}
	l.check = strings.TrimPrefix(agent.check(t, "budget-confidentiel.csv", strings.NewReader("poste;euros\nSecours;12\n")), "/check/")
	agent.settled(t, "/check/"+l.check)
	l.words = append(l.words, "budget-confidentiel")
	l.session = regexp.MustCompile(`/account/sessions/([0-9a-z]{26})`).FindString(agent.want(t, "/account/sessions"))
	if len(l.datasets) == 0 || len(l.people) == 0 || len(l.services) == 0 || l.session == "" {
		t.Fatalf("the demonstration has nothing to hide: %+v", l)
	}
	return l
}

// nothing is an identifier that names nothing.
const nothing = "01m00000000000000000000000"

// aimed writes a pattern with what it would take to reach the loot, and the same address with names of nothing.
func (l loot) aimed(pattern string) (at, elsewhere string, ok bool) {
	id := ""
	switch {
	case strings.HasPrefix(pattern, "/datasets/{id}"):
		id = l.datasets[0]
	case strings.HasPrefix(pattern, "/rules/{subject}"):
		return l.ofRules(pattern)
	case strings.HasPrefix(pattern, "/check/{id}"):
		id = l.check
	case strings.HasPrefix(pattern, "/admin/people/{id}"):
		id = l.people[0]
	case strings.HasPrefix(pattern, "/admin/services/{id}"):
		id = l.services[0]
	case strings.HasPrefix(pattern, "/account/sessions/{id}"):
		id = strings.TrimPrefix(l.session, "/account/sessions/")
	case !strings.Contains(pattern, "{slug}"):
		return "", "", false
	}
	file := "x.csv"
	if strings.Contains(pattern, "/record/{file}") {
		file = "dcat.ttl"
	}
	rest := strings.NewReplacer("{n}", "1", "{file}", file)
	at = strings.NewReplacer("{id}", id, "{slug}", l.slugs[0]).Replace(rest.Replace(pattern))
	elsewhere = strings.NewReplacer("{id}", nothing, "{slug}", "rien-du-tout").Replace(rest.Replace(pattern))
	return at, elsewhere, true
}

// ofRules aims at the rules of a dataset.
func (l loot) ofRules(pattern string) (at, elsewhere string, ok bool) {
	aim := func(id string) string {
		return strings.NewReplacer("{subject}", "dataset:"+id, "{rule}", nothing).Replace(pattern)
	}
	return aim(l.datasets[0]), aim(nothing), true
}

// everything is a form with every field an action may read.
var everything = url.Values{"action": {"publish"}, "override": {"une raison tout à fait suffisante"}, "title": {"Pris"}, "version": {"1"}, "to": {"1"}, "number": {"1"},
	"fix": {"all"}, "schema": {""}, "header": {"2"}, "revision": {"1"}, "name": {"Pris"}, "email": {"pris@demo.example"}, "confirm": {"x"}, "roles": {"admin"}, "into": {""}}

// once takes off a page what differs from one answer to the next: numbers of requests and the address itself.
func once(a answer, address string) string {
	id := a.header.Get("X-Request-Id")
	return strings.NewReplacer(id, "", url.QueryEscape(address), "", address, "").Replace(a.body)
}

func TestAnotherOrganisationLearnsNothing(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, t.TempDir(), database, "--demo")
		demonstrated(t, s)
		d := s.store(t)
		l := lootOf(t, s, d)
		eve, steward, admin := s.neighbour(t, d), s.signIn(t, "steward"), s.signIn(t, "admin")
		before := steward.want(t, "/datasets.csv") + steward.want(t, "/catalogue.csv") + admin.want(t, "/admin/services")
		for _, route := range routes(t) {
			method, pattern := route[0], route[1]
			at, elsewhere, ok := l.aimed(pattern)
			if !ok {
				continue
			}
			form := maps.Clone(everything)
			ask := func(path string) answer {
				if strings.HasSuffix(path, "/upload") {
					a, err := eve.send(path, "pris.csv", strings.NewReader("a;b\n1;2\n"))
					if err != nil {
						t.Fatal(err)
					}
					return a
				}
				if method == http.MethodGet {
					return eve.get(t, path)
				}
				return eve.post(t, path, form)
			}
			got, want := ask(at), ask(elsewhere)
			if got.status != want.status || once(got, at) != once(want, elsewhere) {
				t.Errorf("%s %s: answers %d where nothing is, %d here: it tells that something is\n%s", method, pattern, want.status, got.status, words(got.body))
			}
			if got.status < 400 && !strings.HasSuffix(pattern, "/forget") && !strings.HasSuffix(pattern, "/keep") {
				t.Errorf("%s %s: got %d", method, pattern, got.status)
			}
			l.unsaid(t, method+" "+pattern, once(got, at))
		}
		for _, path := range visible(t) {
			l.unsaid(t, "GET "+path, eve.get(t, path).body)
		}
		if after := steward.want(t, "/datasets.csv") + steward.want(t, "/catalogue.csv") + admin.want(t, "/admin/services"); after != before {
			t.Errorf("something changed:\n%s\nwas\n%s", after, before)
		}
		s.signIn(t, "agent").want(t, "/check/"+l.check)
	})
}

// unsaid checks that a page says none of what is to be kept.
func (l loot) unsaid(t *testing.T, where, body string) {
	t.Helper()
	for _, w := range slices.Concat(l.words, l.datasets, l.slugs) {
		if strings.Contains(typed.Replace(body), typed.Replace(w)) && w != "" {
			t.Errorf("%s says %q", where, w)
		}
	}
}

// visible are the pages without a name in their address, and searches that would find more.
func visible(t *testing.T) (paths []string) {
	t.Helper()
	for _, route := range routes(t) {
		if route[0] == http.MethodGet && !strings.Contains(route[1], "{") && route[1] != "/dev/mails" {
			paths = append(paths, route[1])
		}
	}
	return append(paths, "/catalogue?state=draft", "/catalogue?state=in_review&state=internal", "/catalogue.csv?sort=title",
		"/api/v1/datasets?state=draft", "/dcat.ttl?page=1")
}

func TestWhatIsNotPublishedIsNowhere(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	public := demonstrated(t, s)
	l := lootOf(t, s, s.store(t))
	nobody := s.visitor(t)
	for _, path := range visible(t) {
		l.unsaid(t, path, demoAccount.ReplaceAllString(nobody.get(t, path).body, ""))
	}
	if got := len(nobody.column(t, "/catalogue.csv", "title")); got != len(public) {
		t.Errorf("got %d lines in the table, want the %d that are public", got, len(public))
	}
	for _, slug := range l.slugs {
		for _, path := range []string{"/catalogue/", "/api/v1/datasets/"} {
			if a := nobody.get(t, path+slug); a.status != http.StatusNotFound {
				t.Errorf("%s%s: got %d, want 404", path, slug, a.status)
			}
		}
	}

	// What is edited stays inside until it is published: words, columns and cells.
	steward := s.signIn(t, "steward")
	id := behind(t, steward, public[0].Title)
	page := steward.want(t, "/datasets/"+id+"/record")
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(page)
	if a := steward.post(t, "/datasets/"+id+"/record", url.Values{"title": {"SECRETMOT"}, "description": {"SECRETMOT"}, "version": {version[1]}, "owner": {"SECRETMOT"}}); a.status != http.StatusOK {
		t.Fatalf("editing: got %d\n%s", a.status, words(a.body))
	}
	if a, err := steward.send("/datasets/"+id+"/upload", "SECRETMOT.csv", strings.NewReader("SECRETMOT;b\nSECRETMOT;1\n")); err != nil || a.status != http.StatusOK {
		t.Fatalf("uploading: got %d, %v", a.status, err)
	}
	eventually(t, "the new version is there", func() bool {
		return strings.Contains(steward.want(t, "/datasets/"+id+"/rows"), "SECRETMOT")
	})
	slug := public[0].ID
	for _, path := range append(visible(t), "/catalogue/"+slug, "/api/v1/datasets/"+slug, "/api/v1/datasets/"+slug+"/rows", "/api/v1/datasets/"+slug+"/aggregate?count",
		"/catalogue/"+slug+"/original", "/catalogue/"+slug+"/dictionary.csv", "/catalogue/"+slug+"/data/"+slug+".csv", "/catalogue/"+slug+"/data/"+slug+".json",
		"/catalogue/"+slug+"/record/dcat.ttl", "/catalogue/"+slug+"/record/dcat.jsonld", "/catalogue?q=secretmot") {
		a := nobody.get(t, path)
		if body := strings.ReplaceAll(a.body, "q=secretmot", ""); strings.Contains(body, "SECRETMOT") || strings.Contains(a.header.Get("Content-Disposition"), "SECRETMOT") {
			t.Errorf("%s shows what was not published", path)
		}
	}
}

// demoAccount is what the home page of the demonstration says to whoever wants to sign in.
var demoAccount = regexp.MustCompile(`[a-z]+@demo\.example`)

// behind finds the dataset behind a public title.
func behind(t *testing.T, v *visitor, title string) string {
	t.Helper()
	at := slices.Index(v.column(t, "/datasets.csv", "title"), title)
	if at < 0 {
		t.Fatalf("%q is not in the list", title)
	}
	return v.column(t, "/datasets.csv", "id")[at]
}

func TestRolesKeepToTheirRooms(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	public := demonstrated(t, s)
	admin := s.signIn(t, "admin")
	person := admin.column(t, "/admin/people.csv", "id")[0]
	for _, who := range []string{"agent", "steward", "facilitator", "rh", ""} {
		v := s.visitor(t)
		if who != "" {
			v = s.signIn(t, who)
		}
		for _, route := range routes(t) {
			method, path := route[0], strings.ReplaceAll(route[1], "{id}", person)
			if !strings.HasPrefix(path, "/admin") {
				continue
			}
			a := v.ask(t, method, path, "application/x-www-form-urlencoded", strings.NewReader(everything.Encode()))
			if who == "" && a.path != "/sign-in" || who != "" && a.status != http.StatusForbidden {
				t.Errorf("%q %s %s: got %d at %s", who, method, route[1], a.status, a.path)
			}
		}
	}
	steward := s.signIn(t, "steward")
	id := behind(t, steward, public[0].Title)
	for _, who := range []string{"agent", "facilitator", "rh", "admin"} {
		v := s.signIn(t, who)
		for _, action := range []string{"publish", "withdraw"} {
			if a := v.post(t, "/datasets/"+id+"/record/act", url.Values{"action": {action}}); a.status != http.StatusForbidden {
				t.Errorf("%s may %s: got %d", who, action, a.status)
			}
		}
	}
	agent := s.signIn(t, "agent")
	for i, title := range agent.column(t, "/datasets.csv", "title") {
		if slices.ContainsFunc(public, func(p publishedDataset) bool { return p.Title == title }) {
			path := "/datasets/" + agent.column(t, "/datasets.csv", "id")[i]
			if a := agent.post(t, path+"/delete", url.Values{"title": {title}}); a.status != http.StatusForbidden {
				t.Errorf("an agent takes %q from the public by deleting it: got %d", title, a.status)
			}
		}
	}
	if got := len(published(t, s)); got != len(public) {
		t.Errorf("got %d public datasets, want %d still", got, len(public))
	}
}

func TestColleaguesSeeWhatIsSharedAndNothingBefore(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	demonstrated(t, s)
	steward, colleague := s.signIn(t, "steward"), s.signIn(t, "rh")
	path := ""
	for _, id := range steward.column(t, "/datasets.csv", "id") {
		if strings.Contains(colleague.want(t, "/catalogue"), "/datasets/"+id) {
			path = "/datasets/" + id
		}
	}
	if path == "" {
		t.Fatal("the demonstration shares nothing inside")
	}
	colleague.want(t, path+"/versions/1/original")
	if a, err := steward.send(path+"/upload", "suite.csv", strings.NewReader("nom;nombre\nSuite;1\n")); err != nil || a.status != http.StatusOK {
		t.Fatalf("uploading: got %d, %v", a.status, err)
	}
	eventually(t, "the second version is there", func() bool { return colleague.get(t, path+"/versions/2/original").status == http.StatusOK })
	for _, old := range []string{"/versions/1/original", "/versions/1/data"} {
		if a := colleague.get(t, path+old); a.status != http.StatusNotFound {
			t.Errorf("a colleague reads %s: got %d", old, a.status)
		}
		steward.want(t, path+old)
	}
	if strings.Contains(colleague.want(t, path+"/history"), "/versions/1/") {
		t.Error("the history shows a colleague the version before")
	}
}

func TestACheckIsForWhoMadeIt(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	demonstrated(t, s)
	agent := s.signIn(t, "agent")
	path := agent.check(t, "mon-secret.csv", strings.NewReader("a;b\n1;2\n"))
	agent.settled(t, path)
	for _, v := range []*visitor{s.visitor(t), s.signIn(t, "steward"), s.signIn(t, "admin")} {
		for _, route := range routes(t) {
			if !strings.HasPrefix(route[1], "/check/{id}") {
				continue
			}
			a := v.ask(t, route[0], strings.Replace(route[1], "/check/{id}", path, 1), "application/x-www-form-urlencoded", strings.NewReader(everything.Encode()))
			if strings.Contains(a.body, "mon-secret") || a.status < 400 && a.path == path {
				t.Errorf("%s %s: got %d at %s", route[0], route[1], a.status, a.path)
			}
		}
	}
	agent.want(t, path)

	nobody := s.visitor(t)
	open := nobody.check(t, "ouvert.csv", strings.NewReader("a;b\n1;2\n"))
	nobody.settled(t, open)
	s.visitor(t).want(t, open) // the address is the key, and nobody can guess it
	if strings.Contains(s.log.String(), strings.TrimPrefix(open, "/check/")) {
		t.Error("the log says the key of an anonymous check")
	}
}

// hostile is a text that would run wherever it is not escaped.
const hostile = `"></script><script>alert(1)</script><img src=x onerror=alert(2)>`

func TestHostileWordsStayWords(t *testing.T) {
	s := serve(t, t.TempDir(), "", "--demo")
	public := demonstrated(t, s)
	v := s.visitor(t)
	var file bytes.Buffer
	out := csv.NewWriter(&file)
	_ = out.WriteAll([][]string{{hostile, "=1+1", "date"}, {"=cmd|' /C calc'!A0", "@SUM(A1)", "2024-13-45"}, {"+1+1", "-1+1", hostile}, {"\t=1", hostile, "2024-01-01"}}) // a buffer takes everything
	path := v.check(t, `a"><img src=x onerror=alert(2)>`+"\u202e.csv", &file)
	v.settled(t, path)
	for _, sub := range []string{"", "/columns", "/findings", "/rows?around=2&column=0", "/keep"} {
		tame(t, sub, v.get(t, path+sub))
	}
	formula := regexp.MustCompile(`(?m)(^|[,;])"?([=@\t]|[+-]1\+)`)
	for _, sub := range []string{"/columns.csv", "/findings.csv", "/download?format=csv"} {
		a := v.get(t, path+sub)
		if m := formula.FindString(a.body); m != "" {
			t.Errorf("%s: a formula starts a cell: %q\n%s", sub, m, a.body)
		}
		if got := a.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment;") || strings.ContainsAny(got, "\r\n") {
			t.Errorf("%s: got %q", sub, got)
		}
	}
	for _, page := range []string{"/catalogue?q=", "/sign-in?next=/", "/admin/people?q=", "/nowhere/", "/check?schema=", "/api/v1/datasets?q=", "/catalogue?theme=", "/sign-in/link?wish="} {
		tame(t, page, v.get(t, page+url.QueryEscape(hostile)))
	}
	tame(t, "sign-in", v.post(t, "/sign-in", url.Values{"email": {hostile}, "password": {"x"}, "next": {"/" + hostile}}))

	// A title closes no script element of a public page, where search engines read a description.
	steward := s.signIn(t, "steward")
	id := behind(t, steward, public[0].Title)
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(steward.want(t, "/datasets/"+id+"/record"))
	if a := steward.post(t, "/datasets/"+id+"/record", url.Values{"title": {hostile}, "version": {version[1]}}); a.status != http.StatusOK {
		t.Fatalf("got %d\n%s", a.status, words(a.body))
	}
	if a := steward.post(t, "/datasets/"+id+"/record/act", url.Values{"action": {"publish"}, "override": {everything.Get("override")}}); a.status != http.StatusOK {
		t.Fatalf("got %d\n%s", a.status, words(a.body))
	}
	for _, page := range []string{"/catalogue/" + public[0].ID, "/catalogue", "/"} {
		tame(t, page, v.get(t, page))
	}
	if page := v.want(t, "/catalogue/"+public[0].ID); !strings.Contains(page, "ld+json") {
		t.Error("the page describes nothing to search engines")
	}
}

// tame checks that a page holds the hostile text as text only, and that no answer may be taken for another kind.
func tame(t *testing.T, where string, a answer) {
	t.Helper()
	if strings.Contains(a.body, "<script>alert") && strings.Contains(a.header.Get("Content-Type"), "html") || strings.Contains(a.body, "<img src=x") && strings.Contains(a.header.Get("Content-Type"), "html") {
		t.Errorf("%s: the text became a tag", where)
	}
	policy := a.header.Get("Content-Security-Policy")
	if a.header.Get("X-Content-Type-Options") != "nosniff" || strings.Contains(policy, "unsafe") || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("%s: got %q and %q", where, a.header.Get("X-Content-Type-Options"), policy)
	}
	if a.status >= 500 {
		t.Errorf("%s: got %d", where, a.status)
	}
}

// raw asks without following redirects.
func (s *server) raw(t *testing.T, method, path string, header map[string]string, form url.Values) *http.Response {
	t.Helper()
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequest(method, s.url+path, body)
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	a, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, a.Body)
	_ = a.Body.Close()
	return a
}
