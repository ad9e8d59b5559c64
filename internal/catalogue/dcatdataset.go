package catalogue

import (
	"strconv"
	"strings"
)

// dataset adds one published record and returns its IRI.
func (w scribe) dataset(r Record) string {
	page := w.absolute(w.site.Address(r))
	d := w.node(page+"#dataset", "dcat:Dataset").IRI
	lang := w.lang(r.Language)
	w.Add(d, name("dct:identifier"), Literal(string(r.ID)))
	w.Add(d, name("dct:title"), LangLiteral(r.Title, lang))
	w.Add(d, name("dct:description"), LangLiteral(publicText(r), lang))
	for _, k := range r.Keywords {
		w.Add(d, name("dcat:keyword"), LangLiteral(strings.TrimSpace(k), lang))
	}
	for _, t := range r.Themes {
		concept := w.concept(authority+"data-theme/"+string(t), "skos:Concept", t.Key())
		w.Add(concept.IRI, name("skos:inScheme"), w.scheme())
		w.Add(d, name("dcat:theme"), concept)
	}
	w.Add(d, name("dct:publisher"), Ref(w.publisherIRI()))
	w.Add(d, name("dcat:landingPage"), w.node(page, "foaf:Document"))
	w.contact(d, r)
	w.Add(d, name("dct:language"), w.language(lang))
	w.Add(d, name("dct:accessRights"), w.concept(authority+"access-right/PUBLIC", "dct:RightsStatement", "catalogue.access_public"))
	w.Add(d, name("dct:issued"), w.moment(r.Published.First))
	w.Add(d, name("dct:modified"), w.moment(r.Updated()))
	w.Add(d, name("dcat:version"), Literal(strconv.Itoa(r.Published.Number)))
	if f, ok := FrequencyOf(r.Frequency); ok {
		w.Add(d, name("dct:accrualPeriodicity"), w.concept(authority+"frequency/"+f.Code, "dct:Frequency", f.Key()))
	}
	if !r.Spatial.Empty() {
		w.Add(d, name("dct:spatial"), w.spatial(r.Spatial, d))
	}
	w.temporal(d, r)
	if r.Origin != "" {
		origin := w.node(page+"#origin", "dct:ProvenanceStatement")
		w.Add(origin.IRI, name("rdfs:label"), LangLiteral(r.Origin, lang))
		w.Add(d, name("dct:provenance"), origin)
	}
	w.Add(d, name("dct:conformsTo"), w.standard(r.Schema))
	w.highValue(d, r)
	for i, res := range r.Resources {
		w.resource(d, r, i, res)
	}
	return d
}

// scheme is the EU theme table, typed and titled so that a reader of one record understands it too.
func (w scribe) scheme() Term {
	t := w.node(authority+"data-theme", "skos:ConceptScheme")
	for _, l := range []string{"fr", "en"} {
		w.Add(t.IRI, name("dct:title"), LangLiteral(label(l, "catalogue.theme_scheme"), l))
	}
	return t
}

// publicText joins the description with purpose and limits: harvesters show one text, and these two matter as much.
func publicText(r Record) string {
	lang := orElse(r.Language, "fr")
	parts := []string{orElse(strings.TrimSpace(r.Description), r.Title)}
	for _, p := range []struct{ field, text string }{{"purpose", r.Purpose}, {"limits", r.Limits}} {
		if t := strings.TrimSpace(p.text); t != "" {
			parts = append(parts, label(lang, "catalogue.field_"+p.field)+label(lang, "catalogue.colon")+t)
		}
	}
	return strings.Join(parts, "\n\n")
}

func (w scribe) contact(d string, r Record) {
	if r.Contact == "" {
		return
	}
	c := w.node(strings.TrimSuffix(d, "#dataset")+"#contact", "vcard:Kind", "vcard:Organization")
	w.Add(c.IRI, name("vcard:fn"), Literal(orElse(r.ServiceName, orElse(w.site.Publisher.Name, w.site.Title))))
	w.Add(c.IRI, name("vcard:hasEmail"), Ref("mailto:"+r.Contact))
	w.Add(d, name("dcat:contactPoint"), c)
}

func (w scribe) temporal(d string, r Record) {
	start, startOK := r.Temporal.Start.First()
	end, endOK := r.Temporal.End.Last()
	if !startOK && !endOK {
		return
	}
	t := w.node(strings.TrimSuffix(d, "#dataset")+"#period", "dct:PeriodOfTime")
	if startOK {
		w.Add(t.IRI, name("dcat:startDate"), Typed(string(Day(start)), xsd+"date"))
	}
	if endOK {
		w.Add(t.IRI, name("dcat:endDate"), Typed(string(Day(end)), xsd+"date"))
	}
	w.Add(d, name("dct:temporal"), t)
}

