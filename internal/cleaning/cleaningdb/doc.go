// Package cleaningdb holds all SQL of the cleaning room: drafts. A draft belongs to a person and is forgotten with them; what it
// becomes is told by the dataset's own events.
package cleaningdb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
