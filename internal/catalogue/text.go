package catalogue

import (
	"embed"
	"encoding/json"
	"sync"
)

// Text holds the words of this room, in each language.
//
//go:embed text/*.json
var Text embed.FS

// labels reads the plain sentences of one language once. DCAT documents carry labels in both languages whoever asks,
// so they cannot wait for a visitor's language. A malformed file is our bug, found by the first test.
var labels = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range []string{"fr", "en"} {
		raw, err := Text.ReadFile("text/" + lang + ".json")
		if err != nil {
			panic(err)
		}
		var entries map[string]any
		if err := json.Unmarshal(raw, &entries); err != nil {
			panic("catalogue: text/" + lang + ".json: " + err.Error())
		}
		all[lang] = map[string]string{}
		for key, v := range entries {
			if s, ok := v.(string); ok {
				all[lang][key] = s
			}
		}
	}
	return all
})

// label is the plain sentence of key in lang, else in French, else the key itself.
func label(lang, key string) string {
	if s, ok := labels()[lang][key]; ok {
		return s
	}
	if s, ok := labels()["fr"][key]; ok {
		return s
	}
	return key
}
