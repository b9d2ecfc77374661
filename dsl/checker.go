package dsl

import (
	_ "embed"
	"fmt"
	"path"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/nnc-lang/nnc/dsl/diag"
	"github.com/nnc-lang/nnc/dsl/syntax"
	"github.com/nnc-lang/nnc/ir"
)

//go:embed std.nn
var stdSource []byte

// Prelude is the source of what every file can use.
func Prelude() (file string, src []byte) { return "std.nn", stdSource }

// checker is the state of one Load.
type checker struct {
	*ir.Builder
	opt     Options
	diags   diag.List
	seen    map[string]bool // diagnostics reported, by place and code
	sources map[string][]byte
	modules map[string]*module // by path; nil while being parsed
	main    *module            // the file that is loaded
	index   map[ir.Index]indexInfo
	metas   map[string]*ir.Expr // unknown dims and, once solved, what they are
	nmeta   int
	depth   int
	stack   []*funcDecl // being elaborated
	stopFn  *ir.Custom

	zeros    []*ir.Expr // sizes that a where condition makes 0
	positive []*ir.Expr // and >= 0

	times    map[ir.Index]*ir.Expr          // time indices of recurrences: size of the axis
	timeAxis map[*ir.Array]map[ir.Index]int // arrays made inside recurrences
	opens    []*openGroup                   // recurrences under elaboration

	places map[*ir.Array]diag.Span // where parameters are declared
	texts  map[ir.Pos]string       // equations by place
}

// module is a parsed file with its top-level names.
type module struct {
	file    *syntax.File
	path    string
	std     *module
	names   map[string]*value
	funcs   []*funcDecl
	byName  map[string]*funcDecl
	consts  []ir.Const
	derives []*syntax.Derive
	opening bool // while its imports are read
}

func (c *checker) report(d *diag.Diagnostic) {
	key := d.Pos().String() + d.Code
	if !c.seen[key] {
		c.seen[key] = true
		c.diags.Add(d)
	}
}

// errorf reports an error and returns the bad value. What stands behind
// "; hint: " is the hint.
func (c *checker) errorf(code string, at diag.Span, format string, args ...any) *value {
	d := diag.New(code, at, format, args...)
	if msg, hint, ok := strings.Cut(d.Msg, "; hint: "); ok {
		d.Msg, d.Hint = msg, hint
	}
	c.report(d)
	return bad
}

func (c *checker) prelude() *module {
	c.sources["std.nn"] = stdSource
	m := c.names("std.nn", stdTree(), nil)
	if c.diags.HasErrors() {
		panic("dsl: bug: the prelude does not check: " + c.diags.Error())
	}
	return m
}

// stdTree is the prelude, parsed once: nothing changes a tree.
var stdTree = sync.OnceValue(func() *syntax.File {
	f, err := syntax.Parse("std.nn", stdSource)
	if err != nil {
		panic("dsl: bug: the prelude does not parse: " + err.Error())
	}
	return f
})

// parse reads a file and declares its top-level names.
func (c *checker) parse(name string, src []byte, std *module) *module {
	c.sources[name] = src
	f, err := syntax.Parse(name, src)
	if err != nil {
		if l, ok := err.(diag.List); ok {
			for _, d := range l {
				c.report(d)
			}
		} else {
			c.report(diag.New("NN001", diag.Span{Pos: diag.Pos{File: name, Line: 1, Col: 1}}, "%v", err))
		}
		return nil
	}
	return c.names(name, f, std)
}

// names declares the top-level names of a file.
func (c *checker) names(name string, f *syntax.File, std *module) *module {
	m := &module{file: f, path: name, std: std, names: map[string]*value{}, byName: map[string]*funcDecl{}}
	c.modules[name] = m
	m.opening = true
	for _, im := range f.Imports {
		c.importFile(m, im)
	}
	m.opening = false
	for _, d := range f.Decls {
		c.hidesTrain(d)
		switch d := d.(type) {
		case *syntax.Const:
			doc := d.Doc
			if len(d.Items) > 1 {
				doc = "" // it is about all of them
			}
			for _, it := range d.Items {
				c.constant(m, it, doc)
			}
		case *syntax.Func:
			fd := &funcDecl{Func: d, mod: m, schema: map[string]*schema{}, customs: map[string]*ir.Custom{}}
			if c.declare(m, d.Name, &value{kind: funcValue, fn: &closure{decl: fd}, def: d.Name.Span}) {
				m.funcs = append(m.funcs, fd)
				m.byName[d.Name.Name] = fd
			}
		case *syntax.Derive:
			m.derives = append(m.derives, d)
		}
	}
	return m
}

func (c *checker) declare(m *module, name syntax.Ident, v *value) bool {
	if old := m.names[name.Name]; old != nil {
		c.report(diag.New("NN206", name.Span, "%s is declared twice", name.Name).
			Also(old.def).Note("first on line %d", old.def.Pos.Line))
		return false
	}
	if builtins[name.Name] != nil && m.std != nil {
		c.report(diag.Warn("NN402", name.Span, "%s hides the built-in function of that name", name.Name))
	}
	m.names[name.Name] = v
	return true
}

