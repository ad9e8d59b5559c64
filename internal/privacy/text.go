package privacy

import "embed"

// Text holds the sentences of this room's faults in each language.
//
//go:embed text/*.json
var Text embed.FS
