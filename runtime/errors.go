package runtime

import "fmt"

// DimError says that the length of an argument fits no shape. It is returned
// before any work is done.
type DimError struct {
	Func string // package and entry point, "digits: Fit.LossGrad"
	Msg  string
}

func (e *DimError) Error() string { return prefix(e.Func) + e.Msg }

// RangeError says that an integer input lies outside its declared range 0..N-1.
type RangeError struct {
	Func  string // package and entry point, may be empty
	Arg   string // the argument's name
	Index int    // position in the flat slice
	Value int32
	N     int
}

func (e *RangeError) Error() string {
	if e.N <= 0 {
		return fmt.Sprintf("%s%s[%d] = %d is not in an empty range", prefix(e.Func), e.Arg, e.Index, e.Value)
	}
	return fmt.Sprintf("%s%s[%d] = %d is not in 0..%d", prefix(e.Func), e.Arg, e.Index, e.Value, e.N-1)
}

func prefix(fn string) string {
	if fn == "" {
		return ""
	}
	return fn + ": "
}

// CheckLen returns a *DimError unless have == want. Shape is the text that
// explains want, "[N,784] with N = %d (from y)"; dims fill its verbs.
func CheckLen(fn, arg string, have, want int, shape string, dims ...int) error {
	if have == want {
		return nil
	}
	return lenError(fn, arg, have, want, shape, dims)
}

//go:noinline
func lenError(fn, arg string, have, want int, shape string, dims []int) error {
	return &DimError{fn, fmt.Sprintf("%s has %s, %s needs %d", arg, values(have), fill(shape, dims), want)}
}

// InferDim returns the call dimension dim that gives arg its length:
// have = dim * per, where per is the product of the other axes of shape. With
// per 0 the length tells nothing, and no size is made up.
func InferDim(fn, arg string, have, per int, shape, dim string) (int, error) {
	switch {
	case have < 0:
		return 0, &DimError{fn, fmt.Sprintf("%s has %s too few for %s", arg, values(-have), shape)}
	case per <= 0 && have > 0:
		return 0, &DimError{fn, fmt.Sprintf("%s has %s, %s needs 0", arg, values(have), shape)}
	case per <= 0:
		return 0, &DimError{fn, fmt.Sprintf("%s is empty, %s does not tell %s", arg, shape, dim)}
	}
	n := have / per
	if n*per != have {
		return 0, &DimError{fn, fmt.Sprintf("%s has %s, %s needs a multiple of %d to tell %s", arg, values(have), shape, per, dim)}
	}
	return n, nil
}

// CheckCap returns a *DimError if the call dimension dim is n and the workspace
// was made for at most max.
func CheckCap(fn, dim string, n, max int) error {
	if n <= max {
		return nil
	}
	return capError(fn, dim, n, max)
}

//go:noinline
func capError(fn, dim string, n, max int) error {
	return &DimError{fn, fmt.Sprintf("%s = %d, the workspace was made for at most %d", dim, n, max)}
}

// CheckRange returns a *RangeError for the first element of v outside 0..n-1.
func CheckRange(fn, arg string, v []int32, n int) error {
	const maxInt32 = 1<<31 - 1
	hi := int32(min(n, maxInt32)) - 1
	if n > maxInt32 {
		hi = maxInt32
	}
	// The sign bit collects x < 0 and hi - x < 0. The difference can wrap only
	// for negative x, which the first term has caught.
	var bad int32
	w := v
	for len(w) >= 4 {
		bad |= w[0] | (hi - w[0]) | w[1] | (hi - w[1]) | w[2] | (hi - w[2]) | w[3] | (hi - w[3])
		w = w[4:]
	}
	for _, x := range w {
		bad |= x | (hi - x)
	}
	if bad >= 0 {
		return nil
	}
	for i, x := range v {
		if x < 0 || x > hi {
			return &RangeError{fn, arg, i, x, n}
		}
	}
	return nil
}

func values(n int) string {
	if n == 1 {
		return "1 value"
	}
	return fmt.Sprintf("%d values", n)
}

func fill(shape string, dims []int) string {
	if len(dims) == 0 {
		return shape
	}
	args := make([]any, len(dims))
	for i, d := range dims {
		args[i] = d
	}
	return fmt.Sprintf(shape, args...)
}
