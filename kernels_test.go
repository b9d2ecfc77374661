package nnc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// chains are programs whose loops are kernels: every operation that package simd
// has, rows that are set and added to, sums, and numbers beside rows; several loops
// over a row with numbers between them, largest and smallest elements, tests of the
// index, labels. Rows of N elements lie one behind the other, so for most N they are
// not aligned.
var chains = []string{
	"fn A(x: [M, N], y: [M, N], s: real) -> (a: [M, N]) { a[m, n] = tanh(x[m, n]) * sigmoid(y[m, n]) - s / (1 + y[m, n]^2) }",
	"fn B(x: [M, N], y: [M, N], s: real) -> (a: [N]) { a[n] = sum[m] (s * x[m, n] - relu(y[m, n] + 0.25)) * softplus(x[m, n]) }",
	"fn C(x: [M, N], y: [M, N], s: real) -> (a: [M]) { a[m] = sum[n] (s + sqrt(abs(y[m, n])) * erf(x[m, n])) }",
	"fn D(x: [M, N], y: [M, N], s: real) -> (a: [M, N]) { a[m, n] = if y[m, n] > 0 then (x[m, n] + s) * log(x[m, n]) else -x[m, n] }",
	"fn E(x: [M, N], y: [M, N], s: real) -> (a: [M, N]) { a[m, n] = expm1(y[m, n]) / s + gelu(x[m, n]) - exp(-x[m, n]^2) }",
	"fn W(x: [M, N], y: [M, N], s: real) -> (a: [M, N], b: [M, N]) { a[m, n] = s * abs(x[m, n])^y[m, n] + x[m, n]^s;  b[m, n] = (1 + s)^x[m, n] * x[m, n]^(round(4 * y[m, n])) }",
	"fn F(x: [M, N], y: [M, N], s: real) -> (a: [M, N], b: [M, N]) { a[m, n] = max(x[m, n], y[m, n]) * log1p(y[m, n]);  b[m, n] = min(x[m, n], a[m, n]) + s * silu(y[m, n]) }",
	"fn G(x: [M, N], y: [M, N], s: real) -> (a: [M, N]) { a[m, n] = if abs(x[m, n]) <= 1 then round(4 * y[m, n]) - floor(x[m, n]) else s * ceil(y[m, n]) }",
	"fn H(x: [M, N], y: [M, N], s: real) -> (a: [M], b: [M], c: [N]) { a[m] = sum[n] (x[m, n] - s)^2;  b[m] = sum[n] (x[m, n] - s) * y[m, n];  c[n] = sum[m] (x[m, n] - s) * y[m, n] }",
	"fn I(x: [M, N], y: [M, N], s: real) -> (a: [M, N], b: [M]) { z[m, n] = if n <= m + 3 then s * x[m, n] + y[m, n] else -inf;  a = softmax(z);  b[m] = max[n] a[m, n] * y[m, n] }",
	"fn J(x: [M, N], y: [M, N], s: real) -> (a: [M, N], b: [M]) { c[m] = tanh(mean[n] x[m, n]);  d[m, n] = x[m, n] - c[m];  b[m] = sqrt(1 + abs(tanh(sum[n] d[m, n] * y[m, n])));  a[m, n] = s * d[m, n] / b[m] + y[m, n] }",
	"fn K(x: [M, N], y: [M, N], s: real) -> (a: [M, N], b: [M]) { c[m] = min[n] (x[m, n] + y[m, n]);  a[m, n] = if n > 2 * m then exp(x[m, n] - c[m]) else s * c[m];  b[m] = if c[m] < 0 then s else c[m] }",
	"fn L(x: [M, N], y: [M, N], s: real, k: [M] in N) -> (a: real, b: [M, N], c: [N], h: real) { h = sum[m] (if (argmax[n] y[m, n]) == k[m] then 1 else s);  p[m, n] = s * x[m, n];  l[m] = logsumexp[n](p[m, n]);  b[m, n] = exp(p[m, n] - l[m]) - (if n == k[m] then 1 else 0);  a = sum[m] (l[m] - p[m, k[m]]);  c[n] = sum[m] b[m, n] * y[m, n] }",
	"fn R(x: [B, M, N], s: real) -> (a: real, z: [B, M, N], c: [M], e: [B]) { z[b, m, n] = tanh(s * x[b, m, n]);  y[b, m, n] = min(max(x[b, m, n], -1), 1);  c[m] = sum[b, n] z[b, m, n] * y[b, m, n];  e[b] = max[m] (0.125 * sum[n] z[b, m, n] - s);  a = min[b, m] (mean[n] z[b, m, n]) }",
	"fn U(x: [M, N], y: [M, N], s: real) -> (a: [M] in N, b: [M] in N, c: [M], d: [M, N], e: [M]) { z[m, n] = abs(x[m, n] - y[m, n]);  a[m] = argmax[n] z[m, n];  b[m] = argmin[n] max(x[m, n], 0.5 * y[m, n]);  c[m] = max[n] z[m, n];  d[m, n] = if n == a[m] then y[m, n] else if n <= b[m] then x[m, n] else s;  e[m] = if a[m] <= b[m] then s else if a[m] > 2 * m + 1 then c[m] else -s }",
	"fn V(x: [M, N], y: [M, N], s: real) -> (a: [M] in N, b: [M], c: [M] in N) { z[m, n] = relu(x[m, n] - y[m, n]) * s;  a[m] = argmin[n] z[m, n];  b[m] = y[m, a[m]] ?? s;  c[m] = argmax[n] relu(s - z[m, n]) }",
}

