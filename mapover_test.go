package nnc

import (
	"math"
	"testing"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// TestMapOver compares the Jacobian of a mapped model, as it is emitted, with
// the Jacobians of its examples one by one.
func TestMapOver(t *testing.T) {
	for _, c := range []struct{ name, source string }{
		{"dense", "model M(x: [3]) -> y: [2] = x |> Dense[2] |> tanh\nderive M: jacobian[x]"},
		{"params", "model M(x: [3]) -> y: [2] = x |> Dense[2] |> tanh\nderive M: jacobian"},
		{"linear", "model M(x: [3]) -> y: [2] { param w: [3, 2] ~ he;  y = x @ w }\nderive M: jacobian[x]"},
		{"recurrence", "model M(x: [4]) -> y: [4] { param a: real = 0.5;  y[-1] = 1;  y[t] = sin(a * y[t-1]) + x[t] }\nderive M: jacobian[x] by reverse"},
		{"gather", "model M(k: [2] in 3, x: [2]) -> y: [2] { param E: [3, 2] ~ normal(0, 1);  y[i] = sum[j] E[k[i], j] * x[j]^2 }\nderive M: jacobian by reverse"},
		{"gradient", "model M(x: [3]) -> f { param w: [3] ~ normal(0, 1);  f = sin(w @ x) }\nderive M: grad[x] by forward"},
		{"hessian", "model M(x: [3]) -> f { param w: [3] ~ normal(0, 1);  f = exp(w @ x) }\nderive M: hessian[x]"},
		{"two", "model M(x: [3], s: real) -> (y: [3], z: real) { y = s * x^2;  z = sum(sin(x)) }\nderive M: jacobian[x, s]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := module("t.nn", []byte("dtype f64\n"+c.source), Options{})
			if err != nil {
				t.Fatal(err)
			}
			list, err := methods(m.Entries[0])
			if err != nil {
				t.Fatal(err)
			}
			x := list[1]
			if !x.byExample() {
				t.Fatal("not mapped")
			}
			mapped, err := x.compile(Options{})
			if err != nil {
				t.Fatal(err)
			}
			// The same derivative of one example.
			one, err := x.entry.Lower(ir.Mode{})
			if err != nil {
				t.Fatal(err)
			}
			want := derivative{what: x.kind, by: x.by}
			if want.what != "jacobian" {
				want.of = one.Program.Outputs[0].Name
			}
			for _, l := range leavesOf(x.wrt) {
				want.wrt = append(want.wrt, one.Program.Lookup(l.Name))
			}
			j := &job{name: "one", program: one.Program, want: want}
			if err := j.run(); err != nil {
				t.Fatal(err)
			}
			const batch = 3
			dims := map[string]int{"N": batch}
			shape := func(a *ir.Array) []int { return (&sizes{b: m.Builder, dims: dims}).shape(a.Shape) }
			all := &interp.Env{Dims: dims, Inputs: map[*ir.Array]*interp.Tensor{}}
			for k, in := range mapped.Program.Inputs {
				a := interp.Zeros(shape(in)...)
				for i := range a.Data {
					a.Data[i] = math.Sin(float64(7*k + i + 1))
					if in.Elem == ir.Int {
						a.Data[i] = float64((i*i + k) % 3)
					}
				}
				all.Inputs[in] = a
			}
			got, err := interp.Run(mapped.Program, all)
			if err != nil {
				t.Fatal(err)
			}
			for n := range batch {
				single := &interp.Env{Dims: dims, Inputs: map[*ir.Array]*interp.Tensor{}}
				for _, in := range j.program.Inputs {
					b := mapped.Program.Lookup(in.Name)
					single.Inputs[in] = all.Inputs[b]
					if b.Rank() > in.Rank() {
						single.Inputs[in] = row(all.Inputs[b], n)
					}
				}
				want, err := interp.Run(j.program, single)
				if err != nil {
					t.Fatal(err)
				}
				for name, w := range want {
					g := row(got[name], n)
					for i := range w.Data {
						if math.Abs(g.Data[i]-w.Data[i]) > 1e-12 {
							t.Errorf("%s of example %d: element %d is %v, want %v\n%s", name, n, i, g.Data[i], w.Data[i], ir.Print(mapped.Program))
						}
					}
				}
			}
		})
	}
}

// row is t at index n of its first axis.
func row(t *interp.Tensor, n int) *interp.Tensor {
	size := len(t.Data) / t.Shape[0]
	return &interp.Tensor{Shape: t.Shape[1:], Data: t.Data[n*size : (n+1)*size]}
}
