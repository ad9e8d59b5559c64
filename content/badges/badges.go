// Package badges ships the badges that may be earned, one JSON file each, with the shapes of its picture: internal/recognition reads, draws and
// checks them. Words and drawings are the project's own.
package badges

import "embed"

// Files holds one JSON file per badge.
//
//go:embed *.json
var Files embed.FS
