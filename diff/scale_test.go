package diff_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nnc-lang/nnc/diff"
	"github.com/nnc-lang/nnc/ir"
)

func layers(n int) string {
	var s strings.Builder
	s.WriteString("program t\ndim N call\ninput x: real[N, 8] data\n")
	for i := range n {
		fmt.Fprintf(&s, "input W%d: real[8, 8] param\ninput b%d: real[8] param\n", i, i)
	}
	prev := "x"
	for i := range n {
		fmt.Fprintf(&s, "h%d[n, j] = max(sum[i in 8] %s[n, i]*W%d[i, j] + b%d[j], 0)  n in N, j in 8\n", i, prev, i, i)
		prev = fmt.Sprintf("h%d", i)
	}
	fmt.Fprintf(&s, "l = sum[n in N, j in 8] %s[n, j]\noutput l = l\n", prev)
	return s.String()
}

func unrolled(n int) string {
	var s strings.Builder
	s.WriteString("program t\ninput x: real[8] param\nl = ")
	for range n {
		s.WriteString("sin(x[1] + ")
	}
	s.WriteString("x[0]")
	for i := range n {
		fmt.Fprintf(&s, "*x[%d])", i%8)
	}
	s.WriteString("\noutput l = l\n")
	return s.String()
}

// The time and the size of derivatives are proportional to the program's.
func TestScale(t *testing.T) {
	for _, c := range []struct {
		name string
		text func(int) string
		n    int
	}{{"layers", layers, 500}, {"one body", unrolled, 450}} {
		var sizes [2]int
		for k, n := range []int{c.n, 2 * c.n} {
			p, err := ir.Parse(c.text(n))
			if err != nil {
				t.Fatal(err)
			}
			var wrt []*ir.Array
			for _, a := range p.Inputs {
				if a.Role == ir.Parameter {
					wrt = append(wrt, a)
				}
			}
			start := time.Now()
			g, err := diff.Gradient(p, "l", wrt)
			if err != nil {
				t.Fatal(err)
			}
			d := time.Since(start)
			h, err := diff.HVP(p, "l", wrt, false)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%s %d: gradient %v, hvp %v", c.name, n, d, time.Since(start)-d)
			if err := ir.Verify(h); err != nil {
				t.Fatal(err)
			}
			for _, a := range g.Defs {
				sizes[k] += 1 + nodes(a)
			}
		}
		if float64(sizes[1]) > 2.2*float64(sizes[0]) {
			t.Errorf("%s: twice the program has a gradient of %d nodes, not %d", c.name, sizes[1], sizes[0])
		}
	}
}

func nodes(a *ir.Array) int {
	n := 0
	for _, e := range a.Exprs() {
		ir.Walk(e, func(*ir.Expr) bool { n++; return true })
	}
	return n
}
