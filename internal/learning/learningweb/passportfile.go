package learningweb

import (
	"encoding/csv"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"cultured/internal/fault"
	"cultured/internal/i18n"
	"cultured/internal/learning"
	"cultured/internal/tabular"
	"cultured/internal/web"
)

// passportFile gives the visitor's passport as a file, of the parts the address asks for: docs/decisions/0028-a-passport-of-ones-own.md says what each holds.
func (d Desk) passportFile(w http.ResponseWriter, r *http.Request) error {
	pass, _, err := d.mineDrawn(r, partsOf(r.URL.Query()))
	if err != nil {
		return err
	}
	p := web.VisitOf(r).P
	switch file := r.PathValue("file"); file {
	case "passport.csv":
		web.Attachment(w, "text/csv; charset=utf-8", file)
		return pass.table(w, p)
	case "passport.json":
		web.Attachment(w, "application/ld+json", file)
		return web.WriteJSONAs(w, "application/ld+json", http.StatusOK, pass.linked(p, d.Address))
	case "europass.json":
		web.Attachment(w, "application/json", file)
		return web.WriteJSON(w, http.StatusOK, pass.europass(p, d.Now(), d.Address))
	}
	return fault.New(fault.NotFound, "web.not_found")
}

// table writes one row for each level, piece of evidence and badge. Formulas are neutralised.
func (pass passport) table(w io.Writer, p *i18n.Printer) error {
	lines := [][]string{{"part", "name", "competence", "level", "date", "verification", "version", "sha256", "address"}}
	for _, l := range pass.Levels {
		lines = append(lines, []string{"level", l.Label, l.Code, strconv.Itoa(l.Level), "", "", "", "", ""})
	}
	for _, e := range pass.Evidence {
		for _, s := range e.Shows {
			lines = append(lines, []string{"evidence", e.Artefact.Title.In(string(p.Lang())), s.Code, strconv.Itoa(s.Level), day(e.At), how(p, e), e.Artefact.Version, e.Artefact.Hash, e.Artefact.Address})
		}
	}
	for _, b := range pass.Badges {
		lines = append(lines, []string{"badge", b.Name, "", "", day(b.At), "", "", "", b.Href})
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	for _, line := range lines {
		for i := range line {
			line[i] = tabular.CSVCell(line[i])
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// object is one of JSON.
type object = map[string]any

// linked is the passport in the words of schema.org.
func (pass passport) linked(p *i18n.Printer, address string) object {
	term := func(code string) object {
		return object{"@type": "DefinedTerm", "termCode": code, "name": pass.Framework.find(code).Label}
	}
	credentials := []object{}
	for _, l := range pass.Levels {
		credentials = append(credentials, object{"@type": "EducationalOccupationalCredential", "credentialCategory": "competence", "name": l.named(), "competencyRequired": term(l.Code), "educationalLevel": pass.Framework.level(l.Level)})
	}
	for _, b := range pass.Badges {
		credentials = append(credentials, object{"@type": "EducationalOccupationalCredential", "credentialCategory": "badge", "name": b.Name, "description": b.Text, "url": address + b.Href, "dateCreated": day(b.At)})
	}
	works := []object{}
	for _, e := range pass.Evidence {
		work := object{"@type": "CreativeWork", "name": e.Artefact.Title.In(string(p.Lang())), "dateCreated": e.At.UTC().Format(time.RFC3339), "description": how(p, e)}
		if e.Artefact.Hash != "" {
			work["identifier"] = object{"@type": "PropertyValue", "propertyID": "sha256", "value": e.Artefact.Hash}
		}
		if e.Artefact.Version != "" {
			work["version"] = e.Artefact.Version
		}
		if strings.HasPrefix(e.Artefact.Address, "http") {
			work["url"] = e.Artefact.Address
		}
		var teaches []object
		for _, s := range e.Shows {
			one := term(s.Code)
			one["description"] = pass.Framework.level(s.Level)
			teaches = append(teaches, one)
		}
		work["about"] = teaches
		works = append(works, work)
	}
	return object{"@context": "https://schema.org", "@type": "Person", "name": pass.Name, "affiliation": object{"@type": "Organization", "name": pass.Organisation}, "hasCredential": credentials, "subjectOf": works}
}

// achievementCodes are the codes Europass has for what kind of achievement something is, by kind of artefact.
var achievementCodes = map[string]string{learning.File: "projects", learning.Answer: "courses", learning.Work: "projects", learning.Event: "workshops"}

// europass is the part of a passport that the Europass document model (JSON for XML 3.3) has a place for: competences as job-related skills, badges and
// evidence as achievements. docs/decisions/0028-a-passport-of-ones-own.md says field by field what goes where.
func (pass passport) europass(p *i18n.Printer, now time.Time, address string) object {
	first, last, _ := strings.Cut(pass.Name, " ")
	info := object{"Identification": object{"PersonName": object{"FirstName": first, "Surname": last}}}
	var skills []string
	for _, l := range pass.Levels {
		skills = append(skills, p.T("learningweb.shows_one", l.named(), pass.Framework.level(l.Level)))
	}
	if len(skills) > 0 {
		info["Skills"] = object{"JobRelated": object{"Description": strings.Join(skills, "\n")}}
	}
	achievements := []object{}
	add := func(code, kind, text string) {
		achievements = append(achievements, object{"Title": object{"Code": code, "Label": p.T(kind)}, "Description": text})
	}
	for _, b := range pass.Badges {
		add("certifications", "learningweb.badge", b.Name+", "+day(b.At)+", "+address+b.Href)
	}
	for _, e := range pass.Evidence {
		add(achievementCodes[e.Artefact.Kind], "learningweb.kind_"+e.Artefact.Kind, e.Artefact.Title.In(string(p.Lang()))+", "+day(e.At)+", "+strings.Join(pass.Framework.shows(e), ", "))
	}
	if len(achievements) > 0 {
		info["Achievement"] = achievements
	}
	at := now.UTC().Format(time.RFC3339)
	return object{"SkillsPassport": object{"Locale": string(p.Lang()), "DocumentInfo": object{"DocumentType": "ESP", "CreationDate": at, "LastUpdateDate": at, "XSDVersion": "V3.3", "Generator": "Culture D"}, "LearnerInfo": info}}
}
