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
