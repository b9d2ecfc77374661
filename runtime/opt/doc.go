// Package opt hands a compiled loss to the minimisers of gonum's optimize.
//
// In go the loss and its derivatives as functions of one flat vector, which
// LossGrad, Loss and HVP make of the methods of a loss and a model; out comes an
// optimize.Problem. The package stands beside the code that nnc emits, which
// imports neither it nor gonum's optimize.
//
//	fit, m := NewFit(FitDims{N: n}), NewLogistic(LogisticDims{D: d})
//	dm, v, hv := NewLogistic(…), NewLogistic(…), NewLogistic(…)
//	o := opt.Objective{
//		LossGrad: opt.LossGrad(m, dm, func() (float64, error) { return fit.LossGrad(m, batch, dm) }),
//		HVP:      opt.HVP(m, v, hv, func() error { return fit.HVP(m, batch, v, hv) }),
//	}
//	result, err := optimize.Minimize(o.Problem(), m.Flat(), nil, &optimize.Newton{})
package opt
