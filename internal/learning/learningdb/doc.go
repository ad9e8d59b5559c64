// Package learningdb holds all SQL of the learning room: evidence, who it names as a reader, links to passports. Everything belongs to a person and is forgotten with
// them; nothing is written in the organisation's log.
package learningdb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
