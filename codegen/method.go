package codegen

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/ir"
)

// signature is a method's parameters and results beyond those of its entry.
type signature struct {
	list    []string // parameters
	results []string // types of scalar results
	names   []string
	returns []*ir.Array
	checks  []string
	after   []string // statements at the end
	arrays  map[*ir.Array]string
	bare    map[*ir.Array]bool // numbers, not slices of one
	clears  []string
	params  []Param // as list
	over    string  // which results may be arguments
}

// methodName is LossGrad, GradX, HVP …
func (e *entry) methodName(m *Method) string {
	name := map[string]string{"jvp": "JVP", "vjp": "VJP", "hvp": "HVP", "jacobian": "Jacobian", "hessian": "Hessian", "hessdiag": "HessDiag"}[m.Kind]
	switch {
	case m.Kind == "value":
		return map[ir.EntryKind]string{ir.ModelEntry: "Forward", ir.LossEntry: "Loss", ir.FnEntry: "Value"}[e.Kind]
	case m.Kind == "grad" && e.Kind == ir.LossEntry && e.byDefault(m.Wrt):
		return "LossGrad"
	case m.Kind == "grad":
		name = "Grad"
	}
	if !e.byDefault(m.Wrt) {
		for _, w := range m.Wrt {
			name += export(w)
		}
	}
	return name
}

// byDefault reports whether wrt is what a method differentiates by when
// nothing is said: all models that are not frozen.
func (e *entry) byDefault(wrt []string) bool {
	if len(wrt) == 0 {
		return true
	}
	var models []string
	for _, a := range e.args {
		if a.bundle != nil && !a.Frozen {
			models = append(models, a.Name)
		}
	}
	x := slices.Sorted(slices.Values(wrt))
	return slices.Equal(x, slices.Sorted(slices.Values(models)))
}

// place is an argument and the number of one of its leaves.
type place struct {
	arg  *arg
	leaf int
}

// owner finds the argument that an input belongs to, and which leaf it is.
func (e *entry) owner(a *ir.Array) (*arg, int) {
	if e.places == nil {
		e.places = map[string]place{}
		for _, x := range e.args {
			for k, l := range x.Leaves {
				e.places[l.Name] = place{x, k}
			}
		}
	}
	p := e.places[a.Name]
	return p.arg, p.leaf
}

func (e *entry) ownerOf(name string) (*arg, int) { return e.owner(&ir.Array{Name: name}) }

