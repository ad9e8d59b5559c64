package schema

// A Seen remembers at which row each text first came, in about 18 bytes a text, whatever its length. It is for one reader at a time.
type Seen struct{ of *seen }

// NewSeen remembers nothing yet.
func NewSeen() *Seen { return &Seen{newSeen()} }

// Add remembers a text, and says at which row it came before, if it did. Two different texts are taken for the same once in 2^63.
func (s *Seen) Add(text string, row int) (before int, again bool) { return s.of.add(hash(text), row) }
