package catalogue

import (
	"strconv"
	"strings"
	"time"
)

// A Site is what the DCAT catalogue says of itself.
type Site struct {
	Base        string // address of the instance, without a final "/", for example "https://donnees.exemple.fr"
	Title       string
	Description string
	Language    string // of the catalogue: "fr" if empty
	Publisher   Publisher
	Spatial     Spatial
	Issued      time.Time
	Modified    time.Time           // when the catalogue last changed
	Address     func(Record) string // path or address of a record's public page; it must start with "/" or Base
}

// A Publisher is the organisation behind the catalogue.
type Publisher struct {
	IRI      string // "" = Base + "/#publisher"
	Name     string
	Type     string // of http://purl.org/adms/publishertype/: "LocalAuthority" if empty
	Homepage string
	Email    string
}

// A Part is one page of the catalogue, for harvesters that follow hydra:next.
type Part struct {
	Number  int // from 1
	PerPage int
	Total   int              // records in the whole catalogue
	Address func(int) string // path or address of page n
}

// Last is the number of the last page, at least 1.
func (p Part) Last() int { return max(1, (p.Total+p.PerPage-1)/max(1, p.PerPage)) }

// Names of authorities.
const (
	rdfType   = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
	authority = "http://publications.europa.eu/resource/authority/"
	xsd       = "http://www.w3.org/2001/XMLSchema#"
	wkt       = "http://www.opengis.net/ont/geosparql#wktLiteral"
	mediaIRI  = "http://www.iana.org/assignments/media-types/"
	hvdLaw    = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
	hvdIRI    = "http://data.europa.eu/bna/"
)

// scribe writes one graph about one site.
type scribe struct {
	*Graph
	site Site
}

// Graph says, after DCAT-AP 3.0.1, what the published records among records are, with the catalogue, its publisher and
// the page they are on. Only [Record.Public] is written: unpublished records are left out, and so is whatever was edited
// since a publication. Names of persons are never written.
func (s Site) Graph(records []Record, part Part) *Graph {
	w := scribe{&Graph{}, s}
	catalogue := w.catalogue()
	w.hydra(catalogue, part)
	for _, r := range records {
		if p, ok := r.Public(); ok {
			w.Add(catalogue, name("dcat:dataset"), Ref(w.dataset(p)))
		}
	}
	w.publisher()
	return w.Graph
}

// RecordGraph says what one published record is, for its own address. Nil graph content if it is not published.
func (s Site) RecordGraph(r Record) *Graph {
	w := scribe{&Graph{}, s}
	if p, ok := r.Public(); ok {
		w.dataset(p)
		w.publisher()
	}
	return w.Graph
}

func (w scribe) lang(l string) string {
	for _, choice := range []string{l, w.site.Language} {
		if choice != "" {
			return choice
		}
	}
	return "fr"
}

// absolute makes an address of this instance absolute.
func (w scribe) absolute(address string) string {
	if strings.HasPrefix(address, "/") {
		address = strings.TrimSuffix(w.site.Base, "/") + address
	}
	return cleanIRI(address)
}

// node adds a typed node and returns it as an object.
func (w scribe) node(iri string, classes ...string) Term {
	t := Ref(iri)
	for _, c := range classes {
		w.Add(t.IRI, rdfType, Ref(name(c)))
	}
	return t
}

// concept adds a node of an EU table with its label in both languages.
func (w scribe) concept(iri, class, key string) Term {
	t := w.node(iri, class)
	predicate := name("rdfs:label")
	if class == "skos:Concept" {
		predicate = name("skos:prefLabel")
	}
	for _, lang := range []string{"fr", "en"} {
		w.Add(t.IRI, predicate, LangLiteral(label(lang, key), lang))
	}
	return t
}

func (w scribe) moment(t time.Time) Term {
	if t.IsZero() {
		return Term{}
	}
	return Typed(t.UTC().Format("2006-01-02T15:04:05Z"), xsd+"dateTime")
}

func (w scribe) catalogue() string {
	s := w.site
	c := w.node(w.absolute("/#catalogue"), "dcat:Catalog").IRI
	lang := w.lang("")
	w.Add(c, name("dct:title"), LangLiteral(s.Title, lang))
	w.Add(c, name("dct:description"), LangLiteral(orElse(s.Description, s.Title), lang))
	w.Add(c, name("dct:publisher"), Ref(w.publisherIRI()))
	w.Add(c, name("foaf:homepage"), w.node(w.absolute("/"), "foaf:Document"))
	w.Add(c, name("dct:language"), w.language(lang))
	w.Add(c, name("dct:license"), w.licence(licences[0])) // metadata are administrative information: Licence Ouverte
	w.Add(c, name("dct:issued"), w.moment(s.Issued))
	w.Add(c, name("dct:modified"), w.moment(s.Modified))
	if !s.Spatial.Empty() {
		w.Add(c, name("dct:spatial"), w.spatial(s.Spatial, c))
	}
	taxonomy := w.node(authority+"data-theme", "skos:ConceptScheme")
	for _, l := range []string{"fr", "en"} {
		w.Add(taxonomy.IRI, name("dct:title"), LangLiteral(label(l, "catalogue.theme_scheme"), l))
	}
	w.Add(c, name("dcat:themeTaxonomy"), taxonomy)
	return c
}

