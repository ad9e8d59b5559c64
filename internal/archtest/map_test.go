package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheMapIsTrue checks that each path ARCHITECTURE.md and README.md name exists, and that the map stays readable.
func TestTheMapIsTrue(t *testing.T) {
	path := regexp.MustCompile("(?:`|\\(|^ +)((?:internal|cmd|content|docs|bench|scripts)/[A-Za-z0-9_./-]*[A-Za-z0-9_])")
	for _, name := range []string{"ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "LISEZMOI.md"} {
		b, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(b), "\n")
		if len(lines) > 200 {
			t.Errorf("%s has %d lines: nobody reads more than 200", name, len(lines))
		}
		for i, line := range lines {
			for _, m := range path.FindAllStringSubmatch(line, -1) {
				if _, err := os.Stat(filepath.Join(root, m[1])); err != nil {
					t.Errorf("%s:%d: %s does not exist", name, i+1, m[1])
				}
			}
		}
	}
}
