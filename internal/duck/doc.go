// Package duck writes and queries tables of data kept as Parquet files, with DuckDB inside the process. It is the only
// package that imports DuckDB.
//
// It decides: every statement is written here, with names checked against the file's own columns and values bound; SQL
// written by a visitor never runs in this process. A file is written whole or not at all, and never changes afterwards,
// so that what is learnt of it is remembered by its path. A cell that is not of its column's type is an error that names
// the column and the row: nothing becomes empty in silence. Paging is by key, so that the thousandth page costs what the
// first does. The engine opens at its first use, and a limited number of statements run at a time.
package duck
