package nnc

import (
	"errors"
	"flag"
	"fmt"
	"maps"
	"math"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"

	programs "github.com/nnc-lang/nnc/internal/random"
	"github.com/nnc-lang/nnc/ir"
	"github.com/nnc-lang/nnc/ir/interp"
)

var (
	randomCount  = flag.Int("random", 200, "how many programs TestRandom tries")
	randomShrink = flag.Int("randomshrink", 3, "how many wrong programs TestRandom makes smaller")
	randomFrom   = flag.Uint64("randomfrom", 0, "seed of the first program of TestRandom")
)

// TestRandom holds all that computes a program against each other, on programs
// that nobody wrote: the interpreter before any pass, after all passes, with a
// pass switched off, and emitted Go, in value, gradient and Hessian product;
// and the plain gradient against forward mode and against differences.
//
// A pass that is switched off is one of the pipeline for each program, in turn.
// A seed is replayed by -random 1 -randomfrom SEED.
func TestRandom(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	n := *randomCount
	if testing.Short() {
		n = min(n, 40)
	}
	count := map[string]int{}
	for from := 0; from < n; from += 100 {
		var trials []*trial
		for k := from; k < min(n, from+100); k++ {
			trials = append(trials, newTrial(programs.New(*randomFrom+uint64(k))))
		}
		judge(trials)
		for _, c := range trials {
			switch {
			case c.rejected != nil:
				count["rejected"]++
				if testing.Verbose() {
					t.Logf("seed %d is rejected: %v", c.seed, c.rejected)
				}
			case c.wrong == "":
				count["right"]++
			case c.ill():
				count["ill-conditioned"]++
			default:
				count["wrong"]++
				c.report(t, count["wrong"] <= *randomShrink)
			}
		}
		t.Logf("%d programs: %v", min(n, from+100), count)
	}
	if count["rejected"]*20 > n {
		t.Errorf("%d of %d programs are rejected: the generator writes what is not the language", count["rejected"], n)
	}
	if count["ill-conditioned"]*50 > n {
		t.Errorf("%d of %d programs are too badly conditioned to be judged", count["ill-conditioned"], n)
	}
}

// trial is what became of one program.
type trial struct {
	program  *programs.Program // nil: somebody wrote it
	seed     uint64
	source   string
	input    []byte
	rejected error
	plain    map[string]*interp.Tensor
	wrong    string // who differs, and where
	at       string // the output
	by       float64
	emitted  *goProgram
}

func newTrial(p *programs.Program) *trial {
	return &trial{program: p, seed: p.Seed, source: p.Source(), input: p.Input()}
}

// judge tries programs by everything there is.
func judge(trials []*trial) {
	var wg sync.WaitGroup
	slots := make(chan struct{}, 2)
	for _, c := range trials {
		wg.Go(func() {
			slots <- struct{}{}
			c.interpret()
			<-slots
		})
	}
	wg.Wait()
	emitted(trials)
}

// emitted tries what is right so far by emitted Go, in one build.
func emitted(trials []*trial) {
	r := &goRun{quick: true}
	var ran []*trial
	for k, c := range trials {
		if c.emitted == nil || c.wrong != "" {
			continue
		}
		p := c.emitted
		p.name = fmt.Sprintf("E%d", k)
		var err error
		if p.text, err = p.emit(); err != nil {
			c.wrong = "emit: " + err.Error()
			continue
		}
		r.programs, ran = append(r.programs, p), append(ran, c)
	}
	for len(r.programs) > 0 {
		out, err := r.run()
		var broken *brokenPrograms
		if errors.As(err, &broken) {
			ran = slices.DeleteFunc(ran, func(c *trial) bool {
				text := broken.text[c.emitted.name]
				if text != "" {
					c.wrong = "the emitted code does not build: " + text
				}
				return text != ""
			})
			r.programs = slices.DeleteFunc(r.programs, func(p *goProgram) bool { return broken.text[p.name] != "" })
			continue
		}
		for k, c := range ran {
			switch {
			case err != nil:
				c.wrong = err.Error()
			case out[k].err != nil:
				c.wrong = out[k].err.Error()
			default:
				c.compare("emitted Go", out[k].results)
			}
		}
		return
	}
}

