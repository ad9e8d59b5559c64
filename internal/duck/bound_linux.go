package duck

import (
	"errors"
	"syscall"
)

// boundBytes is the memory a process that runs what people write may have in all; the engine does not open with much less.
const boundBytes = 3000 << 20

// Bound takes from this process what it does not need to answer questions: memory beyond some, files of any size, traces of itself. It cannot be undone.
func Bound() error {
	none := &syscall.Rlimit{}
	return errors.Join(syscall.Setrlimit(syscall.RLIMIT_AS, &syscall.Rlimit{Cur: boundBytes, Max: boundBytes}), syscall.Setrlimit(syscall.RLIMIT_FSIZE, none), syscall.Setrlimit(syscall.RLIMIT_CORE, none))
}
