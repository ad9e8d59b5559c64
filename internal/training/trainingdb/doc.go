// Package trainingdb holds all SQL of the training room. A resource is one JSON object.
package trainingdb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
