// Package dataset is the room of tables: what a file holds, what is wrong with it, what can be mended for certain, and
// the versions a table goes through.
//
// Words. A Profile is what one reading says of a table and its columns. A finding is one anomaly (internal/finding);
// a Group is all findings of one reason in one column. A Fix is a change nobody can contest; a Plan is an ordered list of
// fixes, replayed each time the source is read: the source never changes, and undoing is reading with the plan before.
// A Report is what an examination says; its Verdict is one sentence. Facts are what a metadata record can be filled with.
//
// Rules. A fix never changes a value that is not certain. Codes and identifiers stay text, leading zeros kept. Memory is
// bounded whatever the size of the table: what is exact and what is an estimate is said in the profile.
//
// Findings. Reason is a key of this package; Reason+"_title" names the group, Reason+"_mend" says how to mend. {0} is
// always the cell as read (for a finding about a column: the column's name), so titles and mend texts never use it;
// {1} and the following are the same for all cells of a column, except where a sentence speaks of one row.
//
// Sources. Numbers, dates and absences as French files write them: internal/french. Identifiers: internal/identifier.
// Quantiles: T. Dunning and O. Ertl, "Computing extremely accurate quantiles using t-digests" (2019). Distinct values:
// P. Flajolet et al., "HyperLogLog" (2007). Lambert-93: IGN, "Projection cartographique conique conforme de Lambert",
// NTG 71 (1995).
package dataset
