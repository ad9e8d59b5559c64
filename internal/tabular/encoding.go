package tabular

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"cultured/internal/fault"
)

// headBytes is how much of a text its dialect is judged on.
const headBytes = 256 << 10

// A census is what one pass over a text counts.
type census struct {
	head     []byte // the first headBytes, BOM included
	total    int64
	high     [128]int64 // bytes 0x80 to 0xFF that are not valid UTF-8, or all of them when UTF-8 is ruled out
	small    [128]int64 // of which after a small ASCII letter, or between a capital and a small one: a letter there is small
	capital  [128]int64 // of which before a capital, or after two: a letter there is one
	inside   [128]int64 // of which between two ASCII letters: few signs stand there
	before   [2]byte    // the two bytes before the next one
	stray    int64      // bytes that are not part of valid UTF-8
	multi    int64      // valid UTF-8 sequences of two bytes or more
	nul      int64
	ligature int64 // bytes 0xBC and 0xBD before an ASCII letter: Œ and œ in ISO-8859-15, ¼ and ½ elsewhere
	tail     []byte
}

// take counts the next bytes of the text. A sequence cut by the end of p is kept for the next call.
func (c *census) take(p []byte) {
	c.total += int64(len(p))
	if room := headBytes - len(c.head); room > 0 {
		c.head = append(c.head, p[:min(room, len(p))]...)
	}
	c.nul += int64(bytes.Count(p, []byte{0}))
	if len(c.tail) > 0 {
		p = append(c.tail, p...)
		c.tail = nil
	}
	for len(p) > 0 {
		if n := ascii(p); n > 0 {
			c.before[0], c.before[1] = c.before[1], p[n-1]
			if n > 1 {
				c.before[0] = p[n-2]
			}
			if p = p[n:]; len(p) == 0 {
				return
			}
		}
		r, size := utf8.DecodeRune(p)
		if r != utf8.RuneError || size > 1 {
			c.multi++
			c.count(p, size)
			p = p[size:]
			continue
		}
		if !utf8.FullRune(p) {
			c.tail = bytes.Clone(p)
			return
		}
		c.stray++
		c.count(p, 1)
		p = p[1:]
	}
}

// count adds the n bytes at the start of p to the histogram.
func (c *census) count(p []byte, n int) {
	for i := range n {
		after := byte(0)
		if i+1 < len(p) {
			after = p[i+1]
		}
		c.place(p[i]-0x80, after)
		c.before[0], c.before[1] = c.before[1], p[i]
	}
	if (p[0] == 0xBC || p[0] == 0xBD) && len(p) > 1 && letter(p[1]) != noLetter {
		c.ligature++
	}
}

// The kinds of a byte, as a neighbour.
const (
	noLetter = iota
	smallLetter
	capitalLetter
)

func letter(b byte) int {
	switch {
	case 'a' <= b && b <= 'z':
		return smallLetter
	case 'A' <= b && b <= 'Z':
		return capitalLetter
	}
	return noLetter
}

// place counts one byte, 0x80 less, among its neighbours.
func (c *census) place(b, after byte) {
	left, right := letter(c.before[1]), letter(after)
	c.high[b]++
	switch {
	case left == smallLetter || left == capitalLetter && right == smallLetter:
		c.small[b]++
	case right == capitalLetter || left == capitalLetter && letter(c.before[0]) == capitalLetter && after < 0x80:
		c.capital[b]++
	}
	if left != noLetter && right != noLetter {
		c.inside[b]++
	}
}

// end closes the census: a sequence cut by the end of the file is stray.
func (c *census) end() {
	c.stray += int64(len(c.tail))
	for i := range c.tail {
		c.count(c.tail[i:], 1)
	}
	c.tail = nil
}

