// Package vanishing shows how much of the gradient is left after it has come
// back through each layer, after Glorot and Bengio (2010).
package vanishing

import (
	"fmt"
	"math"
	"slices"

	"github.com/nnc-lang/nnc/examples/course/course"
	"github.com/nnc-lang/nnc/examples/course/data"
	"gonum.org/v1/gonum/mat"
)

//go:generate go tool nnc compile -simd=off deep.nn

// Topic is number 15 of the course.
var Topic = course.Topic{
	Number: 15, Name: "t15_vanishing", Title: "Vanishing gradients",
	Claim: "Through a layer of sigmoids no gradient comes back longer than ¼ of what its weights make of it, so that in a deep network it vanishes; with tanh most of it is left under Glorot's weights, with ReLU all under He's.",
	Run:   run,
}

// measure is what has come back in a network of one kind under one scheme.
type measure struct {
	kind, scheme string
	back         [L][]float64 // of all examples and units, by layer
	size         [L]float64   // its root mean square
	most         [L]float64   // the same if each layer let through a quarter of what its weights make of the next one's
	bound        float64      // greatest of |dz_l| / (|W| |dz_{l+1}|) over the examples, |W| the spectral norm
}

func run(r *course.Run) error {
	examples := r.Pick(300, 60)
	var all []measure
	for _, n := range networks() {
		for _, s := range schemes {
			r.At("%s, %s", n.name, s.name)
			m, err := n.measure(s, examples, r.Seed)
			if err != nil {
				return err
			}
			all = append(all, m)
			r.Log(fmt.Sprintf("%s, %s: gradient of layer 1 / of layer %d", n.name, s.name, L), m.size[0]/m.size[L-1], "")
		}
	}
	worst := 0.0
	for _, m := range all[:len(schemes)] {
		worst = max(worst, m.bound)
	}
	r.Log("sigmoid: greatest |dz| of a layer / (|W| |dz| of the next)", worst, "")
	if err := r.Save("sizes.svg", "Root mean square of dl/dz by layer, from the last hidden layer back to the first. For sigmoid the bound is drawn (dashed): from each layer to the one before, ¼ of what the weights make of a vector in the mean, which is 1/√3 of its length under the standard, all of it under Glorot's, √2 of it under He's.", sizes(all)); err != nil {
		return err
	}
	return r.Save("histograms.svg", "Histograms of what comes back, log₁₀ |dl/dz|, by layer. Where they lie on one another, all layers learn alike. For sigmoid, dashed: the root mean square that a quarter a layer would leave.", histograms(all))
}

// measure draws weights, sends random examples through, and gathers what comes
// back to each layer.
func (n *network) measure(s scheme, examples int, seed uint64) (measure, error) {
	rng := data.NewRand(seed)
	n.draw(s, rng)
	m := measure{kind: n.name, scheme: s.name}
	var stretch [L]float64 // of the weights from layer l to the next
	for l := range L - 1 {
		stretch[l] = spectral(n.weights[l+1])
	}
	x := make([]float64, H)
	for range examples {
		for i := range x {
			x[i] = rng.NormFloat64()
		}
		if err := n.step(x, int32(rng.IntN(K))); err != nil {
			return m, err
		}
		for l, b := range n.back {
			m.back[l] = append(m.back[l], b...)
		}
		for l := range L - 1 {
			m.bound = max(m.bound, length(n.back[l])/(stretch[l]*length(n.back[l+1])))
		}
	}
	for l, b := range m.back {
		m.size[l] = length(b) / math.Sqrt(float64(len(b)))
	}
	m.most[L-1] = m.size[L-1]
	for l := L - 2; l >= 0; l-- {
		m.most[l] = 0.25 * length(n.weights[l+1]) / math.Sqrt(H) * m.most[l+1] // the mean stretch, of any direction
	}
	return m, nil
}

func length(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x * x
	}
	return math.Sqrt(s)
}

// spectral is the most by which w [H,H] stretches a vector.
func spectral(w []float64) float64 {
	var svd mat.SVD
	if !svd.Factorize(mat.NewDense(H, H, slices.Clone(w)), mat.SVDNone) {
		return math.NaN()
	}
	return svd.Values(nil)[0]
}

func sizes(all []measure) *course.Sheet {
	var charts []*course.Chart
	var layers []float64
	for l := range L {
		layers = append(layers, float64(l+1))
	}
	for k := 0; k < len(all); k += len(schemes) {
		c := course.NewChart(all[k].kind, "layer", "size of dl/dz").LogY()
		c.W, c.H = 4.2, 3.4
		for i, m := range all[k : k+len(schemes)] {
			c.Line(m.scheme, layers, m.size[:], course.Colour(i))
			c.Points("", layers, m.size[:], course.Colour(i))
		}
		if k == 0 {
			for i, m := range all[:len(schemes)] {
				c.Line(map[bool]string{true: "bound: ¼ a layer"}[i == 0], layers, m.most[:], course.Colour(course.Black), course.Dashed, course.Thin)
			}
		}
		c.YRange(1e-7, 1)
		charts = append(charts, c)
	}
	return course.Row(charts...)
}

func histograms(all []measure) *course.Sheet {
	var charts []*course.Chart
	for k, m := range all {
		c := course.NewChart(m.kind+", "+m.scheme, "log₁₀ |dl/dz|", "density").YRange(0, 1.25)
		c.W, c.H = 3.7, 2.5
		if k%len(schemes) == len(schemes)-1 {
			c.W += 0.9 // the legend
		}
		for l, b := range m.back {
			var logs []float64
			for _, v := range b {
				if v != 0 {
					logs = append(logs, math.Log10(math.Abs(v)))
				}
			}
			name := ""
			if k%len(schemes) == len(schemes)-1 {
				name = fmt.Sprint("layer ", l+1)
			}
			c.Histogram(name, logs, -9, 1, 60, course.Colour(l), course.Faint)
			if k < len(schemes) {
				c.Vertical("", math.Log10(m.most[l]), course.Colour(l), course.Thin)
			}
		}
		charts = append(charts, c)
	}
	return course.Rows(len(schemes), charts...)
}
