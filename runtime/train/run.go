package train

import (
	"context"
	"fmt"
	"math"
	"time"

	rt "github.com/nnc-lang/nnc/runtime"
	"github.com/nnc-lang/nnc/runtime/optim"
)

// run is a Loop under way.
type run[T rt.Float] struct {
	*Loop[T]
	result Result
	best   int       // index of the best epoch, -1 for none
	kept   []T       // its weights and state
	sum    float64   // of the losses of this epoch's examples
	count  int       // of this epoch's examples
	rate   float64   // of the last step
	start  time.Time // less the time of earlier parts
	show   reporter
}

func newRun[T rt.Float](l *Loop[T]) *run[T] {
	r := &run[T]{Loop: l, best: -1, start: time.Now()}
	if l.Keep != (Best{}) {
		n := 0
		for p := range l.Model.Params() {
			n += len(p.Data)
		}
		r.kept = make([]T, n)
	}
	r.show = newReporter(l.Progress, l.Epochs, l.steps())
	return r
}

func (r *run[T]) train(ctx context.Context) error {
	for epoch := range r.Epochs {
		order := r.order(epoch)
		r.sum, r.count = 0, 0
		for i := range r.steps() {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := r.step(r.batch(order, epoch, i)); err != nil {
				return err
			}
		}
		stop, err := r.endEpoch(epoch)
		if stop || err != nil {
			return err
		}
	}
	return nil
}

// step makes one step of the optimiser.
func (r *run[T]) step(b Batch) error {
	loss, err := r.Loop.Step(b)
	if err != nil {
		return fmt.Errorf("epoch %d, step %d: %w", b.Epoch+1, b.Step+1, err)
	}
	if x := float64(loss); math.IsNaN(x) || math.IsInf(x, 0) {
		return fmt.Errorf("train: the loss is %v in epoch %d, step %d; a lower learning rate or Clip may help", loss, b.Epoch+1, b.Step+1)
	}
	grad := r.Grad.Flat()
	if r.Clip > 0 {
		if norm := optim.ClipNorm(grad, r.Clip); math.IsNaN(norm) || math.IsInf(norm, 0) {
			return fmt.Errorf("train: the norm of the gradient is %v in epoch %d, step %d", norm, b.Epoch+1, b.Step+1)
		}
	}
	if r.Schedule != nil {
		r.rate = r.Schedule(b.Step)
		r.Optimizer.SetRate(r.rate)
	}
	r.Optimizer.Step(r.Model.Flat(), grad)
	r.result.Steps = b.Step + 1
	r.sum += float64(float64(loss) * float64(len(b.Rows)))
	r.count += len(b.Rows)
	r.show.step(r.result.Steps, len(b.Rows), r.sum/float64(r.count))
	if r.OnStep != nil {
		return r.OnStep(b, loss)
	}
	return nil
}

// endEpoch measures an epoch and says whether it shall be the last.
func (r *run[T]) endEpoch(epoch int) (stop bool, err error) {
	e := Epoch{N: epoch + 1, Loss: r.sum / float64(r.count), Rate: r.rate}
	if r.Validate != nil {
		if err := r.Validate(&e); err != nil {
			return false, fmt.Errorf("validation after epoch %d: %w", e.N, err)
		}
	}
	e.Time = time.Since(r.start)
	if r.Keep != (Best{}) {
		if !e.has(r.Keep.metric) {
			return false, fmt.Errorf("train: Keep asks for %q, which Validate has not set", r.Keep.metric)
		}
		var best *Epoch
		if r.best >= 0 {
			best = &r.result.Epochs[r.best]
		}
		if e.Best = r.Keep.better(&e, best); e.Best {
			r.best = epoch
			r.keep()
		}
	}
	r.result.Epochs = append(r.result.Epochs, e)
	r.result.Stopped = r.Patience > 0 && epoch-r.best >= r.Patience
	r.show.epoch(e)
	if r.OnEpoch != nil {
		r.show.hide()
		err = r.OnEpoch(e)
	}
	return r.result.Stopped, err
}

// keep copies the weights and the state of the model.
func (r *run[T]) keep() {
	at := 0
	for p := range r.Model.Params() {
		at += copy(r.kept[at:], p.Data)
	}
}

// restoreBest gives the model the weights of the best epoch and returns its
// index, -1 if there is none.
func (r *run[T]) restoreBest() int {
	if r.best >= 0 {
		at := 0
		for p := range r.Model.Params() {
			at += copy(p.Data, r.kept[at:])
		}
	}
	return r.best
}
