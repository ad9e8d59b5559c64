// Package i18n says things in the reader's language: sentences from the rooms' own text/{fr,en}.json, plurals by
// CLDR, numbers and dates as the reader writes them. French is the default; English switches everything.
//
// A sentence has arguments {0}, {1}; {0B} is one in bytes, written « 1,2 Mo ». A sentence that counts is an object {"one": …, "other": …, "many": …} chosen
// by its argument {0}: in French 0 and 1 are "one" and whole millions are "many" (« 1 000 000 de lignes »).
package i18n
