package syntax

import (
	"bytes"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/nnc-lang/nnc/dsl/diag"
)

// TestNesting: 150 levels of anything are read, of a chain 10,000; 100,000 are
// refused at a place, and none takes long.
func TestNesting(t *testing.T) {
	chains := map[string]bool{"sums": true, "products": true, "pipes": true, "or": true, "and not": true}
	for _, c := range []struct{ name, before, unit, middle, after string }{
		{"parentheses", "", "(", "1", ")"},
		{"lists", "", "[", "1", "]"},
		{"calls", "", "f(", "1", ")"},
		{"indices", "", "x[", "1", "]"},
		{"if", "", "if a then b else ", "c", ""},
		{"if in then", "", "if a then ", "b", " else c"},
		{"minus", "", "-", "1", ""},
		{"powers", "", "x^", "1", ""},
		{"powers of minus", "", "x^-", "1", ""},
		{"sums", "", "1+", "1", ""},
		{"products", "", "x*", "1", ""},
		{"reducers", "", "sum[k] ", "1", ""},
		{"reducers in products", "", "sum[k] x * -", "1", ""},
		{"defaults", "", "x ?? ", "1", ""},
		{"minus behind a default", "x ?? ", "-", "1", ""},
		{"pipes", "x", "", "", " |> f"},
		{"call of a call", "f", "", "", "(x)"},
		{"transposes", "f", "", "", "'"},
		{"fields", "f", "", "", ".x"},
		{"or", "", "a or ", "b", ""},
		{"and not", "", "not a and ", "b", ""},
	} {
		src := func(n int) []byte {
			return []byte("fn f(x) = " + c.before + strings.Repeat(c.unit, n) + c.middle + strings.Repeat(c.after, n) + "\n")
		}
		levels, refusal := 150, "nested deeper than 500"
		if chains[c.name] {
			levels, refusal = 10_000, "a chain of more than 20000"
		}
		if _, err := Parse("f.nn", src(levels)); err != nil {
			t.Errorf("%s: %d levels are refused: %v", c.name, levels, err)
		}
		_, err := Parse("f.nn", src(100_000))
		list, ok := err.(diag.List)
		if !ok || !strings.Contains(list[0].Msg, refusal) || !list[0].Pos().IsValid() {
			t.Errorf("%s: 100,000 levels: %v", c.name, err)
		}
		if f, err := Parse("f.nn", src(1)); err == nil && depth(f) > 12 {
			t.Errorf("%s: depth %d of one level", c.name, depth(f))
		}
	}
}

// depth is the number of expressions in each other.
func depth(n Node) int {
	d := 0
	Walk(n, func(m Node) bool {
		if m == n {
			return true
		}
		d = max(d, depth(m))
		return false
	})
	return d + 1
}

// TestNestingIsBound: what is accepted is no deeper than promised.
func TestNestingIsBound(t *testing.T) {
	for _, unit := range []string{"(", "-", "1+", "sum[k] x*-", "if a then b else ", "x^-", "a or not -sum[k] 2*(", "f(x[", "sum[i] sum[j] -x*y^-", "-a*", "x??"} {
		var last *File
		sort.Search(600, func(n int) bool {
			n++
			open := strings.Repeat(unit, n)
			src := "fn f(x) = " + open + "1"
			for i := len(open) - 1; i >= 0; i-- {
				switch open[i] {
				case '(':
					src += ")"
				case '[':
					if i+2 >= len(open) || open[i+2] != ']' {
						src += "]"
					}
				}
			}
			f, err := Parse("f.nn", []byte(src))
			if err != nil {
				if !strings.Contains(err.Error(), "nested deeper") {
					t.Errorf("%s: %v", unit, err)
				}
				return true
			}
			last = f
			return false
		})
		if d := depth(last); d > 2*maxDepth && unit != "1+" {
			t.Errorf("%s: a tree of depth %d is accepted", unit, d)
		}
	}
}

// TestLarge: big files are answered in a time that grows with their size only;
// what grows with its square would not end before the limit of a test.
func TestLarge(t *testing.T) {
	if testing.Short() {
		t.Skip("slow")
	}
	const n = 1 << 19
	for name, src := range map[string]string{
		"a sum":              "fn f(x) = 1" + strings.Repeat("+1", n/2),
		"parentheses":        "fn f(x) = " + strings.Repeat("(", n),
		"a list":             "fn f(x) = [1" + strings.Repeat(",1", n/2),
		"one string":         `import "` + strings.Repeat("a", n),
		"one name":           "fn " + strings.Repeat("a", n),
		"one number":         "const x = " + strings.Repeat("1", n),
		"one comment":        "//" + strings.Repeat("a", n),
		"comments":           strings.Repeat("//\n", n/3),
		"empty lines":        strings.Repeat("\n", n),
		"spaces":             strings.Repeat(" ", n) + "?",
		"semicolons":         "fn f(x) {" + strings.Repeat(";", n),
		"equations":          "fn f(x) {" + strings.Repeat("y=1\n", 1<<13),
		"declarations":       strings.Repeat("fn f(x) = x // c\n", 1<<13),
		"one-line body":      "fn f(x) {" + strings.Repeat("y=1;", 1<<13) + "}",
		"commented body":     "fn f(x) {" + strings.Repeat("y=1 // c\n", 1<<13) + "}",
		"mistake at the end": strings.Repeat("fn f(x) = x\n", 1<<13) + "fn f(x) = )",
	} {
		start := time.Now()
		if f, err := Parse("f.nn", []byte(src)); err == nil {
			Print(f)
		} else if out := err.(diag.List).Render(func(string) []byte { return []byte(src) }); len(out) > 2000 {
			t.Errorf("%s: a message of %d bytes", name, len(out))
		}
		t.Logf("%s: %v", name, time.Since(start))
	}
	if _, err := Parse("f.nn", bytes.Repeat([]byte(" "), maxSize+1)); err == nil {
		t.Error("a file beyond the limit is accepted")
	}
}

func FuzzParse(f *testing.F) {
	for _, src := range programs(f) {
		f.Add(src)
	}
	for _, s := range []string{"fn f(x) = x +", "\xff", "\ufeff", "a\x00", "fn f(x) { y", "((((", "const x = 1.", `import "`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		_, err := Parse("f.nn", src)
		if err == nil {
			return
		}
		list, ok := err.(diag.List)
		if !ok || len(list) != 1 || list[0].Code != "NN001" || list[0].Msg == "" || !list[0].Pos().IsValid() {
			t.Fatalf("want one NN001 with a place, got %#v", err)
		}
		if p := list[0].Spans[0]; p.Pos.Offset > p.End.Offset || p.End.Offset > len(src) {
			t.Fatalf("span %v-%v is not in the file of %d bytes", p.Pos, p.End, len(src))
		}
		list.Render(func(string) []byte { return src })
	})
}
