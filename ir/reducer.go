package ir

import "math"

// Reducer is the one record of a reduction over indices.
type Reducer struct {
	Name string
	Doc  string
	// Result is the type of the result; Real reducers that are not RealOnly
	// also reduce integers to an integer.
	Result   Elem
	RealOnly bool
	// Deriv is the derivative of the result r with respect to the element x
	// at the bound index: "first" sends it to the first extremum, "others" is
	// the product of the other elements; else text as in [Operator].
	Deriv string
	// Empty is the value over an empty range.
	Empty float64
	Range string
}

// The reducers.
var (
	Sum       = &Reducer{Name: "sum", Doc: "sum; 0 over an empty range", Deriv: "1"}
	Prod      = &Reducer{Name: "prod", Doc: "product; 1 over an empty range", Deriv: "others", Empty: 1}
	MaxOver   = &Reducer{Name: "max", Doc: "largest element; NaN if any is; -Inf over an empty range", Deriv: "first", Empty: math.Inf(-1)}
	MinOver   = &Reducer{Name: "min", Doc: "smallest element; NaN if any is; Inf over an empty range", Deriv: "first", Empty: math.Inf(1)}
	LogSumExp = &Reducer{Name: "logsumexp", Doc: "log of the sum of exponentials, shifted by the largest; -Inf over an empty range", RealOnly: true, Deriv: "exp(x - r)", Empty: math.Inf(-1)}
	ArgMax    = &Reducer{Name: "argmax", Doc: "index of the first largest element (the first NaN if there is one), from the lower end of the range", Result: Int}
	ArgMin    = &Reducer{Name: "argmin", Doc: "index of the first smallest element (the first NaN if there is one)", Result: Int}
	Any       = &Reducer{Name: "any", Doc: "whether one holds", Result: Bool}
	All       = &Reducer{Name: "all", Doc: "whether all hold", Result: Bool, Empty: 1}
)

// Reducers is the table.
var Reducers = []*Reducer{Sum, Prod, MaxOver, MinOver, LogSumExp, ArgMax, ArgMin, Any, All}

// LookupReducer finds a reducer by name, or nil.
func LookupReducer(name string) *Reducer {
	for _, r := range Reducers {
		if r.Name == name {
			return r
		}
	}
	return nil
}
