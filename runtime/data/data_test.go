package data

import (
	"bytes"
	"compress/gzip"
	"math"
	"slices"
	"strings"
	"testing"
)

func TestReadIDX(t *testing.T) {
	tests := []struct {
		name, file string
		want       []float64
		err        string
	}{
		{"bytes", "\x00\x00\x08\x02\x00\x00\x00\x02\x00\x00\x00\x02\x00\x01\x02\xff", []float64{0, 1, 2, 255}, ""},
		{"int8", "\x00\x00\x09\x01\x00\x00\x00\x01\xff", []float64{-1}, ""},
		{"int16", "\x00\x00\x0b\x01\x00\x00\x00\x01\xff\xfe", []float64{-2}, ""},
		{"int32", "\x00\x00\x0c\x01\x00\x00\x00\x01\x00\x01\x00\x00", []float64{65536}, ""},
		{"float32", "\x00\x00\x0d\x01\x00\x00\x00\x01\x3f\x80\x00\x00", []float64{1}, ""},
		{"float64", "\x00\x00\x0e\x00\x3f\xf0\x00\x00\x00\x00\x00\x00", []float64{1}, ""},
		{"none", "\x00\x00\x08\x01\x00\x00\x00\x00", []float64{}, ""},
		{"empty file", "", nil, "header"},
		{"magic", "\x01\x00\x08\x00\x00", nil, "magic"},
		{"type", "\x00\x00\x0a\x00\x00", nil, "magic"},
		{"cut shape", "\x00\x00\x08\x02\x00\x00\x00\x02\x00", nil, "shape"},
		{"cut data", "\x00\x00\x08\x01\x00\x00\x00\x02\x00", nil, "data"},
		{"promises", "\x00\x00\x08\x01\x40\x00\x00\x00\x00", nil, "data"},
		{"overflow", "\x00\x00\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", nil, "too large"},
		{"overflow to zero", "\x00\x00\x08\x04\x80\x00\x00\x00\x80\x00\x00\x00\x80\x00\x00\x00\x00\x00\x00\x00", nil, "too large"},
		{"trailing", "\x00\x00\x08\x01\x00\x00\x00\x01\x00\x00", nil, "after"},
		{"bad gzip", "\x1f\x8bxxxxxxxxxxxx", nil, "gzip"},
	}
	for _, c := range tests {
		for _, zip := range []bool{false, true} {
			file := c.file
			if zip && c.name != "bad gzip" {
				var b bytes.Buffer
				z := gzip.NewWriter(&b)
				z.Write([]byte(file))
				z.Close()
				file = b.String()
			}
			x, err := ReadIDX(strings.NewReader(file))
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("%s: %v, want an error about %s", c.name, err, c.err)
				}
				continue
			}
			if err != nil || !slices.Equal(Floats[float64](x, 1), c.want) {
				t.Errorf("%s: %v %v", c.name, x, err)
			}
		}
	}
	x := &IDX{Type: 0x0D, Raw: make([]byte, 4)}
	if _, err := x.Ints(); err == nil {
		t.Error("took floats for integers")
	}
}

func TestReadCSV(t *testing.T) {
	tests := []struct {
		text string
		want []float64
		cols int
		err  string
	}{
		{"1,2\n3, 4\n", []float64{1, 2, 3, 4}, 2, ""},
		{"a,b\n1,2.5e1\n", []float64{1, 25}, 2, ""},
		{"", nil, 0, ""},
		{"1,2\n3\n", nil, 0, "wrong number of fields"},
		{"1,2\n3,x\n", nil, 0, `2:3: "x" is not a number`},
		{"a,b\nc,2\n", nil, 0, `2:1: "c" is not a number`},
	}
	for _, c := range tests {
		x, err := ReadCSV[float64](strings.NewReader(c.text))
		switch {
		case c.err != "":
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%q: %v, want %s", c.text, err, c.err)
			}
		case err != nil || !slices.Equal(x.Data, c.want) || x.Cols != c.cols || x.Rows*x.Cols != len(x.Data):
			t.Errorf("%q: %+v %v", c.text, x, err)
		}
	}
}

func sorted(p []int) bool {
	q := slices.Sorted(slices.Values(p))
	for i, v := range q {
		if i != v {
			return false
		}
	}
	return true
}

func TestPerm(t *testing.T) {
	for _, n := range []int{0, 1, 2, 1000} {
		if p := Perm(n, 5); len(p) != n || !sorted(p) {
			t.Errorf("Perm(%d) = %v", n, p)
		}
	}
	if slices.Equal(Perm(20, 1), Perm(20, 2)) || !slices.Equal(Perm(20, 1), Perm(20, 1)) {
		t.Error("the order is not a function of the seed")
	}
	var count [3][3]int
	for seed := range uint64(6000) {
		for i, v := range Perm(3, seed) {
			count[i][v]++
		}
	}
	for _, row := range count {
		for _, n := range row {
			if math.Abs(float64(n)-2000) > 200 {
				t.Errorf("uneven: %v", count)
			}
		}
	}
}

func TestBatches(t *testing.T) {
	var all []int
	var sizes []int
	for b := range Batches(10, 4, 1) {
		all = append(all, b...)
		sizes = append(sizes, len(b))
	}
	if !sorted(all) || !slices.Equal(sizes, []int{4, 4, 2}) {
		t.Error(all, sizes)
	}
	x := Gather(make([]int, 10), []int{0, 1, 10, 11, 20, 21}, []int{2, 0}, 2)
	if !slices.Equal(x, []int{20, 21, 0, 1}) {
		t.Error(x)
	}
}

func TestSplits(t *testing.T) {
	train, held := Split(10, 0.25, 1)
	if len(held) != 3 || !sorted(append(slices.Clone(train), held...)) {
		t.Error(train, held)
	}
	train, valid, held := Split3(10, 0.3, 0.2, 1)
	if len(valid) != 3 || len(held) != 2 || !sorted(slices.Concat(train, valid, held)) {
		t.Error(train, valid, held)
	}
	if train, valid, held := Split3(3, 0.5, 0.5, 1); !sorted(slices.Concat(train, valid, held)) {
		t.Error(train, valid, held)
	}
	var tests []int
	for f := range Folds(11, 3, 1) {
		tests = append(tests, f.Test...)
		if !sorted(append(slices.Clone(f.Train), f.Test...)) || len(f.Test) < 3 || len(f.Test) > 4 {
			t.Error(f)
		}
	}
	for f := range LeaveOneOut(4) {
		tests = append(tests, 11+f.Test[0])
		if !sorted(append(slices.Clone(f.Train), f.Test...)) || len(f.Test) != 1 {
			t.Error(f)
		}
	}
	if !sorted(tests) {
		t.Error(tests)
	}
}

func TestScaler(t *testing.T) {
	x := []float64{1e9, 5, 1e9 + 2, 5}
	s := FitScaler(x, 2)
	Standardise(s, x)
	if !slices.Equal(x, []float64{-1, 0, 1, 0}) {
		t.Error(x, s)
	}
}
