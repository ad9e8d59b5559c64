package datasetfile_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"cultured/internal/dataset"
	"cultured/internal/fault"
)

// A site is one other machine.
type site struct {
	file, etag string
	keeps      bool // answers "unchanged" to who knows its mark
	fault      error
	body       func() io.Reader // nil for the file
	asked      []dataset.Origin
	off        bool
}

func (s *site) Address(typed string) (string, error) {
	if s.off {
		return "", fault.New(fault.Denied, "fetch.off")
	}
	return strings.TrimSpace(typed), nil
}

func (s *site) Fetch(_ context.Context, o dataset.Origin, _ int64) (dataset.Fetched, error) {
	s.asked = append(s.asked, o)
	got := dataset.Fetched{Name: "arbres.csv", Bytes: int64(len(s.file)), Origin: dataset.Origin{Address: o.Address, ETag: s.etag}}
	if s.keeps && o.ETag == s.etag {
		got.Unchanged, got.Body = true, io.NopCloser(strings.NewReader(""))
		return got, s.fault
	}
	var r io.Reader = strings.NewReader(s.file)
	if s.body != nil {
		r = s.body()
	}
	got.Body = io.NopCloser(r)
	return got, s.fault
}

const forest = "nom;age\n Chêne ;120\nHêtre;80\nOrme;65\n"

// imported has the file of an address fetched and examined.
func (h *house) imported(t *testing.T, address string) dataset.Check {
	t.Helper()
	c, err := h.Import(t.Context(), ada, dataset.ImportForm{Address: address})
	ok(t, err)
	return h.arrived(t, c.ID)
}

func (h *house) arrived(t *testing.T, id dataset.CheckID) dataset.Check {
	t.Helper()
	ok(t, h.Fetch(t.Context(), id, quiet))
	ok(t, h.Run(t.Context(), id, quiet))
	c, err := h.Check(t.Context(), ada, id)
	ok(t, err)
	return c
}

