package catalogue

import (
	"strings"
	"time"
)

// A Theme is a code of the EU data-theme table, for example "ENVI". Its label is the catalogue key of [Theme.Key].
// Source: http://publications.europa.eu/resource/authority/data-theme
type Theme string

// Themes lists the thirteen themes, in the order of their codes.
func Themes() []Theme {
	return []Theme{"AGRI", "ECON", "EDUC", "ENER", "ENVI", "GOVE", "HEAL", "INTR", "JUST", "REGI", "SOCI", "TECH", "TRAN"}
}

// Key is the catalogue key of the theme's label.
func (t Theme) Key() string { return "catalogue.theme_" + strings.ToLower(string(t)) }

// Valid reports whether t is one of [Themes].
func (t Theme) Valid() bool {
	for _, known := range Themes() {
		if t == known {
			return true
		}
	}
	return false
}

// A Frequency is how often the data is promised to be updated.
type Frequency struct {
	Code   string        // EU authority code, for example "ANNUAL"
	Gouv   string        // the same on data.gouv.fr (udata), for example "annual"
	Period time.Duration // the longest time between two updates; 0 = no period can be expected
}

// Key is the catalogue key of the frequency's label.
func (f Frequency) Key() string { return "catalogue.frequency_" + strings.ToLower(f.Code) }

// FrequencyUnknown says that nobody knows the frequency: it counts as not set.
const FrequencyUnknown = "UNKNOWN"

const day = 24 * time.Hour

// frequencies follows udata's UpdateFrequency, from the most to the least frequent. A number of updates in a span is
// due before the end of the span: three times a day means a day.
var frequencies = []Frequency{
	{"UPDATE_CONT", "continuous", 0},
	{"1MIN", "oneMinute", time.Minute}, {"5MIN", "fiveMinutes", 5 * time.Minute},
	{"10MIN", "tenMinutes", 10 * time.Minute}, {"15MIN", "fifteenMinutes", 15 * time.Minute},
	{"30MIN", "thirtyMinutes", 30 * time.Minute}, {"HOURLY", "hourly", time.Hour},
	{"BIHOURLY", "bihourly", 2 * time.Hour}, {"TRIHOURLY", "trihourly", 3 * time.Hour},
	{"12HRS", "twelveHours", 12 * time.Hour}, {"CONT", "severalTimesADay", day},
	{"DAILY_3", "threeTimesADay", day}, {"DAILY_2", "semidaily", day}, {"DAILY", "daily", day},
	{"WEEKLY_5", "fiveTimesAWeek", 7 * day}, {"WEEKLY_3", "threeTimesAWeek", 7 * day},
	{"WEEKLY_2", "semiweekly", 7 * day}, {"WEEKLY", "weekly", 7 * day}, {"BIWEEKLY", "biweekly", 14 * day},
	{"MONTHLY_3", "threeTimesAMonth", 31 * day}, {"MONTHLY_2", "semimonthly", 31 * day}, {"MONTHLY", "monthly", 31 * day},
	{"BIMONTHLY", "bimonthly", 62 * day}, {"QUARTERLY", "quarterly", 93 * day},
	{"ANNUAL_3", "threeTimesAYear", 365 * day}, {"ANNUAL_2", "semiannual", 365 * day}, {"ANNUAL", "annual", 365 * day},
	{"BIENNIAL", "biennial", 2 * 365 * day}, {"TRIENNIAL", "triennial", 3 * 365 * day},
	{"QUADRENNIAL", "quadrennial", 4 * 365 * day}, {"QUINQUENNIAL", "quinquennial", 5 * 365 * day},
	{"DECENNIAL", "decennial", 10 * 365 * day}, {"BIDECENNIAL", "bidecennial", 20 * 365 * day},
	{"TRIDECENNIAL", "tridecennial", 30 * 365 * day},
	{"AS_NEEDED", "punctual", 0}, {"IRREG", "irregular", 0}, {"NEVER", "never", 0}, {"NOT_PLANNED", "notPlanned", 0},
	{"OTHER", "other", 0}, {FrequencyUnknown, "unknown", 0},
}

// Frequencies lists every frequency of data.gouv.fr, the most frequent first, those without a period last.
func Frequencies() []Frequency { return append([]Frequency(nil), frequencies...) }

// FrequencyOf finds a frequency by its EU code; false if there is none.
func FrequencyOf(code string) (Frequency, bool) {
	for _, f := range frequencies {
		if f.Code == code {
			return f, true
		}
	}
	return Frequency{}, false
}

// A Licence is one of the closed list an organisation chooses from.
type Licence struct {
	ID      string // stable, for example "etalab-2.0" (SPDX, lower case)
	Title   string // the licence's own name, the same in every language
	URI     string // where its text is
	Gouv    string // identifier on data.gouv.fr
	Decree  bool   // in the list of CRPA D323-2-1: a French administration may choose it without approval
	Type    string // ADMS licence type: Attribution, ViralEffect-ShareAlike, PublicDomain
	Version string
}

// Key is the catalogue key of the licence's plain explanation.
func (l Licence) Key() string {
	return "catalogue.licence_" + strings.NewReplacer("-", "_", ".", "_").Replace(l.ID)
}

