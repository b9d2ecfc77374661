package syntax

import (
	"os"
	"path/filepath"
	"testing"
)

// programs are the files that must parse and format: the repository's own
// copies, and the collection beside the repository where there is one.
func programs(t testing.TB) map[string][]byte {
	t.Helper()
	files, _ := filepath.Glob("testdata/programs/*.nn")
	if len(files) < 19 {
		t.Fatalf("only %d programs under testdata", len(files))
	}
	more, _ := filepath.Glob("../../../shared/programs/*.nn")
	out := map[string][]byte{}
	for _, name := range append(files, more...) {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		out[name] = src
	}
	return out
}

func TestParsePrograms(t *testing.T) {
	for name, src := range programs(t) {
		if _, err := Parse(name, src); err != nil {
			t.Error(err)
		}
	}
}
