package diff_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/diff"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// at sets inputs by name: scalars and vectors.
func (m *model) at(values map[string][]float64) *model {
	for name, v := range values {
		copy(m.in[name].Data, v)
	}
	return m
}

// first is gradients by both modes, which have to agree (also in NaN).
func (m *model) first() map[string]*interp.Tensor {
	m.t.Helper()
	y := m.p.Outputs[0].Name
	rev, fwd := must(m)(diff.Gradient(m.p, y, m.wrt)), must(m)(diff.GradientForward(m.p, y, m.wrt))
	r, f := m.run(rev), m.run(fwd)
	for _, a := range m.wrt {
		g := "grad." + a.Name
		m.compare("forward "+g, f[g].Data, r[g].Data, 1e-12, fwd)
	}
	return r
}

// TestOperators compares the derivative texts of every operator with
// differences of its value, at the points of its record, first and second
// order, in each argument and with the other one a constant.
func TestOperators(t *testing.T) {
	for _, op := range ir.Operators {
		if op.Class != ir.Arith {
			continue
		}
		t.Run(op.Name, func(t *testing.T) {
			if len(op.At) == 0 && op.Deriv != nil {
				t.Fatal("has a derivative, but no points to test it at")
			}
			for _, at := range op.At {
				args := []string{"x", "z"}[:op.Arity]
				checkOperator(t, op, args, at)
				if op.Arity == 2 {
					checkOperator(t, op, []string{"x", fmt.Sprintf("%g", at[1])}, at)
					checkOperator(t, op, []string{fmt.Sprintf("%g", at[0]), "z"}, at)
				}
			}
		})
	}
}

func checkOperator(t *testing.T, op *ir.Operator, args []string, at []float64) {
	t.Helper()
	call := op.Name + "(" + strings.Join(args, ", ") + ")"
	switch {
	case op == ir.Neg:
		call = "-" + args[0]
	case op.Infix > 0:
		call = fmt.Sprintf("(%s) %s (%s)", args[0], op.Name, args[1])
	}
	m := newModel(t, "input x: real param\ninput z: real param\nl = 3*("+call+")\noutput l = l")
	m.at(map[string][]float64{"x": at[:1], "z": at[len(at)-1:]})
	var wrt []*ir.Array
	for k, a := range m.wrt {
		if k < len(args) && args[k] == a.Name && (op.Deriv == nil || !op.Flat(k)) {
			wrt = append(wrt, a)
		}
	}
	m.wrt = wrt
	if len(wrt) == 0 {
		return
	}
	r := m.first()
	for _, a := range m.wrt {
		want := []float64{0} // of a flat operator
		if op.Deriv != nil {
			want = m.differences(a, func() float64 { return m.run(m.p)["l"].Data[0] })
		}
		m.compare(call+" by "+a.Name, r["grad."+a.Name].Data, want, 1e-8, m.p)
	}
	m.duality()
	if op.Name != "polygamma" {
		m.second(must(m)(diff.Gradient(m.p, "l", m.wrt)), r)
	}
}

// TestReducers does the same for the reducers, over a range that does not
// begin at 0 and one that depends on another index.
func TestReducers(t *testing.T) {
	for _, red := range ir.Reducers {
		if red.Result != ir.Real {
			continue
		}
		for _, binders := range []string{"i in 1..4", "i in 3, j in i + 1..4", "i in 0"} {
			term := "sin(x[i])*x[0] + 1.5"
			if strings.Contains(binders, "j") {
				term = "sin(x[i])*x[j] + x[j]"
			}
			m := newModel(t, fmt.Sprintf("input x: real[4] param\ny = %s[%s](%s)\nl = y*y*x[1]\noutput l = l", red.Name, binders, term))
			if binders == "i in 0" {
				for i, g := range m.first()["grad.x"].Data {
					if i != 1 && g != 0 {
						t.Errorf("%s over nothing has the derivative %v", red.Name, g)
					}
				}
				continue
			}
			m.all()
		}
	}
}