// signature gives names to everything that a method takes and gives beyond
// the arguments of its entry.
func (f *file) signature(e *entry, m *method, ns *names) (*signature, error) {
	s := &signature{arrays: map[*ir.Array]string{}, bare: map[*ir.Array]bool{}}
	type group struct {
		name string
		arg  *arg
		seen map[int]bool
	}
	groups := map[string]*group{}
	p := &scalars{file: f, dim: f.dimVar}
	// bundle adds a parameter that is shaped like an argument.
	like := func(prefix string, a *arg, leaf int, output bool, full string) string {
		what := Direction
		if output {
			what = Result
		}
		key := prefix + " " + a.Name
		g := groups[key]
		if g == nil {
			name := prefix + a.Go
			if a.bundle == nil {
				name = prefix + lower(a.Name)
			}
			if prefix == "v" && e.models() == 1 && a.bundle != nil {
				name = "v"
			}
			if prefix == "hv" && e.models() == 1 && a.bundle != nil {
				name = "hv"
			}
			g = &group{ns.pick(name), a, map[int]bool{}}
			groups[key] = g
			if a.bundle != nil {
				s.list = append(s.list, g.name+" *"+a.bundle.Go)
				s.params = append(s.params, f.model(g.name, what, a))
				s.checks = append(s.checks, fmt.Sprintf("err := %s.check(fn, %q)", g.name, g.name))
				if a.bundle.dims != "" {
					s.checks = append(s.checks, fmt.Sprintf("!%s.dims != %s.dims: %s and %s have different sizes", g.name, a.text, g.name, a.text))
				}
				if output {
					s.checks = append(s.checks, fmt.Sprintf("!%s == %s: %s is %s itself", g.name, a.text, g.name, a.text))
				}
			} else {
				x := a.Leaves[0]
				s.list = append(s.list, g.name+" "+f.goType(x))
				s.params = append(s.params, Param{Go: g.name, Type: f.goType(x), What: what, Arg: a.Name, Name: full})
				if x.Rank() > 0 {
					s.checks = append(s.checks, "err := "+f.checkLen(p, g.name, g.name, x.Shape, nil))
				}
			}
		}
		g.seen[leaf] = true
		if a.bundle != nil {
			return g.name + "." + a.bundle.ordered()[leaf].path
		}
		return g.name
	}
	slice := func(name string, a *ir.Array, what What, full string) string {
		name = ns.pick(name)
		s.params = append(s.params, Param{Go: name, Type: f.goType(a), What: what, Name: full})
		s.list = append(s.list, name+" "+f.goType(a))
		if a.Rank() > 0 {
			s.checks = append(s.checks, "err := "+f.checkLen(p, name, name, a.Shape, nil))
		}
		return name
	}
	for _, a := range m.prog.Inputs {
		switch a.Role {
		case ir.Cotangent:
			s.arrays[a] = slice("d"+local(strings.TrimPrefix(a.Name, "d.")), a, Weights, a.Name)
			s.bare[a] = a.Rank() == 0
		case ir.Tangent:
			x, k := e.owner(a.Of)
			if x == nil {
				return nil, fmt.Errorf("codegen: tangent %s belongs to no argument of %s", a.Name, e.Name)
			}
			s.arrays[a] = like("v", x, k, false, a.Name)
			s.bare[a] = a.Rank() == 0 && x.bundle == nil
		default:
			x, k := e.owner(a)
			if x == nil {
				return nil, fmt.Errorf("codegen: input %s belongs to no argument of %s", a.Name, e.Name)
			}
			s.arrays[a] = x.text
			if x.bundle != nil {
				s.arrays[a] += "." + x.bundle.ordered()[k].path
			} else {
				s.bare[a] = a.Rank() == 0
			}
		}
	}
	stored := map[*ir.Array]bool{}
	put := func(a *ir.Array, to string, slot bool) {
		switch {
		case a.Rank() > 0 && m.outs[a] && !stored[a]:
			stored[a] = true
			s.arrays[a] = to
		case a.Rank() > 0:
			s.after = append(s.after, "copy "+to+" "+a.Name)
		case slot:
			s.after = append(s.after, "put "+to+"[0] "+a.Name)
		}
	}
	for _, o := range m.prog.Outputs {
		kind, rest, _ := strings.Cut(o.Name, ".")
		x, k := (*arg)(nil), 0
		if m.Lowered.Program.Output(o.Name) == nil || kind == "state" {
			x, k = e.ownerOf(rest)
		}
		prefix := map[string]string{"grad": "d", "vjp": "d", "hvp": "hv", "hessdiag": "hd"}[kind]
		switch {
		case kind == "state" && x != nil:
			s.after = append(s.after, "copy "+x.text+"."+x.bundle.ordered()[k].path+" "+o.Array.Name)
		case x != nil && prefix != "" && (x.bundle != nil || o.Array.Rank() > 0):
			put(o.Array, like(prefix, x, k, true, o.Name), true)
		default:
			name := local(o.Name)
			if j, ok := strings.CutPrefix(o.Name, "jvp."); ok {
				name = "d" + local(j)
			} else if x != nil && prefix != "" {
				name = prefix + lower(x.Name)
			}
			if o.Array.Rank() > 0 {
				put(o.Array, slice(name, o.Array, Result, o.Name), false)
				continue
			}
			t := f.goType(o.Array)
			if t == "int32" {
				t = "int"
			}
			s.results = append(s.results, t)
			s.names = append(s.names, o.Name)
			s.returns = append(s.returns, o.Array)
		}
	}
	for _, key := range sortedKeys(groups) {
		g := groups[key]
		if g.arg.bundle == nil || strings.HasPrefix(key, "v ") {
			continue
		}
		for k, l := range g.arg.bundle.ordered() {
			if !g.seen[k] && !l.state {
				s.clears = append(s.clears, g.name+"."+l.path)
			}
		}
	}
	return s, nil
}

func sortedKeys[V any](m map[string]V) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func (e *entry) models() int {
	n := 0
	for _, a := range e.args {
		if a.bundle != nil {
			n++
		}
	}
	return n
}

var methodDoc = map[string]string{
	"value":    "returns the value",
	"grad":     "returns the value and overwrites the gradient",
	"jvp":      "returns the value and its derivative in the direction v",
	"vjp":      "overwrites the products of the weights on the results with the Jacobian",
	"hvp":      "overwrites the product of the Hessian with the direction v",
	"jacobian": "overwrites the Jacobian, result axes first",
	"hessian":  "overwrites the Hessian",
	"hessdiag": "overwrites the diagonal of the Hessian",
}

