// Package recent keeps what was asked for lately within a number of bytes, in two generations: what is asked for again stays.
package recent

import "sync"

// A Cache keeps values by key. Two generations share Room; when the young fill their half they become the old ones, and those that
// were old are forgotten, so that nothing is moved or sorted at each use. A Cache with a Room and a Size is ready to use, by many at
// once.
type Cache[K comparable, V any] struct {
	Room int                // in bytes, of both generations together
	Size func(k K, v V) int // about what an entry takes, in bytes

	mu         sync.Mutex
	young, old map[K]V
	bytes      int // of the young
}

// Get returns what is kept of k, and makes it young again.
func (c *Cache[K, V]) Get(k K) (V, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if v, ok := c.young[k]; ok {
		return v, true
	}
	v, ok := c.old[k]
	if ok {
		delete(c.old, k)
		c.add(k, v)
	}
	return v, ok
}

// Put keeps v, unless one is kept already or it would fill half of the room alone.
func (c *Cache[K, V]) Put(k K, v V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.young[k]; !known && c.Size(k, v) <= c.Room/2 {
		c.add(k, v)
	}
}

// Len is the number of values kept.
func (c *Cache[K, V]) Len() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.young) + len(c.old)
}

// Clear forgets everything.
func (c *Cache[K, V]) Clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.young, c.old, c.bytes = nil, nil, 0
}

func (c *Cache[K, V]) add(k K, v V) {
	size := c.Size(k, v)
	if c.young == nil || c.bytes+size > c.Room/2 {
		c.young, c.old, c.bytes = map[K]V{}, c.young, 0
	}
	c.young[k] = v
	c.bytes += size
}
