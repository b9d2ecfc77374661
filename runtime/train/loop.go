package train

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	rt "github.com/nnc-lang/nnc/runtime"
	"github.com/nnc-lang/nnc/runtime/optim"
)

// Model is what an emitted model or its gradient is.
type Model[T rt.Float] interface {
	Flat() []T                     // the parameters, what an optimiser steps
	Params() iter.Seq[rt.Param[T]] // the same by name, and the model's state
}

// Loop says how to train a model. The first group of fields must be set, the
// zero value of any other asks for nothing. Run does not change it.
type Loop[T rt.Float] struct {
	Model     Model[T] // what is trained, in place
	Grad      Model[T] // where Step leaves the gradient
	Optimizer optim.Optimizer[T]
	Rows      []int // numbers of the training examples, see data.All and data.Split
	Size      int   // of a batch; 0 is all examples at once
	Epochs    int
	Seed      uint64
	// Step sets Grad for the examples b.Rows and returns their mean loss.
	Step func(b Batch) (T, error)

	// Load, if set, reads the examples b.Rows into the buffer b.Slot of two, in a
	// goroutine, while Step works on the other one.
	Load func(b Batch) error

	InOrder  bool           // no shuffling
	DropLast bool           // leave out the last batch of an epoch if it is not full
	Schedule optim.Schedule // the learning rate by step; nil leaves the optimiser's
	Clip     float64        // the greatest norm of a gradient; see optim.ClipNorm

	// Validate is called after each epoch and sets what it measures in e.
	Validate func(e *Epoch) error
	// Keep is how the best epoch is told. Its weights are what Model holds when
	// Run returns, whatever the reason; without Keep it is the last weights.
	Keep Best
	// Patience ends the run after so many epochs that are not the best.
	Patience int

	// Checkpoint is the file the run is saved to; if it exists, Run goes on where
	// it ends.
	Checkpoint Checkpoint

	// OnStep is called after each step, OnEpoch after each epoch; only OnEpoch can
	// print without disturbing Progress. With ErrStop they end the run as if it
	// had been the last step, with another error at once.
	OnStep  func(b Batch, loss T) error
	OnEpoch func(e Epoch) error
	// Progress is where the run is shown: on a terminal one line that is kept
	// up to date, else one line for each epoch.
	Progress io.Writer
}

// Result is what a run has come to.
type Result struct {
	Epochs  []Epoch // all, the first first
	Best    Epoch   // the one whose weights the model holds
	Steps   int     // in all
	Resumed int     // of the steps, how many were made before Run was called
	Stopped bool    // early, because patience ended or a hook has said so
}

// ErrStop is what a hook returns to end the run.
var ErrStop = errors.New("train: stop")

// Run trains the model. If ctx ends, it finishes the step, saves, and returns
// context.Cause(ctx); the result, which is there unless the Loop is wrong, tells
// how far it came. A loss that is not finite, or with Clip such a gradient, is an
// error: that step is not made, and nothing is saved.
func (l *Loop[T]) Run(ctx context.Context) (*Result, error) {
	if err := l.check(); err != nil {
		return nil, err
	}
	r, err := newRun(l)
	if err != nil {
		return nil, err
	}
	err = r.train(ctx)
	r.show.close()
	if restored := r.restoreBest(); restored >= 0 {
		r.result.Best = r.result.Epochs[restored]
	} else if n := len(r.result.Epochs); n > 0 {
		r.result.Best = r.result.Epochs[n-1]
	}
	return &r.result, err
}

func (l *Loop[T]) check() error {
	switch {
	case l.Model == nil || l.Grad == nil || l.Optimizer == nil || l.Step == nil:
		return errors.New("train: a Loop needs Model, Grad, Optimizer and Step")
	case len(l.Model.Flat()) != len(l.Grad.Flat()):
		return fmt.Errorf("train: the model has %d parameters, its gradient %d", len(l.Model.Flat()), len(l.Grad.Flat()))
	case len(l.Rows) == 0:
		return errors.New("train: no examples: Rows is empty")
	case l.Size < 0 || l.Epochs < 0 || l.Patience < 0 || l.Clip < 0:
		return errors.New("train: Size, Epochs, Patience and Clip are not negative")
	case l.DropLast && l.Size > len(l.Rows):
		return fmt.Errorf("train: no batch of %d is full with %d examples", l.Size, len(l.Rows))
	case l.Patience > 0 && l.Keep == Best{}:
		return errors.New("train: Patience needs Keep, which says what is better")
	}
	return nil
}
