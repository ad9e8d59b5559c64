package contact

import "embed"

// Text holds the words of this room, in each language.
//
//go:embed text/*.json
var Text embed.FS
