package mission

import "embed"

// Text holds the sentences of this room in each language.
//
//go:embed text/*.json
var Text embed.FS
