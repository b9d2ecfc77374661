package simd

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/printer"
)

// Runtime writes the assembly of the runtime's kernels and the Go text that goes
// with it to a folder.
func Runtime(dir string) error {
	r := &writer{dir: dir}
	for _, f := range forms {
		c := r.context()
		for rows := 1; rows <= f.rows; rows++ {
			f.strip(c, rows)
		}
		f.dots(c)
		r.assembly("gemm_"+f.file, c)
	}
	for _, f := range forms {
		if !f.wide {
			continue
		}
		c := r.context()
		for rows := 1; rows <= windowRows; rows++ {
			f.windows(c, rows)
			f.inners(c, rows)
		}
		f.gather(c)
		r.assembly("window_"+f.file, c)
	}
	c := r.context()
	transpose32(c)
	transpose64(c)
	r.assembly("transpose", c)
	for _, f := range forms {
		c := r.context()
		p := newPool(f)
		if !f.wide {
			f.laneTable(c)
		}
		for _, k := range kernelTable {
			step := f.unrolled(k.step, func(c *build.Context, p *pool, step int) { f.kernel(c, p, k, step) })
			f.kernel(c, p, k, step)
		}
		f.folds(c, p)
		f.pools(c, p)
		p.data(c)
		r.assembly("row_"+f.file, c)
	}
	for _, double := range forms {
		if double.size == 4 {
			continue
		}
		c, p := r.context(), newPool(double)
		for _, f := range forms {
			if f.wide == double.wide {
				f.draws(c, p, "bernoulli", []string{"p"}, bernoulli)
				f.draws(c, p, "uniform", []string{"lo", "span"}, uniform)
				f.draws(c, p, "normal", []string{"mean", "std"}, normal)
			}
		}
		p.data(c)
		r.assembly("draw_"+strings.TrimPrefix(double.file, "f64_"), c)
	}
	r.file("rowtable_amd64.go", tables())
	r.file("switch_amd64.go", switches())
	return r.err
}

// writer writes files until one fails.
type writer struct {
	dir string
	err error
}

func (w *writer) context() *build.Context {
	c := build.NewContext()
	c.ConstraintExpr("!purego")
	return c
}

func (w *writer) file(name string, text []byte) {
	if w.err == nil {
		w.err = os.WriteFile(filepath.Join(w.dir, name), text, 0o644)
	}
}

// assembly compiles what c has collected into name_amd64.s and its Go stubs.
func (w *writer) assembly(name string, c *build.Context) {
	file, err := c.Result()
	if err == nil {
		err = compile(file)
	}
	if err != nil {
		w.err = err
		return
	}
	config := printer.Config{Name: "gen", Argv: []string{"gen"}, Pkg: "kernels"}
	for _, out := range []struct {
		name  string
		print func(*ir.File) ([]byte, error)
	}{
		{name + "_amd64.s", printer.NewGoAsm(config).Print},
		{name + "_amd64.go", printer.NewStubs(config).Print},
	} {
		text, err := out.print(file)
		if err == nil && strings.Contains(name, "avx2") && highRegister.Match(text) {
			err = fmt.Errorf("%s uses registers of AVX-512", name)
		}
		if err != nil {
			w.err = err
			return
		}
		w.file(out.name, text)
	}
}
