package demo

import "encoding/json"

// What people of the demonstration do at the workbench, as work.json says it. Everything is done through the services, as they would.

// A Bench is what happened at the workbench.
type Bench struct {
	Requests  []Requests `json:"requests"`
	Recipes   []Recipe   `json:"recipes"`
	Proposals []Proposal `json:"proposals"`
}

// Requests are the answers to a form, those from longest ago first.
type Requests struct {
	Owner   string   `json:"owner"` // e-mail of the [Person] whose form it is
	Form    string   `json:"form"`  // its title
	Answers []Answer `json:"answers"`
}

// An Answer is what somebody sent, and what came of it.
type Answer struct {
	DaysAgo int                 `json:"daysAgo"`
	Typed   map[string][]string `json:"typed"` // by block, as package form has it
	Treated []Treated           `json:"treated"`
}

// A Treated is one thing done with a request, by whom treats it or, where Wrote is something, by its author.
type Treated struct {
	DaysAgo int    `json:"daysAgo"`
	State   string `json:"state"`   // "" leaves it; those of package form
	To      string `json:"to"`      // e-mail of the [Person] who treats it from now on, "" leaves it
	Message string `json:"message"` // to the author
	Note    string `json:"note"`    // to colleagues
	Wrote   string `json:"wrote"`   // by the author
}

// A Recipe is kept by name for everybody.
type Recipe struct {
	Owner string          `json:"owner"`
	Name  string          `json:"name"`
	Steps json.RawMessage `json:"steps"` // as package recipe writes them
}

// A Proposal is a cell that somebody would change in a dataset of somebody else.
type Proposal struct {
	Person  string `json:"person"`
	Dataset string `json:"dataset"` // ID of a [Dataset]
	Row     int64  `json:"row"`     // in the table, from 1
	Column  string `json:"column"`
	Before  string `json:"before"`
	After   string `json:"after"`
	Why     string `json:"why"`
}
