// Package competencydb holds all SQL of the competency room. A working copy and each version are one JSON object; what an act
// changed is kept item by item, so that it can be shown, undone, and so that two people who save at once see each other.
package competencydb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