// ascii returns how many bytes at the start of p are ASCII.
func ascii(p []byte) int {
	i := 0
	for ; i+8 <= len(p); i += 8 {
		if (p[i]|p[i+1]|p[i+2]|p[i+3]|p[i+4]|p[i+5]|p[i+6]|p[i+7])&0x80 != 0 {
			break
		}
	}
	for i < len(p) && p[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// surveyBytes are read at once by a survey. Most files are smaller: to make and clear as much for each took longer than to read it.
const surveyBytes = 256 << 10

var surveyBuffers = sync.Pool{New: func() any { return new([surveyBytes]byte) }}

// survey reads a text once, to its end or to most bytes, and counts it.
func survey(r io.Reader, most int64) (*census, error) {
	c := &census{}
	lent := surveyBuffers.Get().(*[surveyBytes]byte)
	defer surveyBuffers.Put(lent)
	buf := lent[:]
	for c.total < most {
		n, err := r.Read(buf)
		c.take(buf[:n])
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	c.end()
	return c, nil
}

// decide names the encoding of a counted text, how many bytes of mark to skip, and adds its reasons to reading.
func (c *census) decide(want string, reading *Reading) (skip int, err error) {
	mark, skip := bom(c.head)
	reading.BOM = skip > 0
	if want != "" {
		want = strings.ToLower(want)
		if !slices.Contains(Encodings, want) {
			return 0, fault.New(fault.Invalid, "tabular.encoding_unknown", want, strings.Join(Encodings, ", "))
		}
		reading.Encoding = want
		return skip, nil
	}
	switch {
	case mark == "utf-16le" || mark == "utf-16be":
		reading.Encoding = mark
		reading.note("tabular.note_bom", EncodingTitle(mark))
		return skip, nil
	case mark == "":
		if wide := guessWide(c.head); wide != "" {
			reading.Encoding = wide
			reading.note("tabular.note_utf16_guessed", EncodingTitle(wide))
			return 0, nil
		}
	}
	if at := bytes.IndexByte(c.head, 0); at >= 0 || c.nul*1000 > c.total {
		return 0, fault.New(fault.Invalid, "tabular.binary", max(at, 0))
	}
	if at := binaryAt(c.head); at >= 0 {
		return 0, fault.New(fault.Invalid, "tabular.binary", at)
	}
	if c.nul > 0 {
		reading.note("tabular.note_nul")
	}
	multi := c.multi - int64(skip/3)
	switch {
	case c.stray == 0:
		reading.Encoding = "utf-8"
		if skip > 0 {
			reading.note("tabular.note_bom", EncodingTitle("utf-8"))
		}
	case multi > 10*c.stray:
		reading.Encoding = "utf-8"
		reading.note("tabular.note_stray_bytes", strconv.FormatInt(c.stray, 10))
	default:
		if skip > 0 {
			for _, b := range []byte("\xEF\xBB\xBF") {
				c.high[b-0x80]--
			}
		}
		reading.Encoding = c.guess()
		if skip > 0 {
			reading.note("tabular.note_false_bom", EncodingTitle(reading.Encoding))
		} else {
			reading.note("tabular.note_encoding_guessed", EncodingTitle(reading.Encoding))
		}
	}
	return skip, nil
}

// bom returns the encoding a byte order mark announces and its size.
func bom(p []byte) (string, int) {
	switch {
	case bytes.HasPrefix(p, []byte("\xEF\xBB\xBF")):
		return "utf-8", 3
	case bytes.HasPrefix(p, []byte("\xFF\xFE")):
		return "utf-16le", 2
	case bytes.HasPrefix(p, []byte("\xFE\xFF")):
		return "utf-16be", 2
	}
	return "", 0
}

// guessWide recognises UTF-16 without a mark: western text has a zero in at least two thirds of its high bytes and
// almost none in its low bytes.
func guessWide(p []byte) string {
	p = p[:min(len(p), 4096)&^1]
	if len(p) < 4 {
		return ""
	}
	var even, odd int
	for i := 0; i < len(p); i += 2 {
		if p[i] == 0 {
			even++
		}
		if p[i+1] == 0 {
			odd++
		}
	}
	half := len(p) / 2
	switch {
	case odd*3 >= half*2 && even*50 <= half:
		return "utf-16le"
	case even*3 >= half*2 && odd*50 <= half:
		return "utf-16be"
	}
	return ""
}

// binaryAt returns the place of the first control a text never has when there are too many of them, -1 for a text.
func binaryAt(p []byte) int {
	first, count := -1, 0
	for i, b := range p {
		if b < 0x20 && b != '\t' && b != '\n' && b != '\r' && b != 0x0B && b != 0x0C && b != 0x1A && b != 0x1B {
			if first < 0 {
				first = i
			}
			count++
		}
	}
	if count*100 > len(p) {
		return first
	}
	return -1
}

// guess names the single-byte encoding whose reading of the high bytes looks most like French.
func (c *census) guess() string {
	western := max(c.score(&windows1252), c.score(&iso8859x15))
	mac, dos := c.score(&macRoman), c.score(&ibm850)
	switch {
	case dos > western && dos > mac:
		return "ibm850"
	case mac > western:
		return "macroman"
	}
	var low int64
	for _, n := range c.high[:0x20] {
		low += n
	}
	switch {
	case low > 0:
		return "windows-1252"
	case c.high[0xA4-0x80] > 0, c.ligature > 0:
		return "iso-8859-15"
	}
	return "iso-8859-1"
}

// score adds up how French the high bytes look in a charset: how common their signs are, and whether they stand where such
// signs do. A capital in the middle of a small word, or a sign between two letters, is the reading of another charset.
func (c *census) score(set *[128]rune) int64 {
	var sum int64
	for i, n := range c.high {
		if n == 0 {
			continue
		}
		r, misplaced := set[i], int64(0)
		switch {
		case unicode.IsUpper(r):
			misplaced = c.small[i]
		case unicode.IsLower(r):
			misplaced = c.capital[i]
		case !strings.ContainsRune("’·\u00ad", r):
			misplaced = c.inside[i]
		}
		sum += commonness(r)*(n-misplaced) - 6*misplaced
	}
	return sum
}

// commonness says how common a sign is in French files, from 6 down to -6 for one they never have.
func commonness(r rune) int64 {
	switch {
	case r == 'é':
		return 6
	case strings.ContainsRune("èàêçôîâùûëïœÉÈÀÊÇÔÎÂ", r):
		return 4
	case strings.ContainsRune("’«»€°–—…‘“”²³\u00a0ÙÛËÏŒüöä·•", r):
		return 2
	case strings.ContainsRune("áíóúãõñÁÍÓÚÑÖÜÄßº", r):
		return 0
	case r < 0xA0:
		return -6
	}
	return -3
}

func (r *Reading) note(key string, args ...string) {
	r.Notes = append(r.Notes, Note{Key: key, Args: args})
}

// noteOnce adds a note that is not there yet.
func (r *Reading) noteOnce(n Note) {
	if !slices.ContainsFunc(r.Notes, func(o Note) bool { return o.Key == n.Key && slices.Equal(o.Args, n.Args) }) {
		r.Notes = append(r.Notes, n)
	}
}
