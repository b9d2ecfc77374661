// Command gen writes the assembly of package kernels with avo. One description
// of a kernel, parametrised by element type and vector width, gives all forms.
//
// It runs through go generate only; the package builds from its checked-in
// output.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/printer"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	dir := flag.String("dir", ".", "folder to write to")
	flag.Parse()
	for _, f := range forms {
		c := build.NewContext()
		c.ConstraintExpr("!purego")
		for rows := 1; rows <= f.rows; rows++ {
			f.strip(c, rows)
		}
		f.dots(c)
		write(*dir, "gemm_"+f.file, c)
	}
	for _, f := range forms {
		if !f.wide {
			continue
		}
		c := build.NewContext()
		c.ConstraintExpr("!purego")
		for rows := 1; rows <= windowRows; rows++ {
			f.windows(c, rows)
			f.inners(c, rows)
		}
		f.gather(c)
		write(*dir, "window_"+f.file, c)
	}
	c := build.NewContext()
	c.ConstraintExpr("!purego")
	transpose32(c)
	transpose64(c)
	write(*dir, "transpose", c)
	for _, f := range forms {
		c := build.NewContext()
		c.ConstraintExpr("!purego")
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
		write(*dir, "row_"+f.file, c)
	}
	for _, f := range forms {
		c := build.NewContext()
		c.ConstraintExpr("!purego")
		p := newPool(f)
		if !f.wide {
			f.laneTable(c)
		}
		for _, s := range stepTable {
			most := f.unrolled(4, func(c *build.Context, p *pool, most int) { f.step(c, p, s, most) })
			f.step(c, p, s, most)
		}
		p.data(c)
		write(*dir, "step_"+f.file, c)
	}
	if err := os.WriteFile(*dir+"/rowtable_amd64.go", tables(), 0o644); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*dir+"/switch_amd64.go", switches(), 0o644); err != nil {
		log.Fatal(err)
	}
}

// write compiles what c has collected into name_amd64.s and its Go stubs.
func write(dir, name string, c *build.Context) {
	file, err := c.Result()
	if err == nil {
		err = pass.Compile.Execute(file)
	}
	if err != nil {
		log.Fatal(err)
	}
	config := printer.Config{Name: "gen", Argv: []string{"gen"}, Pkg: "kernels"}
	for _, out := range []struct {
		path  string
		print func(*ir.File) ([]byte, error)
	}{
		{name + "_amd64.s", printer.NewGoAsm(config).Print},
		{name + "_amd64.go", printer.NewStubs(config).Print},
	} {
		text, err := out.print(file)
		if err != nil {
			log.Fatal(err)
		}
		if strings.Contains(name, "avx2") && highRegister.Match(text) {
			log.Fatalf("%s uses registers of AVX-512", name)
		}
		if err := os.WriteFile(fmt.Sprintf("%s/%s", dir, out.path), text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
