// Newton fits a logistic regression to the measurements of 569 tumours with
// gonum's L-BFGS, which needs gradients, and with its Newton's method, which
// needs Hessians; nnc derived both.
package main

//go:generate go tool nnc compile logistic.nn

import (
	"flag"
	"fmt"
	"log"
	"os"
	"text/tabwriter"
	"time"

	"github.com/nnc-lang/nnc/runtime/opt"
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/optimize"
)

func main() {
	log.SetFlags(0)
	lambda := flag.Float64("lambda", 1e-3, "penalty on the weights")
	flag.Parse()
	if err := run(*lambda); err != nil {
		log.Fatal(err)
	}
}

func run(lambda float64) error {
	x, y, d, err := load()
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "method\titerations\tgradients\tHessians\tloss\t|gradient|\taccuracy\ttime")
	for _, m := range []struct {
		name   string
		method optimize.Method
	}{{"L-BFGS", &optimize.LBFGS{}}, {"Newton", &optimize.Newton{}}} {
		p := newProblem(x, y, d, lambda)
		start := time.Now()
		r, err := p.fit(m.method)
		if err != nil {
			return fmt.Errorf("%s: %w", m.name, err)
		}
		took := time.Since(start)
		accuracy, err := p.accuracy(r.X)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%d\t%d\t%d\t%.12f\t%.1e\t%.2f %%\t%s\n", m.name, r.MajorIterations, r.GradEvaluations,
			r.HessEvaluations, r.F, floats.Norm(r.Gradient, 2), 100*accuracy, took.Round(10*time.Microsecond))
	}
	return w.Flush()
}

// problem is the loss of a logistic regression on some data.
type problem struct {
	d        int
	n        int
	batch    FitBatch
	loss     *Fit
	m        *Logistic // where the loss is taken
	dm, v, h *Logistic // gradient; direction; Hessian times direction
}

// newProblem takes rows of d measurements and a label for each.
func newProblem(x, y []float64, d int, lambda float64) *problem {
	n := len(y)
	model := func() *Logistic { return NewLogistic(LogisticDims{D: d}) }
	return &problem{
		d: d, n: n, batch: FitBatch{X: x, Y: y, Lambda: lambda}, loss: NewFit(FitDims{D: d, N: n}),
		m: model(), dm: model(), v: model(), h: model(),
	}
}

// objective is the loss with its derivatives, as functions of the parameters.
func (p *problem) objective() opt.Objective {
	return opt.Objective{
		LossGrad: opt.LossGrad(p.m, p.dm, func() (float64, error) { return p.loss.LossGrad(p.m, p.batch, p.dm) }),
		HVP:      opt.HVP(p.m, p.v, p.h, func() error { return p.loss.HVP(p.m, p.batch, p.v, p.h) }),
	}
}

// fit minimises the loss from zero parameters.
func (p *problem) fit(method optimize.Method) (*optimize.Result, error) {
	settings := &optimize.Settings{GradientThreshold: 1e-9, Converger: optimize.NeverTerminate{}}
	return optimize.Minimize(p.objective().Problem(), make([]float64, len(p.m.Flat())), settings, method)
}

// accuracy is the share of the data on the right side of parameters w.
func (p *problem) accuracy(w []float64) (float64, error) {
	copy(p.m.Flat(), w)
	return NewAccuracy(AccuracyDims{D: p.d, N: p.n}).Value(p.m, AccuracyBatch{X: p.batch.X, Y: p.batch.Y})
}
