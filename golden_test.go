package nnc

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nnc-lang/nnc/dsl"
	"github.com/nnc-lang/nnc/ir"
	"golang.org/x/tools/txtar"
)

var update = flag.Bool("update", false, "rewrite the goldens that drifted")

// TestGolden compiles the program of each golden, one idea each, and compares
// every stage: the lowered equations, those that are emitted, and the Go of
// one method. The comment says what the idea is, and in lines of its own what
// must hold whatever the text:
//
//	show: Fit.LossGrad       the method that is shown
//	want: contract=2 loops=3 products that the runtime computes; outer loops
//	want-not: TEXT           what the Go must not contain
func TestGolden(t *testing.T) {
	files, _ := filepath.Glob("testdata/golden/*.txtar")
	if len(files) == 0 {
		t.Fatal("no goldens")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) { golden(t, file) })
	}
}

func golden(t *testing.T, file string) {
	ar, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	intent := intents(string(ar.Comment))
	show := strings.Join(intent["show"], "")
	src := section(ar, "in.nn")
	if src == "" || show == "" {
		t.Fatal("a golden needs in.nn and show: Entry.Method")
	}
	r, err := Compile("in.nn", []byte(src), Options{Package: "golden"})
	if err != nil || r.Go == nil {
		t.Fatalf("%v %v", err, r.Diagnostics)
	}
	entry, method, _ := strings.Cut(show, ".")
	code := goMethod(string(r.Go), entry, method)
	if code == "" {
		t.Fatalf("no method %s in\n%s", show, r.Go)
	}
	for _, m := range regexp.MustCompile(`\.loop = \(\*(\w+)\)\.(\w+)`).FindAllStringSubmatch(code, -1) {
		code += "\n" + goMethod(string(r.Go), m[1], m[2])
	}
	lowered, final := stages(t, src, entry, method)
	for _, w := range intent["want"] {
		check(t, w, code)
	}
	for _, w := range intent["want-not"] {
		if strings.Contains(code, w) {
			t.Errorf("the emitted Go contains %q", w)
		}
	}
	got := &txtar.Archive{Comment: ar.Comment, Files: []txtar.File{
		{Name: "in.nn", Data: []byte(src)},
		{Name: "ir", Data: []byte(lowered)},
		{Name: "final", Data: []byte(final)},
		{Name: "out.go", Data: []byte(code)},
	}}
	have, _ := os.ReadFile(file)
	if text := txtar.Format(got); string(text) != string(have) {
		if *update && !t.Failed() {
			if err := os.WriteFile(file, text, 0o644); err != nil {
				t.Fatal(err)
			}
			return
		}
		t.Errorf("the stages drifted; -update rewrites them (-want +got):\n%s", cmp.Diff(string(have), string(text)))
	}
}

// intents collects the lines `key: value` of a golden's comment.
func intents(comment string) map[string][]string {
	out := map[string][]string{}
	for _, line := range strings.Split(comment, "\n") {
		for _, key := range []string{"show", "want", "want-not"} {
			if v, ok := strings.CutPrefix(line, key+": "); ok {
				out[key] = append(out[key], strings.TrimSpace(v))
			}
		}
	}
	return out
}

func section(ar *txtar.Archive, name string) string {
	for _, f := range ar.Files {
		if f.Name == name {
			return string(f.Data)
		}
	}
	return ""
}

// goMethod is the text of one method of the emitted Go.
func goMethod(src, recv, name string) string {
	m := regexp.MustCompile(`(?m)^func \(\w+ \*` + recv + `(Eval)?\) ` + name + `\([^\n]*\{\n`).FindStringIndex(src)
	if m == nil {
		return ""
	}
	end := strings.Index(src[m[0]:], "\n}\n")
	return src[m[0] : m[0]+end+3]
}

// check holds an intent such as contract=2 against the Go of a method.
func check(t *testing.T, intent, code string) {
	for _, w := range strings.Fields(intent) {
		key, text, _ := strings.Cut(w, "=")
		want, err := strconv.Atoi(text)
		var got int
		switch {
		case err != nil:
			t.Fatalf("intent %s", w)
		case key == "contract":
			got = strings.Count(code, "rt.Gemm(") + strings.Count(code, "rt.Contract(")
		case key == "loops":
			got = strings.Count(code, "\n\tfor ") - strings.Count(code, "rt.ShareSums(")
		default:
			t.Fatalf("intent %s", w)
		}
		if got != want {
			t.Errorf("%s: want %d, got %d in\n%s", key, want, got, code)
		}
	}
}

// stages are the equations of an entry as they were lowered, and those of the
// method after all passes.
func stages(t *testing.T, src, entry, name string) (lowered, final string) {
	m, ds := dsl.Load("in.nn", []byte(src), dsl.Options{})
	if m == nil {
		t.Fatal(ds)
	}
	for _, e := range m.Entries {
		if e.Name != entry {
			continue
		}
		list, err := methods(e)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range list {
			c, err := x.compile(Options{})
			if err != nil {
				t.Fatal(err)
			}
			kinds := map[string]string{"value": "Loss Forward Value", "lossgrad": "LossGrad", "jvp": "JVP", "hvp": "HVP", "grad": "GradX"}
			if slices.Contains(strings.Fields(kinds[x.kind]), name) {
				return ir.Print(x.low.Program), ir.Print(c.Program)
			}
		}
	}
	t.Fatalf("no method %s.%s", entry, name)
	return "", ""
}
