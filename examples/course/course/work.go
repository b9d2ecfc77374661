package course

import (
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/nnc-lang/nnc"
)

// Operations is how many floating-point operations a method of a file takes for
// sizes, as `nnc explain -cost` counts them. Tests compare these, not times, which
// depend on what else a machine does. The method is named as there: Fit.lossgrad.
func Operations(t *testing.T, file, method string, dims map[string]int) float64 {
	t.Helper()
	src, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	entry, _, _ := strings.Cut(method, ".")
	text, err := nnc.ExplainCost(file, src, nnc.Options{}, entry, dims, false)
	if err != nil {
		t.Fatal(err)
	}
	for table := range strings.SplitSeq(text, "\n\n") {
		if strings.HasPrefix(table, method+" ") {
			lines := strings.Split(strings.TrimSpace(table), "\n")
			return count(t, strings.Fields(lines[len(lines)-1])[0])
		}
	}
	t.Fatalf("%s has no method %s:\n%s", file, method, text)
	return 0
}

// count reads a number such as 8.94M.
func count(t *testing.T, text string) float64 {
	t.Helper()
	scale := 1.0
	for k, unit := range []string{"k", "M", "G", "T", "P"} {
		if digits, found := strings.CutSuffix(text, unit); found {
			text, scale = digits, math.Pow(1000, float64(k+1))
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v * scale
}
