package i18n

import (
	"time"
	_ "time/tzdata" // the binary carries the zones: an air-gapped machine may have none
)

// paris is the civil time shown to people; stores keep UTC.
var paris = func() *time.Location {
	l, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // tzdata is linked in: only a broken build comes here
	}
	return l
}()

// Civil is a moment in the civil time shown to people: that of Paris, whose days are those closing dates mean.
func Civil(t time.Time) time.Time { return t.In(paris) }
