// Package train is the training loop: epochs over shuffled minibatches, a
// learning-rate schedule, clipping, validation, early stopping with the best
// weights kept, and progress on a terminal.
//
// In flow a model and its gradient, an optimiser, the numbers of the training
// examples, and a function that sets the gradient for a batch of them; out flow
// the trained model, in place, and what was measured after each epoch. Emitted
// code needs nothing of this package.
//
//	loop := train.Loop[float32]{
//		Model: net, Grad: grad,
//		Optimizer: optim.NewAdam[float32](NetSize, 1e-3),
//		Rows:      rows, Size: 32, Epochs: 20, Seed: 1,
//		Step: func(b train.Batch) (float32, error) {
//			return fit.LossGrad(net, FitBatch{
//				X: data.Gather(xs, x, b.Rows, D),
//				Y: data.Gather(ys, y, b.Rows, 1),
//			}, grad)
//		},
//		Validate: func(e *train.Epoch) error {
//			a, err := accuracy.Value(net, held)
//			e.Set("accuracy", float64(a))
//			return err
//		},
//		Keep:     train.Highest("accuracy"),
//		Patience: 5,
//		Progress: os.Stderr,
//	}
//	result, err := loop.Run(ctx)
//
// Run does the same on every call: the order of the examples and Batch.Seed are
// functions of Seed alone, on every machine.
package train