// interpret tries what needs no build.
func (c *trial) interpret() {
	step := "lower"
	defer func() {
		if p := recover(); p != nil {
			c.wrong = fmt.Sprintf("%s: panic: %v\n%s", step, p, debug.Stack())
		}
	}()
	e, req, err := c.prepare(c.input)
	if err != nil {
		c.refuse(step, err)
		return
	}
	run := func(who string, w derivative, plain bool, off ...string) map[string]*interp.Tensor {
		step = who
		v, err := e.variant(req, w, plain, off...)
		if err == nil {
			var out map[string]*interp.Tensor
			if out, err = interp.Run(v.program, &interp.Env{Dims: v.dims, Inputs: v.inputs, Seed: v.seed}); err == nil {
				if who == "all passes" {
					c.emitted = &goProgram{evaluation: v}
				}
				return out
			}
		}
		if c.plain == nil {
			c.refuse(who, err)
		} else if c.wrong == "" {
			c.wrong = who + ": " + err.Error()
		}
		return nil
	}
	second := derivative{what: "hvp", of: "l", wrt: leavesOf(e.wrt), gradients: true}
	plain := run("no passes", second, true)
	if plain == nil {
		return
	}
	c.plain = plain
	if out := run("forward mode", derivative{what: "jvp", wrt: second.wrt}, false); out != nil {
		c.dual(e, req, out["jvp.l"].Data[0])
	}
	if out := run("all passes", second, false); out != nil {
		c.compare("all passes", out)
	}
	var passes []string
	for _, p := range Pipeline {
		if !p.Required {
			passes = append(passes, p.Name)
		}
	}
	off := passes[int(c.seed%uint64(len(passes)))]
	if out := run("without "+off, second, false, off); out != nil {
		c.compare("without "+off, out)
	}
}

func (c *trial) refuse(step string, err error) {
	if c.rejected = err; errors.As(err, new(*Bug)) {
		c.rejected, c.wrong = nil, step+": "+err.Error()
	}
}

func (c *trial) prepare(input []byte) (*evaluation, *request, error) {
	m, err := module("random.nn", []byte(c.source), Options{})
	if err != nil {
		return nil, nil, err
	}
	entry, err := findEntry(m, "F")
	if err != nil {
		return nil, nil, err
	}
	req, err := parseRequest(input)
	if err != nil {
		return nil, nil, err
	}
	e := &evaluation{module: m, entry: entry, what: "hvp", seed: req.seed, bits: 64}
	if err := e.lower(req); err != nil {
		return nil, nil, err
	}
	return e, req, e.choose(req)
}

// variant is the evaluation of one derivative through some of the passes.
func (e *evaluation) variant(req *request, w derivative, plain bool, off ...string) (*evaluation, error) {
	v := *e
	j := &job{name: "F", program: e.low.Program, want: w, plain: plain, options: Options{Off: off}}
	if err := j.run(); err != nil {
		return nil, err
	}
	v.program = j.program
	return &v, v.bind(req)
}

// compare holds results against those of the plain program.
func (c *trial) compare(who string, got map[string]*interp.Tensor) {
	if c.wrong != "" {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(c.plain)) {
		want := c.plain[name]
		if got[name] == nil || len(got[name].Data) != len(want.Data) {
			c.wrong = who + " gives no " + name
			return
		}
		for k, y := range want.Data {
			x := got[name].Data[k]
			if d := apart(x, y); d > 1e-9*(1+scale(c.plain)) {
				c.wrong = fmt.Sprintf("%s: %s, number %d, is %v, not %v", who, name, k, x, y)
				c.at, c.by = name, d
				return
			}
		}
	}
}

// apart is 0 for two NaN or the same infinity, and infinite where only one
// is finite.
func apart(x, y float64) float64 {
	switch {
	case x == y || math.IsNaN(x) && math.IsNaN(y):
		return 0
	case math.IsNaN(x-y) || math.IsInf(x-y, 0):
		return math.Inf(1)
	}
	return math.Abs(x - y)
}

// scale is the largest finite number of all: what rounding is relative to.
func scale(out map[string]*interp.Tensor) (s float64) {
	for _, t := range out {
		for _, x := range t.Data {
			if x = math.Abs(x); x > s && !math.IsInf(x, 0) {
				s = x
			}
		}
	}
	return s
}

