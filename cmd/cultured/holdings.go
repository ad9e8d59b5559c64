package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"cultured/internal/actor"
	"cultured/internal/catalogue"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/mission"
	"cultured/internal/tabular"
)

// holdings is what the mission room asks of the rooms of datasets and records.
type holdings struct{ *house }

// Held implements [mission.Holdings].
func (h holdings) Held(ctx context.Context, by actor.Actor) (out []mission.Holding, err error) {
	list, err := h.dataset.List(ctx, by)
	for _, d := range list {
		if d.MayChange(by) {
			out = append(out, holding(d))
		}
	}
	return out, err
}

// holding is what a list knows of a dataset.
func holding(d dataset.Dataset) mission.Holding {
	one := mission.Holding{ID: string(d.ID), Title: d.Title, Version: d.Current, Rows: d.Rows, Problems: d.Problems, Exercise: d.Lesson != ""}
	for _, e := range d.Dictionary {
		one.Columns = append(one.Columns, mission.HeldColumn{Name: e.Name, Type: string(e.Type), Meaning: string(e.Semantic), Described: e.Description != "", Description: e.Description})
	}
	return one
}

// Hold implements [mission.Holdings]. Who may not change the dataset hears what that room says of it.
func (h holdings) Hold(ctx context.Context, by actor.Actor, id string, table bool) (one mission.Holding, t *mission.Table, err error) {
	if _, err := h.dataset.ForChange(ctx, by, dataset.ID(id)); err != nil {
		return one, nil, err
	}
	d, v, err := h.dataset.Current(ctx, by, dataset.ID(id))
	if err != nil {
		return one, nil, err
	}
	one = holding(d)
	one.Hash, one.By, one.ByName = cmp.Or(v.Outcome.Table, v.Source.Blob), v.By, v.ByName
	for _, c := range v.Outcome.Report.Profile.Columns {
		if c.Position < len(one.Columns) {
			one.Columns[c.Position].Key = c.Unique && c.Missing == 0 && d.Rows > 1
		}
	}
	rec, err := h.catalogue.Record(ctx, by, id)
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return one, nil, err
	}
	if err == nil {
		one.Score = catalogue.ScoreOf(rec, time.Now()).Met
	}
	if !table {
		return one, nil, nil
	}
	if d.Rows > mission.MostRows {
		return one, nil, fault.New(fault.TooLarge, "mission.practice_too_many_rows", mission.MostRows)
	}
	var raw bytes.Buffer
	if err := h.dataset.Export(ctx, v.Outcome, dataset.CSV, &raw); err != nil {
		return one, nil, err
	}
	in, err := h.reader().Open(bytes.NewReader(raw.Bytes()), int64(raw.Len()), d.Title+".csv", tabular.Options{})
	if err != nil {
		return one, nil, err
	}
	read, err := mission.Read(in)
	return one, &read, errors.Join(err, in.Close())
}

// cookbook is what the mission room asks of the room where people clean.
type cookbook struct{ *house }

// Saved implements [mission.Cookbook].
func (b cookbook) Saved(ctx context.Context, by actor.Actor) (out []mission.Prepared, err error) {
	all, err := b.cleaning.All(ctx, by)
	for _, s := range all {
		out = append(out, mission.Prepared{ID: s.ID, Title: s.Name, Version: s.Version, Steps: s.Steps})
	}
	return out, err
}

// Cleaned implements [mission.Cookbook]. Who may not change the dataset hears what that room says of it.
func (b cookbook) Cleaned(ctx context.Context, by actor.Actor, id string) (p mission.Prepared, err error) {
	if _, err := b.dataset.ForChange(ctx, by, dataset.ID(id)); err != nil {
		return p, err
	}
	bench, err := b.cleaning.Open(ctx, by, dataset.ID(id))
	if err != nil {
		return p, err
	}
	p = mission.Prepared{ID: id, Title: bench.Dataset.Title, Version: bench.Version.Number}
	for _, f := range bench.Version.Source.Plan {
		p.Steps = append(p.Steps, f.Recipe...)
	}
	p.Steps = append(p.Steps, bench.Draft.Steps...)
	return p, nil
}

// builder is what the mission room asks of the room of forms.
type builder struct{ *house }

// Mine implements [mission.Forms]: colleagues' forms are theirs to hand in.
func (b builder) Mine(ctx context.Context, by actor.Actor) ([]form.Form, error) {
	all, err := b.form.List(ctx, by)
	return slices.DeleteFunc(all, func(f form.Form) bool { return f.Owner != by.ID }), err
}

// Begin implements [mission.Forms].
func (b builder) Begin(ctx context.Context, by actor.Actor, f form.Form) (form.ID, error) {
	f, err := b.form.Create(ctx, by, f)
	return f.ID, err
}
