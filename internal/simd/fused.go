package simd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
)

// Kernel is one or several loops over contiguous rows, one after the other, each of
// which runs its statements element by element; and perhaps all that again for the
// rows behind. No element of a row that is written may be
// another element of a row that is read in the same loop.
type Kernel struct {
	F64    bool
	Nest   bool    // it runs for m rows of each pointer
	Lens   []int64 // the lengths of rows; 0: a parameter
	Rows   []Walk  // pointers to rows, and to single elements
	Cells  []Walk  // pointers to int32
	Moves  int     // parameters that say how far pointers move
	Ints   []Int
	Nums   int
	Folds  []Fold
	Phases []Phase
}

// Walk is how far a pointer moves to the next row of a nest, in elements: by as
// many as a parameter says, or by a number.
type Walk struct {
	Move int // the parameter, from 1; 0: By
	By   int64
}

// Int is an integer that masks compare the index with: a parameter, which grows
// from row to row, what a pointer to int32 points to, or an index that was found.
type Int struct {
	Cell int   // the pointer, from 1
	Fold int   // what has found it, from 1
	Plus int64 // by how much it grows, or what is added
}

// Param reports whether it is a parameter.
func (x Int) Param() bool { return x.Cell == 0 && x.Fold == 0 }

// Fold is a reduction of a row to a number or an index, or of all rows to a result.
type Fold struct {
	Put Put // Sum, Max, Min, ArgMax or ArgMin
	Out bool
}

// Phase is what is done once, and then for each element of rows of some length.
type Phase struct {
	Once, Each []Step
	Len        int
}

// Step is one statement.
type Step struct {
	Put   Put
	To    int // the row, the fold, or the pointer to int32
	Value *Value
}

// Put says where a value goes.
type Put int

const (
	Set Put = iota // to an element of a row; once: to where a row begins
	Add            // it is added to an element of a row
	Sum            // folds: NaN is never lost, the sign of a zero may be
	Max
	Min
	ArgMax // the index of the first, or of the first NaN; not of several rows
	ArgMin
	Keep     // nowhere: it is to be computed here
	SetIndex // what a fold has found: once, to an int32
)

func (p Put) folds() bool { return Sum <= p && p <= ArgMin }

// Places reports whether what is folded is an index.
func (p Put) Places() bool { return p == ArgMax || p == ArgMin }

// Value is an operation, or with Op "" a leaf. Equal pointers are computed once.
type Value struct {
	Op    string // add sub mul div neg fma fnma, a comparison, before, at, or a function of one argument
	Args  []*Value
	Leaf  Leaf
	Index int     // of a row, a number, a fold or an integer
	At    int     // of an integer, from 1: that element of the row, or what before and at compare in place of the element's index
	Const float64 // rounded to the element type
}

// Leaf is what a value without an operation is.
type Leaf int

const (
	RowLeaf Leaf = iota // an element of a row, as it was before the loop
	NumLeaf             // a parameter
	ConstLeaf
	FoldLeaf // what a loop before has folded
	CellLeaf // the first element of a row, or one that an integer tells
)

// Row, Num, Const, Folded and Cell are leaves.
func Row(i int) *Value       { return &Value{Index: i} }
func Num(i int) *Value       { return &Value{Leaf: NumLeaf, Index: i} }
func Const(x float64) *Value { return &Value{Leaf: ConstLeaf, Const: x} }
func Folded(i int) *Value    { return &Value{Leaf: FoldLeaf, Index: i} }
func Cell(i, at int) *Value  { return &Value{Leaf: CellLeaf, Index: i, At: at} }

// String is the kernel as text, equal for equal kernels.
func (k *Kernel) String() string {
	var s strings.Builder
	fmt.Fprintf(&s, "f64=%v nest=%v n=%v %v %v moves=%d %v nums=%d %v", k.F64, k.Nest, k.Lens, k.Rows, k.Cells, k.Moves, k.Ints, k.Nums, k.Folds)
	number := map[*Value]int{}
	var write func(v *Value) int
	write = func(v *Value) int {
		if n, ok := number[v]; ok {
			return n
		}
		var args []int
		for _, a := range v.Args {
			args = append(args, write(a))
		}
		n := len(number)
		number[v] = n
		fmt.Fprintf(&s, "\n%d = %s%v %d %d %d %x", n, v.Op, args, v.Leaf, v.Index, v.At, v.Const)
		return n
	}
	for i, p := range k.Phases {
		fmt.Fprintf(&s, "\nphase %d", p.Len)
		for j, list := range [][]Step{p.Once, p.Each} {
			for _, x := range list {
				n := write(x.Value)
				fmt.Fprintf(&s, "\n%d.%d put %d %d %d", i, j, x.Put, x.To, n)
			}
		}
	}
	return s.String()
}

