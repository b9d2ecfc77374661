package main

import (
	"math"
	"testing"
)

// TestLearn: from whatever start, all four rows are told for sure.
func TestLearn(t *testing.T) {
	for seed := range uint64(20) {
		p, err := learn(t.Context(), seed)
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
			continue
		}
		for i, y := range table.Y {
			if math.Abs(float64(p[i]-y)) > 0.05 {
				t.Errorf("seed %d: row %d is %v with probability %v", seed, i, y, p[i])
			}
		}
	}
}
