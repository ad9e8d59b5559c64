// Package rule is the room of what an organisation asks of its tables beside their schema.
//
// Words. A Rule is a condition that holds for each good row, with the sentence that is said where it does not, and how to mend it. Its
// condition is a formula as spreadsheets write them in France, or columns that together never hold the same twice. A Book is the rules of
// one subject: a schema, wherever the organisation holds a table against it, or one dataset.
//
// Rules of this room. What a rule finds is a finding as any other: an error makes the table invalid, a warning does not. A rule whose columns
// are not all there is skipped, and that is said. A formula that has no answer for a row (a text stands where it reckons) says nothing: the
// type of a cell is the schema's to judge. A rule is not asked where one of its columns is empty, as the custom checks of the national
// schemas are not, unless it says so or is about that: it compares with "" or counts with NBVAL.
//
// Sources. The formulas are those of internal/recipe; what must not come twice follows uniqueKeys of Table Schema v2.
package rule
