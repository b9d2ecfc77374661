package data

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func npyFile(header string, data string) string {
	header += "\n"
	return npyMagic + "\x01\x00" + string([]byte{byte(len(header)), byte(len(header) >> 8)}) + header + data
}

func TestReadNPY(t *testing.T) {
	dict := func(descr, shape string) string {
		return fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr, shape)
	}
	tests := []struct {
		name, file string
		want       []float64
		err        string
	}{
		{"f4", npyFile(dict("<f4", "(1,)"), "\x00\x00\x80\x3f"), []float64{1}, ""},
		{"big-endian", npyFile(dict(">f4", "(1,)"), "\x3f\x80\x00\x00"), []float64{1}, ""},
		{"i1", npyFile(dict("|i1", "(2,)"), "\xff\x01"), []float64{-1, 1}, ""},
		{"u1", npyFile(dict("|u1", "(1, 2)"), "\xff\x01"), []float64{255, 1}, ""},
		{"b1", npyFile(dict("|b1", "(2,)"), "\x00\x01"), []float64{0, 1}, ""},
		{"i2", npyFile(dict(">i2", "(1,)"), "\xff\xfe"), []float64{-2}, ""},
		{"u2", npyFile(dict("<u2", "(1,)"), "\xff\xff"), []float64{65535}, ""},
		{"i4", npyFile(dict("<i4", "()"), "\xff\xff\xff\xff"), []float64{-1}, ""},
		{"u4", npyFile(dict("<u4", "()"), "\xff\xff\xff\xff"), []float64{1<<32 - 1}, ""},
		{"u8", npyFile(dict("<u8", "()"), "\x00\x00\x00\x00\x00\x00\x00\x80"), []float64{1 << 63}, ""},
		{"columns", npyFile("{'fortran_order': True, \"shape\": (2, 3), 'descr': '|u1'}", "\x01\x04\x02\x05\x03\x06"), []float64{1, 2, 3, 4, 5, 6}, ""},
		{"no columns", npyFile("{'fortran_order': True, 'shape': (0, 3), 'descr': '|u1'}", ""), []float64{}, ""},
		{"half", npyFile(dict("<f2", "(1,)"), "\x00\x00"), nil, "not supported"},
		{"object", npyFile(dict("|O", "(1,)"), "x"), nil, "not supported"},
		{"byte order", npyFile(dict("=f4", "(1,)"), "\x00\x00\x80\x3f"), nil, "not supported"},
		{"no width", npyFile(dict("|", "(1,)"), ""), nil, "header"},
		{"number", npyFile(dict("|u1", "(1)"), "x"), nil, "not a tuple"},
		{"no comma", npyFile(dict("|u1", "(1 1)"), "x"), nil, "comma"},
		{"zeros", npyFile(dict("|u1", "(01,)"), "x"), nil, "size"},
		{"twice", npyFile("{'descr': '|u1', 'descr': '|u1', 'shape': (1,)}", "x"), nil, "twice"},
		{"two keys", npyFile("{'descr': '|u1', 'shape': (1,)}", "x"), nil, "a header has"},
		{"cut", npyFile(dict("<f8", "(1,)"), "1234567"), nil, "ends within its data"},
		{"trailing", npyFile(dict("<f8", "(1,)"), "123456789"), nil, "after the last"},
		{"overflow to zero", npyFile(dict("<f8", "(4294967296, 4294967296, 4294967296, 4294967296)"), ""), nil, "too large"},
	}
	for _, c := range tests {
		x, err := ReadNPY(strings.NewReader(c.file))
		if c.err != "" {
			if err == nil || !strings.Contains(err.Error(), c.err) {
				t.Errorf("%s: %v, want an error about %s", c.name, err, c.err)
			}
			continue
		}
		if err != nil || !slices.Equal(Floats[float64](x, 1), c.want) {
			t.Errorf("%s: %v %v", c.name, x, err)
			continue
		}
		fits := !slices.ContainsFunc(c.want, func(v float64) bool { return v != float64(int32(v)) })
		if _, err := x.Ints(); (err == nil) != (fits && x.Type[0] != 'f') {
			t.Errorf("%s: as integers: %v", c.name, err)
		}
	}
}

func roundTrip[E float32 | float64 | int32 | int64 | uint8](t *testing.T, shape []int, data []E) {
	var file bytes.Buffer
	if err := WriteNPY(&file, shape, data); err != nil {
		t.Fatal(err)
	}
	if at := bytes.IndexByte(file.Bytes(), '\n') + 1; at%64 != 0 {
		t.Errorf("the data begin at byte %d", at)
	}
	x, err := ReadNPY(&file)
	if err != nil || !slices.Equal(x.Shape, shape) {
		t.Fatal(shape, x, err)
	}
	for i, v := range Floats[float64](x, 1) {
		if math.Float64bits(v) != math.Float64bits(float64(data[i])) {
			t.Errorf("%T %v came back as %v", data, data[i], v)
		}
	}
}

func TestWriteNPY(t *testing.T) {
	roundTrip(t, []int{2, 2}, []float32{1, -0.5, float32(math.Inf(1)), 1e-45})
	roundTrip(t, []int{}, []float64{math.Copysign(0, -1)})
	roundTrip(t, []int{3}, []int32{-1, 0, math.MaxInt32})
	roundTrip(t, []int{1, 1, 1}, []int64{-5})
	roundTrip(t, []int{0, 7}, []uint8{})
	roundTrip(t, slices.Repeat([]int{1}, 32), []uint8{255})
	for _, shape := range [][]int{{2}, {-1}, slices.Repeat([]int{1}, 33)} {
		if err := WriteNPY(&bytes.Buffer{}, shape, []uint8{1}); err == nil {
			t.Errorf("wrote one value as %d", shape)
		}
	}
}

// TestHostileNPY judges the outside cases: what must load loads.
func TestHostileNPY(t *testing.T) {
	text, err := os.ReadFile("../../shared/cases/hostile/files.jsonl")
	if err != nil {
		if text, err = os.ReadFile("../../../shared/cases/hostile/files.jsonl"); err != nil {
			t.Skip("no outside cases")
		}
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<24)
	judged := 0
	for lines.Scan() {
		var c struct {
			ID, Format, Verdict, B64 string
			Tensors                  map[string]struct {
				Shape []int
				Data  []float64
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil || c.Format != "npy" {
			continue
		}
		judged++
		raw, err := base64.StdEncoding.DecodeString(c.B64)
		if err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		x, err := ReadNPY(bytes.NewReader(raw))
		runtime.ReadMemStats(&after)
		if use := after.TotalAlloc - before.TotalAlloc; use > 1<<20 {
			t.Errorf("%s takes %d bytes of memory", c.ID, use)
		}
		if c.Verdict != "either" && (err == nil) != (c.Verdict == "accept") {
			t.Errorf("%s must %s: %v", c.ID, c.Verdict, err)
		}
		if want, ok := c.Tensors[""]; ok && err == nil && !(slices.Equal(x.Shape, want.Shape) && slices.Equal(Floats[float64](x, 1), want.Data)) {
			t.Errorf("%s: %+v, want %+v", c.ID, x, want)
		}
	}
	if judged == 0 {
		t.Error("no cases of npy files")
	}
}

func FuzzReadNPY(f *testing.F) {
	f.Add([]byte(npyFile("{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1), }", "1234")))
	f.Fuzz(func(t *testing.T, b []byte) {
		if x, err := ReadNPY(bytes.NewReader(b)); err == nil {
			Floats[float32](x, 1)
			x.Ints()
		}
	})
}
