package archtest

import (
	"encoding/json"
	"go/ast"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var placeholder = regexp.MustCompile(`\{\d\}`)

// words reads every text/<lang>.json of the project: key → raw JSON value, and where it stands.
func words(t *testing.T, lang string) (values, where map[string]string) {
	t.Helper()
	values, where = map[string]string{}, map[string]string{}
	walk(t, func(path string) {
		if !strings.HasSuffix(path, "/text/"+lang+".json") {
			return
		}
		b, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		var entries map[string]json.RawMessage
		if err := json.Unmarshal(b, &entries); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for k, v := range entries {
			if old, twice := where[k]; twice {
				t.Errorf("%s: key %s stands in %s too", path, k, old)
			}
			values[k], where[k] = string(v), path
		}
	})
	return values, where
}

func TestEverySentenceExistsInEveryLanguage(t *testing.T) {
	fr, where := words(t, "fr")
	en, whereEnglish := words(t, "en")
	for k, v := range fr {
		e, ok := en[k]
		if !ok {
			t.Errorf("%s: %s has no English", where[k], k)
			continue
		}
		if a, b := arguments(v), arguments(e); !slices.Equal(a, b) {
			t.Errorf("%s: %s has arguments %v in French, %v in English", where[k], k, a, b)
		}
	}
	for k := range en {
		if _, ok := fr[k]; !ok {
			t.Errorf("%s: %s has no French", whereEnglish[k], k)
		}
	}
}

func arguments(raw string) []string {
	set := map[string]bool{}
	for _, p := range placeholder.FindAllString(raw, -1) {
		set[p] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// French sentences keep a no-break space before double punctuation, and the typographic apostrophe.
func TestFrenchTypography(t *testing.T) {
	fr, where := words(t, "fr")
	plain := regexp.MustCompile(`[^\s\x{00a0}\x{202f}/]?( [;:?!»]|« [^\x{00a0}])|[A-Za-zéèêà]'[A-Za-zéèêàh]`)
	for k, v := range fr {
		var s any
		if err := json.Unmarshal([]byte(v), &s); err != nil {
			t.Fatal(err)
		}
		texts := []string{}
		switch s := s.(type) {
		case string:
			texts = append(texts, s)
		case map[string]any:
			for _, form := range s {
				texts = append(texts, form.(string))
			}
		}
		for _, text := range texts {
			if hit := plain.FindString(text); hit != "" {
				t.Errorf("%s: %s: %q needs a no-break space or a typographic apostrophe", where[k], k, hit)
			}
		}
	}
}

// A key is named in code as a literal, or starts with a literal that ends in "_" or "." (a vocabulary joined to a code),
// or is the "_mend" or "_title" companion of such a key.
func TestEverySentenceIsUsedAndEveryUseExists(t *testing.T) {
	fr, where := words(t, "fr")
	excused := exceptions(t, "words.txt")
	used, prefixes := mentions(t)
	rooms := map[string]bool{}
	for k := range fr {
		room, _, _ := strings.Cut(k, ".")
		rooms[room] = true
		if !isUsed(k, used, prefixes) && !excused(k) {
			t.Errorf("%s: %s is used nowhere", where[k], k)
		}
	}
	shape := regexp.MustCompile(`^([a-z]+)\.[a-z][a-z0-9_]*[a-z0-9]$`)
	for k, at := range used {
		m := shape.FindStringSubmatch(k)
		if m == nil || !rooms[m[1]] || at == "" {
			continue
		}
		if _, ok := fr[k]; !ok && !excused(k) {
			t.Errorf("%s: %s has no sentence", at, k)
		}
	}
}

func isUsed(key string, used map[string]string, prefixes []string) bool {
	for _, k := range []string{key, strings.TrimSuffix(key, "_mend"), strings.TrimSuffix(key, "_title")} {
		if _, ok := used[k]; ok {
			return true
		}
		for _, p := range prefixes {
			if strings.HasPrefix(k, p) {
				return true
			}
		}
	}
	return false
}

// fileName keeps "check.tmpl", "app.db" and the like from being taken for keys.
var fileName = regexp.MustCompile(`\.(tmpl|go|db|json|md|csv|txt|sql|xml|css|js|ts|svg|xlsx|parquet|tmp|gz|zip|ttl|rdf|jsonld|html|ico|png|webmanifest)$`)

var templateKey = regexp.MustCompile(`"([a-z]+\.[a-z0-9_]*)"`)

// mentions collects the string literals of Go files and templates that look like keys, and those that look like the
// beginning of one.
func mentions(t *testing.T) (used map[string]string, prefixes []string) {
	t.Helper()
	used = map[string]string{}
	note := func(s, at string) {
		if fileName.MatchString(s) {
			return
		}
		if regexp.MustCompile(`^[a-z]+\.([a-z0-9_]*_)?$`).MatchString(s) {
			prefixes = append(prefixes, s)
		} else if old := used[s]; old == "" {
			used[s] = at
		}
	}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		wraps := map[ast.Node]bool{}
		ast.Inspect(s.file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && isWrap(call) {
				for _, a := range call.Args {
					wraps[a] = true
				}
			}
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING || wraps[n] {
				return true
			}
			if v, err := strconv.Unquote(lit.Value); err == nil && len(v) < 80 {
				note(v, s.path)
			}
			return true
		})
	}
	walk(t, func(path string) {
		if !strings.HasSuffix(path, ".tmpl") {
			return
		}
		b, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range templateKey.FindAllStringSubmatch(string(b), -1) {
			note(m[1], path)
		}
	})
	return used, prefixes
}

// isWrap is true for fault.Wrap calls, whose literals are operations.
func isWrap(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := sel.X.(*ast.Ident)
	return ok && x.Name == "fault" && sel.Sel.Name == "Wrap"
}
