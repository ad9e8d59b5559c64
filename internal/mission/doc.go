// Package mission is the room of missions: short pieces of real work on real data, checked by rules whose result stays in use.
//
// A mission is data: a story, the competences it proves, a source with its licence, what is drawn from it and what is disturbed in it, the
// checks an answer must pass, and answers that are known to be good and bad. From a seed the room draws a variant of the source (so that
// a neighbour's answer does not help), plants anomalies in it and remembers them: the truth an answer is judged against.
//
// Words: a source is a table as published; a variant is what one person gets of it; the truth is that variant before anything was planted;
// an anomaly is one planted cell or row; a piece of work is a person at a mission with one variant; a try is one answer with its verdict.
//
// Judging is pure: the same mission, seed and answer give the same verdict on every machine. [Prove] runs a mission against answers known to
// be good and bad, for many seeds: a check that nothing fails, or that a good answer fails, is refused before anybody meets it.
package mission
