package codegen

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/codegen/plan"
	"github.com/nnc-lang/nnc/internal/simd"
	"github.com/nnc-lang/nnc/ir"
)

// A loop that takes several calls on whole rows is one kernel where the processor
// has vector instructions: what is read is read once, and nothing in between is
// stored. Both ways are printed:
//
//	if fitDz != nil {
//		fitDz(256, &dz[0], &dh[0], &h[0])
//	} else {
//		rt.Muls(dz, dh, h)
//		...
//	}

// kernel is the loop of some rows as a kernel under construction.
type kernel struct {
	*rows
	simd.Kernel
	rowNames []string                  // in the order of the parameters
	nums     []*ir.Expr                // numbers
	sums     []*plan.Def               // what the results are added to
	holds    map[string]*simd.Value    // what a row holds
	values   map[*ir.Array]*simd.Value // variables of the loop
	memo     map[*ir.Expr]*simd.Value
	args     []string // of the call
	ops      int
}

// kernel is the loop as a kernel; nil: it has no such form.
func (r *rows) kernel() *kernel {
	if r.kernels == nil {
		return nil
	}
	k := &kernel{rows: r, holds: map[string]*simd.Value{}, values: map[*ir.Array]*simd.Value{}, memo: map[*ir.Expr]*simd.Value{}}
	k.F64 = r.opt.F64
	for _, n := range r.l.Body {
		if !k.stmt(n.(*plan.Stmt).Def) {
			return nil
		}
	}
	k.Rows, k.Nums, k.Sums = len(k.rowNames), len(k.nums), len(k.sums)
	return k
}

// stmt adds a statement.
func (k *kernel) stmt(d *plan.Def) bool {
	if k.vectorPart(d) != d.Body || d.Red != nil && d.Red != ir.Sum {
		return false
	}
	v := k.value(d.Body)
	if v == nil {
		return false
	}
	switch {
	case d.Red == ir.Sum && !k.isRow(d):
		k.Steps = append(k.Steps, simd.Step{Put: simd.Sum, To: len(k.sums), Value: v})
		k.sums = append(k.sums, d)
	case d.Red == ir.Sum:
		to, _ := k.slice(d.Array, d.At)
		if k.holds[to] != nil {
			return false
		}
		k.Steps = append(k.Steps, simd.Step{Put: simd.Add, To: k.row(to), Value: v})
	case k.isLocal(d.Array):
		k.values[d.Array] = v
	default:
		to, _ := k.slice(d.Array, d.At)
		k.Steps = append(k.Steps, simd.Step{Put: simd.Set, To: k.row(to), Value: v})
		k.holds[to] = v
	}
	return true
}

// row is the number of a row.
func (k *kernel) row(name string) int {
	i := slices.Index(k.rowNames, name)
	if i < 0 {
		i = len(k.rowNames)
		k.rowNames = append(k.rowNames, name)
	}
	return i
}

// value is e in each iteration; nil if it has no form for vectors.
func (k *kernel) value(e *ir.Expr) *simd.Value {
	if v, ok := k.memo[e]; ok {
		return v
	}
	v := k.newValue(e)
	if v != nil && e.Kind != ir.KRead {
		k.memo[e] = v
	}
	return v
}

func (k *kernel) newValue(e *ir.Expr) *simd.Value {
	switch {
	case e.Type != ir.Real:
		return nil
	case !k.varies(e):
		return k.number(e)
	case e.Kind == ir.KRead && k.sets(e.Array):
		return k.values[e.Array]
	case e.Kind == ir.KRead:
		s, ok := k.slice(e.Array, e.Args)
		if !ok {
			return nil
		}
		if k.holds[s] == nil {
			k.holds[s] = simd.Row(k.row(s))
		}
		return k.holds[s]
	case e.Kind == ir.KIf:
		c := e.Args[0]
		if c.Kind != ir.KCall || c.Op.Class != ir.Compare || c.Args[0].Type != ir.Real || !k.insideAll(e.Args[1], k.l) || !k.insideAll(e.Args[2], k.l) {
			return nil
		}
		return k.op(c.Op.Vector, c.Args[0], c.Args[1], e.Args[1], e.Args[2])
	case e.Kind != ir.KCall:
		return nil
	}
	a := e.Args
	switch e.Op {
	case ir.Max:
		if a[1].IsConst(0) {
			return k.op("relu", a[0])
		}
	case ir.Add:
		for i, p := range a {
			if k.lone(p) {
				return k.op("fma", p.Args[0], p.Args[1], a[1-i])
			}
		}
	case ir.Sub:
		if k.lone(a[1]) {
			return k.op("fnma", a[1].Args[0], a[1].Args[1], a[0])
		}
	case ir.Div:
		if n := k.inverse(a[1]); n != nil {
			return k.op("mul", a[0], n)
		}
	}
	if e.Op.Vector == "" {
		return nil
	}
	return k.op(e.Op.Vector, a...)
}

