// Package recipe is the room of cleaning: a list of steps that turn one table into another, the same way each time.
//
// Words. A Step is one change to a whole table, with all it needs to be done again: it names columns, never places. A
// Recipe is an ordered list of steps, kept as JSON. A Run is a recipe at work on a table; it is itself a table, read row by
// row. A Tally is what one step did: rows in and out, cells changed, values it could not read, and some of them before and
// after.
//
// Rules. A recipe fits a header or it refuses, before the first row, saying which step lacks which column. The same recipe
// over the same table gives the same table. A value a step cannot read stays as it is and is counted: nothing is emptied
// in silence. Steps read one row at a time; those that must hold rows (pivot, the last of duplicates, groups) have a bound
// in bytes, and beyond it the recipe stops with a fault that names the step.
//
// What the rooms share. A column is found by its very name, else by the only one that differs in case, accents and spaces
// alone. Rows keep the number they have in the file while steps only change or leave out rows; a step that makes rows of
// its own numbers them from 2, as a sheet with one header row would.
//
// Sources. Numbers, dates and distances: internal/french. Key collision and its n-gram form: the method called
// "fingerprint" in the literature of reference tools for messy data; the phonetic key is this project's own, made for
// French endings, and only ever proposes.
package recipe
