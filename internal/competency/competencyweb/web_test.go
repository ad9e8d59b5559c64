package competencyweb_test

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	shipped "cultured/content/framework"
	"cultured/internal/actor"
	"cultured/internal/competency"
	"cultured/internal/competency/competencyweb"
	"cultured/internal/fault"
	"cultured/internal/tabular"
	"cultured/internal/ui/uitest"
	"cultured/internal/web"
)

// shelf keeps frameworks in memory, by the rules of competencydb: the pages are tried here, the store there.
type shelf struct {
	sync.Mutex
	kept     map[competency.ID]competency.Kept
	log      map[competency.ID][]competency.Change
	versions map[competency.ID][]competency.Version
}

func (s *shelf) Add(_ context.Context, by actor.Actor, k competency.Kept, d competency.Deed) error {
	s.Lock()
	defer s.Unlock()
	if _, twice := s.kept[k.Working.ID]; twice {
		return fault.New(fault.Conflict, "competency.framework_exists")
	}
	s.put(by, k, d, []competency.Change{{Revision: k.Revision, At: k.Created}})
	return nil
}

func (s *shelf) put(by actor.Actor, k competency.Kept, d competency.Deed, changes []competency.Change) {
	id := k.Working.ID
	for i := range changes {
		changes[i].Person, changes[i].Verb, changes[i].Note = by.ID, d.Verb, d.Note
	}
	s.log[id] = append(slices.Clone(changes), s.log[id]...)
	if k.Number > s.kept[id].Number {
		v := competency.Version{Number: k.Number, At: k.PublishedAt, Person: by.ID, Verb: d.Verb, Note: d.Note, Framework: *k.Published}
		s.versions[id] = append([]competency.Version{v}, s.versions[id]...)
	}
	s.kept[id] = k
}

func (s *shelf) All(_ context.Context, organisation string) ([]competency.Kept, error) {
	s.Lock()
	defer s.Unlock()
	list := slices.DeleteFunc(slices.Collect(maps.Values(s.kept)), func(k competency.Kept) bool { return k.Organisation != organisation })
	slices.SortFunc(list, func(a, b competency.Kept) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.Working.ID, b.Working.ID))
	})
	return list, nil
}

func (s *shelf) Find(_ context.Context, organisation string, id competency.ID) (competency.Kept, error) {
	s.Lock()
	defer s.Unlock()
	k, ok := s.kept[id]
	if !ok || k.Organisation != organisation {
		return k, fault.New(fault.NotFound, "competency.not_found")
	}
	return k, nil
}

func (s *shelf) Change(ctx context.Context, by actor.Actor, id competency.ID, d competency.Deed, fn func(*competency.Kept) ([]competency.Superseded, error)) (competency.Kept, error) {
	k, err := s.Find(ctx, by.Organisation, id)
	if err != nil {
		return k, err
	}
	before, number := k.Working.Clone(), k.Number
	if _, err := fn(&k); err != nil {
		return k, err
	}
	changes := k.Commit(before, noon)
	if len(changes) == 0 && k.Number == number {
		return k, nil
	}
	if len(changes) == 0 {
		k.Revision++
		changes = []competency.Change{{Revision: k.Revision, At: noon}}
	}
	s.Lock()
	defer s.Unlock()
	s.put(by, k, d, changes)
	return k, nil
}

func (s *shelf) Log(_ context.Context, _ string, id competency.ID, q competency.LogQuery) ([]competency.Change, error) {
	s.Lock()
	defer s.Unlock()
	return slices.DeleteFunc(slices.Clone(s.log[id]), func(c competency.Change) bool {
		return q.Item != "" && c.Subject != q.Item || q.Only > 0 && c.Revision != q.Only || q.Before > 0 && c.Revision >= q.Before
	}), nil
}

func (s *shelf) Versions(_ context.Context, _ string, id competency.ID, number int) ([]competency.Version, error) {
	s.Lock()
	defer s.Unlock()
	return slices.DeleteFunc(slices.Clone(s.versions[id]), func(v competency.Version) bool { return number > 0 && v.Number != number }), nil
}

