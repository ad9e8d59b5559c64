package e2e

import (
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	// formAnswers is how many answers leave between two cuts, from formPeople at the same time.
	formAnswers, formPeople = 16, 4
)

var (
	formOnList = regexp.MustCompile(`href="/forms/([0-9a-z]{26})"`)
	ticketOf   = regexp.MustCompile(`name="ticket" value="([^"]+)"`)
)

// A reply is one answer on its way: the same page may be sent again and again, and counts once.
type reply struct {
	name, ticket string
	reference    string // once it was acknowledged
}

func (one *reply) send(v *visitor, form string) error {
	a, err := v.try("POST", "/f/"+form, "application/x-www-form-urlencoded", strings.NewReader(url.Values{"ticket": {one.ticket}, "q-nom_de_l_association": {one.name},
		"q-commune_du_siege": {"35238"}, "q-adherents": {"40"}, "q-domaines": {"Sport"}, "q-montant_demande": {"1500"}, "q-projet": {"Un tournoi."}, "q-deja_aidee": {"Non"},
		"q-nom_et_prenom": {"Ana Martin"}, "q-courriel": {"ana@exemple.fr"}}.Encode()))
	if err != nil {
		return err // the power is cut
	}
	_, reference, taken := strings.Cut(a.path, "/sent/")
	if !taken {
		return fmt.Errorf("%s is refused: %d\n%s", one.name, a.status, words(a.body))
	}
	one.reference = reference
	return nil
}

// arrived counts the answers there are by name, with their number.
func arrived(t *testing.T, agent *visitor, form string) (numbers map[string][]string) {
	t.Helper()
	all, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(agent.want(t, "/forms/"+form+"/answers/export/answers.csv"), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	numbers = map[string][]string{}
	for _, row := range all[1:] {
		numbers[row[4]] = append(numbers[row[4]], row[0]) // nom_de_l_association comes first of the questions
	}
	return numbers
}

// While people answer a form, the power is cut again and again: an answer that was acknowledged is there under its number, and one
// that is sent again because nothing came back is there once.
func TestAnswersSurviveTheEndOfTheProcess(t *testing.T) {
	eachEngine(t, func(t *testing.T, database string) {
		s := serve(t, t.TempDir(), database, "--demo")
		agent, public := s.signIn(t, "agent"), s.visitor(t)
		rounds := cuts(t)
		form := formOnList.FindStringSubmatch(agent.want(t, "/forms"))[1]
		var all []*reply
		for i := range rounds * formAnswers {
			all = append(all, &reply{name: fmt.Sprintf("Association %03d", i), ticket: ticketOf.FindStringSubmatch(public.want(t, "/f/"+form))[1]})
		}
		time.Sleep(4 * time.Second) // nobody answers faster
		rng := rand.New(rand.NewPCG(3, 14))
		cut := 0 // rounds that ended with answers on their way
		var waiting []*reply
		for round := range rounds {
			waiting = append(waiting, all[round*formAnswers:(round+1)*formAnswers]...)
			refused, taken := make(chan error, len(waiting)), make(chan struct{}, len(waiting))
			var group sync.WaitGroup
			for person := range formPeople {
				group.Go(func() {
					for i := person; i < len(waiting); i += formPeople {
						if err := waiting[i].send(public, form); err != nil {
							refused <- err
						} else {
							taken <- struct{}{}
						}
					}
				})
			}
			for range rng.IntN(formAnswers - formPeople) { // the others are on their way, or about to leave
				select {
				case <-taken:
				case err := <-refused:
					t.Fatal(err)
				case <-time.After(patience):
					t.Fatal("no answer is taken")
				}
			}
			time.Sleep(time.Duration(rng.Int64N(int64(3 * time.Millisecond)))) // at any moment of one
			s.kill()
			group.Wait()
			close(refused)
			for err := range refused {
				if strings.Contains(err.Error(), "is refused") {
					t.Fatal(err)
				}
			}
			s = s.again(t, "--demo")
			agent, public = agent.at(t, s), public.at(t, s)
			there := arrived(t, agent, form)
			var left []*reply
			for _, one := range waiting {
				switch numbers := there[one.name]; {
				case len(numbers) > 1:
					t.Fatalf("%s is there %d times", one.name, len(numbers))
				case one.reference == "":
					left = append(left, one)
				case len(numbers) == 0 || numbers[0] != one.reference:
					t.Fatalf("%s was acknowledged as %s, and is there as %q", one.name, one.reference, numbers)
				}
			}
			if len(left) > 0 {
				cut++
			}
			waiting = left
		}
		acknowledged := len(all) - len(waiting)
		for _, one := range waiting {
			if err := one.send(public, form); err != nil {
				t.Fatal(err)
			}
		}
		for name, numbers := range arrived(t, agent, form) {
			if strings.HasPrefix(name, "Association ") && len(numbers) != 1 {
				t.Errorf("%s is there %d times", name, len(numbers))
			}
		}
		if there := arrived(t, agent, form); len(there) < len(all) {
			t.Errorf("%d answers are there of %d", len(there), len(all))
		}
		t.Logf("%d of %d cuts came while answers were on their way; %d of %d were acknowledged between cuts", cut, rounds, acknowledged, len(all))
		if cut < rounds/3 || acknowledged == 0 {
			t.Errorf("the power was not cut in the middle: %d times, %d answers acknowledged", cut, acknowledged)
		}
		s.stop(t)
	})
}
