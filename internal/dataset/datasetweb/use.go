package datasetweb

import (
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"

	"cultured/internal/dataset"
	"cultured/internal/fault"
	"cultured/internal/ui"
	"cultured/internal/web"
)

type usePage struct {
	Frame     frame
	Downloads []downloadView
	Public    string // address of the public page, "" before it is published
	Record    string
	Call      ui.Code
	Uses      Uses
	Sieved    *ui.Notice // some rows stay here
}

// A downloadView is a format and what it is good for.
type downloadView struct {
	Link ui.LinkButton
	Text string
}

var useTemplate = ui.Page[usePage](pages, "pages/use.tmpl", "pages/frame.tmpl")

// use shows how to take the data elsewhere.
func (d Desk) use(w http.ResponseWriter, r *http.Request, s subject) error {
	p := web.VisitOf(r).P
	page := usePage{Frame: d.frameOf(r, s, "datasetweb.tab_use", true), Record: s.base + "/record"}
	version := s.base + "/versions/" + strconv.Itoa(s.version)
	for i, f := range dataset.Formats() {
		link := ui.LinkButton{Label: strings.ToUpper(string(f)), Href: version + "/data?format=" + string(f), Icon: "download", Download: true}
		if i == 0 {
			link.Look = ui.Primary
		}
		page.Downloads = append(page.Downloads, downloadView{Link: link, Text: p.T("datasetweb.format_" + string(f))})
	}
	sieve, err := d.sieve(r.Context(), *s.kept)
	if err != nil {
		return err
	}
	if sieve != nil {
		n := ui.Notice{Kind: ui.Info, Text: p.T("datasetweb.sieved")}.Leading(p.T("datasetweb.sieved_see"), ui.Link("/contacts/lists", string(s.kept.ID)))
		page.Sieved = &n
	}
	if !s.withheld && sieve == nil {
		page.Downloads = append(page.Downloads, downloadView{Link: ui.LinkButton{Label: p.T("datasetweb.original"), Href: version + "/original", Icon: "file-text", Download: true},
			Text: p.T("datasetweb.format_original", s.source.Name)})
	}
	if d.Public != nil {
		page.Public = d.Public(r.Context(), string(s.kept.ID))
	}
	if slug, ok := strings.CutPrefix(page.Public, "/catalogue/"); ok {
		page.Call = ui.Code{Label: p.T("datasetweb.api_call"), Text: "curl '" + web.VisitOf(r).Site.BaseURL + "/api/v1/datasets/" + slug + "/rows?page_size=5'"}
	}
	if d.Uses != nil {
		if page.Uses, err = d.Uses(r, s.kept.ID); err != nil {
			return err
		}
	}
	head := headOf(r, s, "datasetweb.tab_use")
	if page.Frame.Progress != nil {
		head.Refresh = refresh
	}
	return useTemplate.Render(w, r, http.StatusOK, head, page)
}

// mended gives the table of a check as a file, after its repairs.
func (d Desk) mended(w http.ResponseWriter, r *http.Request, s subject) error {
	return d.export(w, r, s.outcome, dataset.Title(s.source.Name), nil)
}

// export gives a table in the format of the address, CSV when it says none, without what a sieve holds back.
func (d Desk) export(w http.ResponseWriter, r *http.Request, o dataset.Outcome, name string, sieve dataset.Sieve) error {
	format := dataset.CSV
	if f := r.URL.Query().Get("format"); f != "" {
		var err error
		if format, err = formatOf(f); err != nil {
			return err
		}
	}
	return attach(w, format.MediaType(), name+"."+string(format), func() error {
		if sieve != nil {
			return d.Dataset.Sift(r.Context(), o, dataset.Sifting{Sieve: sieve}, format, w)
		}
		return d.Dataset.Export(r.Context(), o, format, w)
	})
}

// past returns the version of the address.
func (d Desk) past(r *http.Request) (dataset.Dataset, dataset.Version, error) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil || n < 1 {
		return dataset.Dataset{}, dataset.Version{}, fault.New(fault.NotFound, "dataset.not_found")
	}
	return d.Dataset.Past(r.Context(), web.Actor(r), dataset.ID(r.PathValue("id")), n)
}

// data gives a version of a dataset in a format.
func (d Desk) data(w http.ResponseWriter, r *http.Request) error {
	ds, v, err := d.past(r)
	if err != nil {
		return err
	}
	name := ds.Title
	if v.Number != ds.Current {
		name += " v" + strconv.Itoa(v.Number)
	}
	sieve, err := d.sieve(r.Context(), ds)
	if err != nil {
		return err
	}
	return d.export(w, r, v.Outcome, name, sieve)
}

// original gives the file of a version as it came. Its media type is never one a browser would run. Whom the catalogue alone shows the dataset is
// not given what was taken out of it; nobody is where it holds people who must be left out. Faults: NotFound "datasetweb.original_withheld"; Denied
// "datasetweb.original_sieved".
func (d Desk) original(w http.ResponseWriter, r *http.Request) error {
	ds, v, err := d.past(r)
	if err != nil {
		return err
	}
	if v.Withheld() && !ds.MaySee(web.Actor(r)) {
		return fault.New(fault.NotFound, "datasetweb.original_withheld")
	}
	if sieve, err := d.sieve(r.Context(), ds); err != nil {
		return err
	} else if sieve != nil {
		return fault.New(fault.Denied, "datasetweb.original_sieved")
	}
	f, err := d.Dataset.Original(v.Source)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // read only
	kind := mime.TypeByExtension(path.Ext(v.Source.Name))
	if kind == "" || strings.Contains(kind, "html") || strings.Contains(kind, "xml") && !strings.Contains(kind, "officedocument") || strings.Contains(kind, "script") {
		kind = "application/octet-stream"
	}
	web.Attachment(w, kind, v.Source.Name)
	http.ServeContent(w, r, "", v.At, io.NewSectionReader(f, 0, f.Size()))
	return nil
}
