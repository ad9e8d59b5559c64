package demo

// What people of the demonstration showed, and learn together. Everything is done through the services, as they would.

// Learning is what people tried, made, asked for and learn together, in the order it happened. People are named by e-mail.
type Learning struct {
	Tries   []Try    `json:"tries"`
	Works   []Work   `json:"works"`
	Badges  []Badge  `json:"badges"`
	Cohorts []Cohort `json:"cohorts"`
}

// A Try is a person who does missions, one after the other; of those in Failed they first hand in something wrong.
type Try struct {
	Person   string   `json:"person"`
	Missions []string `json:"missions"`
	Failed   []string `json:"failed"`
	Shares   bool     `json:"shares"` // with human resources
}

// A Work is real work somebody adds to their evidence.
type Work struct {
	Person  string  `json:"person"`
	Title   string  `json:"title"`
	Code    string  `json:"code"` // of a competence
	Level   int     `json:"level"`
	Dataset string  `json:"dataset"` // ID of a [Dataset], "" for none
	Address string  `json:"address"`
	File    *File   `json:"file"`
	Note    string  `json:"note"`
	Review  *Review `json:"review"`
	Shares  bool    `json:"shares"` // with human resources
}

// A File is one that is attached: a text.
type File struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// A Review is asked of a colleague; one that is not accepted waits.
type Review struct {
	By       string `json:"by"`
	As       string `json:"as"` // "peer" or "manager"
	Accepted bool   `json:"accepted"`
	Words    string `json:"words"`
}

// A Badge is asked for; one that nobody gives waits.
type Badge struct {
	Person   string    `json:"person"`
	Offer    string    `json:"offer"`
	Note     string    `json:"note"`
	By       string    `json:"by"` // who gives it
	Endorsed *Endorsed `json:"endorsed"`
}

// Endorsed is who stands behind a badge, and why.
type Endorsed struct {
	By   string `json:"by"`
	Word string `json:"word"`
}

// A Cohort learns together. It began some weeks ago.
type Cohort struct {
	Lead     string   `json:"lead"`
	Title    string   `json:"title"`
	Use      string   `json:"use"`
	Path     string   `json:"path"`
	WeeksAgo int      `json:"weeksAgo"`
	Weeks    int      `json:"weeks"`
	Members  []Member `json:"members"`
	Notes    []Note   `json:"notes"`
}

// A Member is invited; one who joined walks the path too.
type Member struct {
	Person string `json:"person"`
	Side   string `json:"side"` // "data" or "trade"
	Pair   int    `json:"pair"`
	Joined bool   `json:"joined"`
	Shares bool   `json:"shares"` // progress, with who leads
}

// A Note is one of the follow-up.
type Note struct {
	Person string `json:"person"`
	Text   string `json:"text"`
	Help   bool   `json:"help"`
}
