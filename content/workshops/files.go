// Package workshops ships the plans of workshops that come with the program. internal/workshop reads them.
package workshops

import "embed"

// Files holds one JSON file per template.
//
//go:embed *.json
var Files embed.FS
