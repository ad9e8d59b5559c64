// Package job runs work in the background: imports, indexing, mails. It hides the queue (River, in the same database as
// the rest) behind a few words: register a kind, enqueue, look at its progress, cancel.
//
// It decides what surviving means. A job and the change that asked for it are written in one transaction. A running job
// holds a lease, renewed every two seconds; when the process dies, the lease lapses and the job runs again: at once after
// a restart on SQLite, where one process owns the file, and within seconds on PostgreSQL, where another replica may take it
// (within half a minute when the machine vanished without closing its connections). A job function must therefore bear
// being run twice: write aside, then rename; insert under a key.
//
// A fault a person can mend (Invalid, NotFound, Conflict…) ends the job at once and is kept for them to read. Any other
// error, Busy faults and panics included, is tried again, three times in all.
package job
