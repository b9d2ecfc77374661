package ir

import "slices"

// A Joint is a function of the runtime that gives the values of several
// operators of one argument in less than each takes by itself.
type Joint struct {
	Go      string   // as in [Operator], without arguments
	Results []string // operators, in order; "-f" is f at minus the argument
}

// Joints is the table, smaller ones first.
var Joints = []*Joint{
	{"rt.SigmoidBoth{bits}", []string{"sigmoid", "-sigmoid"}},
	{"rt.Logistic{bits}", []string{"softplus", "sigmoid", "-softplus", "-sigmoid"}},
	{"rt.Sincos", []string{"sin", "cos"}},
}

// Joined is the first of the joint functions that gives all of some results,
// nil if there is none.
func Joined(results []string) *Joint {
	for _, j := range Joints {
		if !slices.ContainsFunc(results, func(s string) bool { return !slices.Contains(j.Results, s) }) {
			return j
		}
	}
	return nil
}
