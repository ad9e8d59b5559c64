// Package e2e holds the project to what its users do: the real binary, started on loopback in empty folders, told
// stories of people at a terminal (testdata/*.txtar, one story a file) and of visitors and administrators over HTTP.
//
// It decides nothing and imports no room: what it knows of the program is its commands, its addresses and its words.
// The stories bound memory generously and time only against hanging; measuring is the work of bench.
// The stories that need a browser are in the folder browser.
package e2e
