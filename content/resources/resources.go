// Package resources ships the inventory of what people can learn with, as internal/training reads it: facts about works that others make and
// keep, described in the project's own words. A licence is given where it is known for certain; otherwise it is to be checked on the site.
package resources

import "embed"

// Files holds resources.json, a list.
//
//go:embed resources.json
var Files embed.FS
