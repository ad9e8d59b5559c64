// Package griddb holds all SQL of the grid: the log of each dataset that is edited, and who is on which cell. A log goes with its dataset.
package griddb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
