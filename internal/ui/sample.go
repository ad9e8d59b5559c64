package ui

import "encoding/json"

// samples is what the examples of the components’ .md files show, in the language of the examples: French.
type samples struct {
	Errors                                      FormErrors
	Licences, Visibilities, Themes, Frequencies []Option
	Families                                    map[int]string
	Toast                                       Toast
	Head                                        PageHead
	Tabs                                        Tabs
	Pages, Keyset                               Pagination
	Steps                                       Steps
	Stepper                                     Stepper
	Menu                                        Menu
	Card, Plain                                 Card
	Figures                                     Figures
	Confirm                                     Confirm
	Diff                                        Diff
	Table, CompactTable, StackedTable           Table
	Facets                                      Facets
	Progress, Waiting                           Progress
	Score                                       Score
	Split                                       Split
	Bars                                        Bars
	Histogram                                   Histogram
}

// sampleData reads the examples' values from component/sample.json.
func sampleData() (s samples, err error) {
	b, err := files.ReadFile("component/sample.json")
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal(b, &s)
}
