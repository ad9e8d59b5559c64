package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// audit holds each person's journal against the log, against the table as it is read afterwards, and against what the others' streams told.
func (l *ledger) audit(ctx context.Context, team []*editor, c *crowd) error {
	log, err := l.log(ctx, c)
	if err != nil {
		return err
	}
	var answered, seen, read []time.Duration
	for _, e := range team {
		c.Acknowledged += len(e.journal)
		c.Refused += e.refused
		c.Failed += e.failed
		c.Stale += e.stale
		answered, read = append(answered, e.took...), append(read, e.read...)
		for key, seq := range e.journal {
			if log[key] != seq {
				c.Lost++
			}
			for _, other := range team {
				at, told := other.told[key]
				switch {
				case other == e:
				case told:
					seen = append(seen, time.Duration(at-e.sent[key]))
				default:
					c.Untold++
				}
			}
		}
		if err := l.reread(ctx, e, c); err != nil {
			return err
		}
	}
	c.Answered, c.Seen, c.Read = thirds(answered), thirds(seen), thirds(read)
	return nil
}

// log reads every operation, and says under which number each key is. A hole is an edit lost, a key met twice one doubled.
func (l *ledger) log(ctx context.Context, c *crowd) (map[string]int64, error) {
	log, last := map[string]int64{}, int64(0)
	shared := ""
	for {
		ops, err := l.since(ctx, l.client, last)
		if err != nil || len(ops) == 0 {
			return log, err
		}
		for _, op := range ops {
			if last++; op.Seq != last {
				return nil, fmt.Errorf("the log goes from %d to %d", last-1, op.Seq)
			}
			if op.Text == "" {
				continue // the one that began the log
			}
			if _, twice := log[op.Text]; twice {
				c.Doubled++
			}
			log[op.Text] = op.Seq
			for _, change := range op.Changes {
				if change.Row != 1 {
					continue
				}
				if shared != "" && change.Before != shared {
					c.Lost++ // written over unseen
				}
				shared = change.After
			}
		}
	}
}

// rereadMost is how many cells of each person's are read again.
const rereadMost = 20

// reread looks whether cells hold what their writer's journal says.
func (l *ledger) reread(ctx context.Context, e *editor, c *crowd) error {
	left := rereadMost
	for row, value := range e.cells {
		if left--; left < 0 {
			return nil
		}
		b, err := l.rows(ctx, l.client, nil, row-1)
		if err != nil {
			return err
		}
		if len(b.Rows) == 0 || b.Rows[0].Row != row || textOf(b.Rows[0].Cells) != value {
			c.Lost++
		}
	}
	return nil
}

// text is the report of a crowd in Markdown.
func (c crowd) text() string {
	if c.People == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d people edited it for %v, each about every %v, one edit in ten in a cell all of them want; each read a page elsewhere after %d edits. Seen: from sending an edit until the stream of another person told it, for each other person. Aim: p95 < 300 ms, nothing lost, nothing doubled.\n\n", c.People, c.Span, gridEvery, gridReads)
	b.WriteString("| edits | refused | failed | lost | doubled | stale | untold | answered p50 | p95 | p99 | seen p50 | p95 | p99 | page read p50 | p95 | p99 | processors |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|\n")
	fmt.Fprintf(&b, "| %d | %d | %d | %d | %d | %d | %d |", c.Acknowledged, c.Refused, c.Failed, c.Lost, c.Doubled, c.Stale, c.Untold)
	for _, three := range [][3]time.Duration{c.Answered, c.Seen, c.Read} {
		fmt.Fprintf(&b, " %s | %s | %s |", milliseconds(three[0]), milliseconds(three[1]), milliseconds(three[2]))
	}
	fmt.Fprintf(&b, " %.2f |\n\n", c.CPU)
	return b.String()
}
