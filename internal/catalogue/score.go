package catalogue

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// DescriptionShort is the number of characters a description must be longer than to earn its point.
const DescriptionShort = 100

// CriterionKey names a criterion; it is also the end of its catalogue keys.
type CriterionKey string

// The nine criteria of data.gouv.fr, in its order.
const (
	HasLicence     CriterionKey = "licence"
	HasTemporal    CriterionKey = "temporal"
	HasSpatial     CriterionKey = "spatial"
	HasFrequency   CriterionKey = "frequency"
	UpdatedInTime  CriterionKey = "updated"
	IsDescribed    CriterionKey = "description"
	HasOpenFormat  CriterionKey = "open_format"
	AllReachable   CriterionKey = "reachable"
	HasExplanation CriterionKey = "documented"
)

// A Criterion is one of the nine points.
type Criterion struct {
	Key    CriterionKey
	Met    bool
	Counts bool // false: cannot be earned for now, because there is no resource
	Effort int  // to earn it: 1 a click, 2 a line, 3 a paragraph or a file
}

// Label is the catalogue key of the criterion's name.
func (c Criterion) Label() string { return "catalogue.criterion_" + string(c.Key) }

// Advice is the catalogue key of how to earn the point. The three that need a resource share one advice without any.
func (c Criterion) Advice() string {
	if !c.Counts {
		return "catalogue.advice_no_resource"
	}
	return "catalogue.advice_" + string(c.Key)
}

// Score is the quality of a record as data.gouv.fr reckons it.
type Score struct {
	Criteria []Criterion // the nine, in data.gouv.fr's order
	Met      int
	Total    int     // always 9: a criterion that does not count is a missing point
	Value    float64 // Met / Total, in [0, 1]
}

// Band is a coarse quality, for facets.
type Band string

// The bands.
const (
	BandFull   Band = "full"   // every point
	BandGood   Band = "good"   // 7 or 8 points
	BandMiddle Band = "middle" // 4 to 6
	BandLow    Band = "low"    // 0 to 3
)

// Key is the catalogue key of the band's label.
func (b Band) Key() string { return "catalogue.band_" + string(b) }

// Band says how good the score is.
func (s Score) Band() Band {
	switch {
	case s.Total > 0 && s.Met == s.Total:
		return BandFull
	case s.Met >= 7:
		return BandGood
	case s.Met >= 4:
		return BandMiddle
	}
	return BandLow
}

// Missing lists the points not earned, the cheapest first: that is the order of advice. Points that need a resource
// come last while there is none, behind the one advice to add a resource.
func (s Score) Missing() []Criterion {
	var missing []Criterion
	for _, c := range s.Criteria {
		if !c.Met {
			missing = append(missing, c)
		}
	}
	slices.SortStableFunc(missing, func(a, b Criterion) int {
		if a.Counts != b.Counts {
			if a.Counts {
				return -1
			}
			return 1
		}
		return cmp.Compare(a.Effort, b.Effort)
	})
	return missing
}

// closedFormats are those that do not make data reusable in the eyes of data.gouv.fr.
// Source: udata, core/dataset/constants.py, CLOSED_FORMATS.
var closedFormats = []string{"pdf", "doc", "docx", "word", "xls", "excel", "xlsx"}

// ScoreOf reckons the nine criteria of data.gouv.fr at the instant now.
// Source: udata, core/dataset/models.py, compute_quality and compute_quality_score.
func ScoreOf(r Record, now time.Time) Score {
	any := len(r.Resources) > 0
	s := Score{Total: 9, Criteria: []Criterion{
		{HasLicence, r.Licence != "", true, 1},
		{HasTemporal, !r.Temporal.Empty(), true, 2},
		{HasSpatial, !r.Spatial.Empty(), true, 1},
		{HasFrequency, frequencySet(r), true, 1},
		{UpdatedInTime, inTime(r, now), true, updateEffort(r)},
		{IsDescribed, utf8.RuneCountInString(r.Description) > DescriptionShort, true, 3},
		{HasOpenFormat, any && slices.ContainsFunc(r.Resources, openFormat), any, 2},
		{AllReachable, any && !slices.ContainsFunc(r.Resources, func(res Resource) bool { return !res.Available }), any, 2},
		{HasExplanation, any && slices.ContainsFunc(r.Resources, explains), any, 2},
	}}
	for _, c := range s.Criteria {
		if c.Met {
			s.Met++
		}
	}
	s.Value = float64(s.Met) / float64(s.Total)
	return s
}

func frequencySet(r Record) bool { return r.Frequency != "" && r.Frequency != FrequencyUnknown }

// NextUpdate is when the next update is due; false if the frequency is not set, has no period, or nothing says when the
// data was last updated.
func NextUpdate(r Record) (time.Time, bool) {
	f, ok := FrequencyOf(r.Frequency)
	last := r.Updated()
	if !ok || f.Period == 0 || last.IsZero() {
		return time.Time{}, false
	}
	return last.Add(f.Period), true
}

// inTime forgives one day: harvesting may cost as much.
func inTime(r Record, now time.Time) bool {
	if !frequencySet(r) {
		return false
	}
	if f, ok := FrequencyOf(r.Frequency); ok && f.Period == 0 {
		return true
	}
	next, ok := NextUpdate(r)
	return ok && !next.Before(now.Add(-day))
}

// updateEffort is a click for who has only to choose a frequency: that one choice earns two points.
func updateEffort(r Record) int {
	if !frequencySet(r) {
		return 1
	}
	return 3
}

func openFormat(res Resource) bool {
	format := strings.ToLower(strings.TrimSpace(res.Format))
	return format != "" && !slices.Contains(closedFormats, format)
}

func explains(res Resource) bool {
	return res.Type == Documentation || strings.TrimSpace(res.Description) != ""
}