func TestImport_fetchesThenExamines(t *testing.T) {
	h, away := build(t), &site{file: forest, etag: `"1"`, keeps: true}
	h.Fetcher = away
	c := h.imported(t, " https://exemple.fr/x ")
	from := c.Source.From
	if c.State != dataset.Done || c.Source.Name != "arbres.csv" || from == nil || from.Address != "https://exemple.fr/x" || from.ETag != `"1"` || !from.At.Equal(h.now) || c.Outcome.Report.Rows != 3 {
		t.Fatalf("got %+v", c)
	}
	ok(t, h.Fetch(t.Context(), c.ID, quiet)) // the job again, after a crash
	if len(away.asked) != 1 {
		t.Errorf("asked %d times, want once", len(away.asked))
	}
	ok(t, h.Forget(t.Context(), ada, c.ID))
	if left := h.held(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestImport_aTransferThatFailsLeavesNothingAndSaysWhy(t *testing.T) {
	h, away := build(t), &site{file: forest}
	h.Fetcher = away
	for _, tc := range []struct {
		name, want string
		set        func()
	}{
		{"no file there", "fetch.missing", func() { away.fault = fault.New(fault.Invalid, "fetch.missing", "exemple.fr") }},
		{"a machine that is busy", "fetch.broken", func() { away.fault = fault.New(fault.Busy, "fetch.broken", "exemple.fr", "500") }},
		{"a cut transfer", "fetch.cut", func() {
			away.fault, away.body = nil, func() io.Reader {
				return io.MultiReader(strings.NewReader(forest), iotest.ErrReader(fault.New(fault.Busy, "fetch.cut", "exemple.fr")))
			}
		}},
	} {
		tc.set()
		c := h.imported(t, "https://exemple.fr/x")
		if c.State != dataset.Failed || c.Fault == nil || c.Fault.Key != tc.want {
			t.Errorf("%s: got %+v", tc.name, c)
		}
		if left := h.held(t); len(left) != 0 {
			t.Errorf("%s: left behind %v", tc.name, left)
		}
		if tc.want == "fetch.cut" { // and again, once the line holds
			away.body = nil
			_, err := h.Retry(t.Context(), ada, c.ID)
			ok(t, err)
			if c = h.arrived(t, c.ID); c.State != dataset.Done {
				t.Errorf("tried again: got %+v", c)
			}
		}
	}
	away.off = true
	_, err := h.Import(t.Context(), ada, dataset.ImportForm{Address: "https://exemple.fr/x"})
	if f, _ := errors.AsType[*fault.Error](err); f == nil || f.Key != "fetch.off" || f.Field != "address" {
		t.Errorf("where nothing may go out: got %v", err)
	}
}

func TestImport_aCancelledTransferLeavesNothing(t *testing.T) {
	h := build(t)
	ctx, cancel := context.WithCancel(t.Context())
	h.Fetcher = &site{body: func() io.Reader {
		cancel()
		return strings.NewReader(forest)
	}}
	c, err := h.Import(t.Context(), ada, dataset.ImportForm{Address: "https://exemple.fr/x"})
	ok(t, err)
	if err := h.Fetch(ctx, c.ID, quiet); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if left := h.held(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestImport_givenUpWhileItComes(t *testing.T) {
	h := build(t)
	var id dataset.CheckID
	h.Fetcher = &site{body: func() io.Reader {
		ok(t, h.Forget(t.Context(), ada, id))
		return strings.NewReader(forest)
	}}
	c, err := h.Import(t.Context(), ada, dataset.ImportForm{Address: "https://exemple.fr/x"})
	ok(t, err)
	id = c.ID
	ok(t, h.Fetch(t.Context(), id, quiet))
	if left := h.held(t); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

// kept makes a dataset of the file of an address, with one repair.
func (h *house) subscribedDataset(t *testing.T) dataset.Dataset {
	t.Helper()
	c := h.imported(t, "https://exemple.fr/x")
	_, err := h.Change(t.Context(), ada, c.ID, func(src *dataset.Source) error {
		src.Plan = dataset.Plan{{Kind: "trim", Column: "nom"}}
		return nil
	})
	ok(t, err)
	h.ran(t, ada, c.ID)
	d, err := h.Keep(t.Context(), ada, c.ID)
	ok(t, err)
	return d
}

func TestRefresh_makesAVersionOnlyOfBytesThatChanged(t *testing.T) {
	for _, keeps := range []bool{true, false} {
		h, away := build(t), &site{file: forest, etag: `"1"`, keeps: keeps}
		h.Fetcher = away
		d := h.subscribedDataset(t)
		before := len(h.held(t))
		h.now = h.now.Add(time.Hour)
		c, err := h.Refresh(t.Context(), ada, d.ID)
		ok(t, err)
		ok(t, h.Fetch(t.Context(), c.ID, quiet))
		sub, err := h.Subscription(t.Context(), ada, d.ID)
		after, err2 := h.Find(t.Context(), ada, d.ID)
		if err != nil || err2 != nil || after.Current != 1 || after.Pending != nil || !sub.Looked.Equal(h.now) || len(h.held(t)) != before {
			t.Fatalf("unchanged (marks %v): got %+v, %+v, %v %v", keeps, after, sub, err, err2)
		}
		if last := away.asked[len(away.asked)-1]; last.ETag != `"1"` {
			t.Errorf("asked with %+v, want the mark", last)
		}
		away.file, away.etag = forest+" If ;40\n", `"2"`
		c, err = h.Refresh(t.Context(), ada, d.ID)
		ok(t, err)
		ok(t, h.Fetch(t.Context(), c.ID, quiet))
		ok(t, h.Run(t.Context(), c.ID, quiet))
		after, v, err := h.Current(t.Context(), ada, d.ID)
		if err != nil || after.Current != 2 || after.Rows != 4 || v.Why != dataset.WhyRefreshed || len(v.Source.Plan) != 1 || v.Source.From.ETag != `"2"` {
			t.Fatalf("changed: got %+v, %+v, %v", after, v.Source, err)
		}
		if rows := h.rows(t, v.Outcome); rows[3][1] != "If" {
			t.Errorf("the repair was not made again: %v", rows[3])
		}
	}
}

func TestSubscribe_fetchesInTime(t *testing.T) {
	h, away := build(t), &site{file: forest}
	h.Fetcher = away
	d := h.subscribedDataset(t)
	if err := h.Subscribe(t.Context(), ada, d.ID, "https://exemple.fr/y", "hourly"); !fault.Is(err, "dataset.bad_rhythm") {
		t.Errorf("a rhythm that is none: got %v", err)
	}
	ok(t, h.Subscribe(t.Context(), ada, d.ID, "https://exemple.fr/y", dataset.Weekly))
	asked := len(away.asked)
	ok(t, h.RefreshDue(t.Context()))
	h.now = h.now.Add(7*24*time.Hour + time.Minute)
	away.file = forest + "If;40\n"
	ok(t, h.RefreshDue(t.Context()))
	ok(t, h.RefreshDue(t.Context())) // claimed already
	found, err := h.Find(t.Context(), ada, d.ID)
	if err != nil || found.Pending == nil {
		t.Fatalf("got %+v, %v; want a change on its way", found, err)
	}
	h.arrivedChange(t, found)
	if len(away.asked) != asked+1 || away.asked[asked].Address != "https://exemple.fr/y" {
		t.Errorf("asked %+v", away.asked[asked:])
	}
	after, v, err := h.Current(t.Context(), ada, d.ID)
	if err != nil || after.Current != 2 || v.Why != dataset.WhyScheduled || v.ByName != "Ada" {
		t.Errorf("got %+v %+v %v", after, v, err)
	}
	// What goes wrong is told on the page of the dataset.
	h.now = h.now.Add(8 * 24 * time.Hour)
	away.fault = fault.New(fault.Invalid, "fetch.missing", "exemple.fr")
	ok(t, h.RefreshDue(t.Context()))
	found, err = h.Find(t.Context(), ada, d.ID)
	ok(t, err)
	h.arrivedChange(t, found)
	sub, err := h.Subscription(t.Context(), ada, d.ID)
	if err != nil || sub.Fault == nil || sub.Fault.Key != "fetch.missing" || !sub.Due.After(h.now) {
		t.Errorf("got %+v %v", sub, err)
	}
	ok(t, h.Subscribe(t.Context(), ada, d.ID, "", dataset.Daily))
	if sub, err = h.Subscription(t.Context(), ada, d.ID); err != nil || sub.Origin.Address != "" || !sub.Due.IsZero() {
		t.Errorf("ended: got %+v %v", sub, err)
	}
	if _, err := h.Refresh(t.Context(), ada, d.ID); !fault.Is(err, "dataset.no_address") {
		t.Errorf("without an address: got %v", err)
	}
}

func (h *house) arrivedChange(t *testing.T, d dataset.Dataset) {
	t.Helper()
	ok(t, h.Fetch(t.Context(), d.Pending.Check, quiet))
	ok(t, h.Run(t.Context(), d.Pending.Check, quiet))
}
