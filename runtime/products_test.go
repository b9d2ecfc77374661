package runtime

import "testing"

// shape is one product of a network that bench/ measures: what a call of
// Contract gets, with sizes as there.
type shape struct {
	name           string
	m, n, k, batch []Index
}

// gemm is the shape of a call of Gemm with contiguous rows of C; ta and tb say
// that A and B are read transposed.
func gemm(name string, m, n, k int, ta, tb bool) shape {
	a, ak, b, bk := k, 1, 1, n
	if ta {
		a, ak = 1, m
	}
	if tb {
		b, bk = k, 1
	}
	return shape{name, []Index{{Size: m, A: a, C: n}}, []Index{{Size: n, B: b, C: 1}}, []Index{{Size: k, A: ak, B: bk}}, nil}
}

// shapes are the products of the networks of bench/.
var shapes = []shape{
	gemm("512", 512, 512, 512, false, false),
	gemm("mlp/forward", 64, 128, 784, false, false),
	gemm("mlp/dW", 784, 128, 64, true, false),
	gemm("mlp/out", 64, 10, 128, false, false),
	gemm("mlp/outdx", 64, 128, 10, false, true),
	gemm("mlp/outdW", 128, 10, 64, true, false),
	gemm("mlp/one", 1, 128, 784, false, false),
	gemm("wide/forward", 128, 512, 784, false, false),
	gemm("wide/forward2", 128, 512, 512, false, false),
	gemm("wide/out", 128, 10, 512, false, false),
	gemm("wide/outdx", 128, 512, 10, false, true),
	gemm("wide/dx", 128, 512, 512, false, true),
	gemm("wide/dW", 784, 512, 128, true, false),
	gemm("wide/dW2", 512, 512, 128, true, false),
	gemm("wide/outdW", 512, 10, 128, true, false),
	gemm("chars/step", 16, 1024, 256, false, false),
	gemm("chars/stepdx", 16, 256, 1024, false, true),
	gemm("chars/outdxstep", 16, 256, 128, false, true),
	gemm("chars/dU", 256, 1024, 1024, true, false),
	gemm("chars/outdx", 1024, 256, 128, false, true),
	gemm("chars/outdW", 256, 128, 1024, true, false),
	{"chars/input", []Index{{Size: 16, A: 4096, C: 1024}, {Size: 64, A: 64, C: 16384}}, []Index{{Size: 1024, B: 1, C: 1}}, []Index{{Size: 64, A: 1, B: 1024}}, nil},
	{"chars/out", []Index{{Size: 16, A: 256, C: 8192}, {Size: 64, A: 4096, C: 128}}, []Index{{Size: 128, B: 1, C: 1}}, []Index{{Size: 256, A: 1, B: 128}}, nil},
	{"chars/dx", []Index{{Size: 16, A: 1024, C: 4096}, {Size: 64, A: 16384, C: 64}}, []Index{{Size: 64, B: 1024, C: 1}}, []Index{{Size: 1024, A: 1, B: 1}}, nil},
	{"chars/dW", []Index{{Size: 64, A: 1, C: 1024}}, []Index{{Size: 1024, B: 1, C: 1}}, []Index{{Size: 16, A: 4096, B: 1024}, {Size: 64, A: 64, B: 16384}}, nil},
	gemm("block/up", 512, 256, 64, false, false),
	gemm("block/down", 512, 64, 256, false, false),
	gemm("block/downdx", 512, 256, 64, false, true),
	gemm("block/updx", 512, 64, 256, false, true),
	gemm("block/updW", 64, 256, 512, true, false),
	gemm("block/downdW", 256, 64, 512, true, false),
	{"block/q", []Index{{Size: 8, A: 4096, C: 4096}, {Size: 64, A: 64, C: 16}}, []Index{{Size: 4, B: 16, C: 1024}, {Size: 16, B: 1, C: 1}}, []Index{{Size: 64, A: 1, B: 64}}, nil},
	{"block/s", []Index{{Size: 64, A: 16, C: 64}}, []Index{{Size: 64, B: 16, C: 1}}, []Index{{Size: 16, A: 1, B: 1}}, []Index{{Size: 32, A: 1024, B: 1024, C: 4096}}},
	{"block/o", []Index{{Size: 64, A: 64, C: 16}}, []Index{{Size: 16, B: 1, C: 1}}, []Index{{Size: 64, A: 1, B: 16}}, []Index{{Size: 32, A: 4096, B: 1024, C: 1024}}},
	{"block/proj", []Index{{Size: 8, A: 4096, C: 4096}, {Size: 64, A: 16, C: 64}}, []Index{{Size: 64, B: 1, C: 1}}, []Index{{Size: 4, A: 1024, B: 1024}, {Size: 16, A: 1, B: 64}}, nil},
	{"block/do", []Index{{Size: 8, A: 4096, C: 4096}, {Size: 64, A: 64, C: 16}}, []Index{{Size: 4, B: 1024, C: 1024}, {Size: 16, B: 64, C: 1}}, []Index{{Size: 64, A: 1, B: 1}}, nil},
	{"block/dv", []Index{{Size: 16, A: 1, C: 1}}, []Index{{Size: 64, B: 1, C: 16}}, []Index{{Size: 64, A: 16, B: 64}}, []Index{{Size: 32, A: 1024, B: 4096, C: 1024}}},
	{"block/dk", []Index{{Size: 64, A: 1, C: 16}}, []Index{{Size: 16, B: 1, C: 1}}, []Index{{Size: 64, A: 64, B: 16}}, []Index{{Size: 32, A: 4096, B: 1024, C: 1024}}},
	{"block/dx", []Index{{Size: 8, A: 4096, C: 4096}, {Size: 64, A: 16, C: 64}}, []Index{{Size: 64, B: 64, C: 1}}, []Index{{Size: 4, A: 1024, B: 16}, {Size: 16, A: 1, B: 1}}, nil},
	{"block/dWq", []Index{{Size: 64, A: 1, C: 64}}, []Index{{Size: 4, B: 1024, C: 16}, {Size: 16, B: 1, C: 1}}, []Index{{Size: 8, A: 4096, B: 4096}, {Size: 64, A: 64, B: 16}}, nil},
	{"block/dWo", []Index{{Size: 4, A: 1024, C: 1024}, {Size: 16, A: 1, C: 64}}, []Index{{Size: 64, B: 1, C: 1}}, []Index{{Size: 8, A: 4096, B: 4096}, {Size: 64, A: 16, B: 64}}, nil},
	{"lenet/conv1", []Index{{Size: 32, A: 1024, C: 4704}, {Size: 28, A: 32, C: 28}, {Size: 28, A: 1, C: 1}}, []Index{{Size: 6, B: 25, C: 784}}, []Index{{Size: 5, A: 32, B: 5}, {Size: 5, A: 1, B: 1}}, nil},
	{"lenet/conv2", []Index{{Size: 32, A: 1176, C: 1600}, {Size: 10, A: 14, C: 10}, {Size: 10, A: 1, C: 1}}, []Index{{Size: 16, B: 150, C: 100}}, []Index{{Size: 6, A: 196, B: 25}, {Size: 5, A: 14, B: 5}, {Size: 5, A: 1, B: 1}}, nil},
	{"lenet/conv2dx", []Index{{Size: 32, A: 5184, C: 1176}, {Size: 14, A: 18, C: 14}, {Size: 14, A: 1, C: 1}}, []Index{{Size: 6, B: 400, C: 196}}, []Index{{Size: 16, A: 324, B: 25}, {Size: 5, A: 18, B: 5}, {Size: 5, A: 1, B: 1}}, nil},
	{"lenet/conv1dK", []Index{{Size: 6, A: 784, C: 25}}, []Index{{Size: 5, B: 32, C: 5}, {Size: 5, B: 1, C: 1}}, []Index{{Size: 32, A: 4704, B: 1024}, {Size: 28, A: 28, B: 32}, {Size: 28, A: 1, B: 1}}, nil},
	{"lenet/conv2dK", []Index{{Size: 16, A: 100, C: 150}}, []Index{{Size: 6, B: 196, C: 25}, {Size: 5, B: 14, C: 5}, {Size: 5, B: 1, C: 1}}, []Index{{Size: 32, A: 1600, B: 1176}, {Size: 10, A: 10, B: 14}, {Size: 10, A: 1, B: 1}}, nil},
	gemm("lenet/dense1", 32, 120, 400, false, false),
	gemm("lenet/dense1dx", 32, 400, 120, false, true),
	gemm("lenet/dense1dW", 400, 120, 32, true, false),
	gemm("lenet/dense2", 32, 84, 120, false, false),
	gemm("lenet/dense2dx", 32, 120, 84, false, true),
	gemm("lenet/dense2dW", 120, 84, 32, true, false),
	gemm("lenet/dense3", 32, 10, 84, false, false),
}