// fixed are programs whose rows have a constant length: less than a vector, some
// vectors and a rest, some vectors; and one with two lengths.
func fixed() []string {
	var out []string
	for _, n := range []string{"10", "37", "64"} {
		out = append(out, strings.ReplaceAll("fn P#(x: [M, #], y: [M, #], s: real) -> (a: [M, #], b: [M], c: [#]) { z[m, n] = s * x[m, n] - y[m, n];  a = softmax(z);  b[m] = sum[n] a[m, n] * y[m, n];  c[n] = sum[m] (a[m, n] - b[m]) }", "#", n))
	}
	return append(out, "fn T(x: [M, 48], s: real) -> (a: [M, 48], b: [M, 16], c: [M, 48]) { z[m, n] = s * x[m, n] + 0.5;  a[m, n] = if n < 16 then tanh(z[m, n]) else if n < 32 then exp(-abs(z[m, n])) else 2 * z[m, n];  b[m, n] = a[m, n] * a[m, n + 16] + a[m, n + 32];  l[m] = sum[n] b[m, n];  c[m, n] = tanh(a[m, n]) - tanh(l[m]) }")
}

// many is a program with more rows than there are registers for pointers.
func many() string {
	results, body := "a0: [M, N]", "a0[m, n] = x[m, n] * s"
	for k := range 14 {
		results += fmt.Sprintf(", a%d: [M, N]", k+1)
		body += fmt.Sprintf(";  a%d[m, n] = max(a%d[m, n], y[m, n]) * 0.5 - x[m, n]", k+1, k)
	}
	return fmt.Sprintf("fn Q(x: [M, N], y: [M, N], s: real) -> (%s, z: [M]) { %s;  z[m] = min[n] a14[m, n] }", results, body)
}

// told are programs with arguments that tell sizes where x tells none, as it has no
// elements.
func told(programs []string) []string {
	var out []string
	for _, s := range programs {
		sizes := "(u: [M], v: [N], "
		if strings.Contains(s, "x: [B,") {
			sizes = "(w: [B], u: [M], v: [N], "
		}
		out = append(out, strings.Replace(s, "(", sizes, 1))
	}
	return out
}

