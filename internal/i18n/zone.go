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
