package origin

import (
	"hash/maphash"
	"math/bits"
)

// A table is a set of strings for hundreds of thousands of them. It keeps its
// own copy of their text, in one piece, so that a look-up waits for memory that
// no cache holds at two places as a rule: the slot, and the text. In a map it
// would be at three.
type table struct {
	seed  maphash.Seed
	slots []slot // at least one of them is free
	text  []byte
}

// A slot is free if it is 0. Otherwise it holds, from the top, some bits of a
// string's hash, the string's length, and where it begins in the text.
type slot uint64

const (
	hashBits = 64 - lenBits - atBits
	lenBits  = 9 // more than MaxLen
	atBits   = 39
)

// newTable returns an empty table with room for n strings of size bytes in all.
func newTable(n, size int) *table {
	return &table{
		seed:  maphash.MakeSeed(),
		slots: make([]slot, n+n/2+1),
		text:  make([]byte, 0, size),
	}
}

func (t *table) has(s string) bool {
	_, _, found := t.find(s)
	return found
}

// add adds a string that is not empty, and no longer than MaxLen.
func (t *table) add(s string) {
	i, key, found := t.find(s)
	if !found {
		t.slots[i] = key<<atBits | slot(len(t.text))
		t.text = append(t.text, s...)
	}
}

// find returns the place of a string's slot, or of the free one where it
// belongs, and what the slot holds above the place in the text.
func (t *table) find(s string) (i uint64, key slot, found bool) {
	hash := maphash.String(t.seed, s)
	i, _ = bits.Mul64(hash, uint64(len(t.slots))) // by the upper bits, so that the key takes the lower
	key = slot(hash)<<lenBits&(1<<(hashBits+lenBits)-1) | slot(len(s))
	for t.slots[i] != 0 {
		if t.slots[i]>>atBits == key {
			at := t.slots[i] & (1<<atBits - 1)
			if string(t.text[at:at+slot(len(s))]) == s {
				return i, key, true
			}
		}
		if i++; i == uint64(len(t.slots)) {
			i = 0
		}
	}
	return i, key, false
}
