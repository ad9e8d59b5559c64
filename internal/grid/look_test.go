package grid

import (
	"errors"
	"net/url"
	"reflect"
	"testing"

	"cultured/internal/dataset"
	"cultured/internal/fault"
)

var lookColumns = []dataset.ColumnProfile{{Name: "Nom du lieu", Slug: "nom_du_lieu", Storage: dataset.TypeText}, {Name: "Prix", Slug: "prix", Storage: dataset.TypeNumber},
	{Name: "Depuis", Slug: "depuis", Storage: dataset.TypeDate}, {Name: "Ouvert", Slug: "ouvert", Storage: dataset.TypeBoolean}}

func TestReadLook(t *testing.T) {
	for _, test := range []struct {
		name, query string
		want        Look
		fault       string
	}{
		{"nothing", "", Look{}, ""},
		{"a search without the spaces around it", "search=+%C3%A9cole+", Look{Search: "école"}, ""},
		{"several orders, each column once, none unknown", "sort=-prix,nom_du_lieu,prix,inconnue", Look{Order: []dataset.Order{{Column: "Prix", Descending: true}, {Column: "Nom du lieu"}}}, ""},
		{"a number as in France", "filter=prix:gt:1%C2%A0234,5", Look{Where: []dataset.Filter{{Column: "Prix", Op: dataset.Greater, Values: []string{"1234.5"}}}}, ""},
		{"a date as in France", "filter=depuis:le:31/12/2026", Look{Where: []dataset.Filter{{Column: "Depuis", Op: dataset.LessOrEqual, Values: []string{"2026-12-31"}}}}, ""},
		{"yes", "filter=ouvert:eq:oui", Look{Where: []dataset.Filter{{Column: "Ouvert", Op: dataset.Equal, Values: []string{"true"}}}}, ""},
		{"a part of a number is text", "filter=prix:contains:12", Look{Where: []dataset.Filter{{Column: "Prix", Op: dataset.Contains, Values: []string{"12"}}}}, ""},
		{"among several", "filter=nom_du_lieu:in:a%7Cb:c", Look{Where: []dataset.Filter{{Column: "Nom du lieu", Op: dataset.OneOf, Values: []string{"a", "b:c"}}}}, ""},
		{"empty", "filter=prix:empty", Look{Where: []dataset.Filter{{Column: "Prix", Op: dataset.IsNull}}}, ""},
		{"empty, from a form that sends a value anyway", "filter=prix:empty:", Look{Where: []dataset.Filter{{Column: "Prix", Op: dataset.IsNull}}}, ""},
		{"a column there is not", "filter=x:eq:1", Look{}, "grid.unknown_filter"},
		{"a comparison there is not", "filter=prix:like:1", Look{}, "grid.unknown_filter"},
		{"no value where one is needed", "filter=prix:eq", Look{}, "grid.unknown_filter"},
		{"words in a column of numbers", "filter=prix:eq:cher", Look{}, "grid.bad_filter_value"},
		{"an empty value", "filter=nom_du_lieu:eq:", Look{}, "grid.bad_filter_value"},
	} {
		q, err := url.ParseQuery(test.query)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ReadLook(q, lookColumns)
		if f, _ := errors.AsType[*fault.Error](err); test.fault != "" {
			if f == nil || f.Key != test.fault {
				t.Errorf("%s: got %v, want %s", test.name, err, test.fault)
			}
			continue
		}
		if err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v, %v, want %+v", test.name, got, err, test.want)
		}
	}
	many := url.Values{}
	for range FiltersMost + 1 {
		many.Add("filter", "prix:filled")
	}
	if _, err := ReadLook(many, lookColumns); err == nil {
		t.Error("got no fault for too many filters")
	}
}

func FuzzReadLook(f *testing.F) {
	f.Add("search=a&sort=-prix&filter=prix:gt:1")
	f.Fuzz(func(t *testing.T, query string) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		l, err := ReadLook(q, lookColumns)
		if err != nil {
			return
		}
		for _, w := range l.Where {
			if w.Column == "" || w.Op == "" {
				t.Errorf("%q gives the filter %+v", query, w)
			}
		}
	})
}
