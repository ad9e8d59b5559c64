package web

import "embed"

// Text holds the sentences of this package in each language.
//
//go:embed text/*.json
var Text embed.FS