// kernelMain calls the chains for rows of 0 to 67 elements of the numbers that it reads,
// and for no rows, and prints what comes out in the order of the results.
const kernelMain = `package main

import (
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
)

func main() {
	var in [3][]string
	if err := json.NewDecoder(os.Stdin).Decode(&in); err != nil {
		log.Fatal(err)
	}
	number := func(of []string, i int) real {
		var x float64
		if _, err := fmt.Sscan(of[i%len(of)], &x); err != nil {
			log.Fatal(err)
		}
		return real(x)
	}
	var out [][]real
	result := func(size int) []real {
		out = append(out, make([]real, size))
		return out[len(out)-1]
	}
	index := func(size int) indices { return indices{result(size), make([]int32, size)} }
	check := func(err error) {
		if err != nil {
			log.Fatal(err)
		}
	}
	show := func() {
		for _, r := range out {
			for _, v := range r {
				fmt.Println(math.Float64bits(float64(v)))
			}
		}
		out = nil
	}
	const s = 1.5
	try := func(M, N int) {
		var x, y []real
		for m := range M {
			for n := range N {
				if m == 1 {
					x, y = append(x, number(in[0], n+3)), append(y, number(in[2], n+2))
				} else {
					x, y = append(x, number(in[1], n+m)), append(y, number(in[0], n+1))
				}
			}
		}
		u, v, w := make([]real, M), make([]real, N), make([]real, 2)
		check(NewA(ADims{M, N}).Value(ABatch{u, v, x, y, s}, result(M*N)))
		check(NewB(BDims{M, N}).Value(BBatch{u, v, x, y, s}, result(N)))
		check(NewC(CDims{M, N}).Value(CBatch{u, v, x, y, s}, result(M)))
		check(NewD(DDims{M, N}).Value(DBatch{u, v, x, y, s}, result(M*N)))
		check(NewE(EDims{M, N}).Value(EBatch{u, v, x, y, s}, result(M*N)))
		check(NewF(FDims{M, N}).Value(FBatch{u, v, x, y, s}, result(M*N), result(M*N)))
		check(NewG(GDims{M, N}).Value(GBatch{u, v, x, y, s}, result(M*N)))
		check(NewH(HDims{M, N}).Value(HBatch{u, v, x, y, s}, result(M), result(M), result(N)))
		check(NewI(IDims{M, N}).Value(IBatch{u, v, x, y, s}, result(M*N), result(M)))
		check(NewJ(JDims{M, N}).Value(JBatch{u, v, x, y, s}, result(M*N), result(M)))
		check(NewK(KDims{M, N}).Value(KBatch{u, v, x, y, s}, result(M*N), result(M)))
		a, b := index(M), index(M)
		check(NewU(UDims{M, N}).Value(UBatch{u, v, x, y, s}, a.int32, b.int32, result(M), result(M*N), result(M)))
		a.keep()
		b.keep()
		a = index(M)
		c := result(M)
		b = index(M)
		check(NewV(VDims{M, N}).Value(VBatch{u, v, x, y, s}, a.int32, c, b.int32))
		a.keep()
		b.keep()
		if N > 0 || M == 0 { // else there are no labels
			labels := []int32{int32(N / 2), 0, int32(N - 1)}
			first := result(1)
			l, hits, err := NewL(LDims{M, N}).Value(LBatch{u, v, x, y, s, labels[:M]}, result(M*N), result(N))
			check(err)
			first[0] = l
			result(1)[0] = hits
		}
		first := result(1)
		r, err := NewR(RDims{2, M, N}).Value(RBatch{w, u, v, append(x[:M*N:M*N], y...), s}, result(2*M*N), result(M), result(2))
		check(err)
		first[0] = r
		var list [15][]real
		for i := range list {
			list[i] = result(M * N)
		}
		check(NewQ(QDims{M, N}).Value(QBatch{u, v, x, y, s}, list[0], list[1], list[2], list[3], list[4], list[5], list[6], list[7],
			list[8], list[9], list[10], list[11], list[12], list[13], list[14], result(M)))
		none := M + N == 0
		if N == 10 || none {
			check(NewP10(P10Dims{M}).Value(P10Batch{x, y, s}, result(M*10), result(M), result(10)))
		}
		if N == 37 || none {
			check(NewP37(P37Dims{M}).Value(P37Batch{x, y, s}, result(M*37), result(M), result(37)))
		}
		if N == 48 || none {
			check(NewT(TDims{M}).Value(TBatch{x, s}, result(M*48), result(M*16), result(M*48)))
		}
		if N == 64 || none {
			check(NewP64(P64Dims{M}).Value(P64Batch{x, y, s}, result(M*64), result(M), result(64)))
		}
		show()
	}
	try(0, 0)
	try(0, 5)
	for N := range 68 {
		try(3, N)
	}
}

// indices are a result that is shown as reals.
type indices struct {
	out   []real
	int32 []int32
}

func (x indices) keep() {
	for i, v := range x.int32 {
		x.out[i] = real(v)
	}
}
`

