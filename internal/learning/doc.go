// Package learning is the room of what people can show: evidence of work done, who looked at it, and the level it adds up to.
//
// Words: evidence is a piece of work with the competences it shows; its artefact is what was made (a file, an answer, a dataset, a link); a check
// says how it was verified; a review is a colleague's look at it, with a grid; a share lets somebody read it; the level is what the
// rule (docs/decisions/0024-a-level-is-counted.md) finds in all the evidence about a competence.
// Who has the role [actor.HR] reads figures: what a view says of a competence in a block of services, told once a month and for good
// (docs/decisions/0033-groups-under-five.md).
//
// Evidence is its person's alone until they share it: nothing of it is written in the organisation's log, and it goes when they are erased.
package learning
