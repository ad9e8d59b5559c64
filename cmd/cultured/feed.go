package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"strings"
	"time"

	"cultured/internal/actor"
	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/form"
	"cultured/internal/i18n"
	"cultured/internal/tabular"
)

// feedForms keeps the datasets of forms up to their answers, until ctx ends.
func (h *house) feedForms(ctx context.Context) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := h.form.Feed(ctx, h.feedDataset); err != nil && ctx.Err() == nil {
				h.log.Error("feeding the datasets of forms", "err", err)
			}
		}
	}
}

// examinedWithin is how long a dataset of answers may be on its way before it is tried again.
const examinedWithin = 5 * time.Minute

// feedDataset makes the answers the next version of a dataset, or a dataset of their own, in the name of the form's owner.
func (h *house) feedDataset(ctx context.Context, open form.Sheet, into string) (string, error) {
	f := open.Form
	by := actor.Actor{ID: f.Owner, Organisation: f.Organisation, Service: f.Service}
	names, err := h.account.Names(ctx, by, f.Owner)
	if err != nil {
		return "", err
	}
	by.Name = names[f.Owner]
	body, err := answersFile(open)
	if err != nil {
		return "", err
	}
	ask := dataset.SubmitForm{Body: bytes.NewReader(body), Name: strings.ReplaceAll(f.Title, "/", "-") + ".csv", Of: dataset.ID(into)}
	c, err := h.dataset.Submit(ctx, by, ask)
	if into != "" && fault.KindOf(err) == fault.NotFound { // deleted since: the form still asks for one
		into = ""
		ask.Body, ask.Of = bytes.NewReader(body), ""
		c, err = h.dataset.Submit(ctx, by, ask)
	}
	if err != nil {
		return "", err
	}
	waiting, cancel := context.WithTimeout(ctx, examinedWithin)
	defer cancel()
	if _, err := h.queue.Wait(waiting, c.Job, examinedWithin); err != nil || into != "" {
		return into, err
	}
	kept, err := h.dataset.Keep(ctx, by, c.ID)
	if err != nil {
		return "", err
	}
	entries := kept.Dictionary
	for i := range entries {
		for _, col := range open.Columns {
			if col.Name == entries[i].Name {
				entries[i].Label = col.Label
			}
		}
	}
	_, err = h.dataset.Describe(ctx, by, kept.ID, kept.Revision, entries)
	return string(kept.ID), err
}

// answersFile writes answers as the file of a dataset: the day each came, then the questions that concern nobody. The numbers stay
// out: whoever holds one may follow the request.
func answersFile(open form.Sheet) ([]byte, error) {
	var b bytes.Buffer
	out := csv.NewWriter(&b)
	line := []string{"received"}
	for _, c := range open.Columns {
		line = append(line, c.Name)
	}
	if err := out.Write(line); err != nil {
		return nil, err
	}
	for _, a := range open.Answers {
		line = append(line[:0], i18n.Civil(a.At).Format(time.DateOnly))
		for _, c := range open.Columns {
			text := c.Text(a.Values)
			if !c.Numeric(text) {
				text = tabular.CSVCell(text)
			}
			line = append(line, text)
		}
		if err := out.Write(line); err != nil {
			return nil, err
		}
	}
	out.Flush()
	return b.Bytes(), out.Error()
}