// dual holds the derivative along the tangents, which forward mode gives,
// against the gradient and, where the program is smooth, against differences.
func (c *trial) dual(e *evaluation, req *request, jvp float64) {
	v, err := e.variant(req, derivative{what: "jvp", wrt: leavesOf(e.wrt)}, true)
	if err != nil {
		return
	}
	dot, size := 0.0, 0.0
	for _, in := range v.program.Inputs {
		if in.Role != ir.Tangent {
			continue
		}
		for k, g := range c.plain["grad."+in.Of.Name].Data {
			dot += g * v.inputs[in].Data[k]
			size += math.Abs(g * v.inputs[in].Data[k])
		}
	}
	if math.IsNaN(c.plain["l"].Data[0]) {
		return // NaN times the tangent 0 is NaN; no path at all is 0
	}
	if d := apart(dot, jvp); d > 1e-9*(1+scale(c.plain)+size) {
		c.wrong, c.by = fmt.Sprintf("forward mode: %v, the gradient says %v", jvp, dot), d
		return
	}
	src := c.source
	if c.program == nil || c.seed%8 != 0 || slices.ContainsFunc([]string{"deriv", "stop", "floor(", "argm"}, func(s string) bool { return strings.Contains(src, s) }) {
		return
	}
	slope := func(h float64) float64 {
		at := func(h float64) float64 {
			inputs := map[*ir.Array]*interp.Tensor{}
			for in, x := range v.inputs {
				inputs[in] = x
			}
			for _, in := range v.program.Inputs {
				if in.Role == ir.Tangent {
					x := interp.Zeros(v.inputs[in.Of].Shape...)
					for k := range x.Data {
						x.Data[k] = v.inputs[in.Of].Data[k] + h*v.inputs[in].Data[k]
					}
					inputs[in.Of] = x
				}
			}
			out, err := interp.Run(v.program, &interp.Env{Dims: v.dims, Inputs: inputs, Seed: v.seed})
			if err != nil {
				return math.NaN()
			}
			return out["l"].Data[0]
		}
		return (at(h) - at(-h)) / (2 * h)
	}
	// Near a kink, or where it is steep, two steps do not agree.
	a, b := slope(1e-4), slope(3e-5)
	tol := 1e-5 * (1 + math.Abs(a) + size)
	if math.Abs(a-b) < tol/10 && !(math.Abs(a-jvp) < tol) {
		c.wrong, c.by = fmt.Sprintf("differences: %v, forward mode says %v", a, jvp), math.Abs(a-jvp)
	}
}

// ill says that a difference is no more than what a tiny change of the
// arguments makes: the program cancels, or stands on a kink.
func (c *trial) ill() bool {
	if c.program == nil || c.plain == nil || c.at == "" || math.IsInf(c.by, 0) {
		return false
	}
	for _, part := range []float64{1e-9, -1e-9, 3e-10} {
		e, req, err := c.prepare(c.program.Nudged(part))
		if err != nil {
			return false
		}
		v, err := e.variant(req, derivative{what: "hvp", of: "l", wrt: leavesOf(e.wrt), gradients: true}, true)
		if err != nil {
			return false
		}
		out, err := interp.Run(v.program, &interp.Env{Dims: v.dims, Inputs: v.inputs, Seed: v.seed})
		if err != nil {
			return false
		}
		for k, y := range c.plain[c.at].Data {
			if math.Abs(out[c.at].Data[k]-y) > c.by/1000 {
				return true
			}
		}
	}
	return false
}

// report fails the test. It gives the program as it was found, and where few
// are wrong the smallest that is wrong in that way.
func (c *trial) report(t *testing.T, small bool) {
	t.Helper()
	t.Errorf("seed %d: %.2000s\n%s%s", c.seed, c.wrong, c.source, c.input)
	if !small {
		return
	}
	who, _, _ := strings.Cut(c.wrong, ":")
	built := strings.Contains(who, "emitted")
	last := c
	best := c.program.Shrink(map[bool]int{true: 100, false: 1000}[built], func(p *programs.Program) bool {
		d := newTrial(p)
		if d.interpret(); built && d.wrong == "" {
			emitted([]*trial{d})
		}
		if d.rejected != nil || !strings.HasPrefix(d.wrong, who) || d.ill() {
			return false
		}
		last = d
		return true
	})
	t.Logf("smaller: %.2000s\n%s%s", last.wrong, best.Source(), best.Input())
}
