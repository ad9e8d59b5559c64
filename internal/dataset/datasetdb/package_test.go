package datasetdb_test

import (
	"errors"
	"slices"
	"testing"

	"cultured/internal/dataset"
)

func packed(first, id dataset.CheckID, place int) dataset.Check {
	c := running(id)
	c.Package, c.Place, c.Source.Blob, c.By = first, place, "archive", ""
	return c
}

func TestTables_areThoseOfOneArchiveInItsOrder(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		job, err := h.Add(t.Context(), packed("b", "b", 1), packed("b", "c", 2), packed("b", "a", 0))
		ok(t, err)
		lone := running("z")
		lone.By = ""
		_, err = h.Add(t.Context(), lone)
		ok(t, err)
		if got := h.queued(t); job != "job1" || !slices.Equal(got, []string{"b", "c", "a", "z"}) {
			t.Errorf("got %s of %v, want a job for each, the first one's", job, got)
		}
		all, err := h.Tables(t.Context(), "b")
		ok(t, err)
		var got []dataset.CheckID
		for _, c := range all {
			got = append(got, c.ID)
		}
		if !slices.Equal(got, []dataset.CheckID{"a", "b", "c"}) || all[0].Source.Name != "é «a».csv" || all[0].Package != "b" {
			t.Errorf("got %v", all)
		}
		for _, of := range []dataset.CheckID{"", "a", "z"} {
			if all, err := h.Tables(t.Context(), of); err != nil || len(all) > 0 {
				t.Errorf("%q: got %v, %v", of, all, err)
			}
		}
		if bytes, err := h.Passing(t.Context()); err != nil || bytes != 14 {
			t.Errorf("got %d, %v; want the archive counted once", bytes, err)
		}
		h.refuse = errors.New("no queue")
		if _, err := h.Add(t.Context(), packed("d", "d", 0), packed("d", "e", 1)); !errors.Is(err, h.refuse) {
			t.Errorf("got %v", err)
		}
		if all, err := h.Tables(t.Context(), "d"); err != nil || len(all) > 0 {
			t.Errorf("got %v, %v; want all or none", all, err)
		}
	})
}

func TestArrived_storesTheOtherTablesOfAnArchive(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		c := running("a")
		c.Source.Blob = ""
		_, err := h.Add(t.Context(), c)
		ok(t, err)
		here := packed("a", "a", 0)
		_, err = h.subs().Arrived(t.Context(), here, packed("a", "b", 1))
		ok(t, err)
		if all, err := h.Tables(t.Context(), "a"); err != nil || len(all) != 2 || all[0].Source.Blob != "archive" {
			t.Errorf("got %v, %v", all, err)
		}
		if _, err := h.subs().Arrived(t.Context(), here, packed("a", "c", 2)); err == nil {
			t.Error("a file that came twice is taken twice")
		}
		if all, _ := h.Tables(t.Context(), "a"); len(all) != 2 {
			t.Errorf("got %d tables", len(all))
		}
	})
}
