package text

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"io"
	"slices"
)

// genesis is the first book of the King James Bible of 1611, whose copyright
// has expired, a verse a line without its number, as in Debian's package
// bible-kjv-text.
//
//go:embed genesis.txt.gz
var genesis []byte

// corpus is a text as numbers of its characters.
type corpus struct {
	letters     []byte  // by number
	train, test []int32 // the first nine tenths, and the rest
}

func load() (*corpus, error) {
	zr, err := gzip.NewReader(bytes.NewReader(genesis))
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(zr)
	if err != nil {
		return nil, err
	}
	c := &corpus{letters: slices.Compact(slices.Sorted(slices.Values(text)))}
	if len(c.letters) > V {
		return nil, fmt.Errorf("the text has %d characters, the networks %d", len(c.letters), V)
	}
	cut := len(text) * 9 / 10
	ids := c.encode(string(text))
	c.train, c.test = ids[:cut], ids[cut:]
	return c, nil
}

func (c *corpus) encode(s string) []int32 {
	ids := make([]int32, len(s))
	for i := range len(s) {
		k, _ := slices.BinarySearch(c.letters, s[i])
		ids[i] = int32(k)
	}
	return ids
}

func (c *corpus) decode(ids []int32) string {
	s := make([]byte, len(ids))
	for i, k := range ids {
		s[i] = c.letters[k]
	}
	return string(s)
}