// hidesTrain warns of the first name in a declaration that takes the place of train.
func (c *checker) hidesTrain(d syntax.Decl) {
	warned := false
	syntax.Walk(d, func(n syntax.Node) bool {
		var name syntax.Ident
		switch n := n.(type) {
		case *syntax.ConstItem:
			name = n.Name
		case *syntax.Func:
			name = n.Name
		case *syntax.Arg:
			name = n.Name
		case *syntax.Static:
			name = n.Name
		case *syntax.Param:
			name = n.Name
		case *syntax.State:
			name = n.Name
		case *syntax.Target:
			name = n.Name
		case *syntax.Bind:
			name = n.Name
		}
		if name.Name == "train" && !warned {
			warned = true
			c.report(diag.Warn("NN402", name.Span, "train hides the built-in condition of that name, which holds while a gradient is computed"))
		}
		return !warned
	})
}

func (c *checker) importFile(m *module, im *syntax.Import) {
	as := im.As
	if as == "" {
		as = strings.TrimSuffix(path.Base(im.Path), ".nn")
	}
	target := path.Join(path.Dir(m.path), im.Path)
	if path.IsAbs(im.Path) || strings.HasPrefix(im.Path, "..") && c.opt.Import == nil {
		target = im.Path
	}
	if !PlainPath(target) {
		c.errorf("NN207", im.Span, "the path %q has signs that cannot be printed", im.Path)
		return
	}
	mod := c.modules[target]
	if mod != nil && mod.opening {
		c.errorf("NN207", im.Span, "import cycle: %s imports %s", m.path, target)
		return
	}
	if mod == nil {
		if c.opt.Import == nil {
			c.errorf("NN207", im.Span, "cannot read %q: imports are not available here", im.Path)
			return
		}
		src, err := c.opt.Import(target)
		if err != nil {
			c.errorf("NN207", im.Span, "cannot read %q: %v", im.Path, err)
			return
		}
		if mod = c.parse(target, src, m.std); mod == nil {
			return
		}
	}
	if old := m.names[as]; old != nil {
		c.errorf("NN206", im.Span, "%s is declared twice; hint: import %q as another name", as, im.Path)
		return
	}
	m.names[as] = &value{kind: typeValue, mod: mod, def: im.Span}
}

// constant evaluates `const name = value`.
func (c *checker) constant(m *module, it syntax.ConstItem, doc string) {
	var v *value
	if text, ok := c.opt.Set[it.Name.Name]; ok && m.std != nil {
		v = c.setConstant(m, it.Name.Name, text)
	} else {
		v = c.newScope(m, nil).expr(it.Value)
	}
	if v.kind == badValue {
		m.names[it.Name.Name] = v
		return
	}
	if !v.scalar() || v.expr().Kind != ir.KConst || v.elem == ir.Bool {
		e, ok := c.foldConst(v)
		if !ok {
			m.names[it.Name.Name] = c.errorf("NN208", it.Value.At(), "const %s is not a number known at compile time", it.Name.Name)
			return
		}
		v = scalarOf(e)
	}
	e := v.expr()
	w := scalarOf(e)
	w.lit = e.Type == ir.Int
	w.def = it.Name.Span
	w.text = fmt.Sprintf("const %s = %s", it.Name.Name, e)
	if c.declare(m, it.Name, w) {
		k := ir.Const{Name: it.Name.Name, IsInt: e.Type == ir.Int, Int: e.N, Real: e.Val, Doc: doc}
		if k.IsInt {
			k.Real = float64(e.N)
		}
		m.consts = append(m.consts, k)
	}
}

func (c *checker) setConstant(m *module, name, text string) *value {
	file := "-set " + name
	src := []byte("const v = " + text + "\n")
	f, err := syntax.Parse(file, src)
	if err != nil {
		return c.errorf("NN208", diag.Span{Pos: diag.Pos{File: file, Line: 1, Col: 1}}, "-set %s=%s is not an expression", name, text)
	}
	c.sources[file] = src
	if d, ok := f.Decls[0].(*syntax.Const); ok && len(f.Decls) == 1 && len(d.Items) == 1 {
		return c.newScope(m, nil).expr(d.Items[0].Value)
	}
	return bad
}

// foldConst computes a scalar real constant such as 1/3 or sqrt(2).
func (c *checker) foldConst(v *value) (*ir.Expr, bool) {
	if !v.scalar() {
		return nil, false
	}
	e := c.Map(v.expr(), func(x *ir.Expr) *ir.Expr {
		if x.Kind == ir.KCall && x.Op.Eval != nil && x.Type == ir.Real {
			var a [2]float64
			for i, y := range x.Args {
				if y.Kind != ir.KConst || i > 1 {
					return x
				}
				a[i] = y.Val
			}
			return c.Const(x.Op.Eval(a[0], a[1]))
		}
		return x
	})
	return e, e.Kind == ir.KConst && e.Type != ir.Bool
}

// PlainPath reports whether a path can stand in a message and in a comment of
// emitted code.
func PlainPath(path string) bool {
	return utf8.ValidString(path) && !strings.ContainsFunc(path, func(r rune) bool { return !unicode.IsPrint(r) })
}
