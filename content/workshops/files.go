// Package workshops ships the plans of workshops that come with the program, and the founding workshop of Culture D with the
// contributions its published synthesis lists. internal/workshop reads the plans.
package workshops

import "embed"

// Files holds one JSON file per template, in French, and in en/ the same ones in English.
//
//go:embed *.json en/*.json
var Files embed.FS

// Founding holds founding/plan.json, a template, and founding/contributions.json: "cards", each with its phase (words joined by
// an underscore where the plan has a hyphen), theme and text, and founding/links.json: the codes of the competences of each, by its id,
// chosen by hand after the text in the framework that ships. Source: OpenDataFrance, synthesis of the workshop of 11 May 2023.
//
//go:embed founding/*.json
var Founding embed.FS
