package data

import (
	"math"

	rt "github.com/nnc-lang/nnc/runtime"
)

// Scaler maps columns to mean 0 and standard deviation 1: x becomes
// (x-Mean)/Std. It is fitted on training data and applied to all.
type Scaler struct {
	Mean, Std []float64 // by column; Std is 1 for a constant column
}

// FitScaler measures the columns of x [rows, cols]; the variance is divided by
// the number of rows. The second pass makes it exact for large means.
func FitScaler[T rt.Float](x []T, cols int) *Scaler {
	s := &Scaler{make([]float64, cols), make([]float64, cols)}
	rows := float64(len(x) / cols)
	for i, v := range x {
		s.Mean[i%cols] += float64(v) / rows
	}
	for i, v := range x {
		d := float64(v) - s.Mean[i%cols]
		s.Std[i%cols] += d * d / rows
	}
	for j, v := range s.Std {
		if s.Std[j] = math.Sqrt(v); s.Std[j] == 0 {
			s.Std[j] = 1
		}
	}
	return s
}

// Standardise applies s to x [rows, cols] in place.
func Standardise[T rt.Float](s *Scaler, x []T) {
	cols := len(s.Mean)
	for i, v := range x {
		x[i] = T((float64(v) - s.Mean[i%cols]) / s.Std[i%cols])
	}
}
