package codegen_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/codegen"
	"github.com/nnc-lang/nnc/ir"
)

// source is a module written as IR text: one entry with its programs.
type source struct {
	name     string // of the entry
	kind     ir.EntryKind
	frozen   bool
	bundles  []*ir.Bundle
	consts   []ir.Const
	programs map[string]string // by kind of method
	wrt      map[string][]string
	f64      bool
}

var kinds = []string{"value", "grad", "jvp", "vjp", "hvp"}

// emit builds the module and prints it as package p.
func (s source) emit(t *testing.T) []byte {
	t.Helper()
	b := ir.NewBuilder()
	m := &ir.Module{Builder: b, File: s.name + ".nn", Consts: s.consts, Bundles: s.bundles, F64: s.f64}
	e := &ir.Entry{Kind: s.kind, Name: s.name}
	m.Entries = []*ir.Entry{e}
	byName := map[string]*ir.Bundle{}
	for _, g := range s.bundles {
		byName[g.Name] = g
	}
	var methods []*codegen.Method
	var low *ir.Lowered
	for _, kind := range kinds {
		text := s.programs[kind]
		if text == "" {
			continue
		}
		p, err := b.ParseProgram(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := ir.Verify(p); err != nil {
			t.Fatal(err)
		}
		if low == nil {
			low = &ir.Lowered{Program: p}
			for _, a := range p.Inputs {
				name, _, dotted := strings.Cut(a.Name, ".")
				if a.Role == ir.Data {
					low.Args = append(low.Args, &ir.Arg{Name: a.Name, Leaves: []*ir.Array{a}})
					continue
				}
				if !dotted {
					name = "params"
				}
				if n := len(low.Args); n > 0 && low.Args[n-1].Name == name {
					low.Args[n-1].Leaves = append(low.Args[n-1].Leaves, a)
					continue
				}
				low.Args = append(low.Args, &ir.Arg{Name: name, Bundle: s.bundles[len(s.bundles)-1], Leaves: []*ir.Array{a}})
			}
		}
		methods = append(methods, &codegen.Method{Entry: e, Lowered: low, Program: p, Kind: kind, Wrt: s.wrt[kind]})
	}
	opt := codegen.Options{Package: "p", Source: m.File, F64: s.f64}
	out, err := codegen.Emit(m, methods, opt)
	if err != nil {
		t.Fatal(err)
	}
	again, err := codegen.Emit(m, methods, opt)
	if err != nil || !bytes.Equal(out, again) {
		t.Errorf("emitting twice gives two texts (%v)", err)
	}
	return out
}

// run builds the emitted package with a test file beside it, vets it, and runs
// the test.
func run(t *testing.T, emitted []byte, test string) {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a module")
	}
	dir := newModule(t)
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("p.go", string(emitted))
	write("p_test.go", "package p\n\n"+test)
	runModule(t, dir)
}

// runForms does so for vectors of each width and without them, if there are kernels.
func runForms(t *testing.T, emitted codegen.Files, test string) {
	t.Helper()
	dir := newModule(t)
	for name, text := range map[string]string{"p.go": string(emitted.Go), "p_amd64.go": string(emitted.Stubs), "p_amd64.s": string(emitted.Assembly), "p_test.go": test} {
		if text == "" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, off := range []string{"", "cpu.avx512f=off", "cpu.avx512f=off,cpu.avx2=off"} {
		if off == "" || emitted.Assembly != nil {
			t.Setenv("GODEBUG", off)
			runModule(t, dir)
		}
	}
}

// newModule makes an empty module that takes nnc from this checkout.
func newModule(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds a module")
	}
	root := goTool(t, ".", "list", "-m", "-f", "{{.Dir}}")
	dir := t.TempDir()
	if keep := os.Getenv("NNC_KEEP"); keep != "" {
		dir = keep
	}
	sum, err := os.ReadFile(filepath.Join(root, "go.sum"))
	if err != nil {
		t.Fatal(err)
	}
	mod := fmt.Sprintf("module p\n\ngo 1.26.0\n\nrequire github.com/nnc-lang/nnc v0.0.0\n\nreplace github.com/nnc-lang/nnc => %s\n", root)
	for name, text := range map[string]string{"go.sum": string(sum), "go.mod": mod} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runModule vets and tests the packages of a module.
func runModule(t *testing.T, dir string) {
	t.Helper()
	goTool(t, dir, "vet", "./...")
	goTool(t, dir, "test", "./...")
}

func goTool(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func field(b *ir.Builder, name string, init *ir.Init, dims ...int64) ir.Field {
	f := ir.Field{Name: name, Init: init}
	for _, d := range dims {
		f.Shape = append(f.Shape, b.Int(d))
	}
	return f
}
