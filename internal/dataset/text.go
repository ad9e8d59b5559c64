package dataset

import "embed"

// Text holds the sentences of this room's rules in each language.
//
//go:embed text/*.json
var Text embed.FS
