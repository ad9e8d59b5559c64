// Package datasetfile keeps the dataset room's files: sources as they came, tables and findings as Parquet. It joins the
// blob store, which holds bytes, and the engine, which reads and writes tables, into what the room asks for.
package datasetfile
