// Package backup writes everything an instance holds into one file while it runs, and makes an instance of such a file.
//
// The file is a gzipped tar: manifest.json, blobs/<hash>, and last tables.ndjson (see [cultured/internal/db.DB.Dump]), so
// that a file cut short never looks like an instance. It says nothing of the engine: a backup of SQLite restores on
// PostgreSQL and the other way round.
package backup

import "embed"

// Text holds the sentences of this package's faults.
//
//go:embed text/*.json
var Text embed.FS
