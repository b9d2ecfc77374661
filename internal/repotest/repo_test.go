package repotest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module   = "github.com/nnc-lang/nnc"
	root     = "../.." // of the repository, from this folder
	maxLines = 500     // of a hand-written Go file
)

// imports says, for each part of the compiler, which packages of this module
// its code may import: the folders named, with all below them; "." is the root
// alone. Parts not listed are free. Tests may import what they like, except
// those of runtime.
var imports = []struct {
	part   string
	may    []string
	tests  bool // holds for tests too
	reason string
}{
	{"ir/interp", []string{"ir", "runtime"}, false, "draws are those of the runtime"},
	{"ir/pass", []string{"ir"}, false, "passes rewrite ir"},
	{"dsl", []string{"dsl", "diff", "ir"}, false, "dsl lowers text to ir, and grad[x] e to its derivative"},
	{"diff", []string{"diff", "ir"}, false, "diff turns ir into ir"},
	{"codegen", []string{"codegen", "ir", "internal/par", "internal/simd"}, false, "codegen prints ir"},
	{"internal/simd", []string{"internal/simd"}, false, "a kernel is told without ir"},
	{"graph", []string{"graph", "ir"}, false, "graph draws ir"},
	{"runtime", []string{"runtime"}, true, "emitted code imports runtime, and must not draw in the compiler"},
	{"cmd/nnc", []string{".", "cmd/nnc"}, false, "the command is flags and files; nnc.Compile is for everyone"},
}

// runtimeDeps are the modules' packages that runtime may import beside the
// standard library; a generator (package main) is not part of it.
var runtimeDeps = []string{"gonum.org/v1/gonum", "golang.org/x/sys/cpu"}

// within reports whether the folder dir is part or lies below it.
func within(dir, part string) bool {
	return dir == part || part != "." && strings.HasPrefix(dir, part+"/")
}

func TestImports(t *testing.T) {
	for _, f := range goFiles(t) {
		for _, rule := range imports {
			if !within(f.dir, rule.part) || f.test && !rule.tests {
				continue
			}
			for _, imp := range f.imports(t) {
				dir, ours := local(imp)
				if ours && !slices.ContainsFunc(rule.may, func(part string) bool { return within(dir, part) }) {
					t.Errorf("%s imports %s; %s may import only %v: %s", f.name, imp, rule.part, rule.may, rule.reason)
				}
			}
		}
	}
}

func TestRuntimeDependencies(t *testing.T) {
	for _, f := range goFiles(t) {
		if !within(f.dir, "runtime") || f.test || f.syntax.Name.Name == "main" {
			continue
		}
		for _, imp := range f.imports(t) {
			first, _, _ := strings.Cut(imp, "/")
			_, ours := local(imp)
			standard := !strings.Contains(first, ".")
			if !ours && !standard && !slices.ContainsFunc(runtimeDeps, func(dep string) bool { return within(imp, dep) }) {
				t.Errorf("%s imports %s; runtime lives on %v and the standard library, because it enters every user's go.mod", f.name, imp, runtimeDeps)
			}
		}
	}
}

func TestPackageDocs(t *testing.T) {
	type pkg struct{ dir, name string }
	docs := map[pkg][]string{}
	for _, f := range goFiles(t) {
		if f.generated() {
			continue // a package of emitted code alone is told by its .nn file
		}
		p := pkg{f.dir, strings.TrimSuffix(f.syntax.Name.Name, "_test")}
		docs[p] = append(docs[p], f.syntax.Doc.Text())
	}
	for p, texts := range docs {
		doc := strings.Join(texts, "")
		switch {
		case doc == "":
			t.Errorf("package %s in %s has no doc comment: what is it for, what goes in and out?", p.name, p.dir)
		case p.name != "main" && !strings.HasPrefix(doc, "Package "+p.name+" "):
			t.Errorf("the doc comment in %s does not begin with %q: %.40q", p.dir, "Package "+p.name, doc)
		}
	}
}

