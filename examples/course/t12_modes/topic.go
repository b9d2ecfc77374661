// Package modes measures what the two ways through the chain rule cost.
package modes

import (
	"fmt"
	"math"
	"time"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/course/data"
)

//go:generate go tool nnc compile -simd=off modes.nn

// Topic is number 12 of the course.
var Topic = course.Topic{
	Number: 12, Name: "t12_modes", Title: "Forward and reverse mode",
	Claim: "Both modes give the same Jacobian; forward mode takes time in proportion to the inputs, reverse mode to the outputs, and they cross where there are about as many of the one as of the other. The gradient of one output by any number of inputs costs a few evaluations.",
	Run:   run,
}

// The sizes that are measured are powers of two up to the greatest.
const greatest = 256

// network is the data of the chain at one size, and the workspaces of both modes.
type network struct {
	d, k       int
	x, a, b, c []float64
	y          []float64
	jf, jr     []float64 // [K,D]
	forward    *Forward
	reverse    *Reverse
}

func newNetwork(d, k int) *network {
	rng := data.NewRand(1)
	draw := func(n int, deviation float64) []float64 {
		v := make([]float64, n)
		for i := range v {
			v[i] = deviation * rng.NormFloat64()
		}
		return v
	}
	return &network{
		d: d, k: k,
		x: draw(d, 1), a: draw(d*H, 1/math.Sqrt(float64(d))), b: draw(H*H, 1/math.Sqrt(H)), c: draw(H*k, 1/math.Sqrt(H)),
		y: make([]float64, k), jf: make([]float64, k*d), jr: make([]float64, k*d),
		forward: NewForward(ForwardDims{D: d, K: k}), reverse: NewReverse(ReverseDims{D: d, K: k}),
	}
}

func (n *network) value() error {
	return n.forward.Value(ForwardBatch{n.x, n.a, n.b, n.c}, n.y)
}

func (n *network) byForward() error {
	return n.forward.JacobianX(ForwardBatch{n.x, n.a, n.b, n.c}, n.jf)
}

func (n *network) byReverse() error {
	return n.reverse.JacobianX(ReverseBatch{n.x, n.a, n.b, n.c}, n.jr)
}

// apart is the greatest difference between the two Jacobians.
func (n *network) apart() float64 {
	worst := 0.0
	for i := range n.jf {
		worst = max(worst, math.Abs(n.jf[i]-n.jr[i]))
	}
	return worst
}

// stopwatch measures calls; the least of several times is the one in which the
// machine did nothing else.
type stopwatch struct{ rounds, calls int }

// microseconds is the time of one call.
func (s stopwatch) microseconds(call func() error) (float64, error) {
	least := math.Inf(1)
	for range s.rounds {
		start := time.Now()
		for range s.calls {
			if err := call(); err != nil {
				return 0, err
			}
		}
		least = min(least, float64(time.Since(start).Nanoseconds())/1e3/float64(s.calls))
	}
	return least, nil
}

// cost is what the modes take at one size, in microseconds.
type cost struct{ d, k, value, forward, reverse float64 }

func (s stopwatch) measure(d, k int) (cost, float64, error) {
	n := newNetwork(d, k)
	c := cost{d: float64(d), k: float64(k)}
	var err error
	for _, m := range []struct {
		call func() error
		to   *float64
	}{{n.value, &c.value}, {n.byForward, &c.forward}, {n.byReverse, &c.reverse}} {
		if err := m.call(); err != nil { // once, to warm up
			return c, 0, err
		}
		if *m.to, err = s.microseconds(m.call); err != nil {
			return c, 0, err
		}
	}
	return c, n.apart(), nil
}

