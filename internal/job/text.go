package job

import "embed"

// Text holds the sentences of this package's faults, in each language.
//
//go:embed text/*.json
var Text embed.FS

// Migrations holds this package's table, for goose, in the folder "migrations"; the same text serves both engines.
// The queue's own tables are made by Open.
//
//go:embed migrations/*.sql
var Migrations embed.FS
