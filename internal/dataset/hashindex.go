package dataset

// A hashIndex numbers hashes in the order they are first met. It grows: whoever fills it bounds it.
type hashIndex struct {
	keys []uint64
	at   []int32
	n    int32
}

// find returns the number of h, a new one when it is new. h is not 0.
func (x *hashIndex) find(h uint64) int32 {
	if int(x.n)*4 >= len(x.keys)*3 {
		x.grow()
	}
	i := x.slot(h)
	if x.keys[i] == 0 {
		x.keys[i], x.at[i] = h, x.n
		x.n++
	}
	return x.at[i]
}

// slot is where h is, or would be.
func (x *hashIndex) slot(h uint64) int {
	mask := uint64(len(x.keys) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		if x.keys[i] == h || x.keys[i] == 0 {
			return int(i)
		}
	}
}

func (x *hashIndex) grow() {
	keys, at := x.keys, x.at
	size := max(256, 2*len(keys))
	x.keys, x.at = make([]uint64, size), make([]int32, size)
	for i, h := range keys {
		if h != 0 {
			k := x.slot(h)
			x.keys[k], x.at[k] = h, at[i]
		}
	}
}
