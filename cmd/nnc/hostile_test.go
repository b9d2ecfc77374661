package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestHostilePaths gives the command paths from outside: as files to compile,
// as imports, and as -o. Whatever it answers, nothing beside the folder it
// works in is created or changed.
func TestHostilePaths(t *testing.T) {
	texts := []string{"a/../../x", "../x", "a/b/../../../x", "..\\x", "CON", "nul.go", "x:y", "a\x00b", "", ".", "..", "LINK/x", "a\nb", "-x"}
	if f, err := os.Open(filepath.Join("..", "..", "..", "shared", "cases", "hostile", "strings.jsonl")); err == nil {
		defer f.Close()
		for lines := bufio.NewScanner(f); lines.Scan(); {
			var r struct{ Slot, Text string }
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatal(err)
			}
			if r.Slot == "path" {
				texts = append(texts, strings.ReplaceAll(r.Text, "LINK_TO_OUTSIDE", "LINK"))
			}
		}
	}
	for _, text := range texts {
		t.Run(text, func(t *testing.T) {
			top := t.TempDir()
			dir, outside := filepath.Join(top, "a", "dir"), filepath.Join(top, "outside")
			for _, d := range []string{dir, outside} {
				if err := os.MkdirAll(d, 0o777); err != nil {
					t.Fatal(err)
				}
			}
			if err := os.Symlink(outside, filepath.Join(dir, "LINK")); err != nil {
				t.Skip(err)
			}
			t.Chdir(dir)
			plain := "model M(x: [2]) -> y: [2] = x |> Dense[2]\n"
			put(t, "plain.nn", plain)
			put(t, "importer.nn", "import \""+text+"\" as b\n"+plain)
			put(t, "importer2.nn", "import \""+text+".nn\" as b\n"+plain)
			before := tree(t, top, dir)
			for _, args := range [][]string{
				{"compile", text}, {"compile", text + ".nn"}, {"compile", "importer.nn"}, {"compile", "importer2.nn"},
				{"check", text}, {"fmt", text}, {"fmt", text + ".nn"}, {"eval", text, "M"}, {"compile", "-pkg", text, "plain.nn"},
			} {
				var out, err bytes.Buffer
				if code := run(args, strings.NewReader(""), &out, &err); code == broken {
					t.Errorf("nnc %q: a bug: %s", args, err.String())
				}
			}
			if after := tree(t, top, dir); before != after {
				t.Errorf("outside the folder, where there was\n%sthere is\n%s", before, after)
			}
		})
	}
}

func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// tree lists what lies below top but not below dir, with contents.
func tree(t *testing.T, top, dir string) string {
	t.Helper()
	var s strings.Builder
	err := filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return fs.SkipDir
		}
		s.WriteString(path + "\n")
		if !d.IsDir() {
			text, err := os.ReadFile(path)
			s.Write(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s.String()
}
