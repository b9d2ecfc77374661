package diff_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/diff"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// model is a program with numbers to put in.
type model struct {
	t    testing.TB
	p    *ir.Program
	dims map[string]int
	in   map[string]*interp.Tensor
	wrt  []*ir.Array
	rng  *rand.Rand
}

// newModel parses text, in which the line "sizes N=2 K=3" gives the dims, and
// draws inputs. Reals are off the kinks that tests know of, in about -1..1.
func newModel(t testing.TB, text string) *model {
	t.Helper()
	m := &model{t: t, dims: map[string]int{}, in: map[string]*interp.Tensor{}, rng: rand.New(rand.NewPCG(1, 2))}
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if rest, ok := strings.CutPrefix(l, "sizes "); ok {
			for _, f := range strings.Fields(rest) {
				name, v, _ := strings.Cut(f, "=")
				n := 0
				fmt.Sscan(v, &n)
				m.dims[name] = n
				lines = append(lines, "dim "+name+" call")
			}
			continue
		}
		lines = append(lines, l)
	}
	p, err := ir.Parse("program t\n" + strings.Join(lines, "\n") + "\n")
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if err := ir.Verify(p); err != nil {
		t.Fatal(err)
	}
	m.p = p
	for _, a := range p.Inputs {
		m.draw(a)
		if a.Elem == ir.Real && a.Role == ir.Parameter {
			m.wrt = append(m.wrt, a)
		}
	}
	return m
}

func (m *model) size(e *ir.Expr) int {
	q := &ir.Program{Builder: m.p.Builder, Name: "size", Dims: m.p.Dims}
	a := q.Append(&ir.Array{Name: "n", Def: ir.Equation, Elem: ir.Int, Body: e})
	q.Outputs = []ir.Output{{Name: "n", Array: a}}
	out, err := interp.Run(q, &interp.Env{Dims: m.dims})
	if err != nil {
		m.t.Fatal(err)
	}
	return int(out["n"].Data[0])
}

func (m *model) zeros(a *ir.Array) *interp.Tensor {
	var shape []int
	for _, d := range a.Shape {
		shape = append(shape, m.size(d))
	}
	return interp.Zeros(shape...)
}

func (m *model) draw(a *ir.Array) {
	x := m.zeros(a)
	for i := range x.Data {
		switch {
		case a.Elem == ir.Int:
			x.Data[i] = float64(m.rng.IntN(m.size(a.In)))
		case a.Elem == ir.Bool:
			x.Data[i] = float64(m.rng.IntN(2))
		default:
			x.Data[i] = 0.9*m.rng.NormFloat64() + 0.05
		}
	}
	m.in[a.Name] = x
}

// run runs a program that has the inputs of m, and more that are drawn.
func (m *model) run(p *ir.Program) map[string]*interp.Tensor {
	m.t.Helper()
	if err := ir.Verify(p); err != nil {
		m.t.Fatalf("%v\n%s", err, ir.Print(p))
	}
	text := ir.Print(p)
	if _, err := ir.Parse(text); err != nil {
		m.t.Fatalf("%v\n%s", err, text)
	}
	env := &interp.Env{Dims: m.dims, Inputs: map[*ir.Array]*interp.Tensor{}, Seed: 3}
	for _, a := range p.Inputs {
		if m.in[a.Name] == nil {
			m.draw(a)
		}
		env.Inputs[a] = m.in[a.Name]
	}
	out, err := interp.Run(p, env)
	if err != nil {
		m.t.Fatalf("%v\n%s", err, text)
	}
	return out
}

// differences is the derivative of f, a sum of outputs, with respect to the
// elements of input a, by a central difference of fourth order.
func (m *model) differences(a *ir.Array, f func() float64) []float64 {
	x := m.in[a.Name].Data
	out := make([]float64, len(x))
	for i, old := range x {
		h := 1e-3 * min(1, max(math.Abs(old), 0.05))
		at := func(d float64) float64 { x[i] = old + d; return f() }
		out[i] = (8*(at(h)-at(-h)) - (at(2*h) - at(-2*h))) / (12 * h)
		x[i] = old
	}
	return out
}

func total(x *interp.Tensor) float64 {
	s := 0.0
	for _, v := range x.Data {
		s += v
	}
	return s
}

func near(x, y, tol float64) bool {
	return x == y || math.Abs(x-y) <= tol*(1+math.Abs(x)+math.Abs(y)) || x != x && y != y
}

func (m *model) compare(what string, got, want []float64, tol float64, p *ir.Program) {
	m.t.Helper()
	if len(got) != len(want) {
		m.t.Fatalf("%s has %d elements, want %d\n%s", what, len(got), len(want), ir.Print(p))
	}
	for i := range got {
		if !near(got[i], want[i], tol) {
			m.t.Fatalf("%s[%d] = %v, want %v\n%s", what, i, got[i], want[i], ir.Print(p))
		}
	}
}

func must(m *model) func(p *ir.Program, err error) *ir.Program {
	return func(p *ir.Program, err error) *ir.Program {
		m.t.Helper()
		if err != nil {
			m.t.Fatal(err)
		}
		return p
	}
}

// all checks every mode against differences and against each other.
func (m *model) all() {
	m.t.Helper()
	ok := must(m)
	y := m.p.Outputs[0].Name
	rev := ok(diff.Gradient(m.p, y, m.wrt))
	fwd := ok(diff.GradientForward(m.p, y, m.wrt))
	r, f := m.run(rev), m.run(fwd)
	for _, a := range m.wrt {
		g := "grad." + a.Name
		want := m.differences(a, func() float64 { return total(m.run(m.p)[y]) })
		m.compare("reverse "+g, r[g].Data, want, 2e-7, rev)
		m.compare("forward "+g, f[g].Data, r[g].Data, 1e-11, fwd)
	}
	m.duality()
	m.second(rev, r)
}

