package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// How the script of the sheet reads.
const (
	gridBlock  = 200 // rows it asks for at once
	gridOpens  = 5   // starts of the server after each of which the grid is opened
	gridPages  = 200 // pages asked for at places anywhere
	gridWindow = 20  // pages asked for in each order and filter, its first left out
)

// A glance is one thing done with a grid of a million rows, as often as there are times.
type glance struct {
	What  string
	Aim   time.Duration // of the 95th percentile; 0 for none
	Times []time.Duration
}

// gridded is what was measured of a grid on one database.
type gridded struct {
	Engine   string
	Rows     int
	Imported time.Duration // from sending the file until its dataset is kept
	Glances  []glance
	Crowd    crowd
	Memory   int64 // most resident, in bytes
}

// A ledger is the grid measured, and the agent who looks at it.
type ledger struct {
	o      options
	s      *server
	client *http.Client
	path   string // of the grid
	done   gridded
}

// measureGrids opens, sorts, filters and edits a large table over HTTP, on each database, and writes a report.
func measureGrids(ctx context.Context, o options) error {
	births, source, err := readBirths(o.names)
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "cultured-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	rows := min(o.rows, 1_000_000)
	file := filepath.Join(folder, "names.csv")
	if err := writeFile(file, func(w io.Writer) error { return writeNames(w, births, rows) }); err != nil {
		return err
	}
	text := fmt.Sprintf("# The grid, %s\n\nMachine: %s. Made from %s, %d rows of 10. The clients share the cores with the server. Written by `go run ./bench -grid`.\n\n%s\n\n",
		time.Now().Format(time.DateOnly), thisMachine(), source, rows, o.note)
	began, others := machineLoad(), busy(ctx, 3*time.Second)
	engines := []string{""}
	if o.postgres != "" {
		engines = append(engines, o.postgres)
	}
	for _, database := range engines {
		l := &ledger{o: o, done: gridded{Engine: "SQLite", Rows: rows}}
		if database != "" {
			l.done.Engine = "PostgreSQL"
		}
		if err := l.measure(ctx, file, database); err != nil {
			return fmt.Errorf("%s: %w", l.done.Engine, err)
		}
		text += l.done.text()
	}
	text += fmt.Sprintf("%.1f cores were busy before anything was started; load average %s when the run began, %s when it ended.\n", others, began, machineLoad())
	path := filepath.Join(o.out, time.Now().Format(time.DateOnly)+"-grid.md")
	fmt.Println(path)
	return errors.Join(os.MkdirAll(o.out, 0o755), os.WriteFile(path, []byte(text), 0o644))
}

func (l *ledger) measure(ctx context.Context, file, database string) (err error) {
	data, err := os.MkdirTemp("", "cultured-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	if err := l.serve(ctx, data, database); err != nil {
		return err
	}
	defer func() { l.s.stop() }()
	if err := l.bring(ctx, file); err != nil {
		return err
	}
	if err := l.openings(ctx, data, database); err != nil {
		return err
	}
	if err := l.looks(ctx); err != nil {
		return err
	}
	if l.done.Crowd, err = l.edit(ctx); err != nil {
		return err
	}
	if err := l.pages(ctx, fmt.Sprintf("a page, after %d edits", l.done.Crowd.Acknowledged), url.Values{}, gridPages/4); err != nil {
		return err
	}
	l.done.Memory = l.s.memory("VmHWM")
	return nil
}

// serve starts the server, and signs the agent in.
func (l *ledger) serve(ctx context.Context, data, database string) (err error) {
	if l.s, err = start(ctx, l.o.binary, data, database, "--demo"); err == nil {
		l.client, err = signedIn(ctx, l.s.url)
	}
	return err
}

var gridOf = regexp.MustCompile(`/datasets/[0-9a-z]{26}$`)

