// Package sqlite reads the tables of an SQLite file somebody sent, GeoPackage included, without the engine: no SQL runs, no
// temporary file is made, and nothing the file says is trusted. It reads from any io.ReaderAt, in memory bounded by the
// largest row allowed, and visits no page twice, so that a crafted file ends like any other.
//
// Sources: sqlite.org/fileformat2.html (the file), sqlite.org/lang_createtable.html (the columns).
package sqlite
