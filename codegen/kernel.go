package codegen

import (
	"crypto/sha256"
	"fmt"
	"math"
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

// kernel is the loop of some rows, or several and what stands between them, as a
// kernel under construction.
type kernel struct {
	*rows // the loop
	simd.Kernel
	nest     *nest                     // several loops, for each row of an outer one; nil: one loop
	rowNames []string                  // in the order of the parameters
	nums     []*ir.Expr                // numbers
	ints     []*ir.Expr                // integers
	sums     []*plan.Def               // what the results are added to
	holds    map[int]*simd.Value       // what a row holds
	values   map[*ir.Array]*simd.Value // variables
	memo     map[*ir.Expr]*simd.Value
	steps    []simd.Step
	args     []string // of the call
	ops      int
	alone    bool // it is printed beside a loop, not calls
}

func newKernel(r *rows) *kernel {
	k := &kernel{rows: r, holds: map[int]*simd.Value{}, values: map[*ir.Array]*simd.Value{}, memo: map[*ir.Expr]*simd.Value{}}
	k.F64 = r.opt.F64
	return k
}

// kernel is the loop as a kernel; nil: it has no such form.
func (r *rows) kernel() *kernel {
	if r.kernels == nil || r.inNest {
		return nil
	}
	k := newKernel(r)
	for _, n := range r.l.Body {
		d := n.(*plan.Stmt).Def
		if !k.stmt(d, k.isRow(d)) {
			return nil
		}
	}
	k.Lens = []int64{constant(k.l.Hi)}
	k.Rows, k.Nums = make([]simd.Walk, len(k.rowNames)), len(k.nums)
	k.Ints = make([]simd.Int, len(k.ints))
	k.Phases = []simd.Phase{{Each: k.steps}}
	return k
}

// constant is the length of rows that is a number of moderate size, else 0.
func constant(n *ir.Expr) int64 {
	if n.Kind == ir.KConst && 0 < n.N && n.N < math.MaxInt32 {
		return n.N
	}
	return 0
}

// folds are the reductions that kernels do.
var folds = map[*ir.Reducer]simd.Put{ir.Sum: simd.Sum, ir.MaxOver: simd.Max, ir.MinOver: simd.Min, ir.ArgMax: simd.ArgMax, ir.ArgMin: simd.ArgMin}

// stmt adds a statement of a loop, which sets a row, or a variable, or not.
func (k *kernel) stmt(d *plan.Def, isRow bool) bool {
	put, ok := folds[d.Red]
	if d.Red != nil && !ok || put.Places() && k.nest != nil && !k.nest.begun[d.Array] {
		return false
	}
	to := -1
	if isRow && !k.isLocal(d.Array) {
		if to, ok = k.element(d.Array, d.At); !ok {
			return false
		}
	}
	if d.Red == ir.Sum && isRow && k.lone(d.Body) && k.holds[to] == nil {
		v := k.op("fma", d.Body.Args[0], d.Body.Args[1], k.b.Read(d.Array, d.At...))
		if v == nil {
			return false
		}
		k.steps = append(k.steps, simd.Step{Put: simd.Set, To: to, Value: v})
		k.holds[to] = v
		return true
	}
	v := k.value(d.Body)
	if v == nil {
		return false
	}
	switch {
	case d.Red != nil && !isRow:
		k.fold(d, put, v)
	case d.Red != nil:
		if put != simd.Sum || k.holds[to] != nil {
			return false
		}
		k.steps = append(k.steps, simd.Step{Put: simd.Add, To: to, Value: v})
	case k.isLocal(d.Array):
		k.values[d.Array] = v
	default:
		k.steps = append(k.steps, simd.Step{Put: simd.Set, To: to, Value: v})
		k.holds[to] = v
	}
	return true
}

// fold adds a reduction to a number: a result, or one of each row of a nest.
func (k *kernel) fold(d *plan.Def, put simd.Put, v *simd.Value) {
	if k.ops++; put.Places() {
		k.ops += 2
	}
	k.steps = append(k.steps, simd.Step{Put: put, To: len(k.Folds), Value: v})
	out := k.nest == nil || d.Scalar && !k.nest.begun[d.Array]
	if out {
		k.sums = append(k.sums, d)
	} else {
		k.nest.folds[d.Array] = len(k.Folds)
	}
	k.Folds = append(k.Folds, simd.Fold{Put: put, Out: out})
}

// element is the number of the row whose elements are those of an array at the
// loop's index.
func (k *kernel) element(a *ir.Array, at []*ir.Expr) (int, bool) {
	if k.nest != nil {
		return k.alongRow(a, at)
	}
	name, ok := k.slice(a, at)
	if !ok {
		return 0, false
	}
	i := slices.Index(k.rowNames, name)
	if i < 0 {
		i = len(k.rowNames)
		k.rowNames = append(k.rowNames, name)
	}
	return i, true
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
	varies := k.l != nil && k.varies(e)
	switch {
	case e.Type != ir.Real:
		return nil
	case !varies && k.fixed(e):
		return k.number(e)
	case e.Kind == ir.KRead && (!varies || k.sets(e.Array)):
		if v := k.values[e.Array]; v != nil || k.nest == nil {
			return v
		}
		return k.cell(e)
	case e.Kind == ir.KRead:
		i, ok := k.element(e.Array, e.Args)
		if !ok {
			return nil
		}
		if k.holds[i] == nil {
			k.holds[i] = simd.Row(i)
		}
		return k.holds[i]
	case e.Kind == ir.KIf:
		return k.choice(e)
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

// choice is a choice by values, or by where the index stands.
func (k *kernel) choice(e *ir.Expr) *simd.Value {
	c := e.Args[0]
	var around []*plan.Loop
	if k.nest != nil {
		around = append(around, k.nest.l)
	}
	if k.l != nil {
		around = append(around, k.l)
	}
	if c.Kind != ir.KCall || c.Op.Class != ir.Compare || !k.insideAll(e.Args[1], around...) || !k.insideAll(e.Args[2], around...) {
		return nil
	}
	if c.Args[0].Type == ir.Real {
		return k.op(c.Op.Vector, c.Args[0], c.Args[1], e.Args[1], e.Args[2])
	}
	op, cut, other, ok := "", (*ir.Expr)(nil), false, false
	at := -1
	if k.l != nil && k.varies(c) {
		op, cut, other, ok = k.stands(c)
	} else if k.nest != nil {
		var index *ir.Expr
		op, index, cut, other = k.before(c)
		at, ok = k.integer(index)
	}
	if !ok {
		return nil
	}
	then := []*ir.Expr{e.Args[1], e.Args[2]}
	if other {
		slices.Reverse(then)
	}
	i, ok := k.integer(cut)
	v := k.op(op, then...)
	if !ok || v == nil {
		return nil
	}
	v.Index, v.At = i, at+1
	return v
}

// before writes a comparison of integers as one of an index with where it is to be;
// other: it holds where that does not.
func (k *kernel) before(c *ir.Expr) (op string, index, cut *ir.Expr, other bool) {
	a, b := c.Args[0], c.Args[1]
	switch c.Op {
	case ir.Eq, ir.Ne:
		return "at", a, b, c.Op == ir.Ne
	case ir.Lt, ir.Ge:
		return "before", a, b, c.Op == ir.Ge
	}
	return "before", b, a, c.Op == ir.Le
}

// stands recognises a test of the loop's index i: i < cut, "before", or i == cut,
// "at"; other: it holds where that does not.
func (k *kernel) stands(c *ir.Expr) (op string, cut *ir.Expr, other, ok bool) {
	i := k.l.Idx
	coef, rest, ok := k.b.Affine(k.b.Call(ir.Sub, c.Args[0], c.Args[1]), []ir.Index{i})
	if !ok || coef[i] == nil || rest.Depends(i) || k.readsLocal(rest) {
		return "", nil, false, false
	}
	how := c.Op
	switch {
	case coef[i].IsConst(1):
		cut = k.b.Call(ir.Neg, rest)
	case coef[i].IsConst(-1): // rest ? i
		cut = rest
		if m := map[*ir.Operator]*ir.Operator{ir.Lt: ir.Gt, ir.Le: ir.Ge, ir.Gt: ir.Lt, ir.Ge: ir.Le}[how]; m != nil {
			how = m
		}
	default:
		return "", nil, false, false
	}
	switch how {
	case ir.Eq, ir.Ne:
		return "at", cut, how == ir.Ne, true
	case ir.Le, ir.Gt: // up to the element at cut
		cut = k.b.Call(ir.Add, cut, k.b.Int(1))
	}
	return "before", cut, how == ir.Gt || how == ir.Ge, true
}

// lone reports whether e is a product that nothing else needs.
func (k *kernel) lone(e *ir.Expr) bool {
	return e.IsCall(ir.Mul) && e.Type == ir.Real && k.l != nil && k.varies(e) && k.uses[e] <= 1 && k.memo[e] == nil
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

// fixed reports whether e, which has one value in the loop, has one in all of the
// kernel.
func (k *kernel) fixed(e *ir.Expr) bool { return k.nest == nil || k.nest.fixed(e) }

// number is what has one value in all of the kernel.
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

// integer is the number of an integer.
func (k *kernel) integer(e *ir.Expr) (int, bool) {
	if k.nest != nil {
		return k.eachRow(e)
	}
	i := slices.Index(k.ints, e)
	if i < 0 {
		i = len(k.ints)
		k.ints = append(k.ints, e)
	}
	return i, true
}

// arguments prints what has to be computed for the call.
func (k *kernel) arguments() {
	if k.args = nil; k.Lens[0] == 0 {
		k.args = append(k.args, k.expr(k.l.Hi, 0))
	}
	for _, s := range k.rowNames {
		k.args = append(k.args, "&"+s+"[0]")
	}
	for _, e := range slices.Concat(k.ints, k.nums) {
		k.args = append(k.args, k.expr(e, 0))
	}
}

// around makes what has been printed of the loop since start, by calls or by
// elements, the other way beside a kernel, if that pays.
func (k *kernel) around(start int, byCalls bool) {
	text := string(k.w.Bytes()[start:])
	if !k.alone && !k.pays(byCalls, strings.Count(text, "rt.")+strings.Count(text, "rt.Arg")) { // which are two
		return
	}
	name := k.keep(k.l.Body[0].(*plan.Stmt).Def)
	if name == "" {
		return
	}
	k.w.Truncate(start)
	k.when(name+" != nil", k.l.Hi)
	k.invoke(name)
	k.line("} else {")
	k.w.WriteString(text)
	k.line("}")
}

// when begins the branch for a kernel, over so many elements.
func (k *kernel) when(name string, sizes ...*ir.Expr) {
	for i, n := range sizes {
		if n.Kind != ir.KConst && !slices.Contains(sizes[:i], n) {
			name += fmt.Sprintf(" && %s > 0", k.expr(n, binary[">"]))
		}
	}
	k.line("if %s {", name)
}

// invoke prints the call of a kernel.
func (k *kernel) invoke(name string) {
	call := fmt.Sprintf("%s(%s)", name, strings.Join(k.args, ", "))
	into := func(d *plan.Def, result string) {
		switch {
		case d.Red == ir.Sum:
			k.line("%s += %s", k.acc(d), result)
		case combine[d.Red] == "": // an index, which is looked for in one loop
			k.line("%s = %s", k.acc(d), result)
		default:
			k.line("%s = %s", k.acc(d), fmt.Sprintf(combine[d.Red], k.acc(d), result))
		}
	}
	switch len(k.sums) {
	case 0:
		k.line("%s", call)
	case 1:
		into(k.sums[0], call)
	default:
		ns := k.body.names.scope()
		var results []string
		for range k.sums {
			results = append(results, ns.pick("sum"))
		}
		k.line("%s := %s", strings.Join(results, ", "), call)
		for i, d := range k.sums {
			into(d, results[i])
		}
	}
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

// suffices reports whether a kernel of a long row needs no calls beside it, which take
// memory: what has no kernel has no vectors either.
func (k *kernel) suffices() bool { return k.ops >= 2 && k.fit() != nil && k.fit().Everywhere() }

// fit is how the kernel fits into registers.
func (k *kernel) fit() *simd.Fitted {
	e := k.kernels.at(k.String())
	e.once.Do(func() { e.fitted = k.Fit() })
	return e.fitted
}

// keep is the name that stands for the kernel until [file.nameKernels], after the
// first array that it sets; "" if none of its forms has enough registers.
func (k *kernel) keep(d *plan.Def) string {
	if k.fit() == nil {
		return ""
	}
	hash := sha256.Sum256([]byte(k.String()))
	return fmt.Sprintf("kernel_%x_%sQ", hash[:8], small(k.scope)+export(local(d.Array.Name)))
}
