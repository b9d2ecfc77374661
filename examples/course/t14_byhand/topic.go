// Package byhand derives back-propagation on paper, and finds the same
// equations in what nnc prints.
package byhand

import (
	_ "embed"
	"fmt"
	"math"
	"strings"

	"github.com/nnc-lang/nnc"
	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/course/data"
)

//go:generate go tool nnc compile -simd=off byhand.nn
//go:generate go tool nnc graph -backward -values example.json -o graph.svg byhand.nn Error

// Topic is number 14 of the course.
var Topic = course.Topic{
	Number: 14, Name: "t14_byhand", Title: "Back-propagation by hand",
	Claim: "The gradient of ½(y − Σ v f(w·x))², derived on paper step by step, is what nnc derives: equation by equation as text, and in numbers to 1e-12.",
	Run:   run,
}

var (
	//go:embed byhand.nn
	source []byte
	//go:embed graph.svg
	graph string
)

func run(r *course.Run) error {
	if err := text(r); err != nil {
		return err
	}
	if err := numbers(r); err != nil {
		return err
	}
	return r.Save("graph.svg", "The error of one example as a graph, and backward (dashed) the derivative of the error by each node.", course.SVG(graph))
}

// text compares the equations of Hand with those of the gradient that nnc
// derives, one by one. Both are as nnc explain prints them.
func text(r *course.Run) error {
	paper, err := nnc.ExplainFile("byhand.nn", source, nnc.Options{}, "Hand")
	if err != nil {
		return err
	}
	derived := map[string]string{}
	for _, p := range []string{"w", "v"} {
		s, err := nnc.ExplainGrad("byhand.nn", source, nnc.Options{}, "Error", p)
		if err != nil {
			return err
		}
		for _, e := range equations(s) {
			derived[e.name] = e.is
		}
	}
	same := 0
	var rows [][]string
	hand := equations(paper)
	for _, e := range hand {
		if derived[e.name] == e.is {
			same++
		}
		rows = append(rows, []string{e.name, e.is, derived[e.name]})
	}
	r.Log("equations by hand", float64(len(hand)), "")
	r.Log("equations by nnc", float64(len(derived)), "")
	r.Log("equations that are the same", float64(same), "")
	r.Table("The equations, by hand and by nnc, as nnc explain prints them", []string{"", "by hand", "by nnc"}, rows)
	return nil
}

// equation is the line "name = is" of nnc explain.
type equation struct{ name, is string }

// equations reads what nnc explain prints, without ranges and places. On paper
// what a unit sums up has the name a; nnc, for which it is a part of f, calls it
// f_a.
func equations(explained string) (list []equation) {
	short := strings.NewReplacer("net.", "", "df_a[", "da[", "f_a[", "a[")
	for _, line := range strings.Split(explained, "\n") {
		line, _, _ = strings.Cut(line, "  ")
		if name, is, ok := strings.Cut(short.Replace(line), " = "); ok {
			list = append(list, equation{strings.TrimSpace(name), is})
		}
	}
	return list
}

// numbers compares the two on examples drawn at random.
func numbers(r *course.Run) error {
	const examples = 1000
	rng := data.NewRand(r.Seed)
	net, grad := NewNet(), NewNet()
	fit, hand := NewError(), NewHand()
	x, dv, dw := make([]float64, D), make([]float64, H), make([]float64, H*D)
	apart, loops := 0.0, 0.0
	for range examples {
		for _, p := range [][]float64{net.W, net.V, x} {
			for i := range p {
				p[i] = 2 * rng.NormFloat64()
			}
		}
		y := rng.NormFloat64()
		if _, err := fit.LossGrad(net, ErrorBatch{X: x, Y: y}, grad); err != nil {
			return err
		}
		if _, err := hand.Value(HandBatch{X: x, Y: y, W: net.W, V: net.V}, dv, dw); err != nil {
			return err
		}
		apart = max(apart, differ(dv, grad.V), differ(dw, grad.W))
		blackboard(x, y, net.W, net.V, dv, dw)
		loops = max(loops, differ(dv, grad.V), differ(dw, grad.W))
	}
	r.Log(fmt.Sprintf("by hand − LossGrad, greatest of %d examples", examples), apart, "")
	r.Log("loops in Go − LossGrad, greatest", loops, "")
	return nil
}

// differ is the greatest difference, relative where the values are large.
func differ(a, b []float64) float64 {
	worst := 0.0
	for i := range a {
		worst = max(worst, math.Abs(a[i]-b[i])/max(1, math.Abs(b[i])))
	}
	return worst
}

// blackboard is the derivation once more, without nnc.
func blackboard(x []float64, y float64, w, v, dv, dw []float64) {
	var f [H]float64
	s := 0.0
	for h := range H {
		a := 0.0
		for d := range D {
			a += w[h*D+d] * x[d]
		}
		f[h] = 1 / (1 + math.Exp(-a))
		s += v[h] * f[h]
	}
	for h := range H {
		dv[h] = -(y - s) * f[h]
		for d := range D {
			dw[h*D+d] = -(y - s) * v[h] * f[h] * (1 - f[h]) * x[d]
		}
	}
}
