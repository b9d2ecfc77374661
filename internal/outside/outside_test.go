package outside

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"

	"github.com/nnc-lang/nnc"
)

// notYet are questions that the compiler answers with an error today, each
// with the reason: the question's id, or the id of a record for all that is
// asked of it. It only shrinks: a question that is listed and answered fails
// the test, and a wrong number always does.
var notYet = map[string]string{}

// an engine answers questions: the output of each, or its error.
type engine func([]question) ([][]byte, []error)

func (q question) ask(plain bool) nnc.Case {
	return nnc.Case{File: "case.nn", Source: []byte(q.source), Entry: q.entry, Input: q.input, Plain: plain}
}

// interpret returns an engine that interprets programs, plain or after all
// passes.
func interpret(plain bool) engine {
	return func(qs []question) ([][]byte, []error) {
		out, errs := make([][]byte, len(qs)), make([]error, len(qs))
		var wg sync.WaitGroup
		slots := make(chan struct{}, runtime.GOMAXPROCS(0))
		for i, q := range qs {
			wg.Go(func() {
				slots <- struct{}{}
				defer func() {
					if p := recover(); p != nil {
						errs[i] = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
					}
					<-slots
				}()
				out[i], errs[i] = nnc.Eval(q.ask(plain))
			})
		}
		wg.Wait()
		return out, errs
	}
}

// emitted is the engine of emitted Go: one build and one run for all.
func emitted(qs []question) ([][]byte, []error) {
	var cases []nnc.Case
	for _, q := range qs {
		cases = append(cases, q.ask(false))
	}
	out, errs := make([][]byte, len(qs)), make([]error, len(qs))
	for i, a := range nnc.EvalGoAll(cases) {
		out[i], errs[i] = a.JSON, a.Err
	}
	return out, errs
}

// put asks an engine and checks the answers, a subtest for each question.
func put(t *testing.T, ask engine, qs []question) {
	t.Helper()
	pass, refused, wrong := 0, 0, 0
	missed := map[string]int{}
	out, errs := ask(qs)
	for i, q := range qs {
		record := q.id[:strings.LastIndexAny(q.id, ".#")]
		reason, listed := notYet[q.id]
		if !listed {
			reason, listed = notYet[record]
		}
		problem := ""
		switch err := errs[i]; {
		case err != nil && q.flat && strings.Contains(err.Error(), "NN301"):
			pass++
			continue
		case err != nil && listed:
			refused++
			continue
		case err != nil:
			refused++
			problem = err.Error()
		default:
			var a answer
			if err := json.Unmarshal(out[i], &a); err != nil {
				problem = err.Error()
			} else if problem = q.check(a); problem == "" && listed {
				problem = "passes, but is listed in notYet: " + reason
			}
			if problem == "" {
				pass++
				continue
			}
			wrong++
		}
		missed[record[:strings.IndexByte(record, '/')]]++
		t.Run(q.id, func(t *testing.T) { t.Errorf("%s\n%s%s\n%.1000s", problem, q.source, q.entry, q.input) })
	}
	t.Logf("%d questions: %d right, %d refused, %d wrong", len(qs), pass, refused, wrong)
	for family, n := range missed {
		t.Logf("%s: %d not right", family, n)
	}
}

func TestCases(t *testing.T) {
	var qs []question
	for _, f := range families {
		qs = append(qs, caseQuestions(t, f)...)
	}
	everyEngine(t, qs)
}

func TestPrograms(t *testing.T) { everyEngine(t, programQuestions(t)) }

// TestKinks and TestPoints are about the passes too: only after them is the
// root of a sum of squares a norm, and plain text is allowed to overflow.
func TestKinks(t *testing.T) { optimised(t, kinkQuestions(t)) }

func TestPoints(t *testing.T) { optimised(t, append(pointQuestions(t), liftedQuestions(t)...)) }

func everyEngine(t *testing.T, qs []question) {
	if !testing.Short() {
		t.Run("plain", func(t *testing.T) { put(t, interpret(true), qs) })
	}
	optimised(t, qs)
}

func optimised(t *testing.T, qs []question) {
	t.Run("interp", func(t *testing.T) { put(t, interpret(false), qs) })
	if !testing.Short() {
		t.Run("go", func(t *testing.T) { put(t, emitted, qs) })
	}
}
