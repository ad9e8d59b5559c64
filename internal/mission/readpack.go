package mission

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"cultured/internal/fault"
	"cultured/internal/tabular"
)

// ReadPack reads a pack somebody hands in. Nothing of it is unpacked anywhere: each file is read in memory, within bounds that do not trust what the zip says
// of itself. Faults, on field "file": Invalid "mission.pack_no_zip", "mission.pack_locked", "mission.pack_path", "mission.pack_foreign", "mission.pack_twice",
// "mission.pack_unknown", "mission.pack_empty", "mission.pack_mission", "mission.pack_table"; TooLarge "mission.pack_large"; those of [Mission.Check].
func ReadPack(raw []byte) (p Pack, err error) {
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return p, fault.Field("file", "mission.pack_no_zip")
	}
	files, err := unpack(z)
	if err != nil {
		return p, err
	}
	var a about
	if err := json.Unmarshal(files[packAbout], &a); err != nil || a.Format != packFormat {
		return p, fault.Field("file", "mission.pack_unknown")
	}
	p.Title, p.Made, p.Sheets = clip(a.Title, lineMost), a.Made, map[string]Table{}
	var names []string
	for name := range files {
		if path.Dir(name) == missionFolder {
			names = append(names, name)
		}
	}
	if slices.Sort(names); len(names) == 0 {
		return p, fault.Field("file", "mission.pack_empty")
	}
	if len(names) > PackMost {
		return p, tooLarge("mission.pack_many", len(names), PackMost)
	}
	for _, name := range names {
		m, err := readMission(name, files[name])
		if err != nil {
			return p, err
		}
		if err := p.take(&m, files); err != nil {
			return p, err
		}
		if err := m.Check(); err != nil {
			return p, err
		}
		p.Missions = append(p.Missions, m)
	}
	return p, nil
}

func tooLarge(key string, args ...any) error {
	f := fault.New(fault.TooLarge, key, args...)
	f.Field = "file"
	return f
}

// allowed are the names of files a pack may hold: a sort, one folder, no way out of it.
var allowed = regexp.MustCompile(`^(missions/[A-Za-z0-9][A-Za-z0-9_-]{0,79}\.json|data/[A-Za-z0-9][A-Za-z0-9_.-]{0,119}\.csv|pack\.json|datapackage\.json|LICENCES\.md)$`)

// unpack reads the files of a zip into memory. Folders are passed over.
func unpack(z *zip.Reader) (map[string][]byte, error) {
	if len(z.File) > packFiles {
		return nil, tooLarge("mission.pack_many_files", len(z.File), packFiles)
	}
	files, left := map[string][]byte{}, int64(packExpanded)
	for _, f := range z.File {
		name := f.Name
		switch {
		case strings.ContainsAny(name, "\\:\x00") || strings.HasPrefix(name, "/") || slices.Contains(strings.Split(name, "/"), ".."):
			return nil, fault.Field("file", "mission.pack_path", name)
		case strings.HasSuffix(name, "/") && f.UncompressedSize64 == 0:
			continue
		case f.Flags&1 != 0:
			return nil, fault.Field("file", "mission.pack_locked", name)
		case !allowed.MatchString(name) || f.Mode()&fs.ModeType != 0:
			return nil, fault.Field("file", "mission.pack_foreign", name)
		case files[name] != nil:
			return nil, fault.Field("file", "mission.pack_twice", name)
		}
		in, err := f.Open()
		if err != nil {
			return nil, fault.Field("file", "mission.pack_broken", name)
		}
		raw, err := io.ReadAll(io.LimitReader(in, left+1))
		if err := errors.Join(err, in.Close()); err != nil {
			return nil, fault.Field("file", "mission.pack_broken", name)
		}
		if left -= int64(len(raw)); left < 0 {
			return nil, tooLarge("mission.pack_large", packExpanded/1_000_000)
		}
		files[name] = append([]byte{}, raw...)
	}
	return files, nil
}

func readMission(name string, raw []byte) (m Mission, err error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if len(raw) > missionBytes || d.Decode(&m) != nil || !errors.Is(d.Decode(&struct{}{}), io.EOF) {
		return m, fault.Field("file", "mission.pack_mission", name)
	}
	return m, nil
}

// take reads the table of a mission, and names it by what it says.
func (p *Pack) take(m *Mission, files map[string][]byte) error {
	if m.Source.File == "" {
		return nil
	}
	name := path.Join(sheetFolder, m.Source.File)
	raw, ok := files[name]
	if !ok || path.Dir(name) != sheetFolder {
		return fault.Field("file", "mission.pack_table", m.Title.FR, m.Source.File)
	}
	t, err := ReadSheet(raw, m.Source.File)
	if err != nil {
		return err
	}
	m.Source.File = sheetName(t)
	p.Sheets[m.Source.File] = t
	return nil
}

