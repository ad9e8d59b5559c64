//go:build !unix

package blob

import "os"

// lockFile has nothing to lock with here: one process at a time owns the folder.
func lockFile(*os.File, bool) error { return nil }
