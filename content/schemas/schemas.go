// Package schemas ships the national schemas with the program, as the registry schema.data.gouv.fr published
// them; SOURCES.md says where each one comes from. internal/schema reads them.
package schemas

import "embed"

// Files holds index.json and one folder per owner and schema, each with its schema.json; earlier versions are in folders
// of their own inside.
//
//go:embed index.json */*/schema.json */*/*/schema.json
var Files embed.FS