// TestKinks fixes what the derivative is where there is none, or more than
// one: at ties, corners and the ends of domains.
func TestKinks(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		body string
		x    []float64 // as many as x has elements
		want []float64
	}{
		{"max(x[0], 0)", []float64{0}, []float64{0}},
		{"max(0, x[0])", []float64{0}, []float64{0}},
		{"min(x[0], 0)", []float64{0}, []float64{0}},
		{"max(x[0], 0)", []float64{2}, []float64{1}},
		{"max(x[0], 0) + min(0, x[0])*0.5", []float64{-2}, []float64{0.5}},
		{"min(max(x[0], -1), 1)", []float64{1}, []float64{0}},
		{"min(max(x[0], -1), 1)", []float64{-1}, []float64{0}},
		{"max(x[0], x[1])", []float64{1.5, 1.5}, []float64{1, 0}},
		{"min(x[0], x[1])", []float64{1.5, 1.5}, []float64{1, 0}},
		{"max[i in 3](x[i])", []float64{1, 2, 2}, []float64{0, 1, 0}},
		{"min[i in 3](x[i])", []float64{1, 1, 2}, []float64{1, 0, 0}},
		{"max[i in 2, j in 2](x[2*i + j])", []float64{1, 2, 2, 0}, []float64{0, 1, 0, 0}},
		{"if x[0] > 0 then x[0] else 0", []float64{0}, []float64{0}},
		{"if x[0] > 0 then x[0] else 0.2*x[0]", []float64{0}, []float64{0.2}},
		{"abs(x[0])", []float64{0}, []float64{0}},
		{"sum[i in 2] abs(x[i])", []float64{0, 2}, []float64{0, 1}},
		{"abs(x[0] - x[1])", []float64{1, 1}, []float64{0, 0}},
		{"sqrt(x[0])", []float64{0}, []float64{inf}},
		{"root(x[0]^2 + x[1]^2)", []float64{0, 0}, []float64{0, 0}},
		{"root(x[0]^2 + x[1]^2)", []float64{3, 4}, []float64{0.6, 0.8}},
		{"root(sum[i in 2] x[i]^2)", []float64{0, 0}, []float64{0, 0}},
		{"x[0]/max(root(x[0]^2 + x[1]^2), 0.5)", []float64{0, 0}, []float64{2, 0}},
		{"x[0]^2", []float64{0}, []float64{0}},
		{"x[0]^1", []float64{0}, []float64{1}},
		{"x[0]^0", []float64{0}, []float64{0}},
		{"x[0]^3", []float64{-2}, []float64{12}},
		{"x[0]^0.5", []float64{0}, []float64{inf}},
		{"x[0]^x[1]", []float64{0, 2}, []float64{0, 0}},
		{"x[0]^x[1]", []float64{0, 0}, []float64{0, 0}},
		{"2^x[0]", []float64{0}, []float64{math.Ln2}},
		{"0^x[0]", []float64{2}, []float64{0}},
		{"prod[i in 3](x[i])", []float64{2, 0, 3}, []float64{0, 6, 0}},
		{"prod[i in 3](x[i])", []float64{0, 0, 3}, []float64{0, 0, 0}},
		{"if x[0] == 0 then 1 else sin(x[0])/x[0]", []float64{0}, []float64{0}},
		{"if x[0] == 0 then 0 else x[0]*log(x[1])", []float64{0, 0}, []float64{0, 0}},
		{"sqrt(if x[0] > 0 then x[0] else 0)", []float64{-1}, []float64{0}},
		{"sqrt(max(x[0], 0))", []float64{-1}, []float64{0}},
		{"sqrt(sum[i in 2] max(x[i], 0))", []float64{-1, -2}, []float64{0, 0}},
		{"sqrt(max(x[0], 0) + max(x[1], 0))", []float64{-1, -2}, []float64{0, 0}},
		{"log(sum[i in 2] (if x[i] > 0 then x[i]^2 else 0))*0", []float64{-1, -2}, []float64{0, 0}},
		{"floor(x[0]) + round(x[0]) + ceil(x[0]) + sign(x[0]) + x[0]", []float64{1}, []float64{1}},
		{"logsumexp[i in 3](if i == 2 then -inf else x[i])", []float64{0, 0, 0}, []float64{0.5, 0.5, 0}},
		{"exp(x[0] - logsumexp[i in 2](x[i]))", []float64{1000, 0}, []float64{0, 0}},
		{"x[argmax[i in 3](x[i])]", []float64{1, 5, 2}, []float64{0, 1, 0}},
		{"if any[i in 2](x[i] > 3) then x[0] else x[1]", []float64{1, 5}, []float64{1, 0}},
	} {
		m := newModel(t, fmt.Sprintf("input x: real[%d] param\nl = %s\noutput l = l", len(c.x), c.body))
		m.at(map[string][]float64{"x": c.x})
		m.compare(c.body, m.first()["grad.x"].Data, c.want, 1e-14, m.p)
	}
}

