package dsl

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/nnc-lang/nnc/ir"
)

var update = flag.Bool("update", false, "rewrite expected output that differs")

// TestDiagnostics checks what is said about programs with mistakes. A file
// holds a program and, after a line ###, what must be printed.
func TestDiagnostics(t *testing.T) {
	files, _ := filepath.Glob("testdata/errors/*.nn")
	if len(files) == 0 {
		t.Fatal("no cases")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".nn"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			src, want, _ := bytes.Cut(text, []byte("###\n"))
			name := filepath.Base(file)
			_, ds := Load(name, src, Options{})
			got := ds.Render(func(f string) []byte {
				if f == name {
					return src
				}
				_, std := Prelude()
				return std
			})
			if strings.Contains(got, "std.nn:") {
				t.Errorf("a message points into the prelude:\n%s", got)
			}
			if got != string(want) && *update {
				if err := os.WriteFile(file, []byte(string(src)+"###\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("messages differ (-want +got):\n%s", d)
			}
		})
	}
}

// programs are the example programs of the language reference.
func programs(t *testing.T) []string {
	files, _ := filepath.Glob("syntax/testdata/programs/*.nn")
	if len(files) < 10 {
		t.Fatal("the example programs are not there")
	}
	return files
}

func load(t *testing.T, file string) *ir.Module {
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	m, ds := Load(filepath.Base(file), src, Options{Import: func(p string) ([]byte, error) {
		return os.ReadFile(filepath.Join(filepath.Dir(file), p))
	}})
	if len(ds) > 0 {
		t.Fatalf("%s", ds.Error())
	}
	return m
}

// TestPrograms lowers every entry of every example program in every mode.
func TestPrograms(t *testing.T) {
	for _, file := range programs(t) {
		if filepath.Base(file) == "std.nn" {
			continue // an excerpt of the prelude
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			m := load(t, file)
			for _, e := range m.Entries {
				for _, mode := range []ir.Mode{{}, {Train: true}, {Frame: e.Frame}, {Train: true, Frame: e.Frame}} {
					l, err := e.Lower(mode)
					if err != nil {
						t.Fatalf("%s %+v: %v", e.Name, mode, err)
					}
					if err := ir.Verify(l.Program); err != nil {
						t.Errorf("%s %+v: %v", e.Name, mode, err)
					}
					text := ir.Print(l.Program)
					p, err := ir.Parse(text)
					if err != nil {
						t.Fatalf("%s %+v: %v\n%s", e.Name, mode, err, text)
					}
					if again := ir.Print(p); again != text {
						t.Errorf("%s does not round-trip (-printed +parsed):\n%s", e.Name, cmp.Diff(text, again))
					}
				}
			}
		})
	}
}

// TestMLP pins the lowering of the program everybody reads first.
func TestMLP(t *testing.T) {
	m := load(t, "syntax/testdata/programs/mlp.nn")
	l, err := m.Entries[1].Lower(ir.Mode{})
	if err != nil {
		t.Fatal(err)
	}
	want := `program Fit
dim N call
input net.W1: real[784, 128] param
input net.b1: real[128] param
input net.W2: real[128, 10] param
input net.b2: real[10] param
input x: real[N, 784] data
input y: int[N] in 10 data
h[n, j] = max(sum[i in 784] x[n, i]*net.W1[i, j] + net.b1[j], 0)  n in N, j in 128  // mlp.nn:9
z[n, i] = sum[j in 128] h[n, j]*net.W2[j, i] + net.b2[i]  n in N, i in 10  // mlp.nn:10
p[n, k] = exp(z[n, k])/(sum[j in 10] exp(z[n, j]))  n in N, k in 10  // mlp.nn:10
loss = (sum[n in N] (-log(p[n, y[n]])))/N + 0.0001*(sum[i in 784, j in 128] net.W1[i, j]^2 + (sum[i in 128, j in 10] net.W2[i, j]^2))  // mlp.nn:13
output loss = loss
`
	if d := cmp.Diff(want, ir.Print(l.Program)); d != "" {
		t.Errorf("mlp.nn lowers differently (-want +got):\n%s", d)
	}
}

func FuzzLoad(f *testing.F) {
	for _, glob := range []string{"testdata/errors/*.nn", "syntax/testdata/programs/*.nn"} {
		files, _ := filepath.Glob(glob)
		for _, file := range files {
			if src, err := os.ReadFile(file); err == nil {
				f.Add(src)
			}
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		m, ds := Load("f.nn", src, Options{})
		if m == nil && !ds.HasErrors() {
			t.Fatal("no module and no error")
		}
		if m == nil {
			return
		}
		for _, e := range m.Entries {
			if l, err := e.Lower(ir.Mode{Frame: e.Frame}); err == nil {
				if err := ir.Verify(l.Program); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
}
