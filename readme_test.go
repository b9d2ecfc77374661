package nnc

import (
	"os"
	"strings"
	"testing"
)

// TestReadme compiles the model of the README and finds in the result what the
// README says comes out.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := func(kind string) []string {
		_, rest, _ := strings.Cut(string(text), "```"+kind+"\n")
		body, _, found := strings.Cut(rest, "```")
		if !found {
			t.Fatalf("no block of kind %s", kind)
		}
		return strings.Split(strings.TrimSpace(body), "\n")
	}
	src := []byte(strings.Join(block("nn"), "\n") + "\n")
	if out, _ := Format("mlp.nn", src); string(out) != string(src) {
		t.Errorf("the model is not in the usual form:\n%s", out)
	}
	r, err := Compile("mlp.nn", src, Options{Package: "mlp"})
	if err != nil || len(r.Diagnostics) > 0 {
		t.Fatal(err, r.Diagnostics)
	}
	// The excerpt goes from the matrix product of the gradient's forward pass to
	// the end of the loop behind it.
	_, excerpt, _ := strings.Cut(string(r.Go), ") LossGrad(")
	_, excerpt, _ = strings.Cut(excerpt, "\n\n")
	excerpt, _, _ = strings.Cut(excerpt, "\n\t}\n")
	excerpt += "\n\t}\n"
	if before, rest, _ := strings.Cut(string(text), "```go excerpt\n"); !strings.HasPrefix(rest, excerpt+"```") {
		if _, after, found := strings.Cut(rest, "```"); found && *update {
			if err := os.WriteFile("README.md", []byte(before+"```go excerpt\n"+excerpt+"```"+after), 0o666); err != nil {
				t.Fatal(err)
			}
		} else {
			t.Errorf("the excerpt of the emitted Go is now (-update writes it)\n%s", excerpt)
		}
	}
	for _, line := range block("go outline") {
		if line != "" && !strings.Contains(string(r.Go), "\n"+line+" ") && !strings.Contains(string(r.Go), "\n"+line+"\n") {
			t.Errorf("the emitted Go has no line %s", line)
		}
	}
	grad, err := ExplainGrad("mlp.nn", src, Options{}, "", "W1")
	if want := strings.Join(block("text"), "\n") + "\n"; err != nil || grad != want {
		t.Errorf("%v: the gradient is\n%snot\n%s", err, grad, want)
	}
	out, err := Eval(Case{File: "cubes.nn", Source: []byte("fn F(x: [D]) = sum(x^3)"), Entry: "F.grad", Input: []byte(`{"args": {"x": [1, 2]}}`)})
	if err != nil || !strings.Contains(string(text), string(out)) {
		t.Errorf("%v: eval says %s", err, out)
	}
}
