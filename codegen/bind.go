package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// source is what tells a dim: a length that is per*dim + rest.
type source struct {
	dim       string
	arg       string // as messages name it
	text      string // Go: the slice
	shape     []*ir.Expr
	per, rest *ir.Expr
	field     string // Go: a field of a model's dims instead
}

// infer solves the dims of an entry from lengths, in the order of the answer.
// Dims that nothing tells are returned; use receives the others.
func (f *file) infer(e *entry, use func(source)) (asked []string) {
	known := map[string]bool{}
	for _, a := range e.args {
		if a.bundle == nil || a.bundle.dims == "" {
			continue
		}
		if len(a.Bundle.Dims) != len(a.bundle.Dims) {
			continue
		}
		for k, d := range a.Bundle.Dims {
			if slices.Contains(e.dims, d) && !known[d] {
				known[d] = true
				if use != nil {
					use(source{dim: d, field: a.text + ".dims." + f.dimField(a.bundle.Dims[k])})
				}
			}
		}
	}
	if use != nil {
		for _, d := range e.asked {
			known[d] = true
		}
	}
	for len(known) < len(e.dims) {
		if s, ok := f.tells(e, known); ok {
			known[s.dim] = true
			if use != nil {
				use(s)
			}
			continue
		}
		for k := len(e.dims) - 1; k >= 0; k-- {
			if d := e.dims[k]; !known[d] {
				known[d] = true
				asked = append([]string{d}, asked...)
				break
			}
		}
	}
	return asked
}

// exact reports whether the sizes of a model argument are those of its type,
// so that they need no check.
func (f *file) exact(a *arg) bool {
	seen := map[string]bool{}
	for _, d := range a.Bundle.Dims {
		if seen[d] {
			return false
		}
		seen[d] = true
	}
	x := &bundle{Bundle: a.Bundle}
	for _, l := range a.Leaves {
		x.leaves = append(x.leaves, leaf{shape: l.Shape})
	}
	y := &bundle{Bundle: a.bundle.Bundle, leaves: a.bundle.ordered()}
	return f.numbered(x) == f.numbered(y)
}

// tells finds the argument that tells a dim best: one whose length is the dim
// itself, else a constant times the dim, which tells it always, else the first.
func (f *file) tells(e *entry, known map[string]bool) (best source, ok bool) {
	rank := func(s source) int {
		switch {
		case s.per.IsConst(1):
			return 2
		case s.per.Kind == ir.KConst:
			return 1
		}
		return 0
	}
	try := func(arg, text string, dims []*ir.Expr) {
		if len(dims) == 0 || ok && rank(best) == 2 {
			return
		}
		size := f.m.Int(1)
		for _, d := range dims {
			size = f.m.Call(ir.Mul, size, d)
		}
		dim := ""
		ir.Walk(size, func(x *ir.Expr) bool {
			if x.Kind == ir.KDim && !known[x.Name] && x.Name != dim {
				if dim != "" {
					dim = "?"
				} else {
					dim = x.Name
				}
			}
			return true
		})
		if dim == "" || dim == "?" {
			return
		}
		s := source{dim: dim, arg: arg, text: text, shape: dims}
		if s.per, s.rest = f.linear(size, dim); s.per != nil && (!ok || rank(s) > rank(best)) {
			best, ok = s, true
		}
	}
	for _, a := range e.args {
		if a.bundle == nil {
			try(a.Name, a.text, a.Leaves[0].Shape)
		}
	}
	if !ok {
		for _, a := range e.args {
			if a.bundle != nil && len(a.bundle.Dims) > 0 {
				for k, l := range a.bundle.ordered() {
					try(a.Name+"."+l.name, a.text+"."+l.path, a.Leaves[k].Shape)
				}
			}
		}
	}
	return best, ok
}

// linear writes size as per*dim + rest, or gives nil.
func (f *file) linear(size *ir.Expr, dim string) (per, rest *ir.Expr) {
	d := f.m.Dim(dim)
	var p, r ir.Poly
	for _, t := range f.m.PolyOf(size) {
		k := slices.Index(t.Atoms, d)
		switch {
		case k < 0:
			r = append(r, t)
		default:
			atoms := slices.Delete(slices.Clone(t.Atoms), k, k+1)
			p = append(p, ir.Term{Coef: t.Coef, Atoms: atoms})
		}
	}
	per, rest = f.m.FromPoly(p), f.m.FromPoly(r)
	for _, x := range []*ir.Expr{per, rest} {
		free := true
		ir.Walk(x, func(y *ir.Expr) bool {
			free = free && y != d
			return free
		})
		if !free {
			return nil, nil
		}
	}
	return per, rest
}

// params are the parameters that every method of an entry begins with.
func (e *entry) params(f *file) (list, names []string) {
	for _, a := range e.args {
		if a.bundle != nil {
			list, names = append(list, a.Go+" *"+a.bundle.Go), append(names, a.Go)
		}
	}
	if e.batch != "" {
		return append(list, "b "+e.batch), append(names, "b")
	}
	for _, d := range e.asked {
		list, names = append(list, f.dimVar(d)+" int"), append(names, f.dimVar(d))
	}
	for _, a := range e.args {
		if a.bundle == nil {
			list, names = append(list, a.Go+" "+f.goType(a.Leaves[0])), append(names, a.Go)
		}
	}
	return list, names
}

