// Package missions ships the missions that come with the program, one JSON file each: internal/mission reads them and its tests prove them. The
// tables they are made of are those of the demonstration (content/demo/files), whose SOURCES.md says where each comes from.
package missions

import "embed"

// Files holds one JSON file per mission.
//
//go:embed *.json
var Files embed.FS
