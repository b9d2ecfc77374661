package course

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/mat"
)

// NewtonStep changes the parameters w to the minimum of a quadratic loss, or
// towards that of another convex one: w - H⁻¹g. hvp sets hv to H v; a small
// ridge on the diagonal of H keeps it from being singular.
func NewtonStep(w, grad []float64, ridge float64, hvp func(v, hv []float64) error) error {
	n := len(w)
	h := mat.NewSymDense(n, nil)
	v, hv := make([]float64, n), make([]float64, n)
	for i := range n {
		clear(v)
		v[i] = 1
		if err := hvp(v, hv); err != nil {
			return err
		}
		for j := range i + 1 {
			h.SetSym(j, i, hv[j])
		}
		h.SetSym(i, i, hv[i]+ridge)
	}
	var c mat.Cholesky
	if !c.Factorize(h) {
		return errors.New("the Hessian is not positive definite")
	}
	var step mat.VecDense
	var badly mat.Condition
	if err := c.SolveVecTo(&step, mat.NewVecDense(n, grad)); err != nil && !errors.As(err, &badly) {
		return fmt.Errorf("Newton step: %w", err)
	}
	for i := range w {
		w[i] -= step.AtVec(i)
	}
	return nil
}
