package data

import (
	"strings"
	"testing"
)

func TestLoad(t *testing.T) {
	x, y, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(x) != N*D || len(y) != N {
		t.Fatalf("%d values and %d labels, want %d and %d", len(x), len(y), N*D, N)
	}
	// The class distribution that the repository's description of the data
	// set gives.
	want := [K]int{178, 182, 177, 183, 181, 182, 181, 179, 174, 180}
	var got [K]int
	for _, c := range y {
		got[c]++
	}
	if got != want {
		t.Errorf("images per class %v, want %v", got, want)
	}
	lo, hi := x[0], x[0]
	for _, v := range x {
		lo, hi = min(lo, v), max(hi, v)
	}
	if lo != 0 || hi != 1 {
		t.Errorf("values span %g..%g, want 0..1", lo, hi)
	}
	// The first row of the first image, a zero: 0,0,5,13,9,1,0,0.
	for i, v := range []float32{0, 0, 5, 13, 9, 1, 0, 0} {
		if x[i]*maxPixel != v {
			t.Errorf("pixel %d of the first image is %g/16, want %g/16", i, x[i]*maxPixel, v)
		}
	}
	if y[0] != 0 {
		t.Errorf("the first image is a %d, want 0", y[0])
	}
}

func TestParseErrors(t *testing.T) {
	pixels := strings.Repeat("0,", D)
	for _, test := range []struct{ name, in, want string }{
		{"short line", "1,2,3\n", "wrong number of fields"},
		{"pixel too large", "17" + pixels[1:] + "0\n", `line 1, field 1: "17"`},
		{"negative pixel", "-1" + pixels[1:] + "0\n", `field 1: "-1"`},
		{"label too large", pixels + "3\n" + pixels + "10\n", `line 2, field 65: "10"`},
		{"not a number", pixels + "x\n", `field 65: "x"`},
	} {
		if _, _, err := parse(strings.NewReader(test.in)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
}
