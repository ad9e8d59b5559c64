package account

import "embed"

// Text holds the sentences of this room's faults, mails, roles and audit verbs in each language.
//
//go:embed text/*.json
var Text embed.FS
