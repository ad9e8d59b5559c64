// Package contact is the room of lists of people an organisation writes to or calls, and of those who refused.
//
// Words. A List is a dataset somebody said to be one: which of its columns are an e-mail, a phone number, a name; and its trail of consent, when, how and
// to which words people said yes. An Objection is an e-mail or a phone number whose owner does not want to be contacted (GDPR article 21): only its digest is
// kept, under the organisation's secret, so that the list of those who refused tells nobody who they are.
//
// An Agreement is one time one person said yes for one purpose, kept under the same digest, until they take it back: its end is added, nothing is rewritten.
//
// Rules of this room. What was objected is left out of every file of contacts of every list, whichever list it came from, and of every other file of the datasets that
// are lists: a row stays when any of its cells is such a way. The whole of a list, those who refused marked, is given to who may change it and says why, which the audit log
// keeps. A person is one e-mail or one phone number, however it is written. A file of contacts holds the columns that were ticked, by default those that reach people.
package contact
