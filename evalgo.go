package nnc

import (
	"bytes"
	_ "embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/codegen"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

// EvalGo is [Eval] by emitted Go: it emits the program, builds it with the go
// command in a scratch module, and runs it.
func EvalGo(c Case) ([]byte, error) {
	a := EvalGoAll([]Case{c})[0]
	return a.JSON, a.Err
}

// Answer is what became of one case of many.
type Answer struct {
	JSON []byte
	Err  error
}

// EvalGoAll is EvalGo for many cases with one build and one run, so that a
// test can afford hundreds.
func EvalGoAll(cases []Case) []Answer {
	answers := make([]Answer, len(cases))
	r := &goRun{}
	for i, c := range cases {
		if err := r.add(i, c); err != nil {
			answers[i].Err = err
		} else if e := r.programs[len(r.programs)-1]; e.what == "init" {
			answers[i].JSON = e.init()
			r.programs = r.programs[:len(r.programs)-1]
		}
	}
	for len(r.programs) > 0 {
		out, err := r.run()
		var broken *brokenPrograms
		if errors.As(err, &broken) { // report those, and build without them
			r.programs = slices.DeleteFunc(r.programs, func(p *goProgram) bool {
				text := broken.text[p.name]
				if text != "" {
					answers[p.index].Err = bugf("the emitted code does not build:\n%s", text)
				}
				return text != ""
			})
			continue
		}
		for k, p := range r.programs {
			a := &answers[p.index]
			switch {
			case err != nil:
				a.Err = err
			case out[k].err != nil:
				a.Err = out[k].err
			default:
				a.JSON, a.Err = p.answer(out[k].results, p.bits)
			}
		}
		break
	}
	return answers
}

// goRun is a scratch program made of the programs of many cases.
type goRun struct {
	programs []*goProgram
	quick    bool // build without optimisation
}

// goProgram is the program of one case as a Go type with a method Value: all
// inputs are data, all outputs results, whatever they mean.
type goProgram struct {
	*evaluation
	index int    // of the case
	name  string // of the type
	files codegen.Files
	plain bool // without kernels

	timed bool          // to be measured
	steps [][]*ir.Array // then: the equations of each step, of the program as data
	times times         // and what these took
}

func (r *goRun) add(index int, c Case) error {
	if c.Plain {
		return errors.New("Go is emitted after the passes only")
	}
	e, err := prepare(c, true)
	if err != nil {
		return err
	}
	p := &goProgram{evaluation: e, index: index, name: fmt.Sprintf("E%d", index)}
	if e.what != "init" {
		if p.files, err = p.emit(); err != nil {
			return err
		}
	}
	r.programs = append(r.programs, p)
	return nil
}

// emit prints the program as the only entry of a module of its own.
func (p *goProgram) emit() (codegen.Files, error) {
	prog := p.asData()
	low := &ir.Lowered{Program: prog}
	for i, in := range prog.Inputs {
		low.Args = append(low.Args, &ir.Arg{Name: fmt.Sprintf("in%d", i), Leaves: []*ir.Array{in}})
	}
	entry := &ir.Entry{Kind: ir.FnEntry, Name: p.name, Lower: func(ir.Mode) (*ir.Lowered, error) { return low, nil }}
	m := &ir.Module{Builder: prog.Builder, File: p.module.File, F64: p.module.F64, Entries: []*ir.Entry{entry}}
	method := &codegen.Method{Entry: entry, Lowered: low, Program: prog, Kind: "value"}
	opt := codegen.Options{Package: "main", Source: "eval.nn", F64: m.F64, Version: Version, AskDims: p.empty(), Marks: p.timed, SIMD: !p.plain}
	if p.timed {
		p.steps = codegen.Steps(m, method, opt)
	}
	files, err := codegen.EmitFiles(m, []*codegen.Method{method}, opt)
	if err != nil {
		return files, &Bug{err}
	}
	return files, nil
}

// empty reports whether a dim is 0, so that lengths may not tell the others.
func (p *goProgram) empty() bool {
	return slices.ContainsFunc(p.program.Dims, func(d ir.Dim) bool { return p.dims[d.Name] == 0 })
}

// asData is the program with inputs and outputs that have no roles.
func (p *goProgram) asData() *ir.Program {
	prog := p.program.Clone()
	to := map[*ir.Array]*ir.Array{}
	for i, in := range prog.Inputs {
		c := *in
		c.Role, c.Of = ir.Data, nil
		prog.Inputs[i], to[in] = &c, &c
	}
	for _, a := range prog.Defs {
		a.Rewrite(prog.Builder, func(e *ir.Expr) *ir.Expr {
			if e.Kind == ir.KRead && to[e.Array] != nil {
				return prog.Read(to[e.Array], e.Args...)
			}
			return e
		})
	}
	prog.Outputs = slices.Clone(prog.Outputs)
	for k := range prog.Outputs {
		o := &prog.Outputs[k]
		o.Name = fmt.Sprintf("out%d", k)
		if c := to[o.Array]; c != nil {
			o.Array = c
		}
	}
	return prog
}

// goResult is what the run of one program gave.
type goResult struct {
	results map[string]*interp.Tensor
	err     error
}

//go:embed evalmain.txt
var evalMain string

// brokenPrograms are programs that do not build, with what the compiler says.
type brokenPrograms struct{ text map[string]string }

func (b *brokenPrograms) Error() string { return fmt.Sprint(b.text) }

// run builds and runs all programs.
func (r *goRun) run() ([]goResult, error) {
	s, err := newScratch()
	if err != nil {
		return nil, err
	}
	defer s.close()
	s.quick = r.quick
	table := "package main\n\nvar cases = []any{"
	var input bytes.Buffer
	for _, p := range r.programs {
		table += "New" + p.name + ", "
		name := strings.ToLower(p.name)
		if err := s.write(name+".go", p.files.Go); err != nil {
			return nil, err
		}
		if p.files.Assembly != nil {
			if err := s.write(name+"_amd64.go", p.files.Stubs); err != nil {
				return nil, err
			}
			if err := s.write(name+"_amd64.s", p.files.Assembly); err != nil {
				return nil, err
			}
		}
		p.send(&input)
	}
	if err := s.write("cases.go", []byte(table+"}\n")); err != nil {
		return nil, err
	}
	if err := s.write("main.go", []byte(evalMain)); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(r.programs, func(p *goProgram) bool { return p.timed }) {
		if err := s.write("measure.go", []byte(measureMain+"\ntype real = "+r.programs[0].real()+"\n")); err != nil {
			return nil, err
		}
	}
	bin, err := s.build()
	if err != nil {
		if b := culprits(err); b != nil {
			return nil, b
		}
		return nil, err
	}
	cmd := exec.Command(bin)
	cmd.Stdin = &input
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, bugf("the emitted code fails: %v\n%s", err, &stderr)
	}
	rest := bytes.NewReader(out)
	results := make([]goResult, len(r.programs))
	for k, p := range r.programs {
		results[k] = p.receive(rest)
	}
	return results, nil
}