// A cumulative product has exact derivatives through a zero.
func TestCumulativeProductOfZero(t *testing.T) {
	m := newModel(t, "input x: real[3] param\nc[t] = (if t == 0 then 1 else c[t - 1])*x[t]  t in 3  scan 1 up axis 0\noutput c = c")
	m.at(map[string][]float64{"x": {2, 0, 3}})
	m.compare("cumulative product", m.first()["grad.x"].Data, []float64{1, 8, 0}, 0, m.p)
}

// A bernoulli draw compares, and is as flat as comparisons are.
func TestFlatDraw(t *testing.T) {
	m := newModel(t, `input x: real[3] param
input p: real param
k[i] ~ bernoulli(p)  i in 3  path "k"
l = sum[i in 3] x[i]*k[i]*p
output l = l`)
	m.at(map[string][]float64{"x": {1, 2, 4}, "p": {1}})
	for _, g := range []map[string]*interp.Tensor{m.first(), m.run(must(m)(diff.GradientForward(m.p, "l", m.wrt)))} {
		m.compare("grad.x", g["grad.x"].Data, []float64{1, 1, 1}, 0, m.p)
		m.compare("grad.p", g["grad.p"].Data, []float64{7}, 0, m.p)
	}
}

func TestErrors(t *testing.T) {
	m := newModel(t, `input x: real[3] param
input ids: int[3] in 3 data
k[i] ~ bernoulli(0.5)  i in 3  path "k"
l = sum[i in 3] x[ids[i]]*k[i]
n = argmax[i in 3](x[i])
output l = l
output n = n`)
	x, ids := m.p.Inputs[0], m.p.Inputs[1]
	for _, c := range []struct {
		of   string
		wrt  []*ir.Array
		want string
	}{
		{"l", []*ir.Array{ids}, "ids holds elements of type int"},
		{"l", []*ir.Array{x, x}, "asked for twice"},
		{"l", []*ir.Array{m.p.Defs[0]}, "k is no input"},
		{"y", []*ir.Array{x}, "no result y"},
		{"n", []*ir.Array{x}, "of type int"},
	} {
		for _, f := range []func(*ir.Program, string, []*ir.Array) (*ir.Program, error){diff.Gradient, diff.GradientForward, diff.Hessian, diff.HessDiag} {
			if _, err := f(m.p, c.of, c.wrt); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got error %v, want %q", err, c.want)
			}
		}
	}
	if _, err := diff.Jacobian(m.p, []*ir.Array{x}, "sideways"); err == nil {
		t.Error("no error for an unknown mode")
	}
}

func TestFlat(t *testing.T) {
	m := newModel(t, `input a: real[3] param
input b: real[3] param
input c: real[3] param
input d: real[3] param
r[i] = round(a[i])*b[i]  i in 3
k = argmax[i in 3](c[i])
l = r[k] + (if b[0] > a[1] then 1 else 0)
output l = l`)
	var got []string
	for _, c := range diff.Flat(m.p, "l", m.wrt) {
		got = append(got, c.Input.Name+" by "+c.By+" in "+c.At.Name)
	}
	if s := strings.Join(got, ", "); s != "a by round in r, c by argmax in k" {
		t.Errorf("cut are: %s", s)
	}
}