// Signature is that of the functions of a kernel.
func (k *Kernel) Signature() string {
	elem := "float32"
	if k.F64 {
		elem = "float64"
	}
	var params []string
	list := func(name, typ string, count int) string {
		var out []string
		for i := range count {
			out = append(out, fmt.Sprintf("%s%d", name, i))
		}
		return strings.Join(out, ", ") + " " + typ
	}
	add := func(name, typ string, count int) {
		if count > 0 {
			params = append(params, list(name, typ, count))
		}
	}
	if k.Nest {
		params = append(params, "m int")
	}
	lens := 0
	for _, n := range k.Lens {
		if n == 0 {
			lens++
		}
	}
	add("n", "int", lens)
	add("row", "*"+elem, len(k.Rows))
	add("cell", "*int32", len(k.Cells))
	add("move", "int", k.Moves)
	ints := 0
	for _, x := range k.Ints {
		if x.Param() {
			ints++
		}
	}
	add("int", "int", ints)
	add("num", elem, k.Nums)
	s := "(" + strings.Join(params, ", ") + ")"
	results, last := "", ""
	for i, x := range k.out() {
		typ := elem
		if x.Put.Places() {
			typ = "int"
		}
		if i > 0 && typ != last {
			results += " " + last
		}
		if i > 0 {
			results += ", "
		}
		results, last = results+fmt.Sprintf("sum%d", i), typ
	}
	if results != "" {
		s += " (" + results + " " + last + ")"
	}
	return s
}

// out are the folds that are results.
func (k *Kernel) out() (list []Fold) {
	for _, x := range k.Folds {
		if x.Out {
			list = append(list, x)
		}
	}
	return list
}

// Fitted is a kernel with the way in which each of its forms has enough registers.
type Fitted struct {
	*Kernel
	ways []way
}

// way is how a form of a kernel is unrolled.
type way struct {
	form   *form
	step   int  // vectors of a step
	reload bool // rows are read again rather than kept
	frame  bool // what is the same for all elements is in memory
	near   int  // pointers in registers, the others are in memory
}

// largest is how many instructions a kernel may have about, for one vector. To write
// them takes time that grows with more than their square: a second for these.
const largest = 600

// size is about how many instructions one vector takes.
func (k *Kernel) size() (n int) {
	seen := map[*Value]bool{}
	var walk func(v *Value)
	walk = func(v *Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		for _, a := range v.Args {
			walk(a)
		}
		switch {
		case len(v.Args) == 1 && v.Op != "neg" && v.Op != "abs" && v.Op != "sqrt":
			n += 20
		default:
			n++
		}
	}
	for _, p := range k.Phases {
		for _, s := range slices.Concat(p.Once, p.Each) {
			walk(s.Value)
		}
	}
	return n
}

// Fit finds the forms of a kernel; nil if it is too large, or if the form with most
// registers has none.
func (k *Kernel) Fit() *Fitted {
	if k.size() > largest {
		return nil
	}
	out := &Fitted{Kernel: k}
	for _, f := range forms {
		if (f.size == 8) != k.F64 {
			continue
		}
		w, ok := k.way(f)
		if ok {
			out.ways = append(out.ways, w)
		} else if f.wide {
			return nil
		}
	}
	return out
}

// Everywhere reports whether a kernel has all forms.
func (f *Fitted) Everywhere() bool { return len(f.ways) == 2 }

func (k *Kernel) way(f *form) (way, bool) {
	for _, step := range []int{2, 1} {
		for _, w := range []way{{}, {reload: true}, {reload: true, frame: true}} {
			w.form, w.step, w.near = f, step, k.near(f)
			c := build.NewContext()
			w.print(c, newPool(f), k, "f")
			file, err := c.Result()
			if err == nil && compile(file) == nil && roomy(file) && (f.wide || !beyondAVX2(file)) {
				return w, true
			}
		}
	}
	return way{}, false
}

// stack is what the linker lets functions have on the stack that do not ask for more,
// of which what calls them has some.
const stack = 792 - 64

// roomy reports whether what the functions of a file keep in memory has room there.
func roomy(file *ir.File) bool {
	return !slices.ContainsFunc(file.Functions(), func(fn *ir.Function) bool { return fn.LocalSize+fn.ArgumentBytes() > stack })
}

// near is how many pointers there are registers for: of 15, one is the index, and
// masks take some.
func (k *Kernel) near(f *form) int {
	most := 13
	if !f.wide {
		most -= 2
	}
	if len(k.Ints) > 0 {
		most--
	}
	if len(k.Rows) > most {
		return most - 2
	}
	return len(k.Rows)
}