var culprit = regexp.MustCompile(`(?m)^(?:\./|asm: .*/)?e([0-9]+)(?:\.go|_amd64\.s):.*$`)

// culprits tells the programs apart that a build failed for, or nil.
func culprits(err error) *brokenPrograms {
	b := &brokenPrograms{map[string]string{}}
	for _, m := range culprit.FindAllStringSubmatch(err.Error(), -1) {
		b.text["E"+m[1]] += m[0] + "\n"
	}
	if len(b.text) == 0 {
		return nil
	}
	return b
}

// send writes the input of one program as evalmain.txt reads it.
func (p *goProgram) send(w *bytes.Buffer) {
	put := func(v uint64) { w.Write(binary.LittleEndian.AppendUint64(nil, v)) }
	list := func(v []float64) {
		put(uint64(len(v)))
		for _, x := range v {
			put(math.Float64bits(x))
		}
	}
	put(p.seed)
	var dims, lengths []float64
	for _, d := range p.program.Dims {
		dims = append(dims, float64(p.dims[d.Name]))
	}
	list(dims)
	put(uint64(len(p.program.Inputs)))
	for _, in := range p.program.Inputs {
		list(p.inputs[in].Data)
	}
	for _, o := range p.program.Outputs {
		n := -1
		if o.Array.Rank() > 0 {
			n = product(p.shape(o.Array))
		}
		lengths = append(lengths, float64(n))
	}
	list(lengths)
	if p.timed {
		c := &coster{p: p.program, dims: p.dims, size: realSize(p.module)}
		list([]float64{float64(len(p.steps)), c.footprint()})
	}
}

// real is the Go type of reals.
func (p *goProgram) real() string {
	if p.module.F64 {
		return "float64"
	}
	return "float32"
}

func (p *goProgram) shape(a *ir.Array) []int {
	s := &sizes{b: p.program.Builder, dims: p.dims}
	return s.shape(a.Shape)
}

// receive reads the results of one program.
func (p *goProgram) receive(r io.Reader) goResult {
	get := func() uint64 {
		var b [8]byte
		io.ReadFull(r, b[:])
		return binary.LittleEndian.Uint64(b[:])
	}
	if get() != 0 {
		text := make([]byte, get())
		io.ReadFull(r, text)
		return goResult{err: emittedError(p.name, string(text))}
	}
	out := map[string]*interp.Tensor{}
	for _, o := range p.program.Outputs {
		t := interp.Zeros(p.shape(o.Array)...)
		for i := range t.Data {
			t.Data[i] = math.Float64frombits(get())
		}
		out[o.Name] = t
	}
	if p.timed {
		for range p.steps {
			p.times.steps = append(p.times.steps, math.Float64frombits(get()))
		}
		p.times.flops, p.times.bandwidth = math.Float64frombits(get()), math.Float64frombits(get())
	}
	return goResult{results: out}
}

// emittedError is an error that emitted code returned. What it could complain
// of was checked before it ran, so it is a bug.
func emittedError(name, text string) error {
	return bugf("the emitted code fails: %s", strings.ReplaceAll(text, name+".Value", strconv.Quote(name)))
}
