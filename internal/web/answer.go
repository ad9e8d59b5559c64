package web

import (
	"encoding/json"
	"mime"
	"net/http"
)

// WriteJSON answers v as application/json.
func WriteJSON(w http.ResponseWriter, status int, v any) error {
	return WriteJSONAs(w, "application/json", status, v)
}

// WriteJSONAs answers v as JSON under another media type.
func WriteJSONAs(w http.ResponseWriter, mediaType string, status int, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", mediaType)
	w.WriteHeader(status)
	_, err = w.Write(append(b, '\n'))
	return err
}

// Attachment names the file a browser will save.
func Attachment(w http.ResponseWriter, mediaType, name string) {
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
}