// TestKernels: kernels for AVX-512, those for AVX2, and calls on rows in plain Go
// give the same numbers for rows of 1 to 67 elements anywhere in memory, for
// subnormal numbers, infinities and NaNs; and for rows without elements, and no rows,
// what the interpreter gives.
func TestKernels(t *testing.T) {
	if testing.Short() {
		t.Skip("builds programs")
	}
	for _, dtype := range []string{"f32", "f64"} {
		real, tol := "float32", 2e-6
		if dtype == "f64" {
			real, tol = "float64", 4e-15
		}
		programs := append(fixed(), told(append([]string{many()}, chains...))...)
		source := []byte("dtype " + dtype + "\n" + strings.Join(programs, "\n"))
		r, err := Compile("chains.nn", source, Options{Package: "main", SIMD: true})
		if err != nil || r.Go == nil {
			t.Fatal(err, r.Diagnostics)
		}
		if n := strings.Count(string(r.Assembly), "TEXT "); n < 2*len(programs) {
			t.Fatalf("%d functions in assembly", n)
		}
		s, err := newScratch()
		if err != nil {
			t.Skip(err)
		}
		defer s.close()
		for name, text := range map[string][]byte{
			"f.go": r.Go, "f_amd64.go": r.Stubs, "f_amd64.s": r.Assembly, "main.go": []byte(kernelMain + "\ntype real = " + real + "\n")} {
			if err := s.write(name, text); err != nil {
				t.Fatal(err)
			}
		}
		bin, err := s.build()
		if err != nil {
			t.Fatal(err)
		}
		var nothing []float64
		for _, size := range [][2]int{{0, 0}, {0, 5}, {3, 0}} {
			entries := strings.Split("A B C D E F G H I J K U V L R Q P10 P37 T P64", " ")
			if size != [2]int{} {
				entries = entries[:16]
			}
			for _, e := range entries {
				if e != "L" || size[0] == 0 {
					nothing = append(nothing, ofNothing(t, source, e, size[0], size[1])...)
				}
			}
		}
		for name, numbers := range extremes {
			run := func(off string) []float64 {
				input, _ := json.Marshal([3][]string{ordinary, numbers[0], numbers[1]})
				cmd := exec.Command(bin)
				cmd.Env = append(os.Environ(), "GODEBUG="+off)
				cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
				text, err := cmd.Output()
				if err != nil {
					t.Fatal(err)
				}
				var out []float64
				for w := range strings.FieldsSeq(string(text)) {
					bits, _ := strconv.ParseUint(w, 10, 64)
					out = append(out, math.Float64frombits(bits))
				}
				return out
			}
			want := run("cpu.avx512f=off,cpu.avx2=off")
			for i, y := range nothing {
				if x := want[i]; apart(x, y) > tol*math.Max(1, math.Abs(y)) {
					t.Errorf("%s: of nothing, number %d is %v, the interpreter says %v", dtype, i, x, y)
				}
			}
			if n := len(nothing) + (28*3+3)*67*68/2 + 67*(3*15+2+3) + 4*(10+37+64) + 3*3 + 3*(48+16+48); len(want) != n {
				t.Fatalf("%d numbers, want %d", len(want), n)
			}
			for _, off := range []string{"", "cpu.avx512f=off"} {
				for i, x := range run(off) {
					y := want[i]
					if x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) <= tol*math.Max(1, math.Abs(y)) {
						continue
					}
					t.Errorf("%s, %s, without %q: number %d is %v, by plain Go %v", dtype, name, off, i, x, y)
					break
				}
			}
		}
	}
}

var argument = regexp.MustCompile(`(\w+): (\[.*?\]|real)`)

// ofNothing is what the interpreter gives for m rows of n elements, one of which is 0,
// in the order of the results.
func ofNothing(t *testing.T, source []byte, entry string, m, n int) (out []float64) {
	t.Helper()
	_, list, _ := strings.Cut(string(source), "fn "+entry+"(")
	list, _, _ = strings.Cut(list, ") ->")
	args := map[string]any{}
	for _, a := range argument.FindAllStringSubmatch(list, -1) {
		var value any = 1.5
		for _, dim := range slices.Backward(strings.Split(strings.Trim(a[2], "[]"), ", ")) {
			size, known := map[string]int{"B": 2, "M": m, "N": n}[dim]
			if !known {
				size, _ = strconv.Atoi(dim)
			}
			if dim != "real" {
				value = slices.Repeat([]any{value}, size)
			}
		}
		args[a[1]] = value
	}
	input, _ := json.Marshal(map[string]any{"args": args})
	text, err := Eval(Case{File: "t.nn", Source: source, Entry: entry, Input: input})
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	for {
		switch x, err := d.Token(); x := x.(type) {
		case nil:
			if err != nil {
				return out
			}
		case float64:
			out = append(out, x)
		case string: // NaN, Inf; or a name
			if v, err := strconv.ParseFloat(x, 64); err == nil {
				out = append(out, v)
			}
		}
	}
}

// Ordinary numbers, and what is put into the middle row of x and y with them.
var (
	ordinary = []string{"0.3", "-1.7", "2.5", "-0.01", "0.9", "-3.2", "1e-3", "7"}
	extremes = map[string][2][]string{
		"ordinary":  {ordinary, ordinary},
		"subnormal": {{"0", "-0", "1e-40", "-1e-42", "1e-30", "5e-324", "-2e-310"}, {"-0", "1e-39", "0", "-1e-45", "3e-308"}},
		"large":     {{"60", "-60", "300", "-1e10", "1e18", "88.5", "-104"}, {"-88", "710", "-746", "1e4", "-20"}},
		"no number": {{"NaN", "+Inf", "-Inf", "1", "-1", "0"}, {"1", "NaN", "-Inf", "+Inf", "0.5"}},
	}
)
