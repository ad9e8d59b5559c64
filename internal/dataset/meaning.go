package dataset

import "strings"

// leastConfidence is what a meaning needs to be told.
const leastConfidence = 0.6

// choose finds what the column stands for: the values' own testimony first, the name beside it.
func (g *gatherer) choose(c *ColumnProfile, values int64) {
	if values == 0 {
		return
	}
	for i := range meanings {
		m := &meanings[i]
		named := g.head.holds(m.names)
		confidence := 0.0
		if m.check != nil && g.asked > 0 {
			confidence = g.testimony(i, named)
		}
		if m.check == nil || named && fallsBack(m.is) {
			confidence = max(confidence, g.columnMeaning(m, c, named))
		}
		if confidence > c.Confidence && confidence >= leastConfidence {
			c.Semantic, c.Confidence = m.is, confidence
		}
	}
	c.Confidence = round(c.Confidence, 2)
	if c.Semantic == SemanticNone && c.Type == TypeDate {
		c.Semantic, c.Confidence = SemanticDay, round(float64(g.kinds[kindDate]+g.kinds[kindDateTime])/float64(values), 2)
	}
	if g.code(*c) {
		c.Type = TypeText
	}
}

// testimony is the confidence that meaning i gets from the values asked.
func (g *gatherer) testimony(i int, named bool) float64 {
	m := &meanings[i]
	hits := float64(g.hits[i])
	if m.is == "commune" && !named && g.head.holds("code postal|cp|postal") {
		return 0
	}
	if named {
		hits += float64(g.lost[i])
	}
	share := hits / float64(g.asked)
	least := m.alone
	if named {
		least = m.named
	}
	switch {
	case m.is == "telephone" && g.kinds[kindInteger] > 0 && !named && g.flagged[flagZero] == 0:
		return 0 // numbers of nine or ten digits
	case share < 0.5, share < 0.75 && !named:
		return 0
	case m.is == "siren" && !named && g.head.holds("finess|epci"):
		return 0
	case m.is == SemanticGivenName && !named && g.head.isCodeName():
		return 0
	case !named && g.askedOf < leastDistinct[m.is]:
		return 0 // a few values pass by chance
	}
	return least * share
}

// fallsBack says whether a column may bear a meaning by its name and its shape, though the list knows few of its values.
func fallsBack(s Semantic) bool {
	switch s {
	case SemanticAddress, SemanticGivenName, SemanticCommuneName, SemanticDepartmentName, SemanticRegionName, SemanticEPCIName, SemanticHour:
		return true
	}
	return false
}

// columnMeaning is the confidence of meanings that rest on the name and the type of the column.
func (g *gatherer) columnMeaning(m *meaning, c *ColumnProfile, named bool) float64 {
	numeric := c.Type == TypeInteger || c.Type == TypeNumber
	d := &g.numbers
	values := float64(g.values())
	switch m.is {
	case SemanticMoney, SemanticPercent:
		if m.is == SemanticMoney && g.head.holds("pourcentage|pct|percent|taux|part") && g.flagged[flagEuro] == 0 {
			return 0
		}
		unit := g.flagged[flagEuro]
		if m.is == SemanticPercent {
			unit = g.flagged[flagPercent]
		}
		if numeric && float64(unit) > values/2 {
			return m.alone
		}
		return g.ifNamed(named && numeric && (m.is == SemanticMoney || g.mayBePercent()), m)
	case SemanticLatitude:
		return g.ifNamed(named && numeric && d.min >= -90 && d.max <= 90, m)
	case SemanticLongitude:
		return g.ifNamed(named && numeric && d.min >= -180 && d.max <= 180, m)
	case SemanticLambertX:
		return g.ifNamed(named && numeric && isLambertX(d.quantile(.25)) && isLambertX(d.quantile(.75)), m)
	case SemanticLambertY:
		return g.ifNamed(named && numeric && isLambertY(d.quantile(.25)) && isLambertY(d.quantile(.75)), m)
	case SemanticConicX:
		return g.ifNamed(named && numeric && isConicX(d.quantile(.25)) && isConicX(d.quantile(.75)), m)
	case SemanticConicY:
		return g.ifNamed(named && numeric && isConicY(d.quantile(.25)) && isConicY(d.quantile(.75)), m)
	case SemanticHour:
		return .9 * g.ifNamed(named && c.Type == TypeInteger && d.min >= 0 && d.max <= 24 && g.head.holds("heure|hour"), m)
	case SemanticBirth:
		return g.ifNamed(named && (c.Type == TypeDate || c.Type == TypeDateTime), m)
	case SemanticFamilyName, SemanticFullName:
		return g.ifNamed(named && g.wordShare() > 0.8 && g.longest < 80, m)
	case SemanticGivenName, SemanticCommuneName, SemanticDepartmentName, SemanticRegionName, SemanticEPCIName:
		return .85 * g.ifNamed(named && g.wordShare() > 0.8 && g.longest < 80 && g.hitShare(m.is) >= .2, m)
	case SemanticAddress:
		return g.ifNamed(c.Type == TypeText && g.longest > 8 && g.kinds[kindText]*2 > int64(values) &&
			!g.head.holds("mail|email|courriel|web|internet|ip|url|complement|id|code"), m)
	}
	return 0
}

// mayBePercent says whether the numbers of a column named as a percentage can be some: a rate of growth may fall below
// zero and pass a hundred, a part of a whole may not.
func (g *gatherer) mayBePercent() bool {
	if d := &g.numbers; g.head.holds("taux|pourcentage|pct|percent|pourcent") {
		return d.quantile(.05) >= -100 && d.quantile(.95) <= 200
	}
	return g.numbers.min >= 0 && g.numbers.max <= 100
}

// hitShare is the share of the values asked that the meaning's own check knows.
func (g *gatherer) hitShare(s Semantic) float64 {
	for i := range meanings {
		if meanings[i].is == s && g.asked > 0 {
			return float64(g.hits[i]) / float64(g.asked)
		}
	}
	return 0
}

func (g *gatherer) ifNamed(ok bool, m *meaning) float64 {
	if ok {
		return m.named
	}
	return 0
}

// wordShare is the share of the values that are words: letters, spaces, hyphens, apostrophes.
func (g *gatherer) wordShare() float64 {
	words, all := int64(0), int64(0)
	for p, n := range g.patterns {
		all += n
		if p == PatternOther || strings.Trim(p, "aAø -'’.()/") == "" {
			words += n
		}
	}
	return float64(words) / float64(max(all, 1))
}
