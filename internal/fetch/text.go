package fetch

import "embed"

// Text holds the sentences of this package's faults, in each language.
//
//go:embed text/*.json
var Text embed.FS
