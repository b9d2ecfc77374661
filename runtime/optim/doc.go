// Package optim steps parameters against their gradient: SGD, AdaGrad, RMSProp,
// Adam, AdamW, Adamax, schedules of the learning rate, and gradient clipping.
//
// In flow the flat slices of a model and of its gradient, which have the type of
// the model; the parameters are changed in place. An optimiser is made for a
// number of values, keeps its own state of that size, and allocates nothing in
// Step, which is one pass over all of that, on vectors where the processor has them:
// nnc compiles it from internal/step.nn. The formulas, and the defaults of New…, are
// PyTorch's.
//
//	opt := optim.NewAdam[float32](len(net.Flat()), 1e-3)
//	for range steps {
//		loss, err := fit.LossGrad(net, batch, grad)
//		...
//		opt.Step(net.Flat(), grad.Flat())
//	}
package optim

//go:generate go run ../../cmd/nnc compile -pkg step32 -o internal/step32/step_nn.go internal/step.nn
//go:generate go run ../../cmd/nnc compile -pkg step64 -dtype f64 -o internal/step64/step_nn.go internal/step.nn
