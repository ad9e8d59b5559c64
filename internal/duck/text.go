package duck

import "embed"

// Messages holds the sentences of this package's faults, in each language. (Elsewhere it is called Text, which here is a type of cell.)
//
//go:embed text/*.json
var Messages embed.FS
