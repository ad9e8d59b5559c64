package recognition

import (
	"bytes"
	"encoding/binary"
	"encoding/xml"
	"errors"
	"hash/crc32"
	"io"
	"slices"

	"cultured/internal/fault"
)

const (
	mostPicture = 8 << 20 // bytes of a picture that carries a badge
	mostNodes   = 200_000 // elements and texts of an SVG
	keyword     = "openbadgecredential"
	svgSpace    = "https://purl.imsglobal.org/ob/v3p0"
)

var (
	pngMark = []byte("\x89PNG\r\n\x1a\n")
	errPNG  = errors.New("not a whole PNG")
)

// A chunk is a part of a PNG: its four letters, what it holds, and the whole with length and checksum.
type chunk struct {
	kind       string
	data, full []byte
}

// chunks cuts a PNG, from IHDR to IEND, and nothing after.
func chunks(raw []byte) (out []chunk, err error) {
	rest := raw[len(pngMark):]
	for len(rest) >= 12 {
		n := binary.BigEndian.Uint32(rest)
		if uint64(n)+12 > uint64(len(rest)) {
			return nil, errPNG
		}
		c := chunk{string(rest[4:8]), rest[8 : 8+n], rest[:12+n]}
		if crc32.ChecksumIEEE(rest[4:8+n]) != binary.BigEndian.Uint32(rest[8+n:]) || len(out) == 0 && c.kind != "IHDR" {
			return nil, errPNG
		}
		out, rest = append(out, c), rest[12+n:]
		if c.kind == "IEND" {
			if len(rest) > 0 {
				return nil, errPNG
			}
			return out, nil
		}
	}
	return nil, errPNG
}

// BakePNG writes a badge, as JSON or JWT, into a PNG picture, in place of the one it carried. Faults: Invalid
// "recognition.bad_picture"; TooLarge "recognition.too_large".
func BakePNG(picture, badge []byte) (_ []byte, err error) {
	defer fault.Wrap(&err, "recognition.BakePNG")
	if len(picture) > mostPicture || len(badge) > mostBytes {
		return nil, fault.New(fault.TooLarge, "recognition.too_large", mostPicture)
	}
	if !bytes.HasPrefix(picture, pngMark) {
		return nil, fault.New(fault.Invalid, "recognition.bad_picture")
	}
	list, err := chunks(picture)
	if err != nil {
		return nil, fault.New(fault.Invalid, "recognition.bad_picture").Because(err)
	}
	body := slices.Concat([]byte("iTXt"), []byte(keyword), make([]byte, 5), badge) // end of keyword, not compressed, its method, language, translation
	baked := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	baked = binary.BigEndian.AppendUint32(append(baked, body...), crc32.ChecksumIEEE(body))
	out := slices.Clone(pngMark)
	for i, c := range list {
		if i == 1 { // after IHDR: those who read a stream find it first
			out = append(out, baked...)
		}
		if !carries(c) {
			out = append(out, c.full...)
		}
	}
	return out, nil
}

func carries(c chunk) bool {
	return c.kind == "iTXt" && bytes.HasPrefix(c.data, []byte(keyword+"\x00"))
}

