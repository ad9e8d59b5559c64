// Package schemaweb is the schemas' pages: the list of those the program ships with, and what each one asks of a file, in
// words. It decides nothing about a schema: internal/schema does.
package schemaweb
