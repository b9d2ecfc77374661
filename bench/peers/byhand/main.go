// Command byhand times steps of the benchmarks as a Go programmer writes them:
// loops, package math, derivatives worked out on paper, nothing clever.
//
//	GOWORK=off go run .
package main

import (
	"math"
	"os"
	"runtime"
	"slices"

	"github.com/nnc-lang/nnc/bench/peers/clock"
)

func main() {
	runtime.GOMAXPROCS(1)
	for _, r := range []struct {
		name string
		step func()
	}{
		{"Xor", xor()}, {"KMeans", kmeans(100, 10000, 8)}, {"LSE", lse(40000)},
		{"LLSQ", llsq(4096, 128)}, {"ODE/value", ode(1000, 100)},
	} {
		if len(os.Args) == 1 || slices.Contains(os.Args[1:], r.name) {
			clock.Measure(r.name, r.step)
		}
	}
}

// reals are n numbers between -1 and 1.
func reals(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = float64(i*7919%2001)/1000 - 1
	}
	return x
}

// xor is a step of SGD on the four examples of a network 2-2-1.
func xor() func() {
	x := [4][2]float32{{0, 0}, {0, 1}, {1, 0}, {1, 1}}
	y := [4]float32{0, 1, 1, 0}
	w := [2][2]float32{{0.5, -0.3}, {0.2, 0.7}}
	var b [2]float32
	v, c := [2]float32{0.6, -0.8}, float32(0)
	return func() {
		var dw [2][2]float32
		var db, dv [2]float32
		var dc, loss float32
		for n := range x {
			var h [2]float32
			z := c
			for j := range h {
				h[j] = float32(math.Tanh(float64(x[n][0]*w[0][j] + x[n][1]*w[1][j] + b[j])))
				z += h[j] * v[j]
			}
			p := 1 / (1 + float32(math.Exp(float64(-z))))
			loss -= y[n]*float32(math.Log(float64(p))) + (1-y[n])*float32(math.Log(float64(1-p)))
			dz := (p - y[n]) / 4
			dc += dz
			for j := range h {
				dv[j] += dz * h[j]
				da := dz * v[j] * (1 - h[j]*h[j])
				db[j] += da
				dw[0][j] += da * x[n][0]
				dw[1][j] += da * x[n][1]
			}
		}
		for j := range b {
			w[0][j] -= 0.01 * dw[0][j]
			w[1][j] -= 0.01 * dw[1][j]
			b[j] -= 0.01 * db[j]
			v[j] -= 0.01 * dv[j]
		}
		c -= 0.01 * dc
		sink = float64(loss)
	}
}

// sink keeps results alive.
var sink float64

// kmeans is the value, and its gradient over the diagonal of its Hessian.
func kmeans(k, n, d int) func() {
	points, centroids := reals(n*d), reals(k*d)
	dir, count := make([]float64, k*d), make([]float64, k)
	return func() {
		clear(dir)
		clear(count)
		loss := 0.0
		for i := range n {
			x := points[i*d:][:d]
			best, at := math.Inf(1), 0
			for j := range k {
				sum := 0.0
				for l, c := range centroids[j*d:][:d] {
					sum += (x[l] - c) * (x[l] - c)
				}
				if sum < best {
					best, at = sum, j
				}
			}
			loss += best
			count[at] += 2
			for l := range d {
				dir[at*d+l] -= 2 * (x[l] - centroids[at*d+l])
			}
		}
		for j := range k {
			for l := range d {
				dir[j*d+l] /= count[j]
			}
		}
		sink = loss
	}
}

// lse is the logarithm of a sum of exponentials, and its gradient.
func lse(n int) func() {
	x, dx := reals(n), make([]float64, n)
	return func() {
		top, sum := slices.Max(x), 0.0
		for i, v := range x {
			dx[i] = math.Exp(v - top)
			sum += dx[i]
		}
		for i := range dx {
			dx[i] /= sum
		}
		sink = math.Log(sum) + top
	}
}

// llsq is half the squared distance of a polynomial from the sign function at n
// points, and its gradient by the m coefficients.
func llsq(n, m int) func() {
	x, dx := reals(m), make([]float64, m)
	return func() {
		clear(dx)
		loss := 0.0
		for i := range n {
			t := -1 + 2*float64(i)/float64(n-1)
			p := 0.0
			for j := m - 1; j >= 0; j-- {
				p = x[j] + t*p
			}
			sign := 0.0
			if t > 0 {
				sign = 1
			} else if t < 0 {
				sign = -1
			}
			r := sign - p
			loss += r * r / 2
			power := -r
			for j := range dx {
				dx[j] += power
				power *= t
			}
		}
		sink = loss
	}
}

// ode is the last component of y(2), by s steps of Runge-Kutta.
func ode(n, s int) func() {
	x := reals(n)
	u, v := make([]float64, n), make([]float64, n)
	var k [4][]float64
	for i := range k {
		k[i] = make([]float64, n)
	}
	field := func(z, y []float64) {
		z[0] = x[0]
		for i := 1; i < n; i++ {
			z[i] = x[i] * y[i-1]
		}
	}
	at := func(h float64, k []float64) []float64 {
		for i := range v {
			v[i] = u[i] + h*k[i]
		}
		return v
	}
	return func() {
		clear(u)
		h := 1 / float64(s)
		for range s {
			field(k[0], u)
			field(k[1], at(h, k[0]))
			field(k[2], at(h, k[1]))
			field(k[3], at(2*h, k[2]))
			for i := range u {
				u[i] += h / 3 * (k[0][i] + 2*k[1][i] + 2*k[2][i] + k[3][i])
			}
		}
		sink = u[n-1]
	}
}
