// Package datasetdb holds all SQL of the dataset room: checks, datasets and their versions. Sources and outcomes are
// JSON objects; the blobs they name stand in columns of their own, so that what a blob is for can be counted.
package datasetdb

import "embed"

// Migrations make the tables of this room.
//
//go:embed migrations/*.sql
var Migrations embed.FS
