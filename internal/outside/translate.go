package outside

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Node is one operation of a random program.
type Node struct {
	Name     string
	Op       string
	In       []string
	Axes     []int
	Keepdims bool
	Axis     int
	Perm     []int
	Shape    []int
	Equation string
	Ranges   [][3]int // begin, end, step of each axis
	Pads     [][2]int // zeros before and after each axis
}

// elementwise are the operations on one array, element by element.
var elementwise = map[string]string{
	"abs": "abs(%s)", "cos": "cos(%s)", "erf": "erf(%s)", "exp": "exp(%s)", "expm1": "expm1(%s)", "log": "log(%s)",
	"log1p": "log1p(%s)", "neg": "-%s", "reciprocal": "1 / %s", "sin": "sin(%s)", "sqrt": "sqrt(%s)", "square": "%s^2",
	"tanh": "tanh(%s)", "gelu": "gelu(%s)", "relu": "relu(%s)", "sigmoid": "sigmoid(%s)", "softplus": "softplus(%s)",
	"silu": "%[1]s * sigmoid(%[1]s)", "leaky_relu": "leaky(%s)", "elu": "elu1(%s)", "layernorm": "layernorm(%s)",
}

var binary = map[string]string{
	"add": "%s + %s", "sub": "%s - %s", "mul": "%s * %s", "div": "%s / %s", "maximum": "max(%s, %s)", "minimum": "min(%s, %s)",
}

// reducers are templates of the binders and the element read.
var reducers = map[string]string{
	"sum": "sum%s %s", "mean": "mean%s %s", "max": "max%s %s", "logsumexp": "logsumexp%s %s", "l2norm": "sqrt(sum%s %s^2)",
}

// own are the functions that programs define for themselves.
var own = map[string]string{
	"leaky_relu": "fn leaky(z) = if z > 0 then z else 0.1 * z\n",
	"elu":        "fn elu1(z) = if z > 0 then z else exp(z) - 1\n",
	"layernorm":  "fn layernorm(x: [D]) -> y: [D] {\n  c = x - mean(x)\n  y = c / sqrt(mean(c^2) + 1e-5)\n}\n",
}

type translator struct {
	shapes map[string][]int
	text   strings.Builder
}

// Source is a random program in the language: a loss named Program, with one
// equation for each node.
func Source(r *Record) (string, error) {
	t := &translator{shapes: map[string][]int{}}
	t.text.WriteString("dtype f64\n")
	done := map[string]bool{}
	for _, n := range r.Nodes {
		if !done[n.Op] {
			t.text.WriteString(own[n.Op])
			done[n.Op] = true
		}
	}
	var args []string
	for _, x := range slices.Sorted(maps.Keys(r.Inputs)) {
		t.shapes[x] = r.Inputs[x].Shape
		args = append(args, x+": "+TypeOf(r.Inputs[x].Shape))
	}
	fmt.Fprintf(&t.text, "loss Program(%s) -> %s {\n", strings.Join(args, ", "), r.Nodes[len(r.Nodes)-1].Name)
	for _, n := range r.Nodes {
		if err := t.node(n); err != nil {
			return "", fmt.Errorf("%s: %s: %w", r.ID, n.Name, err)
		}
	}
	t.text.WriteString("}\n")
	return t.text.String(), nil
}

// TypeOf is the type of a real array with this shape.
func TypeOf(shape []int) string {
	if len(shape) == 0 {
		return "real"
	}
	return strings.ReplaceAll(fmt.Sprint(shape), " ", ", ")
}

// letters are the index of each axis of a result, bound those of reductions.
var (
	letters = []string{"i", "j", "k", "l"}
	bound   = []string{"p", "q", "r", "s"}
)

// define writes an equation for a new array of the shape. With no index it is
// about the array as a whole.
func (t *translator) define(n *Node, shape []int, index []string, body string) {
	t.shapes[n.Name] = shape
	fmt.Fprintf(&t.text, "  %s = %s\n", element(n.Name, index), body)
}

// element is the text of a[i, j], or of a where there is no index.
func element(a string, index []string) string {
	if len(index) == 0 {
		return a
	}
	return a + "[" + strings.Join(index, ", ") + "]"
}

// ranged are the letters of a result with their ranges said: i in 3, j in 4.
func ranged(shape []int) []string {
	var index []string
	for a, d := range shape {
		index = append(index, fmt.Sprintf("%s in %d", letters[a], d))
	}
	return index
}

// stretch is where NumPy's broadcasting reads an operand for the element of
// the result at the letters: axes are aligned at the last, those of size 1 are
// repeated.
func stretch(operand, shape []int) []string {
	var index []string
	skip := len(shape) - len(operand)
	for k, d := range operand {
		if d == 1 && shape[skip+k] != 1 {
			index = append(index, "0")
		} else {
			index = append(index, letters[skip+k])
		}
	}
	return index
}

// broadcast is the shape that NumPy gives a result.
func broadcast(shapes ...[]int) ([]int, error) {
	var out []int
	for _, s := range shapes {
		for len(out) < len(s) {
			out = slices.Insert(out, 0, 1)
		}
	}
	for _, s := range shapes {
		for k, d := range s {
			o := &out[len(out)-len(s)+k]
			if *o == 1 {
				*o = d
			} else if d != 1 && d != *o {
				return nil, fmt.Errorf("%v do not broadcast", shapes)
			}
		}
	}
	return out, nil
}

func (t *translator) node(n *Node) error {
	a := n.In[0]
	x := t.shapes[a]
	if text, ok := elementwise[n.Op]; ok {
		t.define(n, x, nil, fmt.Sprintf(text, a))
		return nil
	}
	if text, ok := binary[n.Op]; ok {
		return t.pointwise(n, text)
	}
	if text, ok := reducers[n.Op]; ok {
		t.reduce(n, text)
		return nil
	}
	switch n.Op {
	case "where_positive":
		return t.pointwise(n, "if %s > 0 then %s else %s")
	case "matmul":
		return t.matmul(n)
	case "einsum":
		in, out, _ := strings.Cut(n.Equation, "->")
		left, right, _ := strings.Cut(in, ",")
		t.einsum(n, strings.Split(left, ""), strings.Split(right, ""), strings.Split(out, ""))
	case "softmax", "log_softmax":
		t.softmax(n)
	case "cumsum":
		// a running sum from zero, which stands before the first element
		base, last := ranged(x), slices.Clone(letters[:len(x)])
		base[n.Axis], last[n.Axis] = "-1", letters[n.Axis]+"-1"
		t.define(n, x, base, "0")
		t.define(n, x, letters[:len(x)], element(n.Name, last)+" + "+element(a, letters[:len(x)]))
	case "concat":
		t.concat(n)
	case "transpose":
		shape, index := make([]int, len(x)), make([]string, len(x))
		for k, from := range n.Perm {
			shape[k] = x[from]
			index[from] = letters[k]
		}
		if slices.Equal(n.Perm, []int{1, 0}) {
			t.define(n, shape, nil, a+"'")
		} else {
			t.define(n, shape, letters[:len(x)], element(a, index))
		}
	case "reshape":
		t.reshape(n)
	case "slice":
		t.slice(n)
	case "pad":
		shape, index := slices.Clone(x), slices.Clone(letters[:len(x)])
		for k, p := range n.Pads {
			shape[k] += p[0] + p[1]
			index[k] = offset(letters[k], -p[0])
		}
		t.define(n, shape, ranged(shape), element(a, index)+" ?? 0")
	default:
		return fmt.Errorf("no text for the operation %s", n.Op)
	}
	return nil
}
