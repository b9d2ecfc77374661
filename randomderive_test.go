package nnc

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// others holds the derivatives that a program is not tried by otherwise, one
// kind for each seed in turn, behind all passes, against those that it is.
func (c *trial) others(e *evaluation, req *request) error {
	numbers := 0
	for _, t := range c.plain {
		numbers += len(t.Data)
	}
	if c.program == nil || !finite(c.plain) || numbers > 400 { // a Hessian has the square of them
		return nil
	}
	switch c.seed % 4 {
	case 0:
		return c.transposed()
	case 1:
		return c.hessian(e, req)
	case 2:
		return c.diagonal(e, req)
	}
	return nil
}

func finite(out map[string]*interp.Tensor) bool {
	for _, t := range out {
		for _, x := range t.Data {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return false
			}
		}
	}
	return true
}

// transposed holds jvp, vjp and the Jacobian of the results of G against each
// other.
func (c *trial) transposed() error {
	if !strings.Contains(c.source, "fn G(") {
		return nil
	}
	e, req, err := c.prepareEntry("G", c.input)
	if err != nil {
		return err
	}
	wrt := leavesOf(e.wrt)
	forward, err := e.variant(req, derivative{what: "jvp", wrt: wrt}, false)
	if err != nil {
		return err
	}
	jvp, err := forward.interpreted()
	if err != nil {
		return err
	}
	reverse, err := e.variant(req, derivative{what: "vjp", wrt: wrt}, false)
	if err != nil {
		return err
	}
	tangent := forward.tangents()
	r := rand.New(rand.NewPCG(c.seed, 1))
	var left, right float64
	for _, in := range reverse.program.Inputs {
		if in.Role != ir.Cotangent {
			continue
		}
		p := &goProgram{evaluation: reverse}
		y := interp.Zeros(p.shape(in)...)
		reverse.inputs[in] = y
		out := jvp["jvp."+strings.TrimPrefix(in.Name, "d.")]
		for k := range y.Data {
			y.Data[k] = r.Float64() - 0.5
			if strings.HasPrefix(in.Name, "d.state.") {
				y.Data[k] = 0
			} else {
				left += y.Data[k] * out.Data[k]
			}
		}
	}
	vjp, err := reverse.interpreted()
	if err != nil {
		return err
	}
	if !finite(jvp) || !finite(vjp) {
		return nil
	}
	for name, v := range tangent {
		right += inner(vjp["vjp."+name].Data, v)
	}
	if d := apart(left, right); d > 1e-9*(1+scale(jvp)+scale(vjp)) {
		return fmt.Errorf("of G: the product with jvp is %v, that with vjp %v", left, right)
	}
	by := []string{"auto", "forward", "reverse"}[c.seed/4%3]
	full, err := e.variant(req, derivative{what: "jacobian", wrt: wrt, by: by}, false)
	if err != nil {
		return err
	}
	jacobian, err := full.interpreted()
	if err != nil {
		return err
	}
	for name, want := range jvp {
		of, ok := strings.CutPrefix(name, "jvp.")
		if !ok || strings.HasPrefix(of, "state.") {
			continue
		}
		for k, y := range want.Data {
			x := 0.0
			for in, v := range tangent {
				x += inner(jacobian["jacobian."+of+"."+in].Data[k*len(v):][:len(v)], v)
			}
			if d := apart(x, y); d > 1e-9*(1+scale(jvp)+scale(jacobian)) {
				return fmt.Errorf("of G: number %d of %s by the jacobian (%s) is %v, by jvp %v", k, of, by, x, y)
			}
		}
	}
	return nil
}

// tangents are the directions by what they are of.
func (e *evaluation) tangents() map[string][]float64 {
	out := map[string][]float64{}
	for _, in := range e.program.Inputs {
		if in.Role == ir.Tangent {
			out[in.Of.Name] = e.inputs[in].Data
		}
	}
	return out
}

func inner(x, y []float64) (sum float64) {
	for k := range x {
		sum += x[k] * y[k]
	}
	return sum
}

// hessian holds the Hessian against its transpose and its product.
func (c *trial) hessian(e *evaluation, req *request) error {
	wrt := leavesOf(e.wrt)
	v, err := e.variant(req, derivative{what: "hessian", of: "l", wrt: wrt}, false)
	if err != nil {
		return err
	}
	full, err := v.interpreted()
	if err != nil {
		return err
	}
	along, err := e.variant(req, derivative{what: "hvp", of: "l", wrt: wrt}, true)
	if err != nil {
		return err
	}
	tangent, tol := along.tangents(), 1e-9*(1+scale(full)+scale(c.plain))
	for _, a := range wrt {
		n := len(tangent[a.Name])
		got := make([]float64, n)
		for _, b := range wrt {
			m := len(tangent[b.Name])
			h, t := full["hessian."+a.Name+"."+b.Name].Data, full["hessian."+b.Name+"."+a.Name].Data
			for i := range n {
				got[i] += inner(h[i*m:][:m], tangent[b.Name])
				for j := range m {
					if apart(h[i*m+j], t[j*n+i]) > tol && !c.stops() {
						return fmt.Errorf("hessian %s %s at %d, %d is %v, and transposed %v", a.Name, b.Name, i, j, h[i*m+j], t[j*n+i])
					}
				}
			}
		}
		for i, x := range got {
			if y := c.plain["hvp."+a.Name].Data[i]; apart(x, y) > tol {
				return fmt.Errorf("number %d of hvp %s by the hessian is %v, not %v", i, a.Name, x, y)
			}
		}
	}
	return nil
}

// stops says that the program has derivatives of its own, whose derivative is
// not that of a function: its Hessian need not be symmetric.
func (c *trial) stops() bool {
	return strings.Contains(c.source, "deriv") || strings.Contains(c.source, "stop(")
}

// diagonal holds the diagonal of the Hessian against products with units.
func (c *trial) diagonal(e *evaluation, req *request) error {
	wrt := leavesOf(e.wrt)
	v, err := e.variant(req, derivative{what: "hessdiag", of: "l", wrt: wrt}, false)
	if err != nil {
		return err
	}
	diag, err := v.interpreted()
	if err != nil {
		return err
	}
	along, err := e.variant(req, derivative{what: "hvp", of: "l", wrt: wrt}, true)
	if err != nil {
		return err
	}
	tangent := along.tangents()
	for _, v := range tangent {
		clear(v)
	}
	for _, a := range wrt {
		for i := range tangent[a.Name] {
			if i > 3 {
				break
			}
			tangent[a.Name][i] = 1
			out, err := along.interpreted()
			tangent[a.Name][i] = 0
			if err != nil {
				return err
			}
			x, y := diag["hessdiag."+a.Name].Data[i], out["hvp."+a.Name].Data[i]
			if apart(x, y) > 1e-9*(1+scale(diag)+scale(out)+scale(c.plain)) {
				return fmt.Errorf("hessdiag %s at %d is %v, not %v", a.Name, i, x, y)
			}
		}
	}
	return nil
}
