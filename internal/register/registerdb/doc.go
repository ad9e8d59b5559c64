// Package registerdb holds all SQL of the register room. An entry is one JSON object; every state it had is kept beside it. Subjects are what other
// rooms last told.
package registerdb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
