package tabular

import (
	"compress/gzip"
	"io"
	"path"
	"strings"

	"cultured/internal/fault"
)

// openGzip opens what a gzip holds, all its members end to end.
func openGzip(s *source, opt Options) (Table, error) {
	if s.depth == maxDepth {
		return nil, fault.New(fault.Invalid, "tabular.too_deep", maxDepth)
	}
	inner := &source{session: s.session, name: strings.TrimSuffix(s.name, path.Ext(s.name)), from: gunzip(s.from, s.limits), survey: packedSurvey,
		depth: s.depth + 1, reading: s.reading}
	inner.reading.note("tabular.note_gzip")
	if err := inner.peekHead(); err != nil {
		return nil, broken("gzip", err)
	}
	return inner.open(opt)
}

// gunzip unpacks what from gives. Positions stay those of the packed bytes.
func gunzip(from opener, l Limits) opener {
	return func() (io.ReadCloser, func() int64, error) {
		stream, at, err := from()
		if err != nil {
			return nil, nil, err
		}
		raw := &counter{stream, new(int64)}
		gz, err := gzip.NewReader(raw)
		if err != nil {
			stream.Close()
			return nil, nil, broken("gzip", err)
		}
		return guarded{&guard{gz, raw.n, new(int64), l.Expanded, textFree, textRatio}, stream}, at, nil
	}
}
