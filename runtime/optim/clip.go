package optim

import (
	"math"

	rt "github.com/nnc-lang/nnc/runtime"
)

// Norm is the 2-norm of grad, summed in float64.
func Norm[T rt.Float](grad []T) float64 {
	var s float64
	for _, g := range grad {
		s += float64(float64(g) * float64(g))
	}
	return math.Sqrt(s)
}

// ClipValue clamps every element of grad to -most..most. NaN stays.
func ClipValue[T rt.Float](grad []T, most float64) {
	for i, g := range grad {
		grad[i] = max(min(g, T(most)), T(-most))
	}
}

// ClipNorm scales grad down to a 2-norm of most if it is longer, and returns the
// norm it had. As in PyTorch, 1e-6 is added to the norm divided by. A norm that
// is not finite is returned and grad left as it was, so that a caller can skip
// the step.
func ClipNorm[T rt.Float](grad []T, most float64) float64 {
	norm := Norm(grad)
	if scale := most / (norm + 1e-6); scale < 1 && !math.IsInf(norm, 1) {
		for i := range grad {
			grad[i] *= T(scale)
		}
	}
	return norm
}
