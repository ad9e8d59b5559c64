package datasetweb_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAPI_checksAFile(t *testing.T) {
	b := open(t).browser("")
	w := b.send("/api/v1/checks", "parkings.csv", parkings)
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" {
		t.Fatalf("got %d %s\n%s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	api := strings.TrimPrefix(w.Header().Get("Location"), "http://d.test")
	page := "/check" + strings.TrimPrefix(api, "/api/v1/checks")
	if want := `<http://d.test` + page + `>; rel="alternate"; type="text/html"`; w.Header().Get("Link") != want {
		t.Errorf("link: got %s, want %s", w.Header().Get("Link"), want)
	}
	for _, again := range []string{page + "/findings.json", api} { // the page's download, and the report asked for later
		if got := b.get(again).Body.String(); got != w.Body.String() {
			t.Errorf("%s: got\n%s\nwant what the first answer said\n%s", again, got, w.Body)
		}
	}
	var said struct {
		Findings []struct {
			Row    int    `json:"row"`
			Reason string `json:"reason"`
		} `json:"findings"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || len(said.Findings) == 0 || said.Findings[0].Row == 0 {
		t.Errorf("got %+v, %v", said, err)
	}
	if w := b.do(httptest.NewRequest("DELETE", api, nil)); w.Code != http.StatusNoContent {
		t.Errorf("erased: got %d, want 204", w.Code)
	}
	if w := b.get(api); w.Code != http.StatusNotFound || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Errorf("after that: got %d %s", w.Code, w.Header().Get("Content-Type"))
	}
}

func TestAPI_formatsAndSchema(t *testing.T) {
	b := open(t).browser("")
	for format, want := range map[string]string{"csv": "row,column,field,severity", "sarif": `"version":"2.1.0"`, "json": `{"findings":[`} {
		w := b.send("/api/v1/checks?format="+format, "parkings.csv", parkings)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s: got %d\n%.300s", format, w.Code, w.Body)
		}
	}
	inAddress := b.send("/api/v1/checks?schema=scdl/subventions", "parkings.csv", parkings)
	inForm := b.send("/api/v1/checks", "parkings.csv", parkings, "schema", "scdl/subventions")
	if !strings.Contains(inAddress.Body.String(), "idBeneficiaire") || inForm.Body.String() != inAddress.Body.String() {
		t.Errorf("a schema in the address: got\n%.600s\nand in the form\n%.600s", inAddress.Body, inForm.Body)
	}
}

func TestAPI_saysWhatIsWrong(t *testing.T) {
	b := open(t).browser("")
	for _, c := range []struct {
		name, path, file, content string
		code                      int
		want                      string
	}{
		{"a format that is none", "/api/v1/checks?format=pdf", "a.csv", parkings, 422, "pdf"},
		{"a schema that is none", "/api/v1/checks?schema=scdl/licornes", "a.csv", parkings, 422, "scdl/licornes"},
		{"an empty file", "/api/v1/checks", "a.csv", "", 422, "0 octet"},
		{"a program", "/api/v1/checks", "a.csv", "\x7fELF\x02\x01\x01\x00\x00\x00", 422, "ELF"},
		{"too large", "/api/v1/checks", "a.csv", strings.Repeat("x;y\n", limit), 413, ""},
	} {
		w := b.send(c.path, c.file, c.content)
		var problem struct {
			Status int    `json:"status"`
			Detail string `json:"detail"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &problem); err != nil {
			t.Errorf("%s: %v in %s", c.name, err, w.Body)
			continue
		}
		if w.Code != c.code || problem.Status != c.code || !strings.Contains(plain(problem.Detail), c.want) || problem.Detail == "" {
			t.Errorf("%s: got %d %q, want %d and %q", c.name, w.Code, problem.Detail, c.code, c.want)
		}
	}
	if w := b.post("/api/v1/checks", "a", "b"); w.Code != 422 {
		t.Errorf("no file: got %d, want 422", w.Code)
	}
}

func TestAPI_aLongReadingIsAskedForAgain(t *testing.T) {
	h := open(t)
	h.queue.hold = true
	b := h.browser("")
	w := b.send("/api/v1/checks?format=csv", "parkings.csv", parkings)
	var pending struct{ State, Report, Page string }
	if err := json.Unmarshal(w.Body.Bytes(), &pending); err != nil || w.Code != http.StatusAccepted || pending.State != "running" || w.Header().Get("Retry-After") == "" {
		t.Fatalf("got %d %s, %v", w.Code, w.Body, err)
	}
	h.queue.hold = false
	if got := b.get(strings.TrimPrefix(pending.Report, "http://d.test")); got.Code != http.StatusOK || !strings.HasPrefix(got.Body.String(), "row,column") {
		t.Errorf("asked again: got %d\n%.200s", got.Code, got.Body)
	}
}