// hydra says which page this is, as data.gouv.fr's harvester reads it: a hydra:PartialCollectionView with hydra:next.
func (w scribe) hydra(catalogue string, p Part) {
	if p.Address == nil || p.PerPage <= 0 {
		return
	}
	w.Add(catalogue, rdfType, Ref(name("hydra:Collection")))
	w.Add(catalogue, name("hydra:totalItems"), Typed(strconv.Itoa(p.Total), xsd+"integer"))
	page := func(n int) Term { return Ref(w.absolute(p.Address(n))) }
	view := page(p.Number)
	w.Add(catalogue, name("hydra:view"), view)
	w.Add(view.IRI, rdfType, Ref(name("hydra:PartialCollectionView")))
	w.Add(view.IRI, name("hydra:first"), page(1))
	if p.Number > 1 {
		w.Add(view.IRI, name("hydra:previous"), page(p.Number-1))
	}
	if p.Number < p.Last() {
		w.Add(view.IRI, name("hydra:next"), page(p.Number+1))
	}
	w.Add(view.IRI, name("hydra:last"), page(p.Last()))
}

func (w scribe) publisherIRI() string {
	return orElse(cleanIRI(w.site.Publisher.IRI), w.absolute("/#publisher"))
}

func (w scribe) publisher() {
	p := w.site.Publisher
	agent := w.node(w.publisherIRI(), "foaf:Agent", "foaf:Organization").IRI
	w.Add(agent, name("foaf:name"), LangLiteral(orElse(p.Name, w.site.Title), w.lang("")))
	kind := orElse(p.Type, "LocalAuthority")
	t := w.node("http://purl.org/adms/publishertype/"+kind, "skos:Concept")
	w.Add(t.IRI, name("skos:prefLabel"), LangLiteral(kind, "en"))
	w.Add(agent, name("dct:type"), t)
	if home := w.absolute(p.Homepage); home != "" {
		w.Add(agent, name("foaf:homepage"), w.node(home, "foaf:Document"))
	}
	if p.Email != "" {
		w.Add(agent, name("foaf:mbox"), Ref("mailto:"+p.Email))
	}
}

func (w scribe) language(code string) Term {
	eu, ok := languages[code]
	if !ok {
		return Term{}
	}
	return w.concept(authority+"language/"+eu, "dct:LinguisticSystem", "catalogue.language_"+code)
}

func (w scribe) licence(l Licence) Term {
	t := w.node(l.URI, "dct:LicenseDocument")
	w.Add(t.IRI, name("dct:title"), Literal(l.Title))
	w.Add(t.IRI, name("dct:identifier"), Literal(l.ID))
	kind := w.node("http://purl.org/adms/licencetype/"+l.Type, "skos:Concept")
	w.Add(kind.IRI, name("skos:prefLabel"), LangLiteral(l.Type, "en"))
	w.Add(t.IRI, name("dct:type"), kind)
	return t
}

// territoryIRI names a territory the way INSEE does; "" if the code says no kind we know.
func territoryIRI(s Spatial) string {
	if !validTerritory(s.Code) {
		return ""
	}
	switch s.Kind {
	case "commune", "departement", "region":
		return "http://id.insee.fr/geo/" + s.Kind + "/" + s.Code
	case "epci":
		return "http://id.insee.fr/geo/intercommunalite/" + s.Code
	case "pays":
		return authority + "country/FRA"
	}
	return ""
}

// spatial adds a place. The same commune on two records is one node as long as they agree on its rectangle, so a
// rectangle makes the place the record's own.
func (w scribe) spatial(s Spatial, owner string) Term {
	iri := territoryIRI(s)
	if iri == "" || s.BBox != nil {
		iri = strings.SplitN(owner, "#", 2)[0] + "#place"
	}
	t := w.node(iri, "dct:Location")
	w.Add(t.IRI, name("skos:prefLabel"), LangLiteral(s.Name, "fr"))
	w.Add(t.IRI, name("dct:identifier"), Literal(s.Code))
	if known := territoryIRI(s); known != iri && known != "" {
		w.Add(t.IRI, name("rdfs:seeAlso"), Ref(known))
	}
	if b := s.BBox; b != nil && b.Valid() {
		f := func(x float64) string { return strconv.FormatFloat(x, 'f', -1, 64) }
		corner := func(x, y float64) string { return f(x) + " " + f(y) }
		ring := []string{corner(b.West, b.South), corner(b.East, b.South), corner(b.East, b.North),
			corner(b.West, b.North), corner(b.West, b.South)}
		w.Add(t.IRI, name("dcat:bbox"), Typed("POLYGON(("+strings.Join(ring, ", ")+"))", wkt))
		w.Add(t.IRI, name("dcat:centroid"),
			Typed("POINT("+corner((b.West+b.East)/2, (b.South+b.North)/2)+")", wkt))
	}
	return t
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
