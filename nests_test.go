package nnc

import (
	"flag"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"testing"
)

var (
	nestCount = flag.Int("nests", 8, "how many programs TestNests tries")
	nestFrom  = flag.Uint64("nestsfrom", 0, "seed of the first program of TestNests")
)

// nestProgram is a random function whose steps are rows, numbers and indices of a row,
// and sums of columns and of all: what a kernel does for one row after the other.
type nestProgram struct {
	*rand.Rand
	rows, numbers, indices []string // what can be read so far
	labels                 bool     // k, which rows without elements have none of
}

func (p *nestProgram) pick(list ...string) string { return list[p.IntN(len(list))] }

// value is an expression in m and, along the row, n.
func (p *nestProgram) value(depth int, along bool) string {
	if depth == 0 {
		list := append([]string{"s", "0.5"}, p.numbers...)
		if along {
			list = append(append(list, p.rows...), p.rows...)
		}
		return p.pick(list...)
	}
	a := func() string { return p.value(depth-1, along) }
	if p.IntN(5) == 0 && len(p.indices) > 0 {
		var tests []string
		for _, i := range p.indices {
			tests = append(tests, i+" < 3 * m + 1", i+" != 2", i+" >= "+p.pick(p.indices...))
			if p.labels {
				tests = append(tests, i+" == k[m]", i+" > k[m]")
			}
		}
		return fmt.Sprintf("(if %s then %s else %s)", p.pick(tests...), a(), a())
	}
	if along && p.IntN(5) == 0 {
		equal := "n == 2 * m"
		if p.labels {
			equal = "n == k[m]"
		}
		tests := []string{"n <= m + 2", "m > n", equal, "n != 3", "x[m, n] > 0.25", "y[m, n] <= x[m, n]", "n + 4 < 3 * m"}
		for _, i := range p.indices {
			tests = append(tests, "n == "+i, "n > "+i, "n + 1 != "+i, "n - 3 <= "+i)
		}
		test := p.pick(tests...)
		return fmt.Sprintf("(if %s then %s else %s)", test, a(), a())
	}
	switch p.IntN(12) {
	case 0, 1:
		return fmt.Sprintf("(%s + %s)", a(), a())
	case 2, 3:
		return fmt.Sprintf("(%s - %s)", a(), a())
	case 4, 5:
		return fmt.Sprintf("(%s * %s)", a(), a())
	case 6:
		return fmt.Sprintf("%s / (2 + abs(%s))", a(), a())
	case 7:
		return fmt.Sprintf("%s(%s, %s)", p.pick("max", "min"), a(), a())
	case 8:
		return fmt.Sprintf("exp(-abs(%s))", a())
	case 9:
		return fmt.Sprintf("sqrt(1 + abs(%s))", a())
	case 10:
		return fmt.Sprintf("%s(%s)", p.pick("tanh", "sigmoid", "relu", "softplus"), a())
	}
	return fmt.Sprintf("log(1 + abs(%s))", a())
}

// shapes are those of results.
var shapes = []string{"[M, N]", "[M]", "[N]", "[M] in N"}

// text is the function, with the names of its results by shape.
func (p *nestProgram) text(name string) (text string, results [4][]string) {
	p.rows = []string{"x[m, n]", "y[m, n]"}
	var steps []string
	for range 2 + p.IntN(5) {
		id := fmt.Sprintf("v%d", len(steps))
		add := func(shape int) { results[shape] = append(results[shape], id) }
		switch p.IntN(6) {
		case 0, 1:
			steps = append(steps, fmt.Sprintf("%s[m, n] = tanh(%s)", id, p.value(2, true)))
			add(0)
			p.rows = append(p.rows, id+"[m, n]")
		case 2:
			steps = append(steps, fmt.Sprintf("%s[m] = tanh(%s)", id, p.value(2, false)))
			add(1)
			p.numbers = append(p.numbers, id+"[m]")
		case 3:
			fold := p.pick("mean[n]", "max[n]", "min[n]", "0.125 * sum[n]", "logsumexp[n]")
			steps = append(steps, fmt.Sprintf("%s[m] = %s (0.5 * x[m, n] + %s)", id, fold, p.value(2, true)))
			add(1)
			p.numbers = append(p.numbers, id+"[m]")
		case 4:
			steps = append(steps, fmt.Sprintf("%s[n] = sum[m] (0.5 * y[m, n] + %s)", id, p.value(2, true)))
			add(2)
		case 5:
			steps = append(steps, fmt.Sprintf("%s[m] = %s[n] (0.5 * x[m, n] + %s)", id, p.pick("argmax", "argmin"), p.value(2, true)))
			add(3)
			p.indices = append(p.indices, id+"[m]")
		}
	}
	sizes, label := "u: [M], v: [N]", "u[m]"
	if p.labels {
		sizes, label = sizes+", k: [M] in N", "x[m, k[m]]"
		if rows := results[0]; len(rows) > 0 {
			label = rows[len(rows)-1] + "[m, k[m]]"
		}
	}
	steps = append(steps, fmt.Sprintf("t = sum[m] (%s - %s)", p.value(1, false), label))
	signature := "t: real"
	for i, list := range results {
		for _, s := range list {
			signature += ", " + s + ": " + shapes[i]
		}
	}
	return fmt.Sprintf("fn %s(%s, x: [M, N], y: [M, N], s: real) -> (%s) { %s }", name, sizes, signature, strings.Join(steps, ";  ")), results
}

