// Package autoencoder squeezes digits through two numbers, plainly and as a
// distribution, and draws new ones.
package autoencoder

import (
	"fmt"
	"math"
	"sync"

	"github.com/nnc-lang/nnc/examples/course/course"
	digits "github.com/nnc-lang/nnc/examples/digits/data"
	"github.com/nnc-lang/nnc/runtime/data"
)

//go:generate go tool nnc compile -simd=off autoencoder.nn

// Topic is number 22 of the course.
var Topic = course.Topic{
	Number: 22, Name: "t22_autoencoder", Title: "Autoencoders, plain and variational",
	Claim: "Two numbers that an autoencoder finds tell more of a new digit than its two principal components: it is drawn again with less than three quarters of the squared error, and its nearest neighbour is the same digit more often. A variational one is nearly as exact, and its codes fill the standard normal distribution, so that normal draws give digits.",
	Run:   run,
}

// images are digits and what they are.
type images struct {
	x []float32 // [N,D]
	y []int32   // [N]
}

func pick(x []float32, y []int32, rows []int) images {
	return images{
		data.Gather(make([]float32, len(rows)*D), x, rows, D),
		data.Gather(make([]int32, len(rows)), y, rows, 1),
	}
}

// view is what a method makes of images: codes [N,Z] and images drawn from
// these [N,D].
type view struct{ codes, drawn []float32 }

// method is a way to code images; views are those of training and test.
type method struct {
	name        string
	known, test view
}

func run(r *course.Run) error {
	x, y, err := digits.Load()
	if err != nil {
		return err
	}
	rows, held := data.Split(digits.N, 0.2, r.Seed)
	known, test := pick(x, y, rows), pick(x, y, held)
	epochs := r.Pick(250, 40)
	var plain *Plain
	var variational *Variational
	var wait sync.WaitGroup
	var failed [2]error
	wait.Go(func() { plain, failed[0] = learnPlain(r, known, epochs) })
	wait.Go(func() { variational, failed[1] = learnVariational(r, known, epochs) })
	wait.Wait()
	for _, err := range failed {
		if err != nil {
			return err
		}
	}
	pca, err := components(known)
	if err != nil {
		return err
	}
	methods := []method{{name: "principal components"}, {name: "autoencoder"}, {name: "variational"}}
	var spread []float32 // variances of the variational codes of test
	for i, s := range []images{known, test} {
		views := make([]view, 3)
		views[0] = pca.view(s)
		if views[1], err = viewPlain(plain, s); err != nil {
			return err
		}
		if views[2], spread, err = viewVariational(variational, s); err != nil {
			return err
		}
		for k, v := range views {
			if i == 0 {
				methods[k].known = v
			} else {
				methods[k].test = v
			}
		}
	}
	for _, m := range methods {
		r.Log(m.name+": squared error of a test digit", distance(m.test.drawn, test.x)/float64(len(test.y)), "")
		r.Log(m.name+": nearest code is the same digit", 100*neighbours(m, known, test), "%")
	}
	// The code of a digit drawn at random is a sample from its distribution.
	second := 0.0
	for i, mu := range methods[2].test.codes {
		second += float64(mu*mu) + math.Exp(float64(spread[i]))
	}
	r.Log("variational: mean square of a code", second/float64(len(spread)), "")
	kl, err := NewDivergence(DivergenceDims{N: len(test.y)}).Value(variational, DivergenceBatch{X: test.x})
	if err != nil {
		return err
	}
	r.Log("variational: divergence from the normal distribution", float64(kl), "nats")
	r.Log("epochs", float64(epochs), "")
	return draw(r, methods, test, variational)
}

// distance is the sum of the squared differences.
func distance(a, b []float32) float64 {
	sum := 0.0
	for i, v := range a {
		sum += float64(v-b[i]) * float64(v-b[i])
	}
	return sum
}

// neighbours is the share of test images whose nearest code among the known ones
// is of the same digit.
func neighbours(m method, known, test images) float64 {
	same := 0
	for i, y := range test.y {
		best, least := 0, math.Inf(1)
		for j := range known.y {
			if d := distance(m.test.codes[i*Z:][:Z], m.known.codes[j*Z:][:Z]); d < least {
				best, least = j, d
			}
		}
		if known.y[best] == y {
			same++
		}
	}
	return float64(same) / float64(len(test.y))
}

func draw(r *course.Run, methods []method, test images, v *Variational) error {
	var planes []*course.Chart
	for _, m := range methods {
		c := course.NewChart(m.name, "z₁", "z₂").Square()
		c.W, c.H = 4.4, 4.4
		for k := range int32(10) {
			var a, b []float64
			for i, y := range test.y {
				if y == k {
					a, b = append(a, float64(m.test.codes[i*Z])), append(b, float64(m.test.codes[i*Z+1]))
				}
			}
			opts := []course.Option{course.Colour(int(k % 7))}
			if k >= 7 {
				opts = append(opts, course.Ring)
			}
			name := ""
			if m.name == methods[len(methods)-1].name {
				name = fmt.Sprint(k)
			}
			c.Points(name, a, b, opts...)
		}
		planes = append(planes, c)
	}
	planes[2].W += 0.6
	if err := r.Save("codes.svg", "The codes of the test digits, coloured by digit; none of the methods was told which digit is which.", course.Row(planes...)); err != nil {
		return err
	}
	s := &course.Images{Title: "Test digits, and drawn from two numbers", W: 8, H: 8, Cols: 12, Scale: 6, Lo: 0, Hi: 1}
	for _, set := range [][]float32{test.x, methods[0].test.drawn, methods[1].test.drawn, methods[2].test.drawn} {
		for i := range s.Cols {
			s.Values = append(s.Values, pixels(set[i*D:][:D]))
		}
	}
	if err := r.Save("drawn.png", "Rows: test digits; from two principal components; from the two numbers of the autoencoder; of the variational one.", s); err != nil {
		return err
	}
	return sheet(r, v)
}

// sheet draws the plane of codes: each row and column at another quantile of the
// normal distribution.
func sheet(r *course.Run, v *Variational) error {
	const n = 14
	z := make([]float32, 0, n*n*Z)
	at := func(i int) float32 { return float32(math.Sqrt2 * math.Erfinv(2*(float64(i)+0.5)/n-1)) }
	for i := range n {
		for j := range n {
			z = append(z, at(j), at(n-1-i))
		}
	}
	drawn := make([]float32, n*n*D)
	if err := NewDrawVariational(DrawVariationalDims{N: n * n}).Value(v, DrawVariationalBatch{Z: z}, drawn); err != nil {
		return err
	}
	s := &course.Images{Title: "What the variational decoder draws", W: 8, H: 8, Cols: n, Scale: 4, Lo: 0, Hi: 1}
	for i := range n * n {
		s.Values = append(s.Values, pixels(drawn[i*D:][:D]))
	}
	return r.Save("sheet.png", "Digits drawn from codes at the quantiles of the standard normal distribution.", s)
}

func pixels(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}
