// Package document writes a text with headings, lists and tables as a file people go on with in the program they have: ODT,
// DOCX, HTML or Markdown. It decides how each format says the same thing, and nothing about what is said: texts come
// translated and formatted. Each file says its language and its title, each table which row names its columns, so that a
// screen reader finds its way.
//
// Sources: OpenDocument 1.3 (OASIS, 2021); Office Open XML, ECMA-376-1:2016; HTML Living Standard; CommonMark 0.31 and the
// tables of GitHub Flavored Markdown 0.29.
package document
