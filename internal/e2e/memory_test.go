package e2e

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
)

// residentBytes is how much memory a running process holds; 0 where the system does not say.
func residentBytes(t *testing.T, pid int) (bytes int64) {
	t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			if _, err := fmt.Sscan(rest, &bytes); err != nil {
				t.Fatal(err)
			}
			return bytes << 10
		}
	}
	return 0
}
