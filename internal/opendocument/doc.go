// Package opendocument is what every OpenDocument file shares: how its package begins, and the list of what is in it. Texts are written by
// internal/document, spreadsheets by internal/tabular. Source: OASIS OpenDocument 1.3, part 2.
package opendocument
