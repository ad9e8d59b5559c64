package datasetdb

import (
	"errors"
	"reflect"
	"testing"

	"cultured/internal/fault"
)

func TestFaults_areKeptWithThoseTheyTell(t *testing.T) {
	inner := fault.New(fault.TooLarge, "tabular.too_many_cells", int64(7), "a")
	raw, err := writeFault(fault.New(fault.TooLarge, "tabular.piece", "b.csv", inner).Because(errors.New("not kept")))
	if err != nil {
		t.Fatal(err)
	}
	got, err := readFault(raw)
	if want := fault.New(fault.TooLarge, "tabular.piece", "b.csv", inner); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
}
