// Package paths ships the learning paths, one JSON file each, as internal/training reads them: missions of content/missions, resources of
// content/resources and meetings, in order. Words are the project's own.
package paths

import "embed"

// Files holds one JSON file per path, in the order they are proposed.
//
//go:embed *.json
var Files embed.FS
