package nnc

import (
	"errors"
	"flag"
	"fmt"
	"math"
	"os/exec"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	programs "github.com/nnc-lang/nnc/internal/random"
	"github.com/nnc-lang/nnc/ir/interp"
)

var (
	randomCount  = flag.Int("random", 2000, "how many programs TestRandom tries")
	randomShrink = flag.Int("randomshrink", 3, "how many wrong programs TestRandom makes smaller")
	randomFrom   = flag.Uint64("randomfrom", 0, "seed of the first program of TestRandom")
)

// TestRandom holds all that computes a program against each other, on programs
// that nobody wrote: the interpreter before any pass, after all passes, with
// each pass switched off, and emitted Go, in value, gradient and Hessian
// product; and the plain gradient against forward mode and against differences.
//
// A seed is replayed by -random 1 -randomfrom SEED.
func TestRandom(t *testing.T) {
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command")
	}
	n := *randomCount
	if testing.Short() {
		n = min(n, 200)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	// While one batch is built, the next is interpreted.
	interpreted := make(chan []*trial)
	go func() {
		for from := 0; from < n; from += 200 {
			var batch []*trial
			for k := from; k < min(n, from+200); k++ {
				c := newTrial(programs.New(*randomFrom + uint64(k)))
				c.interpret()
				batch = append(batch, c)
			}
			interpreted <- batch
		}
	}()
	count, tried := map[string]int{}, 0
	for tried < n {
		batch := <-interpreted
		emitted(batch)
		for _, c := range batch {
			switch {
			case c.rejected != nil:
				count["rejected"]++
				if testing.Verbose() {
					t.Logf("seed %d is rejected: %v", c.seed, c.rejected)
				}
			case c.wrong == "" && c.infinite:
				count["infinite or NaN"]++
			case c.wrong == "":
				count["right"]++
			case c.ill():
				count["ill-conditioned"]++
			default:
				count["wrong"]++
				c.report(t, count["wrong"] <= *randomShrink)
			}
		}
		tried += len(batch)
		t.Logf("%d programs: %v", tried, count)
	}
	if count["rejected"]*20 > n {
		t.Errorf("%d of %d programs are rejected: the generator writes what is not the language", count["rejected"], n)
	}
	if few := count["infinite or NaN"]; few > 3 && few*1000 > n {
		t.Errorf("%d of %d programs give an infinity where the plain ones give NaN, or the other way round", few, n)
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
	infinite bool // somewhere an infinity in place of NaN, or NaN of an infinity
	emitted  *goProgram
}

func newTrial(p *programs.Program) *trial {
	return &trial{program: p, seed: p.Seed, source: p.Source(), input: p.Input()}
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
		if p.files, err = p.emit(); err != nil {
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
		out, err := v.interpreted()
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