// ReadSheet reads the table a mission is made of. Faults, on field "file": those of reading a table; TooLarge "mission.sheet_large"; Invalid
// "mission.sheet_empty".
func ReadSheet(raw []byte, name string) (Table, error) {
	limits := tabular.Limits{Bytes: PackBytes, Expanded: packExpanded, Ratio: tabular.DefaultLimits.Ratio, Cells: SheetRows * MostColumns, Columns: MostColumns, CellBytes: missionBytes}
	in, err := tabular.Open(bytes.NewReader(raw), int64(len(raw)), name, tabular.Options{Limits: limits})
	if err != nil {
		return Table{}, onFile(err)
	}
	t, err := Read(in)
	if err := errors.Join(err, in.Close()); err != nil {
		return Table{}, onFile(err)
	}
	switch {
	case len(t.Rows) > SheetRows:
		return Table{}, tooLarge("mission.sheet_large", len(t.Rows), SheetRows)
	case len(t.Rows) == 0:
		return Table{}, fault.Field("file", "mission.sheet_empty", name)
	}
	for _, row := range t.Rows {
		for i, cell := range row {
			row[i] = strings.ToValidUTF8(strings.ReplaceAll(cell, "\x00", ""), "\uFFFD")
		}
	}
	return Table{Columns: t.Columns, Rows: t.Rows}, nil
}

func onFile(err error) error {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		g := *f
		g.Field = "file"
		return &g
	}
	return err
}

// Lengths of what a mission says, in characters, and how many of each thing it may have.
const (
	lineMost  = 300
	textMost  = 2_000
	thingMost = 60
)

func clip(s string, most int) string {
	if chars := []rune(s); len(chars) > most {
		return string(chars[:most])
	}
	return s
}

var codeShape = regexp.MustCompile(`^[A-Z][0-9]{1,2}\.[0-9]{1,2}$`)

// Check says what a mission lacks, before it is proved. Faults: Invalid "mission.lacks_title", "mission.lacks_story", "mission.lacks_competence",
// "mission.lacks_minutes", "mission.lacks_licence", "mission.bad_url",
// "mission.lacks_checks", "mission.lacks_hint", "mission.too_wordy", each with the mission's title.
func (m Mission) Check() error {
	no := func(what string, args ...any) error {
		return fault.Field("file", "mission."+what, append([]any{clip(m.Title.FR, lineMost)}, args...)...)
	}
	switch {
	case m.Title.FR == "":
		return fault.Field("file", "mission.lacks_title")
	case m.Story.FR == "" || m.Expected.FR == "":
		return no("lacks_story")
	case len(m.Competences) == 0 || slices.ContainsFunc(m.Competences, func(c Competence) bool { return !codeShape.MatchString(c.Code) || c.Level < 1 || c.Level > 4 }):
		return no("lacks_competence")
	case m.Minutes < 5 || m.Minutes > 40:
		return no("lacks_minutes")
	case m.Source.File != "" && (m.Source.Licence == "" || m.Source.Producer == "" || m.Source.Title.FR == ""):
		return no("lacks_licence")
	case m.Source.URL != "" && !strings.HasPrefix(m.Source.URL, "https://") && !strings.HasPrefix(m.Source.URL, "http://"):
		return no("bad_url", clip(m.Source.URL, lineMost))
	case len(m.Checks) == 0:
		return no("lacks_checks")
	case slices.ContainsFunc(m.Checks, func(c Check) bool { return c.Hint.FR == "" && m.Answer != AnswerFields }):
		return no("lacks_hint")
	case m.Practice != nil && slices.ContainsFunc(m.Practice.Checks, func(c Check) bool { return c.Hint.FR == "" }):
		return no("lacks_hint")
	case max(len(m.Checks), len(m.Disturb), len(m.Bad), len(m.Competences), len(m.Work), len(m.Options), len(m.Subjects), len(m.Fields)) > thingMost || len(m.Cases) > 5*thingMost || m.formsTooLong() || len(m.Queries) > QueriesMost || len(m.Keep) > MostColumns || m.Rows < 0 || m.Rows > SheetRows:
		return no("too_wordy", thingMost)
	}
	for _, d := range m.Disturb {
		if d.Count < 1 || d.Count > SheetRows {
			return no("too_wordy", thingMost)
		}
	}
	for _, q := range m.Queries {
		if utf8.RuneCountInString(q.SQL) > QueryMost || utf8.RuneCountInString(q.Ask.FR) > textMost || utf8.RuneCountInString(q.Ask.EN) > textMost {
			return no("too_wordy", thingMost)
		}
	}
	for _, s := range []string{m.Title.FR, m.Title.EN, m.Source.Title.FR, m.Source.Producer, m.Source.Licence, m.Source.URL} {
		if utf8.RuneCountInString(s) > lineMost {
			return no("too_wordy", thingMost)
		}
	}
	for _, w := range []Words{m.Story, m.Expected, m.Gain} {
		if utf8.RuneCountInString(w.FR) > textMost || utf8.RuneCountInString(w.EN) > textMost {
			return no("too_wordy", thingMost)
		}
	}
	return nil
}
