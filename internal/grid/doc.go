// Package grid is the room where people edit a dataset cell by cell, several at once: it decides what an operation changes, what it may
// not change, and how what was changed becomes a version.
//
// Words. An Op is one operation of the log of a dataset: some cells, rows added or removed, taken back or proposed, by somebody, under a
// number without holes. The base is the version of the dataset that the operations stand on; a row is counted in its table, from 1, and
// rows added have numbers beyond it. An Overlay is what the operations make of the base: the fold of the log. A proposal is an operation
// that changes nothing until somebody who may change the dataset accepts it.
//
// Rules. The log is the truth: what is acknowledged is committed, and the fold of the same operations is the same overlay for everybody.
// Each change names the value it saw: where another is there by now, nothing is written and both are told. Nothing is rewritten: taking
// back is an operation too. A version kept takes the operations with it; those that came meanwhile are counted anew in its rows.
package grid
