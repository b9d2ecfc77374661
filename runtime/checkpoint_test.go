package runtime

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
)

func model[T Float]() []Param[T] {
	return []Param[T]{
		{"w", []int{2, 3}, []T{1, 2, 3, T(math.NaN()), T(math.Inf(-1)), 5e-324}},
		{"body.0.\"b\"", []int{1}, []T{7}},
		{"none", []int{0, 4}, nil},
		{"s", nil, []T{9}},
	}
}

func blank[T Float](m []Param[T]) []Param[T] {
	m = slices.Clone(m)
	for i := range m {
		m[i].Data = make([]T, len(m[i].Data))
	}
	return m
}

func sameBits[T Float](a, b []T) bool {
	return slices.EqualFunc(a, b, func(x, y T) bool { return math.Float64bits(float64(x)) == math.Float64bits(float64(y)) })
}

func testRoundTrip[T Float](t *testing.T) {
	m := model[T]()
	schema := SchemaOf(slices.Values(m))
	var file bytes.Buffer
	n, err := WriteParams(&file, schema, slices.Values(m))
	if err != nil || n != int64(file.Len()) {
		t.Fatal(n, file.Len(), err)
	}
	back := blank(m)
	whole := bytes.Clone(file.Bytes())
	if n, err := ReadParams(&file, schema, slices.Values(back)); err != nil || n != int64(len(whole)) {
		t.Fatal(n, err)
	}
	for i := range m {
		if !sameBits(m[i].Data, back[i].Data) {
			t.Errorf("%s = %v, want %v", m[i].Name, back[i].Data, m[i].Data)
		}
	}
	// Whatever is cut off or added, the parameters stay as they were.
	untouched := blank(m)
	for cut := range whole {
		if _, err := ReadParams(bytes.NewReader(whole[:cut]), schema, slices.Values(untouched)); err == nil {
			t.Fatalf("accepted %d of %d bytes", cut, len(whole))
		}
	}
	if _, err := ReadParams(bytes.NewReader(append(whole, 0)), schema, slices.Values(untouched)); err == nil {
		t.Error("accepted a byte too many")
	}
	for _, p := range untouched {
		if slices.ContainsFunc(p.Data, func(x T) bool { return x != 0 }) {
			t.Errorf("%s was written to by a bad file", p.Name)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	testRoundTrip[float32](t)
	testRoundTrip[float64](t)
}

func TestReadParamsMismatch(t *testing.T) {
	m := model[float32]()
	var buf bytes.Buffer
	if _, err := WriteParams(&buf, "abc", slices.Values(m)); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, schema, want string
		change             func(m []Param[float32]) []Param[float32]
	}{
		{"schema", "abd", `schema is "abc"`, func(m []Param[float32]) []Param[float32] { return m }},
		{"missing", "abc", `no tensor "v"`, func(m []Param[float32]) []Param[float32] {
			return append(m, Param[float32]{"v", []int{1}, make([]float32, 1)})
		}},
		{"extra", "abc", `no parameter "s"`, func(m []Param[float32]) []Param[float32] { return m[:3] }},
		{"shape", "abc", `"w" is [2 3]`, func(m []Param[float32]) []Param[float32] {
			m[0].Shape = []int{3, 2}
			return m
		}},
	}
	for _, c := range tests {
		_, err := ReadParams(bytes.NewReader(buf.Bytes()), c.schema, slices.Values(c.change(blank(m))))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	if _, err := ReadParams(bytes.NewReader(buf.Bytes()), "abc", slices.Values(blank(model[float64]()))); err == nil {
		t.Error("read float32 as float64")
	}
	twice := append(m, m[0])
	if _, err := WriteParams(&buf, "", slices.Values(twice)); err == nil {
		t.Error("wrote two parameters of one name")
	}
	if SchemaOf(slices.Values(m)) == SchemaOf(slices.Values(model[float64]())) || len(SchemaOf(slices.Values(m))) != 32 {
		t.Error("the fingerprint does not see the element type")
	}
}

func safetensors(head string, data int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(head)))
	return append(append(b, head...), make([]byte, data)...)
}

func TestHeader(t *testing.T) {
	const w = `"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}`
	tests := []struct {
		head string
		ok   bool
	}{
		{`{}`, true},
		{`{` + w + `}   `, true},
		{`{` + w + `,"e":{"dtype":"F64","shape":[0,5],"data_offsets":[4,4]}}`, true},
		{``, false}, {`{`, false}, {`{"`, false}, {`{"w`, false}, {`{"w":`, false}, {`{"w\`, false}, {`{"w":{}}`, false},
		{`{` + w + `,}`, false}, {`{,` + w + `}`, false}, {` {` + w + `}`, false}, {`{` + w + `}` + "\n", false},
		{`{` + w + `,` + w + `}`, false},
		{`{` + w + `,"v":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}`, false},
		{`{` + w + `,"v":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}`, false},
		{`{"w":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}`, false},
		{`{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, false},
		{`{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, false},
		{`{"w":{"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]}}`, false},
		{`{"w":{"dtype":"F64","shape":[9223372036854775808],"data_offsets":[0,0]}}`, false},
		{`{"w":{"dtype":"F32","shape":[` + strings.Repeat("1,", 99) + `1],"data_offsets":[0,4]}}`, false},
		{`{"__metadata__":{"a":{"b":"c"}}}`, false},
		{"{\"\xff\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", false},
	}
	for _, c := range tests {
		if _, err := readHeader(bytes.NewReader(safetensors(c.head, 0))); (err == nil) != c.ok {
			t.Errorf("%s: %v", c.head, err)
		}
	}
}

// TestHostileFiles judges the outside cases: what must load loads.
func TestHostileFiles(t *testing.T) {
	text, err := os.ReadFile("../shared/cases/hostile/files.jsonl")
	if err != nil {
		if text, err = os.ReadFile("../../shared/cases/hostile/files.jsonl"); err != nil {
			t.Skip("no outside cases")
		}
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var c struct {
			ID, Format, Verdict, B64 string
			Tensors                  map[string]struct {
				Dtype string
				Shape []int
				Data  []float32
			}
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil || c.Format != "safetensors" {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(c.B64)
		if err != nil {
			t.Fatal(err)
		}
		var params []Param[float32]
		mixed := false
		for name, x := range c.Tensors {
			params = append(params, Param[float32]{name, x.Shape, make([]float32, len(x.Data))})
			mixed = mixed || x.Dtype != "F32"
		}
		if mixed { // a model has one element type, but the file is in order
			_, err = readHeader(bytes.NewReader(raw))
		} else {
			_, err = ReadParams(bytes.NewReader(raw), "", slices.Values(params))
		}
		if c.Verdict != "either" && (err == nil) != (c.Verdict == "accept") {
			t.Errorf("%s must %s: %v", c.ID, c.Verdict, err)
		}
		for _, p := range params {
			if !mixed && !slices.Equal(p.Data, c.Tensors[p.Name].Data) {
				t.Errorf("%s: %s = %v", c.ID, p.Name, p.Data)
			}
		}
	}
}

func FuzzReadParams(f *testing.F) {
	var file bytes.Buffer
	WriteParams(&file, "abc", slices.Values(model[float32]()))
	f.Add(file.Bytes())
	f.Add(safetensors(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4))
	f.Fuzz(func(t *testing.T, b []byte) {
		ReadParams(bytes.NewReader(b), "", slices.Values(blank(model[float32]())))
	})
}