func run(r *course.Run) error {
	s := stopwatch{rounds: r.Pick(30, 5), calls: r.Pick(4, 2)}
	var sizes []int
	for n := 1; n <= greatest; n *= 2 {
		sizes = append(sizes, n)
	}
	var table []cost // by inputs, then by outputs
	apart := 0.0
	for _, d := range sizes {
		for _, k := range sizes {
			r.At("%d inputs, %d outputs", d, k)
			c, a, err := s.measure(d, k)
			if err != nil {
				return err
			}
			table, apart = append(table, c), max(apart, a)
		}
	}
	at := func(d, k int) cost { // of 2^d inputs, 2^k outputs
		return table[d*len(sizes)+k]
	}
	const few, many, mid = 0, 8, 4
	r.Log("forward − reverse, greatest", apart, "")
	r.Log("1 input, 256 outputs: reverse / forward", at(few, many).reverse/at(few, many).forward, "times")
	r.Log("256 inputs, 1 output: forward / reverse", at(many, few).forward/at(many, few).reverse, "times")
	r.Log("256 inputs, 1 output: gradient / value", at(many, few).reverse/at(many, few).value, "times")

	var byInputs, byOutputs []cost
	for i := range sizes {
		byInputs, byOutputs = append(byInputs, at(i, mid)), append(byOutputs, at(mid, i))
	}
	r.Log("16 outputs: the modes cross at", cross(byInputs, func(c cost) float64 { return c.d }), "inputs")
	r.Log("16 inputs: the modes cross at", cross(byOutputs, func(c cost) float64 { return c.k }), "outputs")
	return draw(r, len(sizes), byInputs, byOutputs, table)
}

// cross is the size at which the costs of the modes are equal, between the sizes
// where their order first changes.
func cross(costs []cost, size func(cost) float64) float64 {
	for i := 1; i < len(costs); i++ {
		a := math.Log(costs[i-1].forward / costs[i-1].reverse)
		b := math.Log(costs[i].forward / costs[i].reverse)
		if a*b <= 0 {
			return math.Exp(math.Log(size(costs[i-1])) + a/(a-b)*math.Log(size(costs[i])/size(costs[i-1])))
		}
	}
	return math.NaN()
}

func draw(r *course.Run, n int, byInputs, byOutputs, table []cost) error {
	times := func(title, axis string, costs []cost, size func(cost) float64) *course.Chart {
		c := course.NewChart(title, axis, "time, µs").LogX().LogY()
		c.W, c.H = 4.4, 3.6
		var x, value, forward, reverse []float64
		for _, k := range costs {
			x = append(x, size(k))
			value, forward, reverse = append(value, k.value), append(forward, k.forward), append(reverse, k.reverse)
		}
		c.Line("forward", x, forward, course.Colour(course.Blue))
		c.Points("", x, forward, course.Colour(course.Blue))
		c.Line("reverse", x, reverse, course.Colour(course.Vermilion))
		c.Points("", x, reverse, course.Colour(course.Vermilion))
		c.Line("value", x, value, course.Colour(course.Grey), course.Dashed)
		return c
	}
	a := times("16 outputs", "inputs", byInputs, func(c cost) float64 { return c.d })
	b := times("16 inputs", "outputs", byOutputs, func(c cost) float64 { return c.k })

	f := course.NewChart("log₂ of forward / reverse", "inputs", "outputs").Square()
	f.W, f.H = 3.6, 3.6
	box := course.Box{X0: -0.5, X1: float64(n) - 0.5, Y0: -0.5, Y1: float64(n) - 0.5}
	v := make([]float64, n*n)
	for i, c := range table {
		v[i%n*n+i/n] = math.Log2(c.forward / c.reverse) // outputs are the rows
	}
	f.Field(box, v, -6, 6, course.Diverging)
	for i, c := range table {
		f.Text(float64(i/n)-0.55, float64(i%n)-0.3, fmt.Sprint(int(math.Round(math.Log2(c.forward/c.reverse)))))
	}
	f.Plot.X.Tick.Marker, f.Plot.Y.Tick.Marker = powers{}, powers{}
	return r.Save("modes.svg", "The Jacobian of a chain of five steps by both modes: against the inputs, against the outputs, and all sizes, blue where forward mode is faster.", course.Row(a, b, f))
}
