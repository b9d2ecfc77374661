package main

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// Benchmark runs each objective and its derivative at one of the sizes that
// GradBench uses; the derivative comes with the value.
func Benchmark(b *testing.B) {
	rng := rand.New(rand.NewPCG(9, 10))
	points := normalMatrix(rng, 10000, 8)
	layers := func(n int) lstmInput {
		return lstmInput{Main: normalMatrix(rng, 2*n, 4*14), Extra: normalMatrix(rng, 3, 14),
			State: normalMatrix(rng, 2*n, 14), Sequence: normalMatrix(rng, 1024, 14)}
	}
	for _, c := range []struct {
		module, value, derivative, size string
		input                           any
	}{
		{"lse", "primal", "gradient", "40000", lseInput{X: normal(rng, 40000)}},
		{"llsq", "primal", "gradient", "4096x128", llsqInput{X: normal(rng, 128), N: 4096}},
		{"gmm", "objective", "jacobian", "d10_k25_n1000", mixture(rng, 10, 25, 1000)},
		{"gmm", "objective", "jacobian", "d64_k25_n1000", mixture(rng, 64, 25, 1000)},
		{"kmeans", "cost", "dir", "k100_n10000_d8", kmeansInput{Points: points, Centroids: matrix{100, 8, points.data[:800]}}},
		{"lstm", "objective", "jacobian", "l2_c1024", layers(2)},
		{"lstm", "objective", "jacobian", "l4_c1024", layers(4)},
		{"ode", "primal", "gradient", "n1000_s100", odeInput{X: normal(rng, 1000), S: 100}},
		{"det", "primal", "gradient", "5", detInput{A: normal(rng, 5*5), Ell: 5}},
		{"det", "primal", "gradient", "8", detInput{A: normal(rng, 8*8), Ell: 8}},
	} {
		text, err := json.Marshal(c.input)
		if err != nil {
			b.Fatal(err)
		}
		for _, name := range []string{c.value, c.derivative} {
			b.Run(fmt.Sprintf("%s/%s/%s", c.module, c.size, name), func(b *testing.B) {
				run, err := evals[c.module][name](text)
				if err != nil {
					b.Fatal(err)
				}
				for b.Loop() {
					if _, err := run(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

func mixture(rng *rand.Rand, d, k, n int) gmmInput {
	in := gmmInput{
		Alpha: normal(rng, k), Mu: normalMatrix(rng, k, d), Q: normalMatrix(rng, k, d),
		L: normalMatrix(rng, k, d*(d-1)/2), X: normalMatrix(rng, n, d), Gamma: 1,
	}
	for i := range in.L.data {
		in.L.data[i] /= math.Sqrt(float64(d))
	}
	return in
}