func (s *shelf) Discard(_ context.Context, _ actor.Actor, id competency.ID) error {
	s.Lock()
	defer s.Unlock()
	if s.kept[id].Number > 0 {
		return fault.New(fault.Conflict, "competency.discard_published")
	}
	delete(s.kept, id)
	return nil
}

// who signs in by the name in the session cookie.
var (
	noon   = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	people = uitest.People{
		"ada": {ID: "ada", Organisation: "o", Name: "Ada", Roles: []actor.Role{actor.Steward}},
		"bob": {ID: "bob", Organisation: "o", Name: "Bob"},
		"eve": {ID: "eve", Organisation: "elsewhere", Name: "Eve", Roles: []actor.Role{actor.Steward}},
	}
)

// A house is the pages over the shipped framework.
type house struct {
	*web.Site
	service *competency.Service
	id      competency.ID
}

func open(t *testing.T) house {
	t.Helper()
	now := func() time.Time { return noon }
	service := &competency.Service{Now: now, Store: &shelf{kept: map[competency.ID]competency.Kept{}, log: map[competency.ID][]competency.Change{},
		versions: map[competency.ID][]competency.Version{}}}
	raw, err := shipped.Files.ReadFile("framework.json")
	ok(t, err)
	ok(t, service.Plant(t.Context(), "o", raw))
	all, err := service.All(t.Context(), people["ada"])
	ok(t, err)
	s := uitest.NewSite(t, people, now, tabular.Text, competency.Texts, competencyweb.Text)
	competencyweb.Routes(s, desk(service))
	return house{s, service, all[0].Framework.ID}
}