// bring imports the file as an agent does: sent, examined, kept.
func (l *ledger) bring(ctx context.Context, file string) error {
	begin := time.Now()
	address, err := upload(ctx, l.client, l.s.url+"/check", file)
	if err != nil {
		return err
	}
	for time.Since(begin) < 5*time.Minute && ctx.Err() == nil {
		if at, err := send(ctx, l.client, address+"/keep", url.Values{}); err == nil && gridOf.MatchString(at) {
			l.path, l.done.Imported = at+"/grid", time.Since(begin)
			say("%s: imported in %v", l.done.Engine, l.done.Imported)
			return nil
		}
		pause(ctx, 200*time.Millisecond) // it is being examined
	}
	return fmt.Errorf("%s is not kept after five minutes", address)
}

// upload sends a file as a form does, and says where it led.
func upload(ctx context.Context, client *http.Client, address, file string) (string, error) {
	raw, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", filepath.Base(file))
	if err != nil {
		return "", err
	}
	_, err = part.Write(raw)
	if err = errors.Join(err, form.Close()); err != nil {
		return "", err
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, address, &body)
	if err != nil {
		return "", err
	}
	ask.Header.Set("Content-Type", form.FormDataContentType())
	got, err := client.Do(ask)
	if err != nil {
		return "", err
	}
	defer got.Body.Close()
	if _, err := io.Copy(io.Discard, got.Body); err != nil || got.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s answers %s, %w", address, got.Status, err)
	}
	return got.Request.URL.String(), nil
}

// A block is what the sheet's script is given.
type block struct {
	Seq   int64
	Base  int
	Total int64
	Rows  []struct {
		Row   int64
		Cells []*string
	}
}

// rows asks for a window of a look, as the script does.
func (l *ledger) rows(ctx context.Context, client *http.Client, look url.Values, from int64) (b block, err error) {
	q := url.Values{"start": {fmt.Sprint(from)}, "end": {fmt.Sprint(from + gridBlock)}}
	for name, values := range look {
		q[name] = values
	}
	text, err := page(ctx, client, l.s.url+l.path+"/rows?"+q.Encode())
	if err != nil {
		return b, err
	}
	return b, json.Unmarshal([]byte(text), &b)
}