var licences = []Licence{
	{"etalab-2.0", "Licence Ouverte / Open Licence version 2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
		"lov2", true, "Attribution", "2.0"},
	{"odbl-1.0", "Open Data Commons Open Database License (ODbL) 1.0", "http://opendatacommons.org/licenses/odbl/1.0/",
		"odc-odbl", true, "ViralEffect-ShareAlike", "1.0"},
	{"cc-by-4.0", "Creative Commons Attribution 4.0 International", "https://creativecommons.org/licenses/by/4.0/",
		"cc-by", false, "Attribution", "4.0"},
	{"cc-by-sa-4.0", "Creative Commons Attribution Share-Alike 4.0 International",
		"https://creativecommons.org/licenses/by-sa/4.0/", "cc-by-sa", false, "ViralEffect-ShareAlike", "4.0"},
	{"cc0-1.0", "Creative Commons CC0 1.0 Universal", "https://creativecommons.org/publicdomain/zero/1.0/",
		"cc-zero", false, "PublicDomain", "1.0"},
}

// Licences lists the licences offered, those of the French decree first.
func Licences() []Licence { return append([]Licence(nil), licences...) }

// LicenceOf finds a licence by its ID; false if there is none.
func LicenceOf(id string) (Licence, bool) {
	for _, l := range licences {
		if l.ID == id {
			return l, true
		}
	}
	return Licence{}, false
}

// Confidentiality says who may see the data itself, as opposed to its record.
type Confidentiality string

// The confidentialities. Only Open data can be published.
const (
	Open       Confidentiality = "open"       // everybody
	Internal   Confidentiality = "internal"   // the organisation
	Restricted Confidentiality = "restricted" // the service and the stewards
)

// Confidentialities lists them, the most open first.
func Confidentialities() []Confidentiality { return []Confidentiality{Open, Internal, Restricted} }

// Key is the catalogue key of the label.
func (c Confidentiality) Key() string { return "catalogue.confidentiality_" + string(c) }

// Valid reports whether c is one of [Confidentialities].
func (c Confidentiality) Valid() bool { return c == Open || c == Internal || c == Restricted }

// ResourceType says what a resource is for (the list of data.gouv.fr).
type ResourceType string

// The types of resource.
const (
	Main          ResourceType = "main"
	Documentation ResourceType = "documentation"
	Update        ResourceType = "update"
	API           ResourceType = "api"
	Code          ResourceType = "code"
	Other         ResourceType = "other"
)

// ResourceTypes lists them.
func ResourceTypes() []ResourceType {
	return []ResourceType{Main, Documentation, Update, API, Code, Other}
}

// Key is the catalogue key of the label.
func (t ResourceType) Key() string { return "catalogue.resource_" + string(t) }

// HVD is a category of high-value datasets: the last part of an IRI of http://data.europa.eu/bna.
type HVD string

// HVDs lists the six categories of implementing regulation (EU) 2023/138.
func HVDs() []HVD {
	return []HVD{"c_ac64a52d", "c_dd313021", "c_164e0bf5", "c_e1da4e07", "c_a9135398", "c_b79e35eb"}
}

// Key is the catalogue key of the label.
func (h HVD) Key() string { return "catalogue.hvd_" + strings.TrimPrefix(string(h), "c_") }

// Valid reports whether h is one of [HVDs].
func (h HVD) Valid() bool {
	for _, known := range HVDs() {
		if h == known {
			return true
		}
	}
	return false
}

// A Format is what is known of a file format.
type Format struct {
	Name      string // lower case, for example "csv"
	MediaType string // IANA media type
	FileType  string // code of the EU file-type table; "" if it has none
}

var formats = map[string]Format{
	"csv": {"csv", "text/csv", "CSV"}, "tsv": {"tsv", "text/tab-separated-values", "TSV"},
	"txt": {"txt", "text/plain", "TXT"}, "json": {"json", "application/json", "JSON"},
	"geojson": {"geojson", "application/geo+json", "GEOJSON"}, "jsonld": {"jsonld", "application/ld+json", "JSON_LD"},
	"parquet": {"parquet", "application/vnd.apache.parquet", "PARQUET"},
	"xlsx":    {"xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "XLSX"},
	"xls":     {"xls", "application/vnd.ms-excel", "XLS"}, "ods": {"ods", "application/vnd.oasis.opendocument.spreadsheet", "ODS"},
	"pdf": {"pdf", "application/pdf", "PDF"}, "doc": {"doc", "application/msword", "DOC"},
	"docx": {"docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "DOCX"},
	"odt":  {"odt", "application/vnd.oasis.opendocument.text", "ODT"}, "html": {"html", "text/html", "HTML"},
	"xml": {"xml", "application/xml", "XML"}, "rdf": {"rdf", "application/rdf+xml", "RDF_XML"},
	"ttl": {"ttl", "text/turtle", "RDF_TURTLE"}, "zip": {"zip", "application/zip", "ZIP"},
	"shp": {"shp", "application/vnd.shp", "SHP"}, "gpkg": {"gpkg", "application/geopackage+sqlite3", "GPKG"},
	"kml": {"kml", "application/vnd.google-earth.kml+xml", "KML"}, "gml": {"gml", "application/gml+xml", "GML"},
}

// FormatOf finds a format by name, whatever its case and with or without a leading dot. An unknown format keeps its
// name and has neither media type nor EU code.
func FormatOf(name string) Format {
	name = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(name), "."))
	if f, ok := formats[name]; ok {
		return f
	}
	return Format{Name: name}
}
