package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// ripe is how old a page of a form must be when it comes back.
const ripe = 3100 * time.Millisecond

// answered is how answers to a form were taken while everybody answered at once.
type answered struct {
	Taken, Failed int
	PerMinute     float64
	P50, P95, P99 time.Duration // from sending to the receipt
}

// measureForms has the clients answer the demonstration's form for a minute: each opens its page, waits as long as a person must, sends. What
// the server says it holds at the end is what counts.
func measureForms(ctx context.Context, o options) (a answered, err error) {
	s, err := start(ctx, o.binary, "", "", "--demo")
	if err != nil {
		return a, err
	}
	defer s.stop()
	agent, err := signedIn(ctx, s.url)
	if err != nil {
		return a, err
	}
	list, err := page(ctx, agent, s.url+"/forms")
	if err != nil {
		return a, err
	}
	found := regexp.MustCompile(`href="/forms/([0-9a-z]{26})"`).FindStringSubmatch(list)
	if found == nil {
		return a, fmt.Errorf("the demonstration has no form")
	}
	address := s.url + "/f/" + found[1]
	var mu sync.Mutex
	var took []time.Duration
	begin, span := time.Now(), time.Minute
	var crowd sync.WaitGroup
	for range o.clients {
		crowd.Go(func() {
			for time.Since(begin) < span && ctx.Err() == nil {
				spent, err := answerOnce(ctx, address)
				mu.Lock()
				if took = append(took, spent); err != nil {
					took, a.Failed = took[:len(took)-1], a.Failed+1
				}
				mu.Unlock()
			}
		})
	}
	crowd.Wait()
	whole := time.Since(begin)
	slices.Sort(took)
	a.P50, a.P95, a.P99 = quantile(took, 0.5), quantile(took, 0.95), quantile(took, 0.99)
	file, err := page(ctx, agent, s.url+"/forms/"+found[1]+"/answers/export/answers.csv")
	if err != nil {
		return a, err
	}
	a.Taken = strings.Count(file, "\n") - 1
	a.PerMinute = float64(a.Taken) / whole.Minutes()
	say("answers to a form, SQLite, %d clients: %d acknowledged, %d held, %d failed, %.0f a minute, p50 %v p95 %v p99 %v, CPU %v", o.clients, len(took), a.Taken, a.Failed, a.PerMinute, a.P50, a.P95, a.P99, s.cpu())
	return a, nil
}

// signedIn is a browser of the demonstration's agent.
func signedIn(ctx context.Context, base string) (*http.Client, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	agent := &http.Client{Jar: jar}
	_, err = send(ctx, agent, base+"/sign-in", url.Values{"email": {"agent@demo.example"}, "password": {"demonstration-2026"}})
	return agent, err
}

var sealed = regexp.MustCompile(`name="ticket" value="([^"]+)"`)

// answerOnce opens the page of a form and answers it; the time is that of the answer alone.
func answerOnce(ctx context.Context, address string) (time.Duration, error) {
	client := &http.Client{}
	opened, err := page(ctx, client, address)
	if err != nil {
		return 0, err
	}
	ticket := sealed.FindStringSubmatch(opened)
	if ticket == nil {
		return 0, fmt.Errorf("%s carries no ticket", address)
	}
	time.Sleep(ripe)
	begin := time.Now()
	at, err := send(ctx, client, address, url.Values{"ticket": {ticket[1]}, "q-nom_de_l_association": {"Les Dahus"}, "q-commune_du_siege": {"35238"}, "q-adherents": {"40"}, "q-domaines": {"Sport"},
		"q-montant_demande": {"1500"}, "q-projet": {"Un tournoi."}, "q-deja_aidee": {"Non"}, "q-nom_et_prenom": {"Ana Martin"}, "q-courriel": {"ana@exemple.fr"}})
	if err == nil && !strings.Contains(at, "/sent/") {
		err = fmt.Errorf("not taken: %s", at)
	}
	return time.Since(begin), err
}

// page reads a page whole.
func page(ctx context.Context, client *http.Client, address string) (string, error) {
	ask, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return "", err
	}
	got, err := client.Do(ask)
	if err != nil {
		return "", err
	}
	defer got.Body.Close()
	raw, err := io.ReadAll(got.Body)
	if err == nil && got.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", address, got.Status)
	}
	return string(raw), err
}

// send posts a form, and says where it led.
func send(ctx context.Context, client *http.Client, address string, fields url.Values) (string, error) {
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(fields.Encode()))
	if err != nil {
		return "", err
	}
	ask.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := client.Do(ask)
	if err != nil {
		return "", err
	}
	defer got.Body.Close()
	if _, err := io.Copy(io.Discard, got.Body); err != nil {
		return "", err
	}
	if got.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answers %s", address, got.Status)
	}
	return got.Request.URL.Path, nil
}
