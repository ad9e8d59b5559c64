package tabular

import "embed"

// Text holds the sentences of this package's faults and notes, in each language.
//
//go:embed text/*.json
var Text embed.FS
