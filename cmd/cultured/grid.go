package main

import (
	"context"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/dataset/datasetweb"
	"cultured/internal/grid"
	"cultured/internal/grid/gridfile"
	"cultured/internal/grid/gridweb"
)

// gridDesk is what the pages of grids stand on.
func (h *house) gridDesk() gridweb.Desk {
	reader := &gridfile.Reader{Blobs: h.blobs, Duck: h.duck, Data: h.dataset, Temp: h.blobs.TempDir()}
	return gridweb.Desk{Reader: reader, Tabs: datasetweb.Tabs, Table: func(ctx context.Context, by actor.Actor, id dataset.ID) (grid.Table, error) {
		d, v, err := h.dataset.Current(ctx, by, id)
		return grid.Table{Dataset: d, Version: v}, err
	}}
}
