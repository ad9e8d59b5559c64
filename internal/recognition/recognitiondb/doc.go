// Package recognitiondb holds all SQL of the recognition room. A badge, once it is there, is there whole: signed, in its place of the status
// list, and told to the other rooms, in one transaction.
package recognitiondb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