// flops counts a multiplication and an addition for each step.
func (s shape) flops() float64 {
	n := 2.0
	for _, g := range [][]Index{s.m, s.n, s.k, s.batch} {
		for _, x := range g {
			n *= float64(x.Size)
		}
	}
	return n
}

// extents are how long a, b and c have to be.
func (s shape) extents() (a, b, c int) {
	a, b, c = 1, 1, 1
	for _, g := range [][]Index{s.m, s.n, s.k, s.batch} {
		for _, x := range g {
			a, b, c = a+(x.Size-1)*x.A, b+(x.Size-1)*x.B, c+(x.Size-1)*x.C
		}
	}
	return a, b, c
}

// call does the product, by Gemm where emitted code calls that.
func call[T Float](s shape, c, a, b []T) {
	if len(s.m) == 1 && len(s.n) == 1 && len(s.k) == 1 && len(s.batch) == 0 {
		Gemm(s.m[0].Size, s.n[0].Size, s.k[0].Size, a, s.m[0].A, s.k[0].A, b, s.k[0].B, s.n[0].B, c, s.m[0].C, s.n[0].C, false)
		return
	}
	Contract(c, a, b, s.m, s.n, s.k, s.batch, false)
}

func BenchmarkProducts(b *testing.B) {
	for _, s := range shapes {
		b.Run(s.name, func(b *testing.B) {
			na, nb, nc := s.extents()
			x, y, z := make([]float32, na), make([]float32, nb), make([]float32, nc)
			Uniform(x, 1, "a", -1, 1)
			Uniform(y, 1, "b", -1, 1)
			for b.Loop() {
				call(s, z, x, y)
			}
			b.ReportMetric(s.flops()*float64(b.N)/b.Elapsed().Seconds()/1e9, "GFLOP/s")
		})
	}
}
