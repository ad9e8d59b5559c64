// Package contactdb holds all SQL of the contact room. Of those who refused there are digests, nothing else.
package contactdb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
