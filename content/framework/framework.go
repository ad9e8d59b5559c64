// Package framework holds the competency framework that ships with the program: 9 families, 45 competences, 4 levels, in
// French and English. framework.json has the layout of a competency.Framework; situations.json says, for each competence,
// which cards of the founding workshop call for it; SOURCES.md says where both come from. It is data, not code.
package framework

import "embed"

// Files holds framework.json and situations.json.
//
//go:embed framework.json situations.json
var Files embed.FS
