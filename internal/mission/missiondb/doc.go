// Package missiondb holds all SQL of the mission room: the variant each person works on, and what they tried. Everything belongs to a person and
// is forgotten with them.
package missiondb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
