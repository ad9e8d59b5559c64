// Package formdb holds all SQL of the form room. A form is one JSON object beside what is counted; a published version is never
// changed; an answer is one row, stored once whatever the page that sent it is sent again.
package formdb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
