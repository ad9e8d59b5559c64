package overview

import (
	"cultured/internal/catalogue"
	"cultured/internal/dataset"
)

// A Step is what a person can do next with a dataset, the first that makes sense.
type Step string

// The steps, in the order of the way from a file to a published dataset.
const (
	Repair   Step = "repair"   // findings have a fix
	Document Step = "document" // the record misses answers only people have
	Describe Step = "describe" // columns have no meaning written down
	Submit   Step = "submit"   // ready for a review
	Wait     Step = "wait"     // a steward has it
	Keep     Step = "keep"     // published and fine: keep it up to date
)

// Steps lists them in that order.
func Steps() []Step { return []Step{Repair, Document, Describe, Submit, Wait, Keep} }

// Due reports whether the step asks something of the person now; waiting and keeping up to date do not.
func (s Step) Due() bool { return s != Wait && s != Keep }

// A Proposal is a dataset and its next step.
type Proposal struct {
	Dataset dataset.Dataset
	Record  catalogue.Record
	Step    Step
	Open    int // questions of the record without an answer
}

// Key is the catalogue key of the step's sentence; its argument is Open.
func (p Proposal) Key() string { return "overview.step_" + string(p.Step) }

// Why is the catalogue key of the sentence that says what the step is good for.
func (p Proposal) Why() string { return "overview.why_" + string(p.Step) }

// Path is where the step is done.
func (p Proposal) Path() string {
	base := "/datasets/" + string(p.Dataset.ID)
	switch p.Step {
	case Repair:
		return base + "/quality"
	case Describe:
		return base + "/dictionary"
	case Keep:
		return base
	}
	return base + "/record"
}

// Next says the next step of a dataset with its record; fixable is the number of findings with a certain fix.
func Next(d dataset.Dataset, r catalogue.Record, fixable int) Proposal {
	p := Proposal{Dataset: d, Record: r}
	for _, q := range catalogue.Questions(r) {
		if !q.Answered {
			p.Open++
		}
	}
	switch {
	case r.State == catalogue.StateInReview:
		p.Step = Wait
	case fixable > 0 && r.State != catalogue.StatePublished:
		p.Step = Repair
	case p.Open > 0:
		p.Step = Document
	case r.State == catalogue.StatePublished:
		p.Step = Keep
	case undescribed(d) > 0:
		p.Step = Describe
	default:
		p.Step = Submit
	}
	return p
}

// Pick chooses from proposals in the order given (the latest touched first): what to continue, nil when nothing is due, and
// up to most others that are due.
func Pick(all []Proposal, most int) (first *Proposal, then []Proposal) {
	for _, p := range all {
		switch {
		case !p.Step.Due():
		case first == nil:
			first = &p
		case len(then) < most:
			then = append(then, p)
		}
	}
	return first, then
}

// undescribed counts the columns nobody has described.
func undescribed(d dataset.Dataset) int {
	n := 0
	for _, e := range d.Dictionary {
		if e.Description == "" {
			n++
		}
	}
	return n
}
