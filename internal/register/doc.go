// Package register is the room of the register of processing activities that article 30 of the GDPR asks of every public body.
//
// Words. An Entry is one activity: what personal data is used for, on which basis, about whom, who gets it, how long it is kept, how it is protected.
// A Subject is a form or a dataset with personal data, as its room last told; a Source is a subject that an entry covers, with its personal fields
// as they were when the entry was last written. A subject that no entry covers is to be entered. An Opinion is what the data protection officer said of
// an entry as it was then; an Alert is a publication that was refused, or forced, because persons were recognised in the dataset.
//
// Rules of this room. Everybody of the organisation reads; stewards, administrators and the data protection officer write. Only the officer
// gives opinions; one holds for the state of the entry it was given on. An entry may be kept before it is complete: what it lacks
// is said. Every state it had is kept; deleting it is a state too. When the fields of a source are no longer those the entry was written with, that is
// said until the entry is written again.
//
// Sources. Regulation (EU) 2016/679, articles 6, 9, 10, 30, 35 and 44 to 49; the fields are those of the CNIL's model of a register.
package register
