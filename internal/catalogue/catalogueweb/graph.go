package catalogueweb

import (
	"encoding/xml"
	"io"
	"net/http"
	"path"
	"strconv"

	"cultured/internal/catalogue"
	"cultured/internal/fault"
	"cultured/internal/web"
)

// A serialisation is one way to write a graph.
type serialisation struct {
	ending, mediaType string
	write             func(*catalogue.Graph, io.Writer) error
}

var (
	turtle = serialisation{".ttl", catalogue.TurtleType, (*catalogue.Graph).WriteTurtle}
	rdfxml = serialisation{".rdf", catalogue.RDFXMLType, (*catalogue.Graph).WriteRDFXML}
	jsonld = serialisation{".jsonld", catalogue.JSONLDType, (*catalogue.Graph).WriteJSONLD}
)

// perGraph is how many datasets a page of the DCAT catalogue holds.
const perGraph = 50

// everything lists the published records a harvester sees: whoever asks, as nobody would see them.
func everything(r *http.Request, d Desk, page, perPage int) (catalogue.Result, error) {
	return d.Catalogue.Search(r.Context(), nobody, catalogue.Query{Sort: catalogue.SortUpdated, Page: page, PerPage: perPage})
}

// graph answers one page of the DCAT catalogue.
func graph(d Desk, s serialisation) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		page, err := strconv.Atoi(r.URL.Query().Get("page"))
		if err != nil || page < 1 {
			page = 1
		}
		res, err := everything(r, d, page, perGraph)
		if err != nil {
			return err
		}
		if page > res.Pages {
			return fault.New(fault.NotFound, "web.not_found")
		}
		site, err := siteOf(r, d)
		if err != nil {
			return err
		}
		var records []catalogue.Record
		for _, h := range res.Hits {
			records = append(records, h.Record)
			if u := h.Record.Modified; u.After(site.Modified) {
				site.Modified = u
			}
		}
		web.Public(w)
		w.Header().Set("Content-Type", s.mediaType)
		part := catalogue.Part{Number: page, PerPage: perGraph, Total: res.Total, Address: func(n int) string { return "/dcat" + s.ending + "?page=" + strconv.Itoa(n) }}
		return s.write(site.Graph(records, part), w)
	}
}

// recordGraph answers the DCAT description of one dataset.
func recordGraph(d Desk) web.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		for _, s := range []serialisation{turtle, rdfxml, jsonld} {
			if path.Ext(r.PathValue("file")) != s.ending {
				continue
			}
			rec, err := d.Catalogue.Published(r.Context(), r.PathValue("slug"))
			if err != nil {
				return err
			}
			site, err := siteOf(r, d)
			if err != nil {
				return err
			}
			web.Public(w)
			w.Header().Set("Content-Type", s.mediaType)
			return s.write(site.RecordGraph(rec), w)
		}
		return fault.New(fault.NotFound, "web.not_found")
	}
}

func siteOf(r *http.Request, d Desk) (catalogue.Site, error) {
	v := web.VisitOf(r)
	pub, err := d.Publisher(r.Context())
	if err != nil {
		return catalogue.Site{}, err
	}
	return catalogue.Site{Base: v.Site.BaseURL, Title: v.P.T("catalogueweb.site_title", v.Site.Name), Description: v.P.T("catalogueweb.lead"),
		Language: string(v.Lang), Publisher: pub, Address: func(rec catalogue.Record) string { return "/catalogue/" + rec.Slug }}, nil
}

// sitemap lists the public pages for search engines. Source: sitemaps.org protocol 0.9, 50,000 addresses at most.
func sitemap(d Desk) web.Handler {
	type entry struct {
		Loc     string `xml:"loc"`
		LastMod string `xml:"lastmod,omitempty"`
	}
	return func(w http.ResponseWriter, r *http.Request) error {
		base := web.VisitOf(r).Site.BaseURL
		set := struct {
			XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
			URL     []entry  `xml:"url"`
		}{URL: []entry{{Loc: base + "/"}, {Loc: base + "/check"}, {Loc: base + "/catalogue"}, {Loc: base + "/schemas"}}}
		for page, pages := 1, 1; page <= pages && len(set.URL) < 50_000; page++ {
			res, err := everything(r, d, page, catalogue.PerPageMost)
			if err != nil {
				return err
			}
			pages = res.Pages
			for _, h := range res.Hits {
				set.URL = append(set.URL, entry{base + "/catalogue/" + h.Record.Slug, h.Record.Modified.UTC().Format("2006-01-02")})
			}
		}
		web.Public(w)
		w.Header().Set("Content-Type", "application/xml")
		if _, err := io.WriteString(w, xml.Header); err != nil {
			return err
		}
		return xml.NewEncoder(w).Encode(set)
	}
}
