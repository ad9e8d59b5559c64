package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"cultured/internal/mission"
	"cultured/internal/tabular"
)

// feedbackRows is how many rows the mission measured has: many times those that ship.
const feedbackRows = 100_000

// feedbackRounds is how often each answer is judged.
const feedbackRounds = 20

// A feedback is how long judging an answer to a large mission took: drawing the variant, reading the file handed in and every check of a table. What
// the network and the database add is in the pages' figures.
type feedback struct {
	Answer   string
	P50, P95 time.Duration
}

// largeMission is a mission with every check of a file that is mended, and the table it is made of.
func largeMission() (m mission.Mission, source mission.Table) {
	source.Columns = []string{"code", "nom", "jour", "mesure"}
	day := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range feedbackRows {
		source.Rows = append(source.Rows, []string{fmt.Sprintf("%08d", i+1000), fmt.Sprintf("Station %d", i%977), day.AddDate(0, 0, i%2000).Format(time.DateOnly), fmt.Sprintf("%d.%d5", i%4000, i%10)})
	}
	m = mission.Mission{ID: "BENCH", Version: 1, Key: "code", Answer: mission.AnswerTable,
		Disturb: []mission.Disturbance{{Kind: "zeros", Column: "code", Count: 900}, {Kind: "date", Column: "jour", Count: 900}, {Kind: "comma", Column: "mesure", Count: 900},
			{Kind: "spaces", Column: "nom", Count: 900}, {Kind: "twin", Count: 90}},
		Checks: []mission.Check{{Kind: "columns"}, {Kind: "rows"}, {Kind: "unique", Column: "code"}, {Kind: "format", Column: "code", Is: "code", Length: 8}, {Kind: "format", Column: "jour", Is: "date"},
			{Kind: "format", Column: "mesure", Is: "point"}, {Kind: "total", Column: "mesure"}, {Kind: "mended", Least: 1}, {Kind: "untouched"}, {Kind: "result"}}}
	return m, source
}

// measureFeedback judges the good answer and the untouched file, each from its bytes.
func measureFeedback(ctx context.Context) (list []feedback, err error) {
	m, source := largeMission()
	v, err := m.Draw(source, 1)
	if err != nil {
		return nil, err
	}
	good, err := m.Good(v)
	if err != nil {
		return nil, err
	}
	for _, a := range []struct {
		name   string
		raw    []byte
		passes bool
	}{{"good", good.Table.CSV(), true}, {"untouched", v.File(), false}} {
		var took []time.Duration
		for range feedbackRounds {
			if ctx.Err() != nil {
				return nil, ctx.Err()
			}
			begin := time.Now()
			verdict, err := judged(m, source, a.raw)
			took = append(took, time.Since(begin))
			if err != nil || verdict.Passed != a.passes {
				return nil, fmt.Errorf("the %s answer: passes %v, %w", a.name, verdict.Passed, err)
			}
		}
		slices.Sort(took)
		list = append(list, feedback{a.name, quantile(took, 0.5), quantile(took, 0.95)})
		say("feedback on %d rows, %s answer: p50 %v p95 %v", feedbackRows, a.name, list[len(list)-1].P50, list[len(list)-1].P95)
	}
	return list, nil
}

// judged does what the service does with a file handed in.
func judged(m mission.Mission, source mission.Table, raw []byte) (verdict mission.Verdict, err error) {
	v, err := m.Draw(source, 1)
	if err != nil {
		return verdict, err
	}
	in, err := tabular.Open(bytes.NewReader(raw), int64(len(raw)), "answer.csv", tabular.Options{})
	if err != nil {
		return verdict, err
	}
	table, err := mission.Read(in)
	if err != nil {
		return verdict, err
	}
	if err := in.Close(); err != nil {
		return verdict, err
	}
	return m.Judge(v, mission.Answer{Table: &table}, mission.Bench{})
}