func TestFileLengths(t *testing.T) {
	for _, f := range goFiles(t) {
		if n := bytes.Count(f.text, []byte("\n")); n > maxLines && !f.generated() {
			t.Errorf("%s has %d lines, more than %d: which noun in it deserves a file of its own?", f.name, n, maxLines)
		}
	}
}

// machinePath matches an absolute path below a developer's folders. It is put
// together here so as not to match itself.
var machinePath = regexp.MustCompile(`(?:^|[^\w.~$}-])/(?:` + strings.Join([]string{"root", "work", "home", "Users"}, "|") + `)/`)

func TestMachinePaths(t *testing.T) {
	for _, name := range files(t) {
		text, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue // deleted, but not yet in the index
		}
		if err != nil {
			t.Error(err)
			continue
		}
		if bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
			continue // as git tells binary from text
		}
		for i, line := range strings.Split(string(text), "\n") {
			if machinePath.MatchString(line) {
				t.Errorf("%s:%d names a path of one machine: %.100s", name, i+1, strings.TrimSpace(line))
			}
		}
	}
}

func TestMachinePathPattern(t *testing.T) {
	for text, want := range map[string]bool{
		"/" + "root/go":                true,
		`open "/` + `home/ann/x.nn"`:   true,
		"file:///" + "work/x":          true,
		"example.com/" + "home/x.html": false,
		"$HOME/" + "work/x":            false,
		"a/../" + "root/x":             false,
		"/usr/local/go":                false,
	} {
		if got := machinePath.MatchString(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

// goFile is a parsed Go file outside testdata.
type goFile struct {
	name, dir string // slash-separated, from the root of the repository
	test      bool
	text      []byte
	syntax    *ast.File // package clause, imports and comments
}

// local returns the folder of an imported package of this module.
func local(imp string) (dir string, ours bool) {
	if imp == module {
		return ".", true
	}
	return strings.CutPrefix(imp, module+"/")
}

func (f goFile) imports(t *testing.T) (paths []string) {
	t.Helper()
	for _, spec := range f.syntax.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Errorf("%s: import %s: %v", f.name, spec.Path.Value, err)
			continue
		}
		paths = append(paths, p)
	}
	return paths
}

func (f goFile) generated() bool {
	return strings.HasSuffix(f.name, "_nn.go") || ast.IsGenerated(f.syntax)
}

// goFiles parses every Go file whatever its build constraints; the go command
// would show only those of one platform.
func goFiles(t *testing.T) (list []goFile) {
	t.Helper()
	fset := token.NewFileSet()
	for _, name := range files(t) {
		if path.Ext(name) != ".go" || slices.ContainsFunc(strings.Split(name, "/"), ignored) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(root, name))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		syntax, err := parser.ParseFile(fset, name, text, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, goFile{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), text, syntax})
	}
	if len(list) == 0 {
		t.Fatal("no Go files found: these tests look in the wrong place")
	}
	return list
}

// ignored reports whether the go command passes over a file or folder.
func ignored(element string) bool {
	return element == "testdata" || element == "vendor" || strings.HasPrefix(element, "_") || strings.HasPrefix(element, ".")
}

// files lists the tracked files of the repository, or all files where the
// source was unpacked without git.
func files(t *testing.T) (names []string) {
	t.Helper()
	out, err := lsFiles()
	if err == nil && len(out) > 0 {
		return strings.Split(strings.TrimSuffix(out, "\x00"), "\x00")
	}
	err = filepath.WalkDir(root, func(p string, d os.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return filepath.SkipDir
		case d.Type().IsRegular():
			rel, err := filepath.Rel(root, p)
			names = append(names, filepath.ToSlash(rel))
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func lsFiles() (string, error) {
	if _, err := os.Stat(filepath.Join(root, ".git")); err != nil {
		return "", fmt.Errorf("not a checkout: %w", err)
	}
	// Looked at only for the test cache: a file that git adds to its index
	// makes an earlier result stale.
	_, _ = os.Stat(filepath.Join(root, ".git", "index"))
	cmd := exec.Command("git", "ls-files", "-z")
	cmd.Dir = root
	out, err := cmd.Output()
	return string(out), err
}
