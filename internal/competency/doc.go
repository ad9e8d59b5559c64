// Package competency is the room of competency frameworks. It decides what a framework is made of, how it changes without
// losing what hangs on it, and how it travels: CSV, CASE 1.1, SKOS.
//
// Words: a framework is a tree of families and competences, with levels that each competence describes; the working copy is
// what stewards edit; a version is what everybody reads, and never changes; an item (family or competence) keeps its
// identifier for ever: it is retired, never deleted, and says which items succeed it; an alignment links a competence to
// an item of somebody else's framework; an arrival is a framework as it was brought in from a file.
//
// What hangs on a competence elsewhere (situations, missions, evidence) refers to its ItemID. When a version retires one,
// the event "competency.superseded" names its successors, and [Service.Successors] answers at any time.
//
// Sources: CASE 1.1 (1EdTech, final release of 13 March 2025), SKOS (W3C Recommendation of 18 August 2009), JSON-LD 1.1.
//
// Everything here is pure: no clock, no file, no network. Stores and pages live in competencydb and competencyweb.
package competency
