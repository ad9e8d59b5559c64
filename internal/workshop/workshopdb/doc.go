// Package workshopdb holds all SQL of the workshop room: sessions, and the log of each. The session's row carries its last
// number; taking the next one locks it, so that operations of one session take turns and those of others do not wait.
package workshopdb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
