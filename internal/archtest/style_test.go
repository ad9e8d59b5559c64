package archtest

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestStyles_belongToOneRoom: every room's styles reach every page, so a class two rooms define is broken in one of them.
func TestStyles_belongToOneRoom(t *testing.T) {
	files, err := filepath.Glob("../*/*web/styles/*.css")
	if err != nil || len(files) == 0 {
		t.Fatalf("got %v, %v", files, err)
	}
	class := regexp.MustCompile(`\.(p-[a-z0-9-]+)`)
	rooms := map[string]string{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		room := strings.Split(filepath.ToSlash(file), "/")[1]
		for _, m := range class.FindAllStringSubmatch(string(raw), -1) {
			if other, taken := rooms[m[1]]; taken && other != room {
				t.Errorf("%s: .%s is also the %s room's: name it otherwise", file, m[1], other)
			}
			rooms[m[1]] = room
		}
	}
}