// duality checks <d, J t> = <J' d, t>.
func (m *model) duality() {
	m.t.Helper()
	ok := must(m)
	jvp, vjp := ok(diff.JVP(m.p, m.wrt)), ok(diff.VJP(m.p, m.wrt))
	j, v := m.run(jvp), m.run(vjp)
	left, right := 0.0, 0.0
	for _, o := range m.p.Outputs {
		if o.Array.Elem == ir.Real {
			left += inner(m.in["d."+o.Name].Data, j["jvp."+o.Name].Data)
		}
	}
	for _, a := range m.wrt {
		right += inner(v["vjp."+a.Name].Data, m.in[a.Name+"_t"].Data)
	}
	if !near(left, right, 1e-11) {
		m.t.Fatalf("<d, J t> = %v, <J' d, t> = %v\n%s\n%s", left, right, ir.Print(jvp), ir.Print(vjp))
	}
	jac, rev := ok(diff.Jacobian(m.p, m.wrt, "forward")), ok(diff.Jacobian(m.p, m.wrt, "reverse"))
	a, b := m.run(jac), m.run(rev)
	for name, x := range a {
		if strings.HasPrefix(name, "jacobian.") {
			m.compare("reverse "+name, b[name].Data, x.Data, 1e-11, rev)
		}
	}
	for _, o := range m.p.Outputs {
		if o.Array.Elem != ir.Real {
			continue
		}
		got := make([]float64, len(j["jvp."+o.Name].Data))
		for _, w := range m.wrt {
			x, t := a["jacobian."+o.Name+"."+w.Name].Data, m.in[w.Name+"_t"].Data
			for i := range got {
				got[i] += inner(x[i*len(t):(i+1)*len(t)], t)
			}
		}
		m.compare("jacobian times tangent of "+o.Name, got, j["jvp."+o.Name].Data, 1e-11, jac)
	}
}

func inner(x, y []float64) float64 {
	s := 0.0
	for i := range x {
		s += x[i] * y[i]
	}
	return s
}

// second checks second derivatives: forward over reverse = reverse over
// reverse = differences, the Hessian is symmetric and has that diagonal.
func (m *model) second(rev *ir.Program, grads map[string]*interp.Tensor) {
	m.t.Helper()
	ok := must(m)
	y := m.p.Outputs[0].Name
	hvp := ok(diff.HVP(m.p, y, m.wrt, true))
	h := m.run(hvp)
	for _, a := range m.wrt {
		m.compare("grad beside hvp", h["grad."+a.Name].Data, grads["grad."+a.Name].Data, 1e-12, hvp)
		want := m.differences(a, func() float64 {
			out := m.run(rev)
			s := 0.0
			for _, b := range m.wrt {
				s += inner(out["grad."+b.Name].Data, m.in[b.Name+"_t"].Data)
			}
			return s
		})
		m.compare("hvp."+a.Name, h["hvp."+a.Name].Data, want, 1e-6, hvp)
	}
	vjp := ok(diff.VJP(onlyGradients(rev), m.wrt))
	for _, a := range m.wrt { // the tangents of hvp as cotangents of the gradients
		m.in["d.grad."+a.Name] = m.in[a.Name+"_t"]
	}
	v := m.run(vjp)
	hess, diag := ok(diff.Hessian(m.p, y, m.wrt)), ok(diff.HessDiag(m.p, y, m.wrt))
	full, d := m.run(hess), m.run(diag)
	for _, a := range m.wrt {
		m.compare("reverse over reverse "+a.Name, v["vjp."+a.Name].Data, h["hvp."+a.Name].Data, 1e-10, vjp)
		na := len(m.in[a.Name].Data)
		got := make([]float64, na)
		for _, b := range m.wrt {
			x, t := full["hessian."+a.Name+"."+b.Name].Data, full["hessian."+b.Name+"."+a.Name].Data
			nb := len(m.in[b.Name].Data)
			for i := range na {
				for j := range nb {
					if !near(x[i*nb+j], t[j*na+i], 1e-10) {
						m.t.Fatalf("hessian.%s.%s[%d,%d] = %v, its transpose %v\n%s", a.Name, b.Name, i, j, x[i*nb+j], t[j*na+i], ir.Print(hess))
					}
					got[i] += x[i*nb+j] * m.in[b.Name+"_t"].Data[j]
				}
			}
		}
		m.compare("hessian times tangent "+a.Name, got, h["hvp."+a.Name].Data, 1e-10, hess)
		for i := range na {
			if x := full["hessian."+a.Name+"."+a.Name].Data[i*na+i]; !near(x, d["hessdiag."+a.Name].Data[i], 1e-11) {
				m.t.Fatalf("hessdiag.%s[%d] = %v, want %v\n%s", a.Name, i, d["hessdiag."+a.Name].Data[i], x, ir.Print(diag))
			}
		}
	}
}

func onlyGradients(p *ir.Program) *ir.Program {
	q := p.Clone()
	var keep []ir.Output
	for _, o := range q.Outputs {
		if strings.HasPrefix(o.Name, "grad.") {
			keep = append(keep, o)
		}
	}
	q.Outputs = keep
	q.Prune()
	return q
}
