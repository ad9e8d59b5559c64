package competency

import "embed"

// Texts holds the words of this room, in each language.
//
//go:embed text/*.json
var Texts embed.FS