func (w scribe) standard(s Schema) Term {
	uri := w.absolute(s.URI)
	if uri == "" {
		return Term{}
	}
	t := w.node(uri, "dct:Standard")
	w.Add(t.IRI, name("dct:title"), Literal(orElse(s.Title, s.Name)))
	return t
}

func (w scribe) highValue(subject string, r Record) {
	if !r.HVD.Valid() {
		return
	}
	w.Add(subject, name("dcatap:applicableLegislation"), w.node(hvdLaw, "eli:LegalResource"))
	w.Add(subject, name("dcatap:hvdCategory"), w.concept(hvdIRI+string(r.HVD), "skos:Concept", r.HVD.Key()))
}

// resource adds a documentation as a foaf:page and anything else as a distribution.
func (w scribe) resource(d string, r Record, i int, res Resource) {
	address := w.absolute(res.URL)
	if address == "" {
		return
	}
	lang := w.lang(r.Language)
	if res.Type == Documentation {
		t := w.node(address, "foaf:Document")
		w.Add(t.IRI, name("dct:title"), LangLiteral(res.Title, lang))
		w.Add(t.IRI, name("dct:description"), LangLiteral(res.Description, lang))
		w.Add(d, name("foaf:page"), t)
		return
	}
	x := w.node(strings.TrimSuffix(d, "#dataset")+"#resource-"+orElse(pathSafe(res.ID), strconv.Itoa(i+1)), "dcat:Distribution").IRI
	w.Add(d, name("dcat:distribution"), Ref(x))
	w.Add(x, name("dct:title"), LangLiteral(orElse(res.Title, r.Title), lang))
	w.Add(x, name("dct:description"), LangLiteral(res.Description, lang))
	w.Add(x, name("dcat:accessURL"), Ref(address))
	if res.Type == API {
		w.service(x, d, r, res)
	} else {
		w.Add(x, name("dcat:downloadURL"), Ref(address))
	}
	w.format(x, res)
	if res.Bytes > 0 {
		w.Add(x, name("dcat:byteSize"), Typed(strconv.FormatInt(res.Bytes, 10), xsd+"nonNegativeInteger"))
	}
	if l, ok := LicenceOf(r.Licence); ok {
		w.Add(x, name("dct:license"), w.licence(l))
	}
	w.Add(x, name("dct:modified"), w.moment(res.Modified))
	w.Add(x, name("dcatap:availability"),
		w.concept(authority+"planned-availability/STABLE", "skos:Concept", "catalogue.availability_stable"))
	if res.Type == Main || res.Type == "" {
		w.Add(x, name("dct:conformsTo"), w.standard(r.Schema))
	}
	if r.HVD.Valid() {
		w.Add(x, name("dcatap:applicableLegislation"), w.node(hvdLaw, "eli:LegalResource"))
	}
}

// service adds the data service behind an API resource.
func (w scribe) service(x, d string, r Record, res Resource) {
	s := w.node(x+"-service", "dcat:DataService").IRI
	lang := w.lang(r.Language)
	w.Add(s, name("dct:title"), LangLiteral(orElse(res.Title, r.Title), lang))
	w.Add(s, name("dct:description"), LangLiteral(res.Description, lang))
	w.Add(s, name("dcat:endpointURL"), Ref(w.absolute(res.URL)))
	w.Add(s, name("dcat:servesDataset"), Ref(d))
	w.Add(s, name("dct:publisher"), Ref(w.publisherIRI()))
	if r.Contact != "" {
		w.Add(s, name("dcat:contactPoint"), Ref(strings.TrimSuffix(d, "#dataset")+"#contact"))
	}
	if r.HVD.Valid() {
		w.highValue(s, r)
	}
	w.Add(x, name("dcat:accessService"), Ref(s))
}

// format adds the EU file type, or a node of our own when the table has none, and the IANA media type.
func (w scribe) format(x string, res Resource) {
	f := FormatOf(res.Format)
	if f.Name != "" {
		iri := authority + "file-type/" + f.FileType
		if f.FileType == "" {
			iri = w.absolute("/#format-" + pathSafe(f.Name))
		}
		t := w.node(iri, "dct:MediaTypeOrExtent")
		w.Add(t.IRI, name("rdfs:label"), Literal(strings.ToUpper(f.Name)))
		w.Add(x, name("dct:format"), t)
	}
	media, _, _ := strings.Cut(orElse(res.MediaType, f.MediaType), ";")
	if main, sub, ok := strings.Cut(strings.TrimSpace(media), "/"); ok && pathSafe(main) == main && sub != "" {
		t := w.node(mediaIRI+main+"/"+pathSafe(sub), "dct:MediaType", "dct:MediaTypeOrExtent")
		w.Add(t.IRI, name("rdfs:label"), Literal(main+"/"+sub))
		w.Add(x, name("dcat:mediaType"), t)
	}
}

// pathSafe keeps letters, digits and . + - _ of s, the rest becomes "-".
func pathSafe(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', strings.ContainsRune(".+-_", r):
			return r
		}
		return '-'
	}, s)
}
