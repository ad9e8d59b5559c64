package e2e

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
)

// A publishedDataset is a dataset as the public interface lists it.
type publishedDataset struct {
	ID, Title, Page, Rows string
	Downloads             map[string]string
}

// published lists the public catalogue, by identifier.
func published(t *testing.T, s *server) (all []publishedDataset) {
	t.Helper()
	v := s.visitor(t)
	for next := "/api/v1/datasets"; next != ""; {
		var page struct {
			Total int
			Data  []publishedDataset
			Links struct{ Next string }
		}
		if err := json.Unmarshal([]byte(v.want(t, next)), &page); err != nil {
			t.Fatal(err)
		}
		all, next = append(all, page.Data...), page.Links.Next
	}
	slices.SortFunc(all, func(a, b publishedDataset) int { return cmp.Compare(a.ID, b.ID) })
	return all
}

// demonstrated waits until the demonstration is complete, and lists its public catalogue.
func demonstrated(t *testing.T, s *server) []publishedDataset {
	t.Helper()
	eventually(t, "the demonstration is complete", func() bool { return strings.Contains(s.out.String(), s.url) })
	return published(t, s)
}

// A demonstratedDataset is a dataset the demonstration is made of.
type demonstratedDataset struct{ ID, State string }

func demonstration(t *testing.T) []demonstratedDataset {
	t.Helper()
	b, err := os.ReadFile("../../content/demo/demo.json")
	if err != nil {
		t.Fatal(err)
	}
	var d struct{ Datasets []demonstratedDataset }
	if err := json.Unmarshal(b, &d); err != nil {
		t.Fatal(err)
	}
	return d.Datasets
}

// mine counts the datasets a person sees in their list.
func (v *visitor) mine(t *testing.T) int {
	t.Helper()
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(v.want(t, "/datasets.csv"), "\ufeff"))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return len(lines) - 1
}
