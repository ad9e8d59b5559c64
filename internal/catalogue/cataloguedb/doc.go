// Package cataloguedb holds all SQL of the catalogue room. A record is one JSON object; each text it had is kept, so that
// two people who save at once can be shown what the other changed.
package cataloguedb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
