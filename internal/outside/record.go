package outside

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
)

// A Tensor is an array of numbers in row-major order. Integers and booleans
// (0 and 1) are numbers too.
type Tensor struct {
	Dtype string
	Shape []int
	Data  []float64
}

// UnmarshalJSON reads {"dtype", "shape", "data"} with the data flat.
func (t *Tensor) UnmarshalJSON(text []byte) error {
	var raw struct {
		Dtype string
		Shape []int
		Data  any
	}
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	flat, err := Flat(raw.Data)
	if err != nil {
		return err
	}
	*t = Tensor{raw.Dtype, raw.Shape, flat.Data}
	if n := size(t.Shape); n != len(t.Data) {
		return fmt.Errorf("shape %v needs %d values, there are %d", t.Shape, n, len(t.Data))
	}
	return nil
}

// Nested is the tensor as lists in lists, the form that an entry point is
// given data in: a scalar is a number, an array without elements is [].
func (t *Tensor) Nested() any {
	v, _ := t.nest(t.Shape, t.Data)
	return v
}

func (t *Tensor) nest(shape []int, data []float64) (any, []float64) {
	if len(shape) == 0 {
		return t.scalar(data[0]), data[1:]
	}
	list := []any{}
	if size(shape) == 0 {
		return list, data
	}
	for range shape[0] {
		var v any
		v, data = t.nest(shape[1:], data)
		list = append(list, v)
	}
	return list, data
}

func (t *Tensor) scalar(v float64) any {
	switch {
	case t.Dtype == "bool":
		return v != 0
	case math.IsNaN(v):
		return "NaN"
	case math.IsInf(v, 1):
		return "Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	}
	return v
}

// Flat reads nested lists back. Lists must be rectangular.
func Flat(v any) (*Tensor, error) {
	switch v := v.(type) {
	case float64:
		return &Tensor{Data: []float64{v}}, nil
	case bool:
		if v {
			return &Tensor{Data: []float64{1}}, nil
		}
		return &Tensor{Data: []float64{0}}, nil
	case string:
		special := map[string]float64{"NaN": math.NaN(), "Inf": math.Inf(1), "-Inf": math.Inf(-1)}
		f, ok := special[v]
		if !ok {
			return nil, fmt.Errorf("%q is no number", v)
		}
		return &Tensor{Data: []float64{f}}, nil
	case []any:
		t := &Tensor{Shape: []int{len(v)}, Data: []float64{}}
		for i, e := range v {
			f, err := Flat(e)
			if err != nil {
				return nil, err
			}
			if i == 0 {
				t.Shape = append(t.Shape, f.Shape...)
			} else if size(f.Shape) != size(t.Shape[1:]) {
				return nil, fmt.Errorf("lists of different lengths, %v and %v", f.Shape, t.Shape[1:])
			}
			t.Data = append(t.Data, f.Data...)
		}
		return t, nil
	}
	return nil, fmt.Errorf("%T is no number and no list", v)
}

func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// A Tol is what counts as equal: |got - want| <= atol*max(1, max|want|) + rtol*|want|.
type Tol struct{ Rtol, Atol float64 }

// Check says where got is not within the tolerance of want; "" if nowhere.
func (tol Tol) Check(got, want *Tensor) string {
	if len(got.Data) != len(want.Data) || len(want.Data) > 0 && fmt.Sprint(got.Shape) != fmt.Sprint(want.Shape) {
		return fmt.Sprintf("the shape is %v, should be %v", got.Shape, want.Shape)
	}
	scale := 1.0
	for _, w := range want.Data {
		if a := math.Abs(w); !math.IsInf(a, 0) {
			scale = max(scale, a)
		}
	}
	for i, w := range want.Data {
		g := got.Data[i]
		if g == w || math.IsNaN(g) && math.IsNaN(w) {
			continue
		}
		if !(math.Abs(g-w) <= tol.Atol*scale+tol.Rtol*math.Abs(w)) {
			return fmt.Sprintf("element %d of %v is %v, should be %v", i, want.Shape, g, w)
		}
	}
	return ""
}

// A Record is one case: a function with its inputs and what is right for it.
// Programs have Nodes, a scalar Value and all inputs in Diff.
type Record struct {
	ID       string
	Ref      string // the PyTorch text
	Diff     []string
	Inputs   map[string]*Tensor
	Outputs  map[string]*Tensor
	Cot      map[string]*Tensor
	Tangents map[string]*Tensor
	Value    *float64
	Grads    map[string]*Tensor
	JVP      json.RawMessage
	HVP      map[string]*Tensor
	Tol      Tol
	Nodes    []*Node
	// of a kink
	Output *Tensor
	Clarke map[string][]any // the interval that every element must lie in
	Must   struct {
		Exact  map[string][]any
		Sum    map[string]float64
		Finite bool
	}
}

// A Point is one argument of a function that is hard to evaluate there, with
// the true value and gradient and the error allowed.
type Point struct {
	ID       string
	Op       string
	X        []float64
	Value    float64
	Grad     []float64
	MaxUlp   float64 `json:"max_ulp"`
	GradUnit float64 `json:"grad_unit"`
	Note     string
}

// Load reads a file of records, one JSON object a line, in their order.
func Load[R any](name string) ([]*R, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var list []*R
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 16<<20)
	for n := 1; lines.Scan(); n++ {
		r := new(R)
		if err := json.Unmarshal(lines.Bytes(), r); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
		list = append(list, r)
	}
	return list, lines.Err()
}
