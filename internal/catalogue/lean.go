package catalogue

import (
	"slices"
	"strings"
)

// A pool holds each text once, however many records say it.
type pool map[string]string

func (p pool) one(texts ...*string) {
	for _, t := range texts {
		if held, ok := p[*t]; ok {
			*t = held
		} else {
			p[*t] = *t
		}
	}
}

// terms makes the words of documents small to keep: a word is a part of the text it stood in, and would keep all of it.
func (p pool) terms(docs []*document) []*document {
	for _, d := range docs {
		d.terms = slices.Clone(d.terms)
		for i := range d.terms {
			t := &d.terms[i]
			if _, held := p[t.word]; !held {
				t.word = strings.Clone(t.word)
			}
			if _, held := p[t.stem]; !held {
				t.stem = strings.Clone(t.stem)
			}
			p.one(&t.word, &t.stem)
		}
		for f := range d.facets {
			for i := range d.facets[f] {
				p.one(&d.facets[f][i])
			}
		}
	}
	return docs
}

// lean makes a record that was just read small to keep: what it shares with its snapshot is held once, and so are the
// texts that many records repeat. It says the same as before.
func (p pool) lean(r Record) Record {
	p.texts(&r)
	if r.Published == nil {
		return r
	}
	snapshot := *r.Published
	s := &snapshot.Record
	p.texts(s)
	r.Keywords, r.Themes = shared(r.Keywords, s.Keywords), shared(r.Themes, s.Themes)
	r.Resources, r.Columns = shared(r.Resources, s.Resources), shared(r.Columns, s.Columns)
	r.Published = &snapshot
	return r
}

// shared is b where it says the same as a. A list that is absent stays so.
func shared[T comparable](a, b []T) []T {
	if a != nil && b != nil && slices.Equal(a, b) {
		return b
	}
	return a
}

func (p pool) texts(r *Record) {
	p.one(&r.Dataset, &r.Organisation, &r.Service, &r.ServiceName, &r.Author, &r.Slug, &r.Title, &r.Description, &r.Purpose,
		&r.Limits, &r.Origin, &r.Owner, &r.Contact, &r.Spatial.Name, &r.Spatial.Code, &r.Spatial.Kind, &r.Frequency, &r.Licence,
		&r.Language, &r.Schema.Name, &r.Schema.Title, &r.Schema.URI, &r.Schema.Version)
	r.Keywords, r.Themes, r.Resources, r.Columns = slices.Clone(r.Keywords), slices.Clone(r.Themes), slices.Clone(r.Resources), slices.Clone(r.Columns)
	for i := range r.Keywords {
		p.one(&r.Keywords[i])
	}
	for i := range r.Resources {
		f := &r.Resources[i]
		p.one(&f.ID, &f.Title, &f.Description, &f.Format, &f.MediaType, &f.URL)
	}
	for i := range r.Columns {
		c := &r.Columns[i]
		p.one(&c.Name, &c.Title, &c.Description, &c.Type)
	}
}
