// Package data holds the 1,797 handwritten 8x8 digits of the UCI repository,
// embedded in the program, so that an example needs no download:
//
//	x, y, err := data.Load() // x [1797,64] in 0..1, y [1797] in 0..9
//
// README.md in this folder names the authors and the licence.
package data

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

const (
	// N is the number of images.
	N = 1797
	// D is the number of pixels of one image, 8 rows of 8.
	D = 64
	// K is the number of classes.
	K = 10

	maxPixel = 16 // lit pixels in a 4x4 block of the scanned bitmap
)

//go:embed digits.csv.gz
var archive []byte

// Load returns the images x, [N,D] row-major with values in 0..1, and their
// digits y, [N] in 0..K-1, in the order of the file. The slices belong to the
// caller.
func Load() (x []float32, y []int32, err error) {
	zr, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, nil, fmt.Errorf("digits: %w", err)
	}
	x, y, err = parse(zr)
	if err != nil {
		return nil, nil, fmt.Errorf("digits: %w", err)
	}
	if len(y) != N {
		return nil, nil, fmt.Errorf("digits: %d images, want %d", len(y), N)
	}
	return x, y, nil
}

// parse reads lines of D pixels and a label.
func parse(r io.Reader) (x []float32, y []int32, err error) {
	cr := csv.NewReader(r)
	cr.FieldsPerRecord = D + 1
	cr.ReuseRecord = true
	for {
		rec, err := cr.Read()
		if err == io.EOF {
			return x, y, nil
		}
		if err != nil {
			return nil, nil, err
		}
		for i, field := range rec {
			limit := maxPixel
			if i == D {
				limit = K - 1
			}
			v, err := strconv.Atoi(field)
			if err != nil || v < 0 || v > limit {
				return nil, nil, fmt.Errorf("line %d, field %d: %q is not an integer in 0..%d", len(y)+1, i+1, field, limit)
			}
			if i < D {
				x = append(x, float32(v)/maxPixel)
			} else {
				y = append(y, int32(v))
			}
		}
	}
}
