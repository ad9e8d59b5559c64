package catalogue

import (
	"net/mail"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"cultured/internal/fault"
)

// Longest texts, in characters; title and description are data.gouv.fr's own limits.
const (
	titleLongest       = 350
	descriptionLongest = 100_000
	textLongest        = 20_000
	shortLongest       = 200
	keywordsMost       = 50
	resourcesMost      = 500
)

// Validate says what is wrong in the form of the record, whatever its state: an empty draft is valid but for its title.
// Faults: Invalid, one per field, Field being the JSON name. What is missing before publication is [Record.Blockers].
func (r Record) Validate() fault.List {
	var l fault.List
	if strings.TrimSpace(r.Title) == "" {
		l.Add("title", "catalogue.title_missing")
	}
	r.validateLengths(&l)
	r.validateLists(&l)
	if r.Contact != "" {
		if a, err := mail.ParseAddress(r.Contact); err != nil || a.Address != r.Contact {
			l.Add("contact", "catalogue.contact_invalid", r.Contact)
		}
	}
	r.validateCoverage(&l)
	r.validateChoices(&l)
	for i, res := range r.Resources {
		if !validAddress(res.URL) {
			l.Add("resources", "catalogue.resource_address_invalid", i+1, res.URL)
		}
		if res.Bytes < 0 || res.Rows < -1 {
			l.Add("resources", "catalogue.resource_size_invalid", i+1)
		}
	}
	return l
}

func (r Record) validateLengths(l *fault.List) {
	for _, f := range []struct {
		field, value string
		longest      int
	}{
		{"title", r.Title, titleLongest}, {"description", r.Description, descriptionLongest},
		{"purpose", r.Purpose, textLongest}, {"limits", r.Limits, textLongest}, {"origin", r.Origin, textLongest},
		{"owner", r.Owner, shortLongest}, {"contact", r.Contact, shortLongest}, {"spatial_name", r.Spatial.Name, shortLongest},
	} {
		if n := utf8.RuneCountInString(f.value); n > f.longest {
			l.Add(f.field, "catalogue.text_too_long", n, f.longest)
		}
	}
}

func (r Record) validateLists(l *fault.List) {
	if len(r.Keywords) > keywordsMost {
		l.Add("keywords", "catalogue.keywords_too_many", len(r.Keywords), keywordsMost)
	}
	for _, k := range r.Keywords {
		if strings.TrimSpace(k) == "" || utf8.RuneCountInString(k) > shortLongest {
			l.Add("keywords", "catalogue.keyword_invalid", k)
			break
		}
	}
	for _, t := range r.Themes {
		if !t.Valid() {
			l.Add("themes", "catalogue.theme_unknown", string(t))
		}
	}
	if len(r.Resources) > resourcesMost {
		l.Add("resources", "catalogue.resources_too_many", len(r.Resources), resourcesMost)
	}
}

func (r Record) validateCoverage(l *fault.List) {
	start, startOK := r.Temporal.Start.First()
	if r.Temporal.Start != "" && !startOK {
		l.Add("temporal_start", "catalogue.date_invalid", string(r.Temporal.Start))
	}
	end, endOK := r.Temporal.End.Last()
	if r.Temporal.End != "" && !endOK {
		l.Add("temporal_end", "catalogue.date_invalid", string(r.Temporal.End))
	}
	if startOK && endOK && end.Before(start) {
		l.Add("temporal_end", "catalogue.dates_reversed", string(r.Temporal.Start), string(r.Temporal.End))
	}
	if b := r.Spatial.BBox; b != nil && !b.Valid() {
		l.Add("spatial_bbox", "catalogue.bbox_invalid")
	}
	if c := r.Spatial.Code; c != "" && !validTerritory(c) {
		l.Add("spatial_code", "catalogue.territory_invalid", c)
	}
}

func (r Record) validateChoices(l *fault.List) {
	if r.Frequency != "" {
		if _, ok := FrequencyOf(r.Frequency); !ok {
			l.Add("frequency", "catalogue.frequency_invalid", r.Frequency)
		}
	}
	if r.Licence != "" {
		if _, ok := LicenceOf(r.Licence); !ok {
			l.Add("licence", "catalogue.licence_invalid", r.Licence)
		}
	}
	if r.Confidentiality != "" && !r.Confidentiality.Valid() {
		l.Add("confidentiality", "catalogue.confidentiality_invalid", string(r.Confidentiality))
	}
	if r.Language != "" && languages[r.Language] == "" {
		l.Add("language", "catalogue.language_invalid", r.Language)
	}
	if r.HVD != "" && !r.HVD.Valid() {
		l.Add("hvd", "catalogue.hvd_invalid", string(r.HVD))
	}
	if r.Schema.URI != "" && !validAddress(r.Schema.URI) {
		l.Add("schema", "catalogue.schema_address_invalid", r.Schema.URI)
	}
}

// languages maps a language of data to its code in the EU language table.
var languages = map[string]string{
	"fr": "FRA", "en": "ENG", "de": "DEU", "es": "SPA", "it": "ITA", "nl": "NLD", "pt": "POR",
	"br": "BRE", "co": "COS", "eu": "EUS", "oc": "OCI", "ca": "CAT",
}

// Languages lists the languages a dataset may be in, by their ISO 639-1 codes, French first.
func Languages() []string {
	rest := make([]string, 0, len(languages))
	for code := range languages {
		if code != "fr" {
			rest = append(rest, code)
		}
	}
	slices.Sort(rest)
	return append([]string{"fr"}, rest...)
}

// validAddress accepts an http(s) address with a host, and a path on this instance.
func validAddress(s string) bool {
	if strings.HasPrefix(s, "/") && !strings.HasPrefix(s, "//") {
		return !strings.ContainsAny(s, "\r\n\t\\")
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Hostname() != ""
}

// validTerritory accepts the shape of an INSEE code (region "93", département "2A", commune "2A004"), a SIREN
// (group of communes) and an ISO country code; it does not look whether the territory exists.
func validTerritory(c string) bool {
	if n := len(c); n != 2 && n != 3 && n != 5 && n != 9 {
		return false
	}
	for i := 0; i < len(c); i++ {
		digit, letter := c[i] >= '0' && c[i] <= '9', c[i] >= 'A' && c[i] <= 'Z'
		if !digit && !letter || letter && len(c) == 9 {
			return false
		}
	}
	return true
}
