// Package schema is the room of table schemas: what a column must hold, and whether a table holds it.
//
// It decides: what a Frictionless Table Schema says (version 1 and 2, read tolerantly: a national schema that breaks
// the official profile is loaded with warnings, never refused); which findings a header and each row give; which fix
// of a cell is certain; which schema of the pack a table seems to follow.
//
// Words. A Schema is a list of Fields. A Checker is a schema compiled for one header. A test is one rule of one field;
// a cell that passes every test costs no allocation. A custom check is one of the French rules beyond Table Schema, as
// the national schemas call them ("french-siret-value"). A Pack is the schemas shipped with the product.
//
// Findings. Reason is a key of this package; its companions are Reason+"_title" (the name of the group) and
// Reason+"_mend" (how to mend). Arguments: {0} is always the cell as read, cut to 200 runes (for findings about the
// header: the column); {1} and the following are the same for all cells of the column, so that titles and mend texts,
// which never use {0}, may be shown once for a group. Rules between columns are the exception: they also quote the
// other cells, after the constant arguments.
//
// Empty cells. A cell that is one of the missing values of the field is only asked to be there if it is required.
// Leading and trailing spaces are not forgiven in typed columns, since other tools refuse them; they come with a fix.
//
// Columns. Order never matters, unless the schema itself says fieldsMatch "exact". A column the schema does not know is
// a warning, as in Validata, unless fieldsMatch forbids it. A column whose name differs only by case, accents or spaces
// is an error about the name, and its cells are checked all the same.
//
// Sources: Table Schema 1 (https://specs.frictionlessdata.io/table-schema/) and 2
// (https://datapackage.org/standard/table-schema/); for the custom checks, the descriptions published with Validata.
package schema
