// Command assets builds the style sheets and scripts of internal/ui and of the rooms into internal/assets/dist:
//
//	go run ./cmd/assets          writes dist
//	go run ./cmd/assets -check   writes nothing; exits 1 when dist is not what the sources give
//	go run ./cmd/assets -library bundles the libraries anew, from packages that npm ci --ignore-scripts installed beside them
//
// app.css is internal/ui/ui.css followed by every room's <room>web/styles/*.css in the layer "rooms"; app.js is
// internal/ui/islands/app.ts; each <room>web/islands/*.ts is its own file, "<room>-<name>.js", asked for by a page in ui.Head.Scripts.
// What others wrote is bundled once, from <room>web/library/*.ts into *.mjs beside it, and committed, so that nobody needs Node to build;
// dist has a copy, "<room>-<name>.mjs", which an island imports when it needs it.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

const out = "internal/assets/dist"

func main() {
	check := flag.Bool("check", false, "write nothing, exit 1 when dist is stale")
	library := flag.Bool("library", false, "bundle the libraries anew from their packages")
	flag.Parse()
	if err := run(*check, *library); err != nil {
		fmt.Fprintln(os.Stderr, "assets:", err)
		os.Exit(1)
	}
}

func run(check, library bool) error {
	if library {
		if err := bundle(); err != nil {
			return err
		}
	}
	built, err := build()
	if err != nil {
		return err
	}
	if check {
		return compare(built)
	}
	return write(built)
}

// build returns the content of each file of dist by its name.
func build() (map[string][]byte, error) {
	entry, err := styles()
	if err != nil {
		return nil, err
	}
	entries := []api.EntryPoint{
		{InputPath: "app.css", OutputPath: "app"}, // made by the plug-in below
		{InputPath: "internal/ui/islands/app.ts", OutputPath: "app"},
		{InputPath: "internal/ui/favicon.svg", OutputPath: "favicon"},
	}
	for _, pattern := range []string{"internal/*/*web/islands/*.ts", "internal/*/*web/library/*.mjs"} {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			entries = append(entries, api.EntryPoint{InputPath: path, OutputPath: islandName(path)})
		}
	}
	o := options()
	o.EntryPointsAdvanced, o.Metafile, o.Outdir, o.EntryNames, o.AssetNames = entries, true, out, "[name]-[hash]", "[name]-[hash]"
	o.Loader, o.Plugins = map[string]api.Loader{".woff2": api.LoaderFile, ".svg": api.LoaderCopy, ".mjs": api.LoaderCopy}, []api.Plugin{entry}
	outputs, err := result(o)
	if err != nil {
		return nil, err
	}
	return collect(outputs)
}

// options are those of every bundle: for the browsers of the last years, as small as can be.
func options() api.BuildOptions {
	return api.BuildOptions{Bundle: true, Write: false, MinifyWhitespace: true, MinifySyntax: true, MinifyIdentifiers: true, Format: api.FormatESModule,
		Charset: api.CharsetUTF8, LegalComments: api.LegalCommentsNone,
		Engines: []api.Engine{{Name: api.EngineChrome, Version: "100"}, {Name: api.EngineFirefox, Version: "102"}, {Name: api.EngineSafari, Version: "15.4"}}}
}

func result(o api.BuildOptions) ([]api.OutputFile, error) {
	res := api.Build(o)
	if len(res.Errors) > 0 {
		return nil, fmt.Errorf("%s", strings.Join(api.FormatMessages(res.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	return res.OutputFiles, nil
}

// bundle makes each library anew of the packages installed beside it, under the licence that stands there.
func bundle() error {
	paths, err := filepath.Glob("internal/*/*web/library/*.ts")
	if err != nil {
		return err
	}
	for _, path := range paths {
		target := strings.TrimSuffix(path, ".ts") + ".mjs"
		licence, err := os.ReadFile(filepath.Join(filepath.Dir(path), "LICENSE"))
		if err != nil {
			return err
		}
		o := options()
		o.EntryPoints, o.Outfile, o.Banner = []string{path}, target, map[string]string{"js": "/*\n" + string(licence) + "*/"}
		outputs, err := result(o)
		if err != nil {
			return err
		}
		if err := os.WriteFile(target, outputs[0].Contents, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// islandName gives "check-board" for internal/check/checkweb/islands/board.ts.
func islandName(path string) string {
	room := strings.Split(filepath.ToSlash(path), "/")[1]
	return room + "-" + strings.TrimSuffix(filepath.Base(path), filepath.Ext(path))
}

// styles is a plug-in that makes app.css: the design system, then the rooms' few own sheets.
func styles() (api.Plugin, error) {
	rooms, err := filepath.Glob("internal/*/*web/styles/*.css")
	if err != nil {
		return api.Plugin{}, err
	}
	dir, err := os.Getwd()
	if err != nil {
		return api.Plugin{}, err
	}
	var b strings.Builder
	b.WriteString("@import \"./internal/ui/ui.css\";\n")
	for _, path := range rooms {
		fmt.Fprintf(&b, "@import \"./%s\" layer(rooms);\n", filepath.ToSlash(path))
	}
	sheet := b.String()
	return api.Plugin{Name: "styles", Setup: func(pb api.PluginBuild) {
		pb.OnResolve(api.OnResolveOptions{Filter: `^app\.css$`}, func(api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: "app.css", Namespace: "styles"}, nil
		})
		pb.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "styles"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			return api.OnLoadResult{Contents: &sheet, Loader: api.LoaderCSS, ResolveDir: dir}, nil
		})
	}}, nil
}

// collect names the files and adds manifest.json, from plain names to hashed ones.
func collect(outputs []api.OutputFile) (map[string][]byte, error) {
	files, manifest := map[string][]byte{}, map[string]string{}
	for _, f := range outputs {
		name := filepath.Base(f.Path)
		files[name] = f.Contents
		ext := filepath.Ext(name)
		stem := strings.TrimSuffix(name, ext)
		manifest[stem[:strings.LastIndexByte(stem, '-')]+ext] = name
	}
	b, err := json.MarshalIndent(manifest, "", "  ")
	if err != nil {
		return nil, err
	}
	files["manifest.json"] = append(b, '\n')
	return files, nil
}

func write(files map[string][]byte) error {
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	old, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	for name, b := range files {
		if err := os.WriteFile(filepath.Join(out, name), b, 0o644); err != nil {
			return err
		}
	}
	for _, f := range old {
		if _, ok := files[f.Name()]; !ok {
			if err := os.Remove(filepath.Join(out, f.Name())); err != nil {
				return err
			}
		}
	}
	return nil
}

// compare says which files of dist are missing, changed or left over.
func compare(files map[string][]byte) error {
	var wrong []string
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(out, name))
		if err != nil || !bytes.Equal(got, want) {
			wrong = append(wrong, name)
		}
	}
	old, err := os.ReadDir(out)
	if err != nil {
		return err
	}
	for _, f := range old {
		if _, ok := files[f.Name()]; !ok {
			wrong = append(wrong, f.Name())
		}
	}
	if len(wrong) > 0 {
		slices.Sort(wrong)
		return fmt.Errorf("dist is stale, run `go run ./cmd/assets`: %s", strings.Join(wrong, ", "))
	}
	return nil
}