// bind prints the method that tells the dims of a call and checks its
// arguments before any work is done.
func (f *file) bind(e *entry) {
	list, _ := e.params(f)
	var results []string
	for _, d := range e.dims {
		if e.batch == "" && slices.Contains(e.asked, d) {
			continue
		}
		results = append(results, f.dimVar(d)+" int")
	}
	results = append(results, "err error")
	self := e.self
	f.printf("// bind tells the sizes of a call and checks its arguments.\n")
	f.printf("func (%s *%s) bind(%s) (%s) {\n", self, e.Go, strings.Join(append([]string{"fn string"}, list...), ", "), strings.Join(results, ", "))
	fail := "; err != nil {\nreturn\n}\n"
	for _, a := range e.args {
		if a.bundle != nil {
			f.printf("if err = %s.check(fn, %q)%s", a.text, a.Name, fail)
		}
	}
	p := &scalars{file: f, dim: f.dimVar, read: func(x *ir.Expr) string { panic("codegen: bug: a size reads " + x.Array.Name) }}
	from := map[string]string{}
	inferred := map[string]bool{}
	for _, d := range e.asked {
		if e.batch != "" {
			f.printf("%s = b.%s\n", f.dimVar(d), f.dimField(d))
			from[d] = e.batch + "." + f.dimField(d) // which may have been forgotten
		}
		f.printf("if %s < 0 {\nerr = &%s{Func: fn, Msg: %q}\nreturn\n}\n", f.dimVar(d), f.rt("DimError"), d+" is negative")
	}
	f.infer(e, func(s source) {
		if s.field != "" {
			f.printf("%s = %s\n", f.dimVar(s.dim), s.field)
			return
		}
		from[s.dim] = s.arg
		have := "len(" + s.text + ")"
		if !s.rest.IsConst(0) {
			have += " - " + p.expr(s.rest, unaryPrec)
		} else {
			inferred[s.text] = true
		}
		if s.per.IsConst(1) && s.rest.IsConst(0) {
			f.printf("%s = %s\n", f.dimVar(s.dim), have)
			return
		}
		if !s.rest.IsConst(0) && s.per.Kind == ir.KConst { // what does not divide is found when lengths are checked
			f.printf("%s = max((%s)/%s, 0)\n", f.dimVar(s.dim), have, p.expr(s.per, unaryPrec))
			return
		}
		note := shape(s.shape)
		ir.Walk(s.per, func(x *ir.Expr) bool {
			if x.Kind == ir.KDim && from[x.Name] != "" && slices.Contains(e.asked, x.Name) {
				note += " with " + x.Name + " from " + from[x.Name]
			}
			return true
		})
		f.printf("if %s, err = %s(fn, %q, %s, %s, %q, %q)%s", f.dimVar(s.dim), f.rt("InferDim"), s.arg, have, p.expr(s.per, 0), note, s.dim, fail)
	})
	for _, a := range e.args {
		if a.bundle == nil && a.Leaves[0].Rank() > 0 && !inferred[a.text] {
			f.printf("if err = %s%s", f.checkLen(p, a.Name, a.text, a.Leaves[0].Shape, from), fail)
		}
	}
	for _, a := range e.args {
		if a.bundle != nil && a.bundle.dims != "" && !f.exact(a) {
			for k, l := range a.bundle.ordered() {
				f.printf("if err = %s%s", f.checkLen(p, a.Name+"."+l.name, a.text+"."+l.path, a.Leaves[k].Shape, from), fail)
			}
		}
	}
	for _, d := range e.dims {
		f.printf("if err = %s(fn, %q, %s, %s)%s", f.rt("CheckCap"), d, f.dimVar(d), e.max(f, d), fail)
	}
	for _, a := range e.args {
		if a.bundle != nil || a.Leaves[0].In == nil {
			continue
		}
		in := p.expr(a.Leaves[0].In, 0)
		if a.Leaves[0].Rank() > 0 {
			f.printf("if err = %s(fn, %q, %s, %s)%s", f.rt("CheckRange"), a.Name, a.text, in, fail)
		} else {
			f.printf("if %s < 0 || int(%s) >= %s {\nerr = &%s{Func: fn, Arg: %q, Value: %s, N: %s}\nreturn\n}\n", a.text, a.text, in, f.rt("RangeError"), a.Name, a.text, in)
		}
	}
	for _, w := range e.where {
		if w.Kind == ir.KConst && w.N != 0 {
			continue
		}
		f.printf("if !(%s) {\nerr = &%s{Func: fn, Msg: %q}\nreturn\n}\n", p.expr(w, 0), f.rt("DimError"), "where "+ir.Sprint(w)+" does not hold")
	}
	f.printf("return\n}\n\n")
}

// checkLen is the call that checks the length of a slice.
func (f *file) checkLen(p *scalars, name, text string, dims []*ir.Expr, from map[string]string) string {
	size := f.m.Int(1)
	note := shape(dims)
	args := ""
	seen := map[string]bool{}
	var with []string
	for _, d := range dims {
		size = f.m.Call(ir.Mul, size, d)
		ir.Walk(d, func(x *ir.Expr) bool {
			if x.Kind == ir.KDim && !seen[x.Name] {
				seen[x.Name] = true
				s := x.Name + " = %d"
				if from[x.Name] != "" {
					s += " (from " + from[x.Name] + ")"
				}
				with = append(with, s)
				args += ", " + f.dimVar(x.Name)
			}
			return true
		})
	}
	if len(with) > 0 {
		note += " with " + strings.Join(with, ", ")
	}
	return fmt.Sprintf("%s(fn, %q, len(%s), %s, %q%s)", f.rt("CheckLen"), name, text, p.expr(size, 0), note, args)
}
