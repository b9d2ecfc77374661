// Package worked is one example done in full: the graph of a network of two
// layers with weight decay, and the gradient as the sum over its paths.
package worked

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/nnc-lang/nnc"
	"github.com/nnc-lang/nnc/examples/course/course"
)

//go:generate go tool nnc compile -simd=off worked.nn
//go:generate go tool nnc graph -backward -values example.json -o graph.svg worked.nn Fit

// Topic is number 13 of the course.
var Topic = course.Topic{
	Number: 13, Name: "t13_worked", Title: "A worked example of back-propagation",
	Claim: "The loss of a network of two layers with λ(‖W₁‖ + ‖W₂‖) depends on W₁ along two paths of its graph; the gradient is the sum of the products of local derivatives along them, which is what the compiled program computes and what differences measure.",
	Run:   run,
}

var (
	//go:embed worked.nn
	source []byte
	//go:embed graph.svg
	graph string
	//go:embed example.json
	values []byte
)

// example is the network, the input and the class of example.json.
type example struct {
	Args struct {
		Net struct{ W1, B1, W2, B2 json.RawMessage }
		X   []float64
		Y   int32
	}
}

func load() (*MLP, FitBatch, error) {
	var e example
	if err := json.Unmarshal(values, &e); err != nil {
		return nil, FitBatch{}, err
	}
	net := NewMLP()
	for _, p := range []struct {
		from json.RawMessage
		to   []float64
	}{{e.Args.Net.W1, net.W1}, {e.Args.Net.B1, net.B1}, {e.Args.Net.W2, net.W2}, {e.Args.Net.B2, net.B2}} {
		// Row-major: the brackets inside do not matter.
		flat := "[" + strings.NewReplacer("[", "", "]", "").Replace(string(p.from)) + "]"
		if err := json.Unmarshal([]byte(flat), &p.to); err != nil {
			return nil, FitBatch{}, err
		}
	}
	return net, FitBatch{X: e.Args.X, Y: e.Args.Y}, nil
}

func run(r *course.Run) error {
	net, batch, err := load()
	if err != nil {
		return err
	}
	fit, grad := NewFit(), NewMLP()
	loss, err := fit.LossGrad(net, batch, grad)
	if err != nil {
		return err
	}
	r.Log("loss of the example", loss, "")

	along, length := make([]float64, D*H), make([]float64, D*H)
	if err := NewByHand().Value(net, ByHandBatch(batch), along, length); err != nil {
		return err
	}
	measured, err := differences(fit, net, batch)
	if err != nil {
		return err
	}
	byHand, byDifference := 0.0, 0.0
	var rows [][]string
	for i, g := range grad.W1 {
		byHand = max(byHand, math.Abs(g-along[i]-length[i]))
		byDifference = max(byDifference, math.Abs(g-measured[i]))
		rows = append(rows, []string{
			fmt.Sprintf("W₁[%d, %d]", i/H, i%H), course.Number(along[i]), course.Number(length[i]),
			fmt.Sprintf("%.8f", along[i]+length[i]), fmt.Sprintf("%.8f", g), fmt.Sprintf("%.8f", measured[i]),
		})
	}
	r.Log("sum over the paths − LossGrad, greatest", byHand, "")
	r.Log("central differences − LossGrad, greatest", byDifference, "")

	chain, err := nnc.ExplainChain("worked.nn", source, nnc.Options{}, "Fit", "W1")
	if err != nil {
		return err
	}
	paths, steps := read(chain)
	r.Log("paths from W₁ to the loss", float64(len(paths)), "")
	r.Table("What nnc explain -grad W1 -chain prints: the gradient is the sum of", []string{"path", "product of its local derivatives"}, paths)
	r.Table("with these derivatives of the steps", []string{"derivative", "is"}, steps)
	r.Table("In numbers", []string{"entry", "by the prediction", "by the length", "sum", "LossGrad", "differences"}, rows)
	return r.Save("graph.svg", "The computational graph of the loss with the values of the example, and backward (dashed) the derivative of the loss by each node. Unit 2 is off: what comes back to it ends at relu, and W₁ hears of it by its length alone.", course.SVG(graph))
}

// differences measures dl/dW1 by central differences.
func differences(fit *Fit, net *MLP, batch FitBatch) ([]float64, error) {
	const h = 1e-5
	d := make([]float64, len(net.W1))
	for i, w := range net.W1 {
		var at [2]float64
		for side, to := range []float64{w + h, w - h} {
			net.W1[i] = to
			loss, err := fit.Loss(net, batch)
			if err != nil {
				return nil, err
			}
			at[side] = loss
		}
		net.W1[i] = w
		d[i] = (at[0] - at[1]) / (2 * h)
	}
	return d, nil
}

// read takes the paths, and the derivatives of the steps, out of what nnc
// explain -chain prints.
func read(chain string) (paths, steps [][]string) {
	sum, rest, _ := strings.Cut(chain, "where\n")
	_, sum, _ = strings.Cut(sum, "=\n")
	for i, p := range strings.Split(sum, " + ") {
		paths = append(paths, []string{fmt.Sprint(i + 1), strings.Join(strings.Fields(p), " ")})
	}
	_, rest, _ = strings.Cut(rest, "step by step,\n")
	for _, line := range strings.Split(strings.TrimSpace(rest), "\n") {
		if of, is, ok := strings.Cut(strings.TrimSpace(line), " = "); ok {
			steps = append(steps, []string{of, is})
		}
	}
	return paths, steps
}
