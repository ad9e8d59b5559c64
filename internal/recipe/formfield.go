package recipe

import "encoding/json"

// fields reads what holds each field; one with neither a column nor a value is left out. A column goes before a value. Those of another schema
// (Name + ".of") than the one chosen do not count.
func (in Input) fields(given map[string][]string) []Mapped {
	list := []Mapped{}
	if of := at(given[in.Name+".of"], 0); of != "" && of != at(given["schema"], 0) {
		return list
	}
	for i, field := range given[in.Name+".field"] {
		m := Mapped{Field: field, Column: at(given[in.Name+".column"], i), Constant: at(given[in.Name+".constant"], i), Convert: at(given[in.Name+".convert"], i) != ""}
		if m.Column != "" {
			m.Constant = ""
		}
		_ = json.Unmarshal([]byte(at(given[in.Name+".values"], i)), &m.Values) // none, or what giveFields wrote
		if m.Column != "" || m.Constant != "" {
			list = append(list, m)
		}
	}
	return list
}

// giveFields is fields back.
func (in Input) giveFields(raw json.RawMessage, out map[string][]string) {
	var list []Mapped
	_ = json.Unmarshal(raw, &list) // absent is none
	for _, m := range list {
		convert, values := "", ""
		if m.Convert {
			convert = "on"
		}
		if len(m.Values) > 0 {
			text, _ := json.Marshal(m.Values) // texts
			values = string(text)
		}
		for name, v := range map[string]string{"field": m.Field, "column": m.Column, "constant": m.Constant, "convert": convert, "values": values} {
			out[in.Name+"."+name] = append(out[in.Name+"."+name], v)
		}
	}
}
