// Package cleaning is the room where people clean a dataset with steps: it keeps what they are writing, tries it on the first rows, and
// applies it as a new version.
//
// Words. A Draft is the recipe somebody is writing over a dataset: theirs alone, kept from one page to the next, with the states
// before, so that each change can be undone. A Saved is a recipe kept by name for everybody in the organisation, with its versions.
// A Trial is what a draft does to the first rows. What the steps are and do is the
// room recipe's; what becomes of the dataset is the room dataset's: a draft applied is one more fix of its plan.
//
// Rules. Nothing changes in a dataset before its draft is applied; a draft applied stays until its version exists, so that a change
// that fails loses no step. A draft changes only from the state the person saw. Who may see a dataset may try steps on it; who may
// change it may apply them.
package cleaning
