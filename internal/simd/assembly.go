package simd

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

// Named is a kernel with the name of its function, to which that of the form is
// added.
type Named struct {
	Name   string
	Kernel *Fitted
}

// Function is the Go name of a form, and Wide says whether it needs AVX-512.
type Function struct {
	Name string
	Wide bool
}

// Functions are the forms of a kernel.
func (n Named) Functions() []Function {
	var out []Function
	for _, w := range n.Kernel.ways {
		out = append(out, Function{n.Name + w.form.name, w.form.wide})
	}
	return out
}

// compile gives registers their names, and drops moves to where a vector is already.
func compile(file *ir.File) error {
	if err := pass.Compile.Execute(file); err != nil {
		return err
	}
	for _, fn := range file.Functions() {
		fn.Nodes = slices.DeleteFunc(fn.Nodes, func(n ir.Node) bool {
			i, ok := n.(*ir.Instruction)
			return ok && i.Opcode == "VMOVAPS" && len(i.Operands) == 2 && i.Operands[0].Asm() == i.Operands[1].Asm()
		})
	}
	return nil
}

// Assembly is the text of all forms of kernels, without a header.
func Assembly(list []Named) ([]byte, error) {
	c := build.NewContext()
	for _, f := range forms {
		p, any := newPool(f), false
		for _, n := range list {
			for _, w := range n.Kernel.ways {
				if w.form != f {
					continue
				}
				if !any && !f.wide {
					f.laneTable(c)
				}
				any = true
				w.print(c, p, n.Kernel.Kernel, n.Name)
			}
		}
		if any {
			p.data(c)
		}
	}
	file, err := c.Result()
	if err == nil {
		err = compile(file)
	}
	if err != nil {
		return nil, err
	}
	text, err := printer.NewGoAsm(printer.Config{Name: "nnc", Argv: []string{"nnc"}}).Print(file)
	if err != nil {
		return nil, err
	}
	_, rest, ok := bytes.Cut(text, []byte("#include"))
	if !ok {
		return nil, fmt.Errorf("simd: assembly without an include")
	}
	return append([]byte("#include"), rest...), nil
}
