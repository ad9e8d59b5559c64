// Package db opens the application's database, SQLite or PostgreSQL, and hides what differs between them: opening,
// migrating, retrying, recognising a duplicate. Everything else is one SQL text with $1 placeholders, written in the
// rooms' own stores and run on both engines by every store test.
//
// Times are fixed-width UTC text (see [Stamp]), so that they sort and compare alike on both engines.
package db
