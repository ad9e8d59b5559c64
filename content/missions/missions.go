// Package missions ships the missions that come with the program, one JSON file each: internal/mission reads them and its tests prove them. The
// tables they are made of are in files/ or those of the demonstration (content/demo/files); SOURCES.md says in both where each comes from.
package missions

import "embed"

// Files holds one JSON file per mission, and in files/ the tables made for them.
//
//go:embed *.json files/*.csv
var Files embed.FS

// Needs are the columns an author may ask of a dataset, with how people say them: a list of mission.NamedNeed.
//
//go:embed needs/needs.json
var Needs []byte
