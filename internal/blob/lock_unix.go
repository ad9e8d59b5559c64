//go:build unix

package blob

import (
	"os"
	"syscall"
)

// lockFile takes the only lock on a file until it is closed or the process ends. Without wait it fails at once where
// another holds it.
func lockFile(f *os.File, wait bool) error {
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	for {
		if err := syscall.Flock(int(f.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}