// nestMain calls functions for rows of some lengths, and for no rows.
const nestMain = `package main

import (
	"fmt"
	"log"
	"math"
	"os"
)

func main() {
	const s = 1.5
	for _, size := range []int{-5, 0, 1, 2, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 40, 64, 67} {
		M, N := 5, size
		if N < 0 { // so many elements, but no rows
			M, N = 0, -N
		}
		var x, y []real
		for i := range M * N {
			x, y = append(x, real(math.Sin(float64(3*i)))), append(y, real(2*math.Cos(float64(5*i+1))))
			if i%N == 5 && i/N == 2 && len(os.Args) > 1 {
				x[i], y[i] = real(math.NaN()), real(math.Inf(1))
			}
		}
		u, v := make([]real, M), make([]real, N)
		for i := range u {
			u[i] = s
		}
		k := []int32{0, int32(N - 1), int32(N / 2), int32(N / 3), 0}[:M]
		call := func(id string, t real, err error, results ...[]real) {
			if err != nil {
				log.Fatal(err)
			}
			for i, r := range append([][]real{{t}}, results...) {
				for j, v := range r {
					fmt.Println(id, size, i, j, float64(v))
				}
			}
		}
CALLS	}
}

func reals(list []int32) (out []real) {
	for _, x := range list {
		out = append(out, real(x))
	}
	return out
}
`

// TestNests: kernels of random functions, several loops a row, give what plain Go
// gives, for AVX-512 and AVX2, where one row holds a NaN and an infinity too; and rows
// without elements, and no rows, what the interpreter gives.
func TestNests(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	for _, dtype := range []string{"f32", "f64"} {
		real, tol := "float32", 3e-5
		if dtype == "f64" {
			real, tol = "float64", 1e-13
		}
		calls := ""
		programs, nothing := map[string]string{}, map[string][]float64{}
		text := "dtype " + dtype + "\n"
		for i := range uint64(*nestCount) {
			p := &nestProgram{Rand: rand.New(rand.NewPCG(*nestFrom+i, 7)), labels: i%2 == 0}
			name := fmt.Sprintf("F%d", i)
			program, made := p.text(name)
			programs[name] = program
			text += program + "\n"
			nothing[name] = ofNothing(t, []byte(program), name, 0, 5)
			if !p.labels {
				nothing[name] = append(nothing[name], ofNothing(t, []byte(program), name, 5, 0)...)
			}
			results, shown, labels := "", "", ""
			calls += "\t\t{\n"
			if p.labels {
				labels = "k, "
				calls = strings.TrimSuffix(calls, "{\n") + "if N > 0 {\n"
			}
			for j, list := range made {
				for range list {
					r := fmt.Sprintf("r%d", strings.Count(results, ","))
					results += ", " + r
					if shapes[j] == "[M] in N" {
						calls += r + " := make([]int32, M)\n"
						r = "reals(" + r + ")"
					} else {
						calls += fmt.Sprintf("%s := make([]real, %s)\n", r, []string{"M*N", "M", "N"}[j])
					}
					shown += ", " + r
				}
			}
			calls += fmt.Sprintf("t, err := New%[1]s(%[1]sDims{M, N}).Value(%[1]sBatch{u, v, %[3]sx, y, s}%[2]s)\ncall(%[1]q, t, err%[4]s)\n}\n", name, results, labels, shown)
		}
		r, err := Compile("nests.nn", []byte(text), Options{Package: "main", SIMD: true})
		if err != nil || r.Go == nil {
			t.Fatal(err, r.Diagnostics)
		}
		s, err := newScratch()
		if err != nil {
			t.Skip(err)
		}
		defer s.close()
		for name, text := range map[string][]byte{
			"f.go": r.Go, "f_amd64.go": r.Stubs, "f_amd64.s": r.Assembly, "main.go": []byte(strings.Replace(nestMain, "CALLS", calls, 1) + "\ntype real = " + real + "\n")} {
			if err := s.write(name, text); err != nil {
				t.Fatal(err)
			}
		}
		bin, err := s.build()
		if err != nil {
			t.Fatal(err)
		}
		for _, args := range [][]string{nil, {"special"}} {
			run := func(off string) []string {
				cmd := exec.Command(bin, args...)
				cmd.Env = append(os.Environ(), "GODEBUG="+off)
				cmd.Stderr = os.Stderr
				text, err := cmd.Output()
				if err != nil {
					t.Fatal(err)
				}
				return strings.Split(strings.TrimSpace(string(text)), "\n")
			}
			want := run("cpu.avx512f=off,cpu.avx2=off")
			next := maps.Clone(nothing)
			for _, line := range want {
				var id string
				var place [3]int
				var x float64
				if fmt.Sscan(line, &id, &place[0], &place[1], &place[2], &x); place[0] > 0 {
					continue
				}
				if len(next[id]) == 0 || apart(x, next[id][0]) > tol {
					t.Fatalf("%s: %v of nothing, the interpreter says %v\n%s", dtype, line, next[id], programs[id])
				}
				next[id] = next[id][1:]
			}
			for _, off := range []string{"", "cpu.avx512f=off"} {
				wrong := map[string]bool{}
				for i, line := range run(off) {
					var id, same string
					var place, place2 [3]int
					var x, y float64
					fmt.Sscan(line, &id, &place[0], &place[1], &place[2], &x)
					fmt.Sscan(want[i], &same, &place2[0], &place2[1], &place2[2], &y)
					if id != same || place != place2 {
						t.Fatalf("%q is not %q", line, want[i])
					}
					if x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= tol*math.Max(1, math.Abs(y)) || wrong[id] {
						continue
					}
					wrong[id] = true
					t.Errorf("%s, %v, without %q: %v, by plain Go %v\n%s", dtype, args, off, line, y, programs[id])
				}
			}
		}
	}
}
