// Package assets holds the built style sheets, scripts, fonts and pictures, and serves them. `go run ./cmd/assets`
// builds dist from internal/ui and from the rooms; dist is committed, so that the server builds without esbuild,
// Node or a network. A file is asked for by its plain name ("app.css") and served under a name with the hash of its content.
package assets
