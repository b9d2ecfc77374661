package data

import (
	"fmt"
	"iter"
	"math"
)

// Split divides 0..n-1 at random into a training part and a test part of the
// fraction test, rounded to the nearest number.
func Split(n int, test float64, seed uint64) (train, held []int) {
	if !(test >= 0 && test <= 1) {
		panic(fmt.Sprintf("data: a test fraction of %v", test))
	}
	p := Perm(n, seed)
	k := int(math.Round(test * float64(n)))
	return p[k:], p[:k]
}

// Split3 divides 0..n-1 at random into training, validation and test parts; the
// last two are of the given fractions, rounded.
func Split3(n int, valid, test float64, seed uint64) (train, validation, held []int) {
	if !(valid >= 0 && test >= 0 && valid+test <= 1) {
		panic(fmt.Sprintf("data: fractions of %v and %v", valid, test))
	}
	p := Perm(n, seed)
	k := int(math.Round(test * float64(n)))
	m := min(k+int(math.Round(valid*float64(n))), n)
	return p[m:], p[k:m:m], p[:k:k]
}

// Fold is one way to divide the examples for cross-validation.
type Fold struct{ Train, Test []int }

// Folds is k-fold cross-validation over 0..n-1 in random order: every example is
// in one test part, and the parts differ in size by at most one. The slices are
// reused at the next step.
func Folds(n, k int, seed uint64) iter.Seq[Fold] {
	if k < 2 || k > n {
		panic(fmt.Sprintf("data: %d folds of %d examples", k, n))
	}
	return func(yield func(Fold) bool) {
		p := Perm(n, seed)
		train := make([]int, 0, n)
		for i := range k {
			lo, hi := i*n/k, (i+1)*n/k
			train = append(append(train[:0], p[:lo]...), p[hi:]...)
			if !yield(Fold{train, p[lo:hi:hi]}) {
				return
			}
		}
	}
}

// LeaveOneOut is cross-validation with each of 0..n-1, in order, as the only
// test. The slices are reused at the next step.
func LeaveOneOut(n int) iter.Seq[Fold] {
	return func(yield func(Fold) bool) {
		train := make([]int, 0, n)
		test := make([]int, 1)
		for i := range n {
			train = train[:0]
			for j := range n {
				if j != i {
					train = append(train, j)
				}
			}
			test[0] = i
			if !yield(Fold{train, test}) {
				return
			}
		}
	}
}
