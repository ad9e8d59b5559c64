// Package blob keeps immutable files by their content. A file's name is the SHA-256 of its bytes, so keeping the same
// file twice costs nothing, a stored file is never changed, and a reader can check what it was given.
//
// It decides three things: a file appears whole or not at all (written aside, forced to the disk, renamed); files are
// readable by the server's account only (0600); and a hash is the only name, so nothing a visitor types becomes a path.
package blob
