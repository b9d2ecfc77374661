// Package train is the training loop: epochs over shuffled minibatches, a
// learning-rate schedule, clipping, validation, early stopping with the best
// weights kept, checkpoints, and progress on a terminal.
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
// The order of the examples and Batch.Seed are functions of Seed alone, on every
// machine.
//
// With Checkpoint the run is saved as it goes, and when it is called again goes
// on where it ended, bit for bit. So that Ctrl-C ends it after the step and saves
// it, and a second one kills it as usual:
//
//	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
//	context.AfterFunc(ctx, stop)
//
// Progress on a terminal is one line, redrawn at most ten times a second, which
// never wraps: in a narrow window the rates and the bar give way. On anything
// else it is one line for each epoch.
//
// It does not spread a step over processes or machines, and one Loop has one
// optimiser and one model.
package train
