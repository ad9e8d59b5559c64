package tabular

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// decodeText returns the UTF-8 text of b, whose bytes are in the single-byte charset or in UTF-8 with stray bytes.
// set gives the runes of single bytes above 0x7F; loose says that valid UTF-8 sequences stand for themselves.
func decodeText(dst, b []byte, set *[128]rune, loose bool) []byte {
	for len(b) > 0 {
		n := ascii(b)
		dst = append(dst, b[:n]...)
		if b = b[n:]; len(b) == 0 {
			break
		}
		if loose {
			if r, size := utf8.DecodeRune(b); r != utf8.RuneError || size > 1 {
				dst = append(dst, b[:size]...)
				b = b[size:]
				continue
			}
		}
		dst = utf8.AppendRune(dst, set[b[0]-0x80])
		b = b[1:]
	}
	return dst
}

// wideReader turns UTF-16 into UTF-8. A lone surrogate becomes U+FFFD; an odd last byte is dropped.
type wideReader struct {
	src   io.Reader
	order binary.ByteOrder
	raw   [32 << 10]byte
	held  int    // bytes of raw kept from the last read
	out   []byte // UTF-8 not yet given
	buf   []byte
	err   error
}

// Read implements io.Reader.
func (w *wideReader) Read(p []byte) (int, error) {
	for len(w.out) == 0 {
		if w.err != nil {
			return 0, w.err
		}
		w.fill()
	}
	n := copy(p, w.out)
	w.out = w.out[n:]
	return n, nil
}

// fill decodes the next piece of the source.
func (w *wideReader) fill() {
	n, err := w.src.Read(w.raw[w.held:])
	n += w.held
	w.err = err
	w.buf = w.buf[:0]
	i := 0
	for ; i+2 <= n; i += 2 {
		u := rune(w.order.Uint16(w.raw[i:]))
		if utf16.IsSurrogate(u) {
			if i+4 > n {
				if err == nil {
					break
				}
			} else if r := utf16.DecodeRune(u, rune(w.order.Uint16(w.raw[i+2:]))); r != utf8.RuneError {
				w.buf = utf8.AppendRune(w.buf, r)
				i += 2
				continue
			}
		}
		w.buf = utf8.AppendRune(w.buf, u)
	}
	w.held = copy(w.raw[:], w.raw[i:n])
	w.out = w.buf
}

// narrowReader turns a text of a single-byte encoding, or of UTF-8 with stray bytes, into UTF-8.
type narrowReader struct {
	src   io.Reader
	set   *[128]rune
	loose bool // valid UTF-8 stands for itself
	raw   [32 << 10]byte
	held  int
	out   []byte
	buf   []byte
	err   error
}

// Read implements io.Reader.
func (r *narrowReader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.err != nil {
			return 0, r.err
		}
		var n int
		n, r.err = r.src.Read(r.raw[r.held:])
		n += r.held
		r.held = 0
		whole := n
		if r.loose && r.err == nil { // a sequence cut by the end of the piece waits for its rest
			for back := 1; back < utf8.UTFMax && back <= n; back++ {
				if c := r.raw[n-back]; utf8.RuneStart(c) {
					if !utf8.FullRune(r.raw[n-back : n]) {
						whole = n - back
					}
					break
				}
			}
		}
		r.buf = decodeText(r.buf[:0], r.raw[:whole], r.set, r.loose)
		r.out = r.buf
		r.held = copy(r.raw[:], r.raw[whole:n])
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}
