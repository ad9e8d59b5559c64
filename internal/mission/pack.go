package mission

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// A Pack is missions that travel from one organisation to another in one zip: pack.json says what it is, missions/ has a JSON file each, data/ the
// tables they are made of, datapackage.json describes these (Data Package 1), LICENCES.md says who made them and on which terms.
type Pack struct {
	Title    string // of the organisation it comes from
	Made     time.Time
	Missions []Mission
	Sheets   map[string]Table // by the name of [Source.File]
}

// What a pack may hold at most.
const (
	PackBytes     = 30_000_000 // as it travels
	packExpanded  = 60_000_000 // all its files, unpacked
	packFiles     = 200
	PackMost      = 40 // missions
	SheetRows     = 20_000
	missionBytes  = 200_000
	packFormat    = "cultured-missions/1"
	packAbout     = "pack.json"
	packData      = "datapackage.json"
	packLicences  = "LICENCES.md"
	missionFolder = "missions"
	sheetFolder   = "data"
)

// about is pack.json.
type about struct {
	Format string    `json:"format"`
	Title  string    `json:"title"`
	Made   time.Time `json:"made"`
}

// sheetPrefix begins the name of a table that came with an organisation's own mission; the rest is the SHA-256 of its CSV. No file that ships has such a name.
const sheetPrefix = "own-"

// sheetName names a table by what it says.
func sheetName(t Table) string {
	sum := sha256.Sum256(t.CSV())
	return sheetPrefix + hex.EncodeToString(sum[:]) + ".csv"
}

// Write writes the pack as a zip. The same pack gives the same bytes.
func (p Pack) Write(w io.Writer) error {
	z := zip.NewWriter(w)
	put := func(name string, raw []byte) error {
		f, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: p.Made.UTC()})
		if err == nil {
			_, err = f.Write(raw)
		}
		return err
	}
	files := map[string][]byte{packLicences: p.licences()}
	for name, v := range map[string]any{packAbout: about{packFormat, p.Title, p.Made.UTC()}, packData: p.dataPackage()} {
		raw, err := json.MarshalIndent(v, "", " ")
		if err != nil {
			return err
		}
		files[name] = raw
	}
	for i, m := range p.Missions {
		raw, err := json.MarshalIndent(m, "", " ")
		if err != nil {
			return err
		}
		files[path.Join(missionFolder, fmt.Sprintf("%02d.json", i+1))] = raw
		if m.Source.File != "" {
			files[path.Join(sheetFolder, m.Source.File)] = p.Sheets[m.Source.File].CSV()
		}
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if err := put(name, files[name]); err != nil {
			return err
		}
	}
	return z.Close()
}

// used lists the sources of the missions, one each table, by name.
func (p Pack) used() (out []Source) {
	for _, m := range p.Missions {
		if m.Source.File != "" {
			out = append(out, m.Source)
		}
	}
	slices.SortStableFunc(out, func(a, b Source) int { return strings.Compare(a.File, b.File) })
	return slices.CompactFunc(out, func(a, b Source) bool { return a.File == b.File })
}

// licences says in words who made each table and on which terms.
func (p Pack) licences() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# %s\n\n", p.Title)
	for _, s := range p.used() {
		fmt.Fprintf(&b, "- %s/%s — %s. %s. %s %s\n", sheetFolder, s.File, s.Title.FR, s.Producer, s.Licence, s.URL)
	}
	return b.Bytes()
}

// dataPackage describes the tables. Source: Data Package 1, specs.frictionlessdata.io/data-package.
func (p Pack) dataPackage() map[string]any {
	resources := []map[string]any{}
	for _, s := range p.used() {
		var fields []map[string]string
		for _, c := range p.Sheets[s.File].Columns {
			fields = append(fields, map[string]string{"name": c, "type": "string"})
		}
		source := map[string]string{"title": s.Producer}
		if s.URL != "" {
			source["path"] = s.URL
		}
		resources = append(resources, map[string]any{"name": strings.TrimSuffix(s.File, ".csv"), "title": s.Title.FR, "path": path.Join(sheetFolder, s.File), "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
			"dialect": map[string]string{"delimiter": ";"}, "schema": map[string]any{"fields": fields}, "licenses": []map[string]string{{"title": s.Licence, "name": s.Licence}}, "sources": []map[string]string{source}})
	}
	return map[string]any{"profile": "data-package", "name": "missions", "title": p.Title, "resources": resources}
}
