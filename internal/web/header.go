package web

import (
	"net/http"
	"strings"
)

// contentPolicy needs no nonce: no page has a script or a style inside. So an answer may be kept and given again.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// Pictures lets a page show pictures from one other place, https://host or https://host:port.
func Pictures(w http.ResponseWriter, from string) {
	w.Header().Set("Content-Security-Policy", strings.Replace(contentPolicy, "img-src 'self' data:", "img-src 'self' data: "+from, 1))
}

// header sets what every answer carries: nothing is loaded from elsewhere, nothing is inline, nobody may frame us.
func header(h http.Header, v *Visit) {
	h.Set("Content-Security-Policy", contentPolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(self)")
	h.Set("X-Request-Id", v.ID)
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "Cookie, Accept-Language, Accept-Encoding")
	if v.Scheme == "https" {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// Public marks an answer that is the same for everybody, cacheable for a minute.
func Public(w http.ResponseWriter) { w.Header().Set("Cache-Control", "public, max-age=60") }
