package syntax

// Walk calls f for n and, while f answers true, for what is in n, in the
// order of the source. It takes any Node or *File.
func Walk(n Node, f func(Node) bool) {
	if !f(n) {
		return
	}
	w := func(n Node) { Walk(n, f) }
	x := func(e Expr) {
		if e != nil {
			Walk(e, f)
		}
	}
	switch n := n.(type) {
	case *File:
		walkAll(n.Imports, w)
		walkAll(n.Decls, w)
	case *Const:
		for i := range n.Items {
			w(&n.Items[i])
		}
	case *ConstItem:
		x(n.Value)
	case *Func:
		walkAll(n.Statics, w)
		walkAll(n.Args, w)
		walkAll(n.Results, w)
		walkAll(n.Where, w)
		x(n.Body)
		walkAll(n.Stmts, w)
		walkAll(n.Derivs, w)
	case *Static:
		x(n.Default)
	case *Arg:
		walkType(n.Type, w)
		x(n.Default)
	case *Result:
		walkType(n.Type, w)
	case *Deriv:
		x(n.Value)
	case *Derive:
		walkAll(n.Requests, w)
	case *Type:
		for i := range n.Dims {
			x(n.Dims[i].Expr)
		}
		x(n.In)
		if n.Ref != nil {
			w(n.Ref)
		}
	case *TypeRef:
		walkAll(n.Args, w)
		x(n.Times)
	case *SArg:
		x(n.Value)
	case *Param:
		walkType(n.Type, w)
		x(n.Value)
	case *State:
		walkType(n.Type, w)
		x(n.Value)
	case *Equation:
		walkAll(n.Targets, w)
		walkType(n.Type, w)
		x(n.Value)
	case *Target:
		walkAll(n.Indices, w)
	case *Index:
		x(n.Expr)
		x(n.To)
		walkRange(n.In, w)
	case *Range:
		x(n.Lo)
		x(n.Hi)
	case *Bind:
		walkRange(n.In, w)
	default:
		walkExpr(n, w, x)
	}
}

func walkExpr(n Node, w func(Node), x func(Expr)) {
	switch n := n.(type) {
	case *If:
		x(n.Cond)
		x(n.Then)
		x(n.Else)
	case *Binary:
		x(n.X)
		x(n.Y)
	case *Unary:
		x(n.X)
	case *Call:
		x(n.Fun)
		walkAll(n.Args, w)
	case *IndexExpr:
		x(n.X)
		walkAll(n.Indices, w)
	case *Field:
		x(n.X)
	case *Reduce:
		walkAll(n.Binds, w)
		x(n.Body)
	case *List:
		walkAll(n.Elems, w)
	case *Default:
		x(n.X)
		x(n.Else)
	case *Pipe:
		x(n.X)
		x(n.F)
	case *Paren:
		x(n.X)
	}
}

func walkAll[N Node](list []N, w func(Node)) {
	for _, n := range list {
		w(n)
	}
}

func walkType(t *Type, w func(Node)) {
	if t != nil {
		w(t)
	}
}

func walkRange(r *Range, w func(Node)) {
	if r != nil {
		w(r)
	}
}