// lone reports whether e is a product that nothing else needs.
func (k *kernel) lone(e *ir.Expr) bool {
	return e.IsCall(ir.Mul) && e.Type == ir.Real && k.varies(e) && k.uses[e] <= 1 && k.memo[e] == nil
}

// op is an operation on values, nil if one of them is.
func (k *kernel) op(name string, args ...*ir.Expr) *simd.Value {
	k.ops++
	v := &simd.Value{Op: name}
	for _, a := range args {
		x := k.value(a)
		if x == nil {
			return nil
		}
		v.Args = append(v.Args, x)
	}
	return v
}

// number is what has one value in all iterations.
func (k *kernel) number(e *ir.Expr) *simd.Value {
	if e.Kind == ir.KConst {
		return simd.Const(e.Val)
	}
	i := slices.Index(k.nums, e)
	if i < 0 {
		i = len(k.nums)
		k.nums = append(k.nums, e)
	}
	return simd.Num(i)
}

// arguments prints what has to be computed for the call.
func (k *kernel) arguments() {
	k.args = []string{k.expr(k.l.Hi, 0)}
	for _, s := range k.rowNames {
		k.args = append(k.args, "&"+s+"[0]")
	}
	for _, e := range k.nums {
		k.args = append(k.args, k.expr(e, 0))
	}
}

// around makes what has been printed of the loop since start, by calls or by
// elements, the other way beside a kernel, if that pays.
func (k *kernel) around(start int, byCalls bool) {
	text := string(k.w.Bytes()[start:])
	if !k.pays(byCalls, strings.Count(text, "rt.")) {
		return
	}
	name := k.kernels.keep(&k.Kernel, small(k.scope)+export(local(k.l.Body[0].(*plan.Stmt).Def.Array.Name)))
	if name == "" {
		return
	}
	k.w.Truncate(start)
	call := fmt.Sprintf("%s(%s)", name, strings.Join(k.args, ", "))
	if k.l.Hi.Kind == ir.KConst {
		k.line("if %s != nil {", name)
	} else {
		k.line("if %s != nil && %s > 0 {", name, k.args[0])
	}
	switch len(k.sums) {
	case 0:
		k.line("%s", call)
	case 1:
		k.line("%s += %s", k.acc(k.sums[0]), call)
	default:
		ns := k.body.names.scope()
		var results []string
		for range k.sums {
			results = append(results, ns.pick("sum"))
		}
		k.line("%s := %s", strings.Join(results, ", "), call)
		for i, d := range k.sums {
			k.line("%s += %s", k.acc(d), results[i])
		}
	}
	k.line("} else {")
	k.w.WriteString(text)
	k.line("}")
}

// pays reports whether a kernel is worth its text beside so many calls: the
// shorter the rows, the more a call is of the time.
func (k *kernel) pays(byCalls bool, calls int) bool {
	const short = 128
	if n := k.l.Hi; byCalls {
		return calls >= 3 || calls == 2 && n.Kind == ir.KConst && n.N <= short
	}
	return k.ops >= 3
}

// keep is the name that stands for a kernel until [file.nameKernels]; "" if none of
// its forms has enough registers.
func (c *kernels) keep(k *simd.Kernel, hint string) string {
	key := k.String()
	c.mu.Lock()
	e := c.of[key]
	if e == nil {
		e = &keptKernel{}
		c.of[key] = e
	}
	c.mu.Unlock()
	e.once.Do(func() { e.fitted = k.Fit() })
	if e.fitted == nil {
		return ""
	}
	hash := sha256.Sum256([]byte(key))
	return fmt.Sprintf("kernel_%x_%sQ", hash[:8], hint)
}
