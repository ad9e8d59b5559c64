// Package ruledb holds all SQL of the rule room: one row for each book.
package ruledb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
