package outside

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// families have a file of records and one of texts each.
var families = []string{"activation", "loss", "matmul", "broadcast", "reduce", "network", "norm", "conv", "index", "pool", "sequence"}

// A question is one evaluation of an entry point, and the check of what comes
// back.
type question struct {
	id     string // of the record, a dot, and what is asked
	source string
	entry  string
	input  []byte
	check  func(answer) string // "" if right
	flat   bool                // what is asked has no path for a gradient: NN301 is the right answer
}

// An answer is the decoded output of an evaluation.
type answer map[string]any

// array is the array under a path of keys.
func (a answer) array(path ...string) (*Tensor, error) {
	var v any = map[string]any(a)
	for _, key := range path {
		m, ok := v.(map[string]any)
		if !ok || m[key] == nil {
			return nil, fmt.Errorf("the answer has no %s", strings.Join(path, "."))
		}
		v = m[key]
	}
	return Flat(v)
}

// folder is where the records lie.
func folder(t *testing.T) string {
	t.Helper()
	dir := filepath.Join("..", "..", "..", "shared", "cases", "torch")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no records beside the repository")
	}
	return dir
}

func load[R any](t *testing.T, name string) []*R {
	t.Helper()
	list, err := Load[R](filepath.Join(folder(t), name))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// texts are the sections of a file of testdata by record.
func texts(t *testing.T, family string) map[string]string {
	t.Helper()
	a, err := txtar.ParseFile(filepath.Join("testdata", family+".txtar"))
	if err != nil {
		t.Fatal(err)
	}
	m := map[string]string{}
	for _, f := range a.Files {
		m[f.Name] = string(f.Data)
	}
	return m
}

func nested(tensors map[string]*Tensor) map[string]any {
	m := map[string]any{}
	for name, x := range tensors {
		m[name] = x.Nested()
	}
	return m
}

func request(t *testing.T, keys map[string]any) []byte {
	t.Helper()
	text, err := json.Marshal(keys)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// compare checks one array of an answer for each wanted name; path says where
// the array of a name lies.
func compare(tol Tol, want map[string]*Tensor, path func(name string) []string) func(answer) string {
	return func(a answer) string {
		for name, w := range want {
			got, err := a.array(path(name)...)
			if err != nil {
				return err.Error()
			}
			if s := tol.Check(got, w); s != "" {
				return strings.Join(path(name), ".") + ": " + s
			}
		}
		return ""
	}
}

// both is the first complaint of several checks.
func both(checks ...func(answer) string) func(answer) string {
	return func(a answer) string {
		for _, c := range checks {
			if s := c(a); s != "" {
				return s
			}
		}
		return ""
	}
}

// flat are the records whose function has derivative zero everywhere. The
// reference makes a gradient with respect to such an input an error.
var flat = []string{"activation/floor", "activation/sign", "kink/floor_integer"}

// caseQuestions asks for everything a record of a family knows: value and
// tangent, cotangents pulled back, and gradient and Hessian product of the
// objective.
func caseQuestions(t *testing.T, family string) []question {
	var qs []question
	sections := texts(t, family)
	for _, r := range load[Record](t, "cases-"+family+".jsonl") {
		text, ok := sections[r.ID]
		if !ok {
			t.Errorf("%s has no section in testdata", r.ID)
			continue
		}
		c, err := caseOf(r.ID, text)
		if err != nil {
			t.Error(err)
			continue
		}
		several := len(c.Results) > 1
		result := func(key string) func(string) []string {
			return func(name string) []string {
				if several {
					return []string{key, name}
				}
				return []string{key}
			}
		}
		byArg := func(key string) func(string) []string {
			return func(name string) []string { return []string{key, name} }
		}
		args := nested(r.Inputs)
		value := compare(r.Tol, r.Outputs, result("value"))
		source := "dtype f64\n" + text
		ask := func(what, src, entry string, keys map[string]any, check func(answer) string) {
			q := question{id: r.ID + "." + what, source: src, entry: entry, input: request(t, keys), check: check}
			q.flat = what != "value" && slices.Contains(flat, r.ID)
			qs = append(qs, q)
		}
		ask("value", source, "Case", map[string]any{"args": args}, value)
		if r.JVP != nil {
			var want map[string]*Tensor
			if err := json.Unmarshal(r.JVP, &want); err != nil {
				t.Fatal(err)
			}
			ask("jvp", source, "Case.jvp", map[string]any{"args": args, "tangents": nested(r.Tangents)},
				both(value, compare(r.Tol, want, result("jvp"))))
		}
		cot := any(nested(r.Cot))
		if !several {
			cot = nested(r.Cot)["y"]
		} else {
			for y, x := range r.Outputs { // an output left out of the objective has no cotangent
				if r.Cot[y] == nil {
					cot.(map[string]any)[y] = (&Tensor{Shape: x.Shape, Data: make([]float64, len(x.Data))}).Nested()
				}
			}
		}
		ask("vjp", source, "Case.vjp", map[string]any{"args": args, "cotangents": cot, "wrt": r.Diff},
			both(value, compare(r.Tol, r.Grads, byArg("vjp"))))
		source, err = Objective(r, text)
		if err != nil {
			t.Error(err)
			continue
		}
		args = nested(r.Inputs)
		for y, x := range r.Cot {
			args["cot_"+y] = x.Nested()
		}
		ask("grad", source, "Objective.grad", map[string]any{"args": args, "wrt": r.Diff}, compare(r.Tol, r.Grads, byArg("grad")))
		if r.HVP != nil {
			ask("hvp", source, "Objective.hvp", map[string]any{"args": args, "wrt": r.Diff, "tangents": nested(r.Tangents)},
				compare(r.Tol, r.HVP, byArg("hvp")))
		}
	}
	return qs
}

func kinkQuestions(t *testing.T) []question {
	var qs []question
	sections := texts(t, "kink")
	for _, r := range load[Record](t, "kinks.jsonl") {
		text, ok := sections[r.ID]
		if !ok {
			t.Errorf("%s has no section in testdata", r.ID)
			continue
		}
		source, err := Objective(r, text)
		if err != nil {
			t.Error(err)
			continue
		}
		var wrt []string
		for x := range r.Clarke {
			wrt = append(wrt, x)
		}
		slices.Sort(wrt)
		args := map[string]any{"args": nested(r.Inputs)}
		qs = append(qs, question{
			id: r.ID + ".value", source: source, entry: "Case", input: request(t, args),
			check: compare(Tol{1e-15, 0}, map[string]*Tensor{"y": r.Output}, func(string) []string { return []string{"value"} }),
		})
		args["wrt"] = wrt
		qs = append(qs, question{
			id: r.ID + ".grad", source: source, entry: "Objective.grad", input: request(t, args),
			check: func(a answer) string { return checkKink(r, a) },
			flat:  slices.Contains(flat, r.ID),
		})
	}
	return qs
}

// checkKink holds a gradient against the interval of the record, and against
// what it demands beyond.
func checkKink(r *Record, a answer) string {
	grads := map[string]*Tensor{}
	for name, interval := range r.Clarke {
		g, err := a.array("grad", name)
		if err != nil {
			return err.Error()
		}
		grads[name] = g
		lim, err := Flat(interval)
		if err != nil {
			return err.Error()
		}
		for _, v := range g.Data {
			if !(v >= lim.Data[0] && v <= lim.Data[1]) {
				return fmt.Sprintf("grad.%s is %v, outside %v", name, g.Data, interval)
			}
			if r.Must.Finite && math.IsInf(v, 0) {
				return fmt.Sprintf("grad.%s is %v", name, g.Data)
			}
		}
	}
	for name, want := range r.Must.Exact {
		w, err := Flat(any(want))
		if err != nil {
			return err.Error()
		}
		if got := grads[name]; !slices.Equal(got.Data, w.Data) {
			return fmt.Sprintf("grad.%s is %v, must be %v", name, got.Data, w.Data)
		}
	}
	for names, want := range r.Must.Sum {
		sum := 0.0
		for _, name := range strings.Split(names, "+") {
			for _, v := range grads[name].Data {
				sum += v
			}
		}
		if sum != want {
			return fmt.Sprintf("the elements of %s add up to %v, must to %v", names, sum, want)
		}
	}
	return ""
}

func programQuestions(t *testing.T) []question {
	var qs []question
	for _, r := range load[Record](t, "programs.jsonl") {
		source, err := Source(r)
		if err != nil {
			t.Error(err)
			continue
		}
		var wrt []string
		for x := range r.Grads {
			wrt = append(wrt, x)
		}
		slices.Sort(wrt)
		var jvp float64
		if err := json.Unmarshal(r.JVP, &jvp); err != nil {
			t.Fatalf("%s: jvp: %v", r.ID, err)
		}
		scalar := func(key string, v float64) func(answer) string {
			return compare(r.Tol, map[string]*Tensor{key: {Data: []float64{v}}}, func(string) []string { return []string{key} })
		}
		byArg := func(key string) func(string) []string {
			return func(name string) []string { return []string{key, name} }
		}
		keys := map[string]any{"args": nested(r.Inputs)}
		value := scalar("value", *r.Value)
		ask := func(what string, check func(answer) string) {
			qs = append(qs, question{id: r.ID + "." + what, source: source, entry: "Program." + what, input: request(t, keys), check: both(value, check)})
		}
		keys["wrt"] = wrt
		ask("grad", compare(r.Tol, r.Grads, byArg("grad")))
		keys["tangents"] = nested(r.Tangents)
		ask("hvp", compare(r.Tol, r.HVP, byArg("hvp")))
		delete(keys, "wrt")
		ask("jvp", scalar("jvp", jvp))
	}
	return qs
}

func pointQuestions(t *testing.T) []question {
	var qs []question
	for _, p := range load[Point](t, "stability.jsonl") {
		sources, err := p.Sources()
		if err != nil {
			t.Error(err)
			continue
		}
		for i, source := range sources {
			qs = append(qs, question{
				id: fmt.Sprintf("%s#%d", p.ID, i), source: source, entry: "Hard.grad",
				input: request(t, map[string]any{"args": map[string]any{"x": p.Input().Nested()}}),
				check: func(a answer) string {
					value, err := a.array("value")
					if err != nil {
						return err.Error()
					}
					grad, err := a.array("grad", "x")
					if err != nil {
						return err.Error()
					}
					if s := p.CheckValue(value.Data[0]); s != "" {
						return s
					}
					return p.CheckGrad(grad.Data)
				},
			})
		}
	}
	return qs
}

// liftedQuestions put the points of one function into an array.
func liftedQuestions(t *testing.T) []question {
	points := map[string][]*Point{}
	var ops []string
	for _, p := range load[Point](t, "stability.jsonl") {
		if points[p.Op] == nil {
			ops = append(ops, p.Op)
		}
		points[p.Op] = append(points[p.Op], p)
	}
	var qs []question
	for _, op := range ops {
		sources, err := points[op][0].Lifted()
		if err != nil {
			t.Error(err)
		}
		x := &Tensor{Shape: []int{len(points[op])}}
		ones := &Tensor{Shape: x.Shape}
		for _, p := range points[op] {
			x.Data = append(x.Data, p.X[0])
			ones.Data = append(ones.Data, 1)
		}
		for i, source := range sources {
			qs = append(qs, question{
				id: fmt.Sprintf("stability/%s[]#%d", op, i), source: source, entry: "Hard.vjp",
				input: request(t, map[string]any{"args": map[string]any{"x": x.Nested()}, "cotangents": ones.Nested()}),
				check: func(a answer) string {
					value, err := a.array("value")
					if err != nil {
						return err.Error()
					}
					grad, err := a.array("vjp", "x")
					if err != nil {
						return err.Error()
					}
					var wrong []string
					for i, p := range points[op] {
						for _, s := range []string{p.CheckValue(value.Data[i]), p.CheckGrad(grad.Data[i : i+1])} {
							if s != "" {
								wrong = append(wrong, p.ID+": "+s)
							}
						}
					}
					return strings.Join(wrong, "\n")
				},
			})
		}
	}
	return qs
}
