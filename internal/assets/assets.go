package assets

import (
	"bytes"
	"compress/gzip"
	"embed"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

//go:embed dist
var dist embed.FS

// Prefix is where the files are served; [Handler] is mounted there.
const Prefix = "/assets/"

// A file is one built file with its answer ready.
type file struct {
	body, zipped []byte
	mediaType    string
}

var manifest = sync.OnceValue(func() map[string]string {
	var m map[string]string
	b, err := dist.ReadFile("dist/manifest.json")
	if err != nil {
		panic(err) // our build is broken: `go run ./cmd/assets` mends it
	}
	if err := json.Unmarshal(b, &m); err != nil {
		panic(err)
	}
	return m
})

var files = sync.OnceValue(func() map[string]file {
	m := map[string]file{}
	for _, hashed := range manifest() {
		b, err := dist.ReadFile("dist/" + hashed)
		if err != nil {
			panic(err)
		}
		m[hashed] = prepare(hashed, b)
	}
	return m
})

// prepare compresses what gains by it: text by a tenth or more, never fonts or pictures.
func prepare(name string, b []byte) file {
	f := file{body: b, mediaType: mediaType(name)}
	if path.Ext(name) == ".woff2" {
		return f
	}
	var buf bytes.Buffer
	z, _ := gzip.NewWriterLevel(&buf, gzip.BestCompression) // the level is valid
	_, _ = z.Write(b)                                       // a buffer does not fail
	_ = z.Close()
	if buf.Len() < len(b)*9/10 {
		f.zipped = buf.Bytes()
	}
	return f
}

func mediaType(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// URL is the address of a built file by its plain name, such as "app.css"; "" when there is no such file.
func URL(name string) string {
	if hashed, ok := manifest()[name]; ok {
		return Prefix + hashed
	}
	return ""
}

// Names lists the plain names of the built files.
func Names() []string {
	var out []string
	for name := range manifest() {
		out = append(out, name)
	}
	return out
}

// Read gives the bytes of a built file by its plain name. Fault: [fs.ErrNotExist].
func Read(name string) ([]byte, error) {
	hashed, ok := manifest()[name]
	if !ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return dist.ReadFile("dist/" + hashed)
}

// Handler serves the files under [Prefix], gzipped where the browser takes it. A name carries the hash of its content, so browsers keep
// it a year without asking again.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := files()[strings.TrimPrefix(r.URL.Path, Prefix)]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", f.mediaType)
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Vary", "Accept-Encoding")
		body := f.body
		if f.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			h.Set("Content-Encoding", "gzip")
			body = f.zipped
		}
		if r.Method != http.MethodHead {
			_, _ = w.Write(body)
		}
	})
}
