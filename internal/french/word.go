package french

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Words cuts s into folded words, in order: letters and digits together make a word, everything else separates.
// Elisions are removed ("l’école" → "ecole", "qu’une" → "une"); an apostrophe elsewhere joins ("aujourd’hui" →
// "aujourdhui"). Compound words are cut at hyphens ("Saint-Denis" → "saint", "denis"). Stop words stay: see [Stop].
func Words(s string) []string { return AppendWords(nil, s) }

// AppendWords appends the words of s to dst, as [Words] cuts them.
func AppendWords(dst []string, s string) []string {
	s = Fold(s)
	for i := 0; i < len(s); {
		n := letter(s[i:])
		if n == 0 {
			_, n = utf8.DecodeRuneInString(s[i:])
			i += n
			continue
		}
		var word string
		word, i = oneWord(s, i)
		if word != "" {
			dst = append(dst, word)
		}
	}
	return dst
}

// oneWord reads the word of s that starts at i, and returns it with the place after it.
func oneWord(s string, i int) (string, int) {
	start, joined := i, ""
	for i < len(s) {
		if n := letter(s[i:]); n > 0 {
			i += n
			continue
		}
		if s[i] != '\'' || i+1 >= len(s) || letter(s[i+1:]) == 0 {
			break
		}
		if head := joined + s[start:i]; !elided(head) {
			joined = head
		} else {
			joined = ""
		}
		i++
		start = i
	}
	return joined + s[start:i], i
}

// letter returns the size of the letter or digit at the start of s, 0 if there is none.
func letter(s string) int {
	c := s[0]
	if c < utf8.RuneSelf {
		if 'a' <= c && c <= 'z' || '0' <= c && c <= '9' {
			return 1
		}
		return 0
	}
	r, n := utf8.DecodeRuneInString(s)
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return n
	}
	return 0
}

// elided says whether head is a word that loses its vowel before an apostrophe.
func elided(head string) bool {
	switch head {
	case "l", "d", "j", "m", "t", "s", "n", "c", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu":
		return true
	}
	return false
}

// stops are the words too common to tell one text from another, folded.
var stops = set(`a afin ai ainsi alors au aucun aucune auquel aussi autre autres aux auxquels avant avec avoir c ca
car ce ceci cela celle celles celui cependant ces cet cette ceux chaque chez ci comme comment d dans de depuis des
desquelles desquels deux dont du duquel elle elles en encore entre est et etaient etait etant etc ete etre eu eux fait
faire fois font hors il ils j jusque l la laquelle le lequel les lesquelles lesquels leur leurs lors lorsque lui m ma
mais me meme memes mes moi moins mon n ne ni nos notre nous on ont or ou par parce pas pendant peu peut plus pour
pourquoi pres qu quand que quel quelle quelles quels qui quoi s sa sans se selon sera ses si soi soit son sont sous
suivant sur t ta tandis te tel telle telles tels tes toi ton tous tout toute toutes tres tu un une vers via vos votre
vous y`)

// Stop says whether a folded word is too common to search with ("de", "la", "pour"…).
func Stop(word string) bool {
	_, ok := stops[word]
	return ok
}

// set makes a lookup of the words of s.
func set(s string) map[string]struct{} {
	m := map[string]struct{}{}
	for _, w := range strings.Fields(s) {
		m[w] = struct{}{}
	}
	return m
}
