// Package situationdb holds all SQL of the situation room. A record is one JSON object; every state it had is kept beside it, so
// that it can be shown and brought back.
package situationdb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