// methodText prints one method, as declarations.
func (f *file) methodText(e *entry, m *method) ([]string, error) {
	m.Go = e.methodName(m.Method)
	ns := newNames()
	list, args := e.params(f)
	for _, s := range append([]string{"fn", "err", "seed", "b", "loop", e.self, m.call}, args...) {
		ns.taken[s] = true
	}
	for _, d := range e.dims {
		ns.taken[f.dimVar(d)] = true
	}
	s, err := f.signature(e, m, ns)
	if err != nil {
		return nil, err
	}
	b := f.newBody(m.plan, ns)
	b.dim = func(name string) string { b.used[name] = true; return f.dimVar(name) }
	for a, text := range s.arrays {
		b.arr[a] = text
	}
	b.bare = s.bare
	s.over = b.overwrites(e, m, s)
	var cut []string
	for _, a := range m.plan.Locals {
		if st := m.plan.Store[a]; st.Offset != nil {
			b.arr[a] = ns.pick(local(a.Name))
			if st.Size.IsConst(0) {
				cut = append(cut, fmt.Sprintf("var %s []%s\n_ = %s", b.arr[a], b.elem(a.Elem), b.arr[a])) // no loop may read it
				continue
			}
			mem := [...]string{"mem", "ints", "bools"}[a.Elem]
			from := ""
			if !st.Offset.IsConst(0) {
				from = "[" + b.expr(st.Offset, 0) + ":]"
			}
			cut = append(cut, fmt.Sprintf("%s := %s.%s%s[:%s]", b.arr[a], e.self, mem, from, b.expr(st.Size, 0)))
		}
	}
	for _, c := range s.clears {
		b.line("clear(%s)", c)
	}
	if m.plan.Draws {
		list = append(list, "seed uint64")
	}
	list = append(list, s.list...)
	b.sharing = f.newSharing(e, m, ns, list, cut)
	var parts []string
	if len(m.plan.Parts) > 1 {
		parts = f.divide(e, m, b, slices.Clip(list), cut)
	} else {
		b.list(m.plan.Body, nil)
		cut = append(cut, b.cutScratch(e.self)...)
	}
	if f.opt.Marks {
		b.line("mark(%d)", len(m.plan.Body))
	}
	for _, x := range s.after {
		w := strings.SplitN(x, " ", 3)
		a := m.prog.Lookup(w[2])
		switch {
		case w[0] == "put":
			b.line("%s = %s", w[1], b.element(b.b.Read(a)))
		case a.Rank() == 0:
			b.line("%s[0] = %s", w[1], b.element(b.b.Read(a)))
		default:
			b.line("copy(%s, %s)", w[1], b.arr[a])
		}
	}
	var zero, ret []string
	for k, t := range s.results {
		zero = append(zero, map[string]string{"bool": "false"}[t])
		if zero[k] == "" {
			zero[k] = "0"
		}
		ret = append(ret, b.typed(b.b.Read(s.returns[k])))
	}
	shared := b.sharedLoops()
	b.line("return %s", strings.Join(append(ret, "nil"), ", "))
	if len(parts)+len(shared) > 0 {
		cut = findable(cut).needed(b.w.String())
	}
	return slices.Concat([]string{f.assemble(e, m, s, list, args, cut, zero, b)}, parts, shared), nil
}

// assemble puts a method together now that it is known what its steps use.
func (f *file) assemble(e *entry, m *method, s *signature, list, args, cut, zero []string, b *body) string {
	var w strings.Builder
	doc := m.Go + " " + methodDoc[m.Kind] + "."
	if m.By != "" && m.Kind != "value" {
		doc = strings.TrimSuffix(doc, ".") + " (" + m.By + ")."
	}
	w.WriteString(comment(doc + "\n" + s.over))
	c := f.describe(e, m)
	c.Params, c.Returns = append(c.Params, s.params...), s.names
	f.calls = append(f.calls, c)
	results := "error"
	if len(s.results) > 0 {
		results = "(" + strings.Join(s.results, ", ") + ", error)"
	}
	fmt.Fprintf(&w, "func (%s *%s) %s(%s) %s {\n", e.self, e.Go, m.Go, strings.Join(list, ", "), results)
	fmt.Fprintf(&w, "const fn = %q\n", f.opt.Package+": "+e.Go+"."+m.Go)
	fail := "return " + strings.Join(append(slices.Clone(zero), "err"), ", ")
	var dims []string
	any := false
	uses := func(d string) bool {
		if b.used[d] {
			return true
		}
		for _, c := range s.checks {
			if strings.HasSuffix(c, ")") && strings.Contains(c, "CheckLen") && mentionsWord(c, f.dimVar(d)) {
				return true
			}
		}
		return false
	}
	for _, d := range e.dims {
		if e.batch == "" && slices.Contains(e.asked, d) {
			continue
		}
		if uses(d) {
			dims, any = append(dims, f.dimVar(d)), true
		} else {
			dims = append(dims, "_")
		}
	}
	call := fmt.Sprintf("%s.bind(%s)", e.self, strings.Join(append([]string{"fn"}, args...), ", "))
	if any {
		fmt.Fprintf(&w, "%s, err := %s\nif err != nil {\n%s\n}\n", strings.Join(dims, ", "), call, fail)
	} else {
		fmt.Fprintf(&w, "if %s := %s; err != nil {\n%s\n}\n", strings.Join(append(dims, "err"), ", "), call, fail)
	}
	for _, c := range s.checks {
		if rest, ok := strings.CutPrefix(c, "!"); ok {
			cond, msg, _ := strings.Cut(rest, ": ")
			fmt.Fprintf(&w, "if %s {\nreturn %s\n}\n", cond, strings.Join(append(slices.Clone(zero), fmt.Sprintf("&%s{Func: fn, Msg: %q}", f.rt("DimError"), msg)), ", "))
			continue
		}
		fmt.Fprintf(&w, "if %s; err != nil {\n%s\n}\n", c, fail)
	}
	for _, c := range cut {
		w.WriteString(c + "\n")
	}
	w.WriteString("\n")
	w.WriteString(sweep(b.w.String()))
	w.WriteString("}\n\n")
	return w.String()
}

func mentionsWord(s, word string) bool {
	for _, w := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(" ,()*+-", r) }) {
		if w == word {
			return true
		}
	}
	return false
}
