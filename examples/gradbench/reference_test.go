package main

import (
	"math"
	"math/cmplx"
)

// The objectives once more, by hand, from their definitions and with none of
// nnc: on complex numbers, so that a step along the imaginary axis gives a
// derivative to full precision (Squire and Trapp, SIAM Review 40, 1998).

type reference func(x []complex128) complex128

// value is f at real x.
func (f reference) value(x []float64) float64 { return real(f(lift(x))) }

// gradient is that of f at real x.
func (f reference) gradient(x []float64) []float64 {
	const step = 1e-40
	z, g := lift(x), make([]float64, len(x))
	for i := range z {
		z[i] += complex(0, step)
		g[i] = imag(f(z)) / step
		z[i] = complex(x[i], 0)
	}
	return g
}

func lift(x []float64) []complex128 {
	z := make([]complex128, len(x))
	for i, v := range x {
		z[i] = complex(v, 0)
	}
	return z
}

func logsumexp(x []complex128) complex128 {
	top := math.Inf(-1)
	for _, v := range x {
		top = max(top, real(v))
	}
	var s complex128
	for _, v := range x {
		s += cmplx.Exp(v - complex(top, 0))
	}
	return cmplx.Log(s) + complex(top, 0)
}

func llsq(n int) reference {
	return func(x []complex128) (sum complex128) {
		for i := range n {
			t := -1 + 2*float64(i)/float64(n-1)
			r, power := complex(0, 0), 1.0
			if t != 0 {
				r = complex(math.Copysign(1, t), 0)
			}
			for _, c := range x {
				r -= c * complex(power, 0)
				power *= t
			}
			sum += r * r / 2
		}
		return sum
	}
}

func ode(s int) func(x []complex128) []complex128 {
	field := func(x, y []complex128) []complex128 {
		z := []complex128{x[0]}
		for i := 1; i < len(x); i++ {
			z = append(z, x[i]*y[i-1])
		}
		return z
	}
	along := func(y, k []complex128, h float64) []complex128 {
		z := make([]complex128, len(y))
		for i := range z {
			z[i] = y[i] + complex(h, 0)*k[i]
		}
		return z
	}
	return func(x []complex128) []complex128 {
		y, h := make([]complex128, len(x)), 2/float64(s)
		for range s {
			k1 := field(x, y)
			k2 := field(x, along(y, k1, h/2))
			k3 := field(x, along(y, k2, h/2))
			k4 := field(x, along(y, k3, h))
			for i := range y {
				y[i] += complex(h/6, 0) * (k1[i] + 2*k2[i] + 2*k3[i] + k4[i])
			}
		}
		return y
	}
}

// det expands along the first row of an n by n matrix.
func det(n int) reference {
	if n == 1 {
		return func(a []complex128) complex128 { return a[0] }
	}
	return func(a []complex128) (sum complex128) {
		sign := complex(1, 0)
		for j := range n {
			var minor []complex128
			for r := 1; r < n; r++ {
				for c := range n {
					if c != j {
						minor = append(minor, a[r*n+c])
					}
				}
			}
			sum += sign * a[j] * det(n-1)(minor)
			sign = -sign
		}
		return sum
	}
}

// gmm takes alpha, mu, q and l one after the other.
func gmm(in *gmmInput) reference {
	k, d, n, m := in.Mu.rows, in.Mu.cols, in.X.rows, float64(in.M)
	return func(p []complex128) complex128 {
		alpha, mu, q, l := p[:k], p[k:], p[k+k*d:], p[k+2*k*d:]
		triangle := d * (d - 1) / 2
		sum := complex(-float64(n*d)/2*math.Log(2*math.Pi), 0) - complex(float64(n), 0)*logsumexp(alpha)
		terms := make([]complex128, k)
		for i := range n {
			for c := range k {
				y := make([]complex128, d)
				terms[c] = alpha[c]
				for j := range d {
					y[j] = complex(in.X.data[i*d+j], 0) - mu[c*d+j]
					terms[c] += q[c*d+j]
				}
				qy, at := make([]complex128, d), c*triangle
				for j := range d {
					qy[j] += cmplx.Exp(q[c*d+j]) * y[j]
					for r := j + 1; r < d; r++ {
						qy[r] += l[at] * y[j]
						at++
					}
				}
				for _, v := range qy {
					terms[c] -= v * v / 2
				}
			}
			sum += logsumexp(terms)
		}
		freedom := float64(d) + m + 1
		normal := freedom*float64(d)*(math.Log(in.Gamma)-math.Ln2/2) - float64(d*(d-1))/4*math.Log(math.Pi)
		for j := 1; j <= d; j++ {
			g, _ := math.Lgamma(freedom/2 + float64(1-j)/2)
			normal -= g
		}
		for c := range k {
			var square, trace complex128
			for j := range d {
				square += cmplx.Exp(2 * q[c*d+j])
				trace += q[c*d+j]
			}
			for _, v := range l[c*triangle:][:triangle] {
				square += v * v
			}
			sum += complex(normal, 0) + complex(m, 0)*trace - complex(in.Gamma*in.Gamma/2, 0)*square
		}
		return sum
	}
}

// kmeans is the cost of the centroids.
func kmeans(points matrix) reference {
	return func(c []complex128) (sum complex128) {
		for i := range points.rows {
			least := complex(math.Inf(1), 0)
			for k := 0; k < len(c); k += points.cols {
				var square complex128
				for j := range points.cols {
					r := complex(points.data[i*points.cols+j], 0) - c[k+j]
					square += r * r
				}
				if real(square) < real(least) {
					least = square
				}
			}
			sum += least
		}
		return sum
	}
}

// lstm takes main_params and extra_params one after the other.
func lstm(in *lstmInput) reference {
	layers, b := in.Main.rows/2, in.Sequence.cols
	sigmoid := func(x complex128) complex128 { return 1 / (1 + cmplx.Exp(-x)) }
	return func(p []complex128) (loss complex128) {
		extra := p[len(in.Main.data):]
		state := lift(in.State.data)
		for t := range in.Sequence.rows - 1 {
			x := lift(in.Sequence.data[t*b:][:b])
			for i := range x {
				x[i] *= extra[i]
			}
			for k := range layers {
				w, bias := p[8*b*k:], p[8*b*k+4*b:]
				h, c := state[2*b*k:][:b], state[2*b*k+b:][:b]
				for i := range b {
					forget := sigmoid(x[i]*w[i] + bias[i])
					ingate := sigmoid(h[i]*w[b+i] + bias[b+i])
					outgate := sigmoid(x[i]*w[2*b+i] + bias[2*b+i])
					change := cmplx.Tanh(h[i]*w[3*b+i] + bias[3*b+i])
					c[i] = c[i]*forget + ingate*change
					h[i] = outgate * cmplx.Tanh(c[i])
				}
				x = append([]complex128(nil), h...)
			}
			sum := complex(2, 0)
			for i := range x {
				x[i] = x[i]*extra[b+i] + extra[2*b+i]
				sum += cmplx.Exp(x[i])
			}
			for i := range x {
				loss -= complex(in.Sequence.data[(t+1)*b+i], 0) * (x[i] - cmplx.Log(sum))
			}
		}
		return loss / complex(float64((in.Sequence.rows-1)*b), 0)
	}
}
