package competency

import (
	"strings"

	"cultured/internal/id"
)

// An Address says where things are on this instance, for files that leave it.
type Address struct {
	Base string // public address without a final slash
}

// Framework is the address of a framework: the one it was made at, else its page here.
func (a Address) Framework(f Framework) string {
	if f.URI != "" {
		return f.URI
	}
	return a.here(f.ID)
}

func (a Address) here(of ID) string { return a.Base + "/competencies/" + string(of) }

// Item is the address of an item: the one it was made at, else its page here.
func (a Address) Item(f Framework, it Item) string {
	if it.URI != "" {
		return it.URI
	}
	return a.itemHere(f.ID, it.ID)
}

func (a Address) itemHere(of ID, it ItemID) string { return a.here(of) + "/items/" + string(it) }

// part is the address of something a file names and no page shows: an association, a rubric.
func (a Address) part(f Framework, kind, uuid string) string {
	return a.Framework(f) + "#" + kind + "-" + uuid
}

// own takes from what came in the addresses that are this instance's own: they need not be kept.
func (a Address) own(f *Framework) {
	if f.URI == a.here(f.ID) {
		f.URI = ""
	}
	for i, it := range f.Items {
		if it.URI == a.itemHere(f.ID, it.ID) {
			f.Items[i].URI = ""
		}
	}
}

// uuidOf is the identifier a file gives, or the UUID in it, or one made from it: always the same for the same text.
func uuidOf(space, s string) string {
	s = strings.TrimSpace(s)
	for _, part := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool {
		return r == '/' || r == ':' || r == '#' || r == '{' || r == '}' || r == '_' || r == '?' || r == '='
	}) {
		if id.IsUUID(part) {
			return part
		}
	}
	return id.NamedUUID(space, s)
}
