package privacyweb

import (
	"context"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"cultured/internal/i18n"
	"cultured/internal/privacy"
	"cultured/internal/ui"
	"cultured/internal/web"
)

const (
	patience   = 1200 * time.Millisecond // how long a page waits for a measure before it says how far it is
	refresh    = 2                       // seconds between two looks without JavaScript
	surveyTime = 10 * time.Minute        // most a measure may take, and how long one nobody came back for is held
	surveying  = 2                       // measures made at a time
)

// A survey is a measure that goes on while people wait for it, or leave.
type survey struct {
	total   int64
	made    atomic.Int64 // questions answered, of total
	done    chan struct{}
	ended   time.Time // once done
	m       privacy.Measure
	without []privacy.WhatIf
	err     error
}

// surveys are those under way, by table and question, and those whose answer nobody read yet. The engine remembers what it answered, so that one
// read and let go is asked again at no cost.
type surveys struct {
	mu    sync.Mutex
	all   map[string]*survey
	slots chan struct{}
}

func newSurveys() *surveys {
	return &surveys{all: map[string]*survey{}, slots: make(chan struct{}, surveying)}
}

// of joins the survey of a table that answers q, or starts it. It does not stop when whoever asked leaves.
func (all *surveys) of(ctx context.Context, d Desk, s subject, q privacy.Question) *survey {
	key := surveyKey(s, q)
	all.mu.Lock()
	defer all.mu.Unlock()
	for old, one := range all.all {
		if !one.ended.IsZero() && time.Since(one.ended) > surveyTime {
			delete(all.all, old)
		}
	}
	if one := all.all[key]; one != nil {
		return one
	}
	one := &survey{total: questions(q), done: make(chan struct{})}
	all.all[key] = one
	ctx = context.WithoutCancel(ctx)
	go func() {
		all.slots <- struct{}{}
		defer func() { <-all.slots }()
		ctx, stop := context.WithTimeout(ctx, surveyTime)
		defer stop()
		m, without, err := d.surveyed(ctx, s, q, one)
		all.mu.Lock()
		defer all.mu.Unlock()
		one.m, one.without, one.err, one.ended = m, without, err, time.Now()
		close(one.done)
	}()
	return one
}

// surveyed makes a survey; a panic, which no request is there to catch, becomes an error with its stack.
func (d Desk) surveyed(ctx context.Context, s subject, q privacy.Question, one *survey) (m privacy.Measure, without []privacy.WhatIf, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return d.study(ctx, s, q, true, func() { one.made.Add(1) })
}

// find is the survey of a table that answers q, nil when there is none.
func (all *surveys) find(s subject, q privacy.Question) *survey {
	all.mu.Lock()
	defer all.mu.Unlock()
	return all.all[surveyKey(s, q)]
}

// read lets go of a survey whose answer is shown.
func (all *surveys) read(s subject, q privacy.Question) {
	all.mu.Lock()
	defer all.mu.Unlock()
	delete(all.all, surveyKey(s, q))
}

func surveyKey(s subject, q privacy.Question) string {
	return s.outcome.Table + "?" + wish{Question: q}.query()
}

// questions counts what is asked of the engine: the measure, and the one without each column.
func questions(q privacy.Question) int64 {
	if len(q.Known) < 2 {
		return 1
	}
	return 1 + int64(len(q.Known))
}

// over says whether the survey is done, after upTo at most.
func (one *survey) over(ctx context.Context, upTo time.Duration) bool {
	late := time.NewTimer(upTo)
	defer late.Stop()
	select {
	case <-one.done:
		return true
	case <-ctx.Done():
	case <-late.C:
	}
	return false
}

// percent is how far a survey is, below 0 where that is not known.
func (one *survey) percent() int {
	if one.total < 2 {
		return -1
	}
	return int(100 * one.made.Load() / one.total)
}

// text says how far a survey is.
func (one *survey) text(p *i18n.Printer) string {
	if one.total < 2 {
		return p.T("privacyweb.measuring_one")
	}
	return p.T("privacyweb.measuring_of", one.made.Load(), one.total)
}

// bar shows a survey under way. asked is the question of the page.
func (one *survey) bar(p *i18n.Printer, s subject, asked wish) *ui.Progress {
	return &ui.Progress{Label: p.T("privacyweb.measuring", s.outcome.Report.Profile.Rows), Text: one.text(p), Percent: one.percent(), Poll: s.base + "/progress?" + asked.query()}
}

// progress answers the island that follows a measure. One that is not there was read, or asked of another server: the page is to be loaded again.
func (d Desk) progress(w http.ResponseWriter, r *http.Request) error {
	s, err := d.subject(r)
	if err != nil {
		return err
	}
	asked, _ := readWish(r.URL.Query())
	answer := struct {
		State   string `json:"state"`
		Percent int    `json:"percent"`
		Text    string `json:"text"`
	}{State: "done", Percent: 100}
	if one := d.surveys.find(s, asked.Question); one != nil && !one.over(r.Context(), 0) {
		answer.State, answer.Percent, answer.Text = "running", one.percent(), one.text(web.VisitOf(r).P)
	}
	return web.WriteJSON(w, http.StatusOK, answer)
}