func desk(s *competency.Service) competencyweb.Desk {
	return competencyweb.Desk{Competency: s, Now: s.Now, Names: func(_ context.Context, _ actor.Actor, ids ...string) (map[string]string, error) {
		names := map[string]string{}
		for _, id := range ids {
			names[id] = people[id].Name
		}
		return names, nil
	}}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// as asks for a page, or posts a form, as somebody; "F" in the path is the shipped framework, "C:D1.1" the item of that code.
func (h house) as(t *testing.T, name, lang, method, path string, form url.Values) *httptest.ResponseRecorder {
	t.Helper()
	return uitest.Ask(uitest.In(lang, h), name, method, h.path(t, path), form)
}

func (h house) path(t *testing.T, path string) string {
	t.Helper()
	path = strings.Replace(path, "/F", "/"+string(h.id), 1)
	before, code, found := strings.Cut(path, "C:")
	if !found {
		return path
	}
	code, after, slash := strings.Cut(code, "/")
	if slash {
		after = "/" + after
	}
	return before + string(h.coded(t, code).ID) + after
}

func (h house) coded(t *testing.T, code string) competency.Item {
	t.Helper()
	v, err := h.service.Look(t.Context(), people["ada"], h.id)
	ok(t, err)
	i := slices.IndexFunc(v.Framework.Items, func(it competency.Item) bool { return it.Code == code })
	if i < 0 {
		t.Fatalf("no item has the code %q", code)
	}
	return v.Framework.Items[i]
}

func TestReading(t *testing.T) {
	h := open(t)
	for _, tc := range []struct {
		name, who, lang, path string
		status                int
		has, hasNot           []string
	}{
		{"one framework is shown at once", "bob", "fr", "/competencies", 302, nil, nil},
		{"the list, where it is asked for", "bob", "fr", "/competencies?all=1", 200, []string{"Culture D", "Version 1 du 02/03/2026", "45"}, nil},
		{"a search in all of them", "bob", "fr", "/competencies?all=1&q=D4.2", 200, []string{"D4.2"}, []string{"D1.1</span>"}},
		{"browsing, in French", "bob", "fr", "/competencies/F", 200, []string{"Comprendre la donnée et son environnement", "D1.1", "D9.5", "Maîtrise", "5 compétences"}, []string{"Aucune compétence"}},
		{"browsing, in English", "bob", "en", "/competencies/F", 200, []string{"Understand data and its surroundings", "Masters"}, []string{"Comprendre la donnée"}},
		{"searching without accents", "bob", "fr", "/competencies/F?q=metadonnee", 200, []string{"D1.1", "Voir toutes les compétences", "compétences pour «\u00a0metadonnee\u00a0»"}, []string{"Les niveaux"}},
		{"a slip of the keyboard is forgiven and said", "bob", "fr", "/competencies/F?q=metadonee", 200, []string{"D1.1", "les plus proches"}, nil},
		{"nothing found teaches what to do", "bob", "fr", "/competencies/F?q=xyzzyplugh", 200, []string{"Aucune compétence ne correspond", "tableur"}, nil},
		{"what somebody typed is never HTML", "bob", "fr", "/competencies/F?q=%3Cscript%3Ex", 200, nil, []string{"<script>x"}},
		{"a competence", "bob", "fr", "/competencies/F/items/C:D1.1", 200, []string{"Distinguer donnée, métadonnée", "Nomme ligne, colonne, valeur", "Découvre", "Transmet", "Pix", "À vérifier", "D1.2"}, []string{"Précédente"}},
		{"a competence, in English", "bob", "en", "/competencies/F/items/C:D1.1", 200, []string{"Names row, column and value", "To be checked"}, []string{"Nomme ligne"}},
		{"a family", "bob", "fr", "/competencies/F/items/C:D1", 200, []string{"Famille D1", "D1.1", "D1.5"}, []string{"Ce que vous savez faire"}},
		{"an identifier alone leads to its page", "bob", "fr", "/competences/C:D1.1", 302, nil, nil},
		{"an unknown competence", "bob", "fr", "/competencies/F/items/x", 404, []string{"Cette compétence"}, nil},
		{"an unknown framework", "bob", "fr", "/competencies/x", 404, []string{"Ce référentiel"}, nil},
		{"another organisation’s framework looks like none", "eve", "fr", "/competencies/F", 404, []string{"Ce référentiel"}, []string{"Comprendre la donnée"}},
		{"somebody elsewhere has none yet", "eve", "fr", "/competencies", 200, []string{"Aucun référentiel à lire"}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			w := h.as(t, tc.who, tc.lang, http.MethodGet, tc.path, nil)
			judge(t, w, tc.status, tc.has, tc.hasNot)
		})
	}
}

var markup = regexp.MustCompile(`<[^>]*>`)

// said is what a page says, without its frame.
func said(body string) string {
	if _, main, ok := strings.Cut(body, "<main"); ok {
		body = main
	}
	body = strings.Join(strings.Fields(markup.ReplaceAllString(body, " ")), " ")
	return body[:min(len(body), 600)]
}

func judge(t *testing.T, w *httptest.ResponseRecorder, status int, has, hasNot []string) {
	t.Helper()
	body := w.Body.String()
	if w.Code != status {
		t.Fatalf("got status %d, want %d: %s", w.Code, status, said(body))
	}
	if got := strings.Count(body, "<h1"); status != http.StatusFound && status != http.StatusSeeOther && got != 1 {
		t.Errorf("got %d h1, want 1", got)
	}
	for _, want := range has {
		if !strings.Contains(body, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	for _, no := range append(hasNot, "⟦") {
		if strings.Contains(body, no) {
			t.Errorf("%q is on the page", no)
		}
	}
}

// A visitor without an account is asked to sign in, and then led to what was asked for.
func TestReading_asksToSignIn(t *testing.T) {
	h := open(t)
	w := h.as(t, "", "fr", http.MethodGet, "/competencies/F", nil)
	if w.Code != http.StatusSeeOther || !strings.HasPrefix(w.Header().Get("Location"), "/sign-in?") {
		t.Errorf("got %d to %q, want the sign-in page", w.Code, w.Header().Get("Location"))
	}
}