// Unbake takes a badge out of a PNG or SVG picture; other bytes come back as they are. Faults: TooLarge
// "recognition.too_large"; Invalid "recognition.bad_picture", "recognition.no_badge_inside", "recognition.two_badges" when a
// picture carries several, since readers would not choose the same, "recognition.old_badge".
func Unbake(raw []byte) (_ []byte, err error) {
	defer fault.Wrap(&err, "recognition.Unbake")
	if len(raw) > mostPicture {
		return nil, fault.New(fault.TooLarge, "recognition.too_large", mostPicture)
	}
	switch {
	case bytes.HasPrefix(raw, pngMark):
		return fromPNG(raw)
	case bytes.HasPrefix(bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\ufeff"))), []byte("<")):
		return fromSVG(raw)
	}
	return raw, nil
}

func fromPNG(raw []byte) (found []byte, err error) {
	list, err := chunks(raw)
	if err != nil {
		return nil, fault.New(fault.Invalid, "recognition.bad_picture").Because(err)
	}
	old := false
	for _, c := range list {
		old = old || c.kind == "iTXt" && bytes.HasPrefix(c.data, []byte("openbadges\x00"))
		if !carries(c) {
			continue
		}
		parts := bytes.SplitN(c.data[min(len(keyword)+3, len(c.data)):], []byte{0}, 3)
		switch {
		case found != nil:
			return nil, fault.New(fault.Invalid, "recognition.two_badges")
		case len(parts) != 3 || !bytes.Equal(c.data[len(keyword):len(keyword)+3], make([]byte, 3)) || len(parts[2]) == 0:
			return nil, fault.New(fault.Invalid, "recognition.bad_picture")
		}
		found = parts[2]
	}
	switch {
	case found == nil && old:
		return nil, fault.New(fault.Invalid, "recognition.old_badge")
	case found == nil:
		return nil, fault.New(fault.Invalid, "recognition.no_badge_inside")
	}
	return found, nil
}

// walkSVG calls visit with each part of an SVG picture and where it ends, in bytes.
func walkSVG(raw []byte, visit func(t xml.Token, end int64)) error {
	d := xml.NewDecoder(bytes.NewReader(raw))
	root := ""
	for n := 0; ; n++ {
		t, err := d.Token()
		if errors.Is(err, io.EOF) && root != "" {
			return nil
		}
		if s, ok := t.(xml.StartElement); ok && root == "" {
			root = s.Name.Local
		}
		if _, doctype := t.(xml.Directive); err != nil || n > mostNodes || root != "" && root != "svg" || doctype && bytes.Contains(t.(xml.Directive), []byte("[")) {
			return fault.New(fault.Invalid, "recognition.bad_picture").Because(err)
		}
		visit(t, d.InputOffset())
	}
}

func isCredential(n xml.Name) bool { return n.Space == svgSpace && n.Local == "credential" }

func fromSVG(raw []byte) ([]byte, error) {
	var found []byte
	count, inside := 0, false
	err := walkSVG(raw, func(t xml.Token, _ int64) {
		switch t := t.(type) {
		case xml.StartElement:
			if !isCredential(t.Name) {
				return
			}
			count, inside = count+1, true
			for _, a := range t.Attr { // a JWT stands in an attribute
				if a.Name.Local == "verify" {
					found = append(found, a.Value...)
				}
			}
		case xml.EndElement:
			inside = inside && !isCredential(t.Name)
		case xml.CharData:
			if inside {
				found = append(found, t...)
			}
		}
	})
	switch {
	case err != nil:
		return nil, err
	case count > 1:
		return nil, fault.New(fault.Invalid, "recognition.two_badges")
	case count == 0:
		return nil, fault.New(fault.Invalid, "recognition.no_badge_inside")
	}
	return found, nil
}

// BakeSVG writes a badge, as JSON or JWT, into an SVG picture that carries none. Faults: Invalid "recognition.bad_picture",
// "recognition.two_badges"; TooLarge "recognition.too_large".
func BakeSVG(picture, badge []byte) (_ []byte, err error) {
	defer fault.Wrap(&err, "recognition.BakeSVG")
	if len(picture) > mostPicture || len(badge) > mostBytes {
		return nil, fault.New(fault.TooLarge, "recognition.too_large", mostPicture)
	}
	var at int64
	baked := false
	if err := walkSVG(picture, func(t xml.Token, end int64) {
		if s, ok := t.(xml.StartElement); ok {
			baked = baked || isCredential(s.Name)
			if at == 0 {
				at = end
			}
		}
	}); err != nil {
		return nil, err
	}
	switch {
	case baked:
		return nil, fault.New(fault.Invalid, "recognition.two_badges")
	case bytes.HasSuffix(picture[:at], []byte("/>")): // an empty picture shows nothing
		return nil, fault.New(fault.Invalid, "recognition.bad_picture")
	}
	var b bytes.Buffer
	b.Write(picture[:at])
	b.WriteString(`<openbadges:credential xmlns:openbadges="` + svgSpace + `"`)
	if isToken(badge) {
		b.WriteString(` verify="`)
		_ = xml.EscapeText(&b, badge) // a buffer takes all
		b.WriteString(`"/>`)
	} else {
		b.WriteString(`>`)
		_ = xml.EscapeText(&b, badge) // the same
		b.WriteString(`</openbadges:credential>`)
	}
	b.Write(picture[at:])
	return b.Bytes(), nil
}
