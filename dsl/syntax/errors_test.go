package syntax

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc/dsl/diag"
)

var update = flag.Bool("update", false, "rewrite the expectations of testdata")

// TestErrors reads testdata/errors/*.txt: programs split by lines of ---, each
// followed by ### and the message it must give.
func TestErrors(t *testing.T) {
	files, _ := filepath.Glob("testdata/errors/*.txt")
	if len(files) == 0 {
		t.Fatal("no cases under testdata/errors")
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		cases := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n---\n")
		for i, c := range cases {
			src, want, _ := strings.Cut(c, "\n###\n")
			got := "accepted\n"
			if _, err := Parse("net.nn", []byte(src)); err != nil {
				list, ok := err.(diag.List)
				if !ok || len(list) != 1 || list[0].Code != "NN001" {
					t.Errorf("%s: %q: want one NN001 in a diag.List, got %#v", name, src, err)
					continue
				}
				got = list.Render(func(string) []byte { return []byte(src) })
			}
			got = strings.TrimSuffix(got, "\n")
			if got != want && !*update {
				t.Errorf("%s, case %d:\n%s\ngot\n%s\nwant\n%s", name, i+1, src, got, want)
			}
			cases[i] = src + "\n###\n" + got
		}
		if *update {
			if err := os.WriteFile(name, []byte(strings.Join(cases, "\n---\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
