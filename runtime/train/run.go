package train

import (
	"context"
	"errors"
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
	saved  time.Time // when the checkpoint was written
	show   reporter
}

func newRun[T rt.Float](l *Loop[T]) (*run[T], error) {
	r := &run[T]{Loop: l, best: -1, start: time.Now()}
	if l.Keep != (Best{}) {
		n := 0
		for p := range l.Model.Params() {
			n += len(p.Data)
		}
		r.kept = make([]T, n)
	}
	if err := r.resume(); err != nil {
		return nil, err
	}
	r.saved = time.Now()
	r.show = newReporter(l.Progress, l.Epochs, l.steps())
	return r, nil
}

// train makes the steps that are left.
func (r *run[T]) train(ctx context.Context) error {
	if r.result.Stopped = r.outOfPatience(); r.result.Stopped || r.result.Steps >= r.Epochs*r.steps() {
		return nil
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for b, err := range r.batches(r.result.Steps) {
		if err != nil {
			return fmt.Errorf("loading a batch: %w", err)
		}
		if err := r.step(*b); err == ErrStop {
			r.result.Stopped = true
		} else if err != nil {
			return err
		}
		if r.result.Steps%r.steps() == 0 {
			if err := r.endEpoch(b.Epoch); err != nil {
				return err
			}
		}
		if r.result.Stopped {
			break
		}
		if ctx.Err() != nil && r.result.Steps < r.Epochs*r.steps() {
			if err := r.save(); err != nil {
				return errors.Join(context.Cause(ctx), err)
			}
			return context.Cause(ctx)
		}
		if err := r.saveIfDue(); err != nil {
			return err
		}
	}
	return r.save()
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

// endEpoch measures an epoch and decides whether it is the last.
func (r *run[T]) endEpoch(epoch int) error {
	e := Epoch{N: epoch + 1, Loss: r.sum / float64(r.count), Rate: r.rate}
	r.sum, r.count = 0, 0
	if r.Validate != nil {
		if err := r.Validate(&e); err != nil {
			return fmt.Errorf("validation after epoch %d: %w", e.N, err)
		}
	}
	e.Time = time.Since(r.start)
	if r.Keep != (Best{}) {
		if !e.has(r.Keep.metric) {
			return fmt.Errorf("train: Keep asks for %q, which Validate has not set", r.Keep.metric)
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
	r.result.Stopped = r.result.Stopped || r.outOfPatience()
	r.show.epoch(e)
	if r.OnEpoch == nil {
		return nil
	}
	r.show.hide()
	err := r.OnEpoch(e)
	if err == ErrStop {
		r.result.Stopped = true
		return nil
	}
	return err
}

// outOfPatience says whether the last epochs were all not the best.
func (r *run[T]) outOfPatience() bool {
	return r.Patience > 0 && len(r.result.Epochs)-1-r.best >= r.Patience
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
