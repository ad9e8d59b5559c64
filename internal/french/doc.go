// Package french decides how French text compares and reads: what is the same word once case, accents and plurals are
// forgiven, in which order a list is sorted, and which number, date, truth or absence a cell says. It only reads: it
// never changes a cell. Its functions run on each cell of files of millions, so they avoid allocation, and use the
// standard library only.
package french
