package recent

import (
	"strconv"
	"sync"
	"testing"
)

func ofLength() *Cache[string, string] {
	return &Cache[string, string]{Room: 100, Size: func(k, v string) int { return len(k) + len(v) }}
}

func TestCache_staysWithinItsRoom(t *testing.T) {
	c := ofLength()
	for i := range 1000 {
		c.Put(strconv.Itoa(1000+i), "seven..") // 11 bytes an entry
		if c.Len()*11 > 100 {
			t.Fatalf("got %d entries of 11 bytes in a room of 100", c.Len())
		}
	}
	if v, ok := c.Get("1999"); !ok || v != "seven.." {
		t.Errorf("the last: got %q, %t", v, ok)
	}
	if _, ok := c.Get("1000"); ok {
		t.Error("the first of a thousand is still kept")
	}
	c.Clear()
	if c.Len() != 0 {
		t.Errorf("cleared: got %d entries", c.Len())
	}
}

func TestCache_whatIsAskedForAgainStays(t *testing.T) {
	c := ofLength()
	c.Put("dear", "value..")
	for i := range 1000 {
		c.Put(strconv.Itoa(1000+i), "seven..")
		if _, ok := c.Get("dear"); !ok {
			t.Fatalf("forgotten after %d others", i+1)
		}
	}
}

func TestCache_refusesWhatWouldFillIt(t *testing.T) {
	c := ofLength()
	c.Put("k", string(make([]byte, 50)))
	if c.Len() != 0 {
		t.Errorf("got %d entries, want none: one of 51 bytes fills half of the room", c.Len())
	}
}

func TestCache_keepsTheFirstOfTwo(t *testing.T) {
	c := ofLength()
	c.Put("k", "first")
	c.Put("k", "second")
	if v, _ := c.Get("k"); v != "first" {
		t.Errorf("got %q", v)
	}
}

func TestCache_isSharedByMany(t *testing.T) {
	c := ofLength()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for j := range 500 {
				k := strconv.Itoa((i * j) % 40)
				c.Put(k, k)
				if v, ok := c.Get(k); ok && v != k {
					t.Errorf("%s gives %s", k, v)
				}
			}
		})
	}
	all.Wait()
}
