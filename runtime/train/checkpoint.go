package train

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"iter"
	"time"

	rt "github.com/nnc-lang/nnc/runtime"
)

// Checkpoint says where and how often a run is saved, beside the end of the run,
// also when ctx ends it. Without Steps and Every that is after each epoch. To
// begin anew, remove File.
//
// File is a safetensors file of the model ("model.…"), its best weights
// ("best.…", with Keep), the optimiser's state, and in its metadata the position
// of the run and all epochs. From it a run goes on bit for bit, in the middle of
// an epoch too. Rates, decay, Schedule, Clip, Epochs, Patience are the program's
// and may change between two parts of a run; Seed, Rows, Size, InOrder and
// DropLast may not, and Run says so.
type Checkpoint struct {
	File  string        // "" saves nothing
	Steps int           // after every so many steps
	Every time.Duration // after the first step that ends so long after the last save
}

// saveIfDue saves the run between two steps.
func (r *run[T]) saveIfDue() error {
	c := r.Checkpoint
	due := c.Steps > 0 && r.result.Steps%c.Steps == 0 ||
		c.Every > 0 && time.Since(r.saved) >= c.Every ||
		c.Steps == 0 && c.Every == 0 && r.result.Steps%r.steps() == 0
	if !due {
		return nil
	}
	return r.save()
}

func (r *run[T]) save() error {
	if r.Checkpoint.File == "" {
		return nil
	}
	r.saved = time.Now()
	return rt.SaveFile(r.Checkpoint.File, file[T]{r})
}

// resume continues from the checkpoint if there is one.
func (r *run[T]) resume() error {
	if r.Checkpoint.File == "" {
		return nil
	}
	err := rt.LoadFile(r.Checkpoint.File, file[T]{r})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// file is a run as a file.
type file[T rt.Float] struct{ r *run[T] }

func (f file[T]) WriteTo(w io.Writer) (int64, error) {
	return rt.WriteTensors(w, f.r.position().meta(f.r.plan()), f.r.tensors())
}

func (f file[T]) ReadFrom(in io.Reader) (int64, error) {
	r := f.r
	var p position
	n, err := rt.ReadTensors(in, func(meta map[string]string) (err error) {
		p, err = parsePosition(meta, r.plan(), r.steps())
		return err
	}, r.tensors())
	if err == nil {
		r.take(p)
	}
	return n, err
}

// tensors are all slices of a run.
func (r *run[T]) tensors() iter.Seq[rt.Param[T]] {
	return func(yield func(rt.Param[T]) bool) {
		at := 0
		for p := range r.Model.Params() {
			q := p
			q.Name = "model." + p.Name
			if !yield(q) {
				return
			}
			if r.kept != nil {
				q.Name = "best." + p.Name
				q.Data = r.kept[at : at+len(p.Data)]
				at += len(p.Data)
				if !yield(q) {
					return
				}
			}
		}
		for p := range r.Optimizer.State() {
			p.Name = "optimizer." + p.Name
			if !yield(p) {
				return
			}
		}
	}
}

// plan is what two parts of a run must have in common, as text.
func (r *run[T]) plan() string {
	h := fnv.New64a()
	var b [8]byte
	for _, n := range r.Rows {
		for i := range b {
			b[i] = byte(uint64(n) >> (8 * i))
		}
		h.Write(b[:])
	}
	s := fmt.Sprintf("seed %d, %d examples (%016x), batches of %d", r.Seed, len(r.Rows), h.Sum64(), r.size())
	if r.InOrder {
		s += ", in order"
	}
	if r.DropLast {
		s += ", only full ones"
	}
	if r.Keep != (Best{}) {
		s += fmt.Sprintf(", best by %s %q", map[bool]string{true: "highest", false: "lowest"}[r.Keep.sign > 0], r.Keep.metric)
	}
	return s
}

func (r *run[T]) position() position {
	return position{
		steps: r.result.Steps, optimizer: r.Optimizer.Steps(),
		sum: r.sum, count: r.count, best: r.best,
		epochs: r.result.Epochs, time: time.Since(r.start),
	}
}

// take makes p the position of the run.
func (r *run[T]) take(p position) {
	r.result.Steps, r.result.Resumed, r.result.Epochs = p.steps, p.steps, p.epochs
	r.sum, r.count, r.best = p.sum, p.count, p.best
	r.start = r.start.Add(-p.time)
	r.Optimizer.SetSteps(p.optimizer)
}
