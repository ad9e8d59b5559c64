package ui

import "html/template"

// constructors are the components a template may build itself, by the name it calls them.
func constructors() template.FuncMap {
	return template.FuncMap{
		"field": newField, "textarea": newTextarea, "choice": newChoice, "radios": newRadios, "checkboxes": newCheckboxes,
		"checkbox": newCheckbox, "fileDrop": newFileDrop, "options": Options,
		"button": newButton, "linkButton": newLinkButton, "notice": newNotice, "badge": newBadge, "family": newFamilyBadge,
		"qr": NewQR, "pageHead": newPageHead, "facts": newFacts, "code": newCode, "score": newScore, "keyset": Keyset,
		"details": newDisclosure, "empty": newEmpty, "fact": newFact, "factList": newFactList,
	}
}

func newDisclosure(title string, texts ...string) Disclosure {
	return Disclosure{Title: title, Texts: texts}
}

func newEmpty(text, example string) Empty { return Empty{Text: text, Example: example} }

// Drawn adds a picture.
func (e Empty) Drawn(icon string) Empty { e.Icon = icon; return e }

// Leading adds the one button.
func (e Empty) Leading(label, href string) Empty {
	e.Action = &LinkButton{Label: label, Href: href, Look: Primary}
	return e
}

func newFact(label, value string) Fact { return Fact{Label: label, Value: value} }

// To makes the value a link.
func (f Fact) To(href string) Fact { f.Href = href; return f }

func newFactList(items ...Fact) Facts { return Facts{Items: items} }
