// Package tabular reads the tables agents have: CSV in any encoding with any separator, workbooks. It is tolerant on
// input, explains each of its decisions, keeps cells as text exactly as written (leading zeros included), and holds its
// memory whatever the file. It uses the standard library only, so that the command line, the pages and the tests
// read with the same code.
package tabular
