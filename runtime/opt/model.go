package opt

// Flat is a model, whose parameters are views of one slice.
type Flat[T float32 | float64] interface{ Flat() []T }

// LossGrad makes a function of a vector of what f computes of model m: f returns
// the value at m and sets dm to the gradient. The vector is copied into m.
func LossGrad[T float32 | float64, M Flat[T]](m, dm M, f func() (T, error)) func(x, grad []float64) (float64, error) {
	return func(x, grad []float64) (float64, error) {
		convert(m.Flat(), x)
		loss, err := f()
		if err == nil {
			convert(grad, dm.Flat())
		}
		return float64(loss), err
	}
}

// Loss is LossGrad without the gradient.
func Loss[T float32 | float64, M Flat[T]](m M, f func() (T, error)) func(x []float64) (float64, error) {
	return func(x []float64) (float64, error) {
		convert(m.Flat(), x)
		loss, err := f()
		return float64(loss), err
	}
}

// HVP makes a function of vectors of what f computes of models: f sets hv to the
// Hessian at m times v. The vectors are copied into m and v.
func HVP[T float32 | float64, M Flat[T]](m, v, hv M, f func() error) func(x, dir, out []float64) error {
	return func(x, dir, out []float64) error {
		convert(m.Flat(), x)
		convert(v.Flat(), dir)
		if err := f(); err != nil {
			return err
		}
		convert(out, hv.Flat())
		return nil
	}
}

// convert copies numbers; the slices have one length.
func convert[To, From float32 | float64](to []To, from []From) {
	if len(to) != len(from) {
		panic("opt: a vector and a model of different sizes")
	}
	for i, v := range from {
		to[i] = To(v)
	}
}
