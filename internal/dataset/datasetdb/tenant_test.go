package datasetdb_test

import (
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"

	"cultured/internal/dataset"
	"cultured/internal/db"
	"cultured/internal/fault"
)

// everything lists the rows of the room, to see that nothing changed.
func (h *house) everything(t *testing.T) []string {
	t.Helper()
	list, err := db.Rows(t.Context(), h.db, func(row func(...any) error) (s string, err error) { return s, row(&s) },
		`SELECT id || title || dictionary || CAST(revision AS TEXT) || CAST(current AS TEXT) FROM dataset_dataset
		UNION ALL SELECT dataset || CAST(number AS TEXT) || source FROM dataset_version
		UNION ALL SELECT id || state FROM dataset_check
		UNION ALL SELECT subject || verb FROM outbox_event ORDER BY 1`)
	ok(t, err)
	return list
}

func TestAnotherOrganisationNeitherSeesNorChanges(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.create(t, "d1")
		c := running("c1")
		c.For, c.Base = "d1", 1
		_, err := h.Add(t.Context(), c)
		ok(t, err)
		before := h.everything(t)
		ctx := t.Context()
		for name, try := range map[string]func() error{
			"Create": func() error {
				d, v := first("d2")
				return h.Create(ctx, eve, d, v, "c1")
			},
			"Find": func() error { _, err := h.Find(ctx, "elsewhere", "d1"); return err },
			"Change": func() error {
				_, err := h.Change(ctx, eve, "d1", "x", func(*dataset.Dataset) error { return nil })
				return err
			},
			"AddVersion": func() error { return h.AddVersion(ctx, eve, next("d1", 2), 1, "c1") },
			"Delete":     func() error { _, err := h.Delete(ctx, eve, "d1", nil); return err },
		} {
			if err := try(); !fault.Is(err, "dataset.not_found") || fault.KindOf(err) != fault.NotFound {
				t.Errorf("%s: got %v, want the same as for what does not exist", name, err)
			}
		}
		if all, err := h.List(ctx, "elsewhere"); err != nil || len(all) > 0 {
			t.Errorf("List: got %v, %v", all, err)
		}
		if vs, err := h.Versions(ctx, "elsewhere", "d1"); err != nil || len(vs) > 0 {
			t.Errorf("Versions: got %v, %v", vs, err)
		}
		if after := h.everything(t); !reflect.DeepEqual(after, before) {
			t.Errorf("got\n%v\nwant\n%v", after, before)
		}
		// Every method of the two interfaces that reads or writes by organisation is above; these are asked otherwise.
		tried := []string{"Find", "Change", "AddVersion", "Delete", "List", "Versions", "Create", "Version", "Uses", "Passing"}
		for _, i := range []reflect.Type{reflect.TypeFor[dataset.Datasets](), reflect.TypeFor[dataset.Graves]()} {
			for m := range i.NumMethod() {
				if !slices.Contains(tried, i.Method(m).Name) {
					t.Errorf("%s is not tried as another organisation", i.Method(m).Name)
				}
			}
		}
	})
}

func TestChange_isOptimistic(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.create(t, "d1")
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				_, err := h.Change(t.Context(), ada, "d1", "dataset.renamed", func(d *dataset.Dataset) error { d.Title += "!"; return nil })
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		d, err := h.Find(t.Context(), "o", "d1")
		if err != nil || d.Title != "Arbres!!!!!!!!" || d.Revision != 9 {
			t.Errorf("got %+v, %v; want every change", d, err)
		}
		refused := errors.New("refused")
		if _, err := h.Change(t.Context(), ada, "d1", "x", func(d *dataset.Dataset) error { d.Title = "x"; return refused }); !errors.Is(err, refused) {
			t.Errorf("got %v", err)
		}
		if again, err := h.Find(t.Context(), "o", "d1"); err != nil || again.Title != d.Title || len(h.verbs(t)) != 9 {
			t.Errorf("got %q, %v, events %v; want nothing of what was refused", again.Title, err, h.verbs(t))
		}
	})
}

func TestDelete_undoneFreesNoFile(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.create(t, "d1")
		if _, err := h.DB.Exec(`ALTER TABLE outbox_event RENAME TO elsewhere`); err != nil {
			t.Fatal(err)
		}
		if blobs, err := h.Delete(t.Context(), ada, "d1", nil); err == nil || len(blobs) > 0 {
			t.Errorf("got %v, %v; want an error, and no file to delete", blobs, err)
		}
		if _, err := h.Version(t.Context(), "d1", 1); err != nil {
			t.Errorf("what was undone is gone: %v", err)
		}
	})
}

func TestDelete_takesEverythingAndSaysWhichFilesAreFree(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.create(t, "d1")
		h.create(t, "d2")
		ok(t, h.AddVersion(t.Context(), ada, next("d1", 2), 1, ""))
		c := running("c1")
		c.For, c.Base = "d1", 2
		_, err := h.Add(t.Context(), c)
		ok(t, err)
		blobs, err := h.Delete(t.Context(), ada, "d1", nil)
		want := []string{"findings-v1", "findings-v2", "source-c1", "source-v", "table-v1", "table-v2"}
		if err != nil || !slices.Equal(blobs, want) {
			t.Errorf("got %v, %v; want %v", blobs, err, want)
		}
		if _, err := h.Find(t.Context(), "o", "d1"); !fault.Is(err, "dataset.not_found") {
			t.Errorf("got %v", err)
		}
		if _, err := h.Version(t.Context(), "d1", 1); !fault.Is(err, "dataset.not_found") {
			t.Errorf("got %v", err)
		}
		if _, err := h.Store.Find(t.Context(), "c1"); !fault.Is(err, "dataset.check_gone") {
			t.Errorf("got %v", err)
		}
		if blobs, err := h.Delete(t.Context(), ada, "d1", nil); !fault.Is(err, "dataset.not_found") || len(blobs) > 0 {
			t.Errorf("twice: got %v, %v", blobs, err)
		}
		if all, err := h.List(t.Context(), "o"); err != nil || len(all) != 1 || all[0].ID != "d2" {
			t.Errorf("got %v, %v; want the other dataset", all, err)
		}
	})
}

func TestUses_countsChecksAndVersions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.create(t, "d1")
		c := running("v") // the same file as the version's
		_, err := h.Add(t.Context(), c)
		ok(t, err)
		c.State, c.Outcome = dataset.Done, outcome("v1")
		ok(t, h.Finish(t.Context(), c))
		for blob, want := range map[string]int{"source-v": 2, "table-v1": 2, "findings-v1": 2, "source": 0, "": 0} {
			if got, err := h.Uses(t.Context(), blob); err != nil || got != want {
				t.Errorf("%q: got %d, %v; want %d", blob, got, err, want)
			}
		}
		ok(t, h.Drop(t.Context(), "v"))
		if got, err := h.Uses(t.Context(), "source-v"); err != nil || got != 1 {
			t.Errorf("got %d, %v; want the version's", got, err)
		}
	})
}