// took notes how long something took.
func (l *ledger) took(what string, aim time.Duration, fn func() error) error {
	begin := time.Now()
	if err := fn(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	spent := time.Since(begin)
	at := slices.IndexFunc(l.done.Glances, func(g glance) bool { return g.What == what })
	if at < 0 {
		at = len(l.done.Glances)
		l.done.Glances = append(l.done.Glances, glance{What: what, Aim: aim})
	}
	l.done.Glances[at].Times = append(l.done.Glances[at].Times, spent)
	return nil
}

// openings opens the grid after each of several starts of the server: the page, then the first rows of the sheet. Then the last of these servers is
// given time to make its copy of the table.
func (l *ledger) openings(ctx context.Context, data, database string) error {
	for n := range gridOpens {
		if n > 0 {
			l.s.stop()
			if err := l.serve(ctx, data, database); err != nil {
				return err
			}
		}
		pause(ctx, 2*time.Second) // what a server does by itself as it starts
		if err := l.took("opening, first since the server started: the page with the first rows", 300*time.Millisecond, func() error {
			_, err := page(ctx, l.client, l.s.url+l.path)
			return err
		}); err != nil {
			return err
		}
		if err := l.took("then the sheet's first rows", 300*time.Millisecond, func() error {
			_, err := l.rows(ctx, l.client, nil, 0)
			return err
		}); err != nil {
			return err
		}
	}
	begin := time.Now()
	if err := l.took("the first sort of all, which waits for the copy of the table", 0, func() error {
		_, err := l.rows(ctx, l.client, url.Values{"sort": {"id"}}, 0)
		return err
	}); err != nil {
		return err
	}
	say("%s: opened; the first sort after %v", l.done.Engine, time.Since(begin))
	for range gridOpens {
		if err := l.took("opening again", 300*time.Millisecond, func() error {
			_, err := page(ctx, l.client, l.s.url+l.path)
			return errors.Join(err, l.second(ctx))
		}); err != nil {
			return err
		}
	}
	return nil
}

func (l *ledger) second(ctx context.Context) error {
	_, err := l.rows(ctx, l.client, nil, 0)
	return err
}

// pages reads windows anywhere in a look.
func (l *ledger) pages(ctx context.Context, what string, look url.Values, count int) error {
	first, err := l.rows(ctx, l.client, look, 0)
	if err != nil {
		return err
	}
	random := rand.New(rand.NewPCG(2026, uint64(count)))
	for range count {
		from := random.Int64N(max(1, first.Total))
		if err := l.took(what, 100*time.Millisecond, func() error {
			_, err := l.rows(ctx, l.client, look, from)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// gridLooks are ways to look at the table, each asked for once: nothing that was kept helps.
var gridLooks = []struct {
	what  string
	looks []string
}{
	{"sort by a number or a date", []string{"sort=nombre", "sort=-montant", "sort=date", "sort=-annee"}},
	{"sort by a text", []string{"sort=prenom", "sort=-libelle", "sort=departement", "sort=-prenom"}},
	{"sort by two columns", []string{"sort=prenom,-montant", "sort=departement,libelle", "sort=-annee,prenom", "sort=sexe,-nombre"}},
	{"filter", []string{"filter=prenom:contains:mar", "filter=annee:ge:1990&filter=sexe:eq:F", "filter=montant:lt:1000", "filter=libelle:contains:rang 77"}},
	{"filter and sort", []string{"filter=annee:ge:1990&sort=prenom", "filter=sexe:eq:F&sort=-montant,libelle", "filter=prenom:starts:a&sort=libelle", "filter=nombre:gt:100&sort=prenom,annee"}},
	{"search in every column", []string{"search=élodie", "search=rang 123", "search=1984", "search=introuvable"}},
}

// looks sorts, filters, searches and sums up.
func (l *ledger) looks(ctx context.Context) error {
	if err := l.pages(ctx, "a page anywhere", nil, gridPages); err != nil {
		return err
	}
	for _, kind := range gridLooks {
		for _, text := range kind.looks {
			look, err := url.ParseQuery(text)
			if err != nil {
				return err
			}
			if err := l.took(kind.what, time.Second, func() error {
				_, err := l.rows(ctx, l.client, look, 0)
				return err
			}); err != nil {
				return err
			}
			if err := l.pages(ctx, "a page anywhere, sorted or filtered", look, gridWindow); err != nil {
				return err
			}
		}
	}
	for _, text := range []string{"", "filter=annee:ge:1990", "search=élodie", "by=departement&of=montant"} {
		if err := l.took("totals of every column", time.Second, func() error {
			_, err := page(ctx, l.client, l.s.url+l.path+"/totals?"+text)
			return err
		}); err != nil {
			return err
		}
	}
	for _, g := range l.done.Glances {
		say("%s: %s: %s", l.done.Engine, g.What, strings.Join(inMilliseconds(g), ", "))
	}
	return nil
}

// inMilliseconds are the median, the 95th percentile and the worst of a glance.
func inMilliseconds(g glance) []string {
	sorted := slices.Sorted(slices.Values(g.Times))
	return []string{milliseconds(quantile(sorted, 0.5)), milliseconds(quantile(sorted, 0.95)), milliseconds(quantile(sorted, 1))}
}

// text is the report of a grid in Markdown.
func (g gridded) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "## A table of %d rows of 10 on %s\n\nImported in %s. Most resident memory %s.\n\n| what | times | p50 | p95 | worst | aim |\n|---|---|---|---|---|---|\n", g.Rows, g.Engine, seconds(g.Imported), mebibytes(g.Memory))
	for _, one := range g.Glances {
		aim := ""
		if one.Aim > 0 {
			aim = fmt.Sprintf("< %d ms", one.Aim.Milliseconds())
		}
		fmt.Fprintf(&b, "| %s | %d | %s | %s |\n", one.What, len(one.Times), strings.Join(inMilliseconds(one), " | "), aim)
	}
	b.WriteString("\n" + g.Crowd.text())
	return b.String()
}
