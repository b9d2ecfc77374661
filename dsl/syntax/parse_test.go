package syntax

import (
	"os"
	"path/filepath"
	"testing"
)

// programs are the reference's programs, by their names.
func programs(t testing.TB) map[string][]byte {
	t.Helper()
	files, _ := filepath.Glob("testdata/programs/*.nn")
	if len(files) < 19 {
		t.Fatalf("only %d programs under testdata", len(files))
	}
	out := map[string][]byte{}
	for _, name := range files {
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
