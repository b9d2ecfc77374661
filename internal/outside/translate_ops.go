package outside

import (
	"fmt"
	"slices"
	"strings"
)

// pointwise is an operation on elements of several arrays. What NumPy
// broadcasts is said with indices, but for whole arrays of one shape and
// scalars, which need none.
func (t *translator) pointwise(n *Node, text string) error {
	var shapes [][]int
	for _, a := range n.In {
		shapes = append(shapes, t.shapes[a])
	}
	shape, err := broadcast(shapes...)
	if err != nil {
		return err
	}
	whole := !strings.HasPrefix(text, "if") // the condition of an if is a scalar
	for _, s := range shapes {
		whole = whole && (len(s) == 0 || slices.Equal(s, shape))
	}
	var operands []any
	for _, a := range n.In {
		if whole {
			operands = append(operands, a)
		} else {
			operands = append(operands, element(a, stretch(t.shapes[a], shape)))
		}
	}
	index := letters[:len(shape)]
	if whole {
		index = nil
	}
	t.define(n, shape, index, fmt.Sprintf(text, operands...))
	return nil
}

// reduce is a reduction over some axes, which stay with size 1 if they are
// kept.
func (t *translator) reduce(n *Node, text string) {
	a, x := n.In[0], t.shapes[n.In[0]]
	if len(n.Axes) == len(x) && !n.Keepdims && n.Op != "l2norm" && n.Op != "logsumexp" {
		t.define(n, nil, nil, n.Op+"("+a+")")
		return
	}
	var shape []int
	var left, read, binders []string
	for k, d := range x {
		if slices.Contains(n.Axes, k) {
			binders = append(binders, bound[len(binders)])
			read = append(read, binders[len(binders)-1])
			if n.Keepdims {
				left = append(left, letters[len(shape)]+" in 1")
				shape = append(shape, 1)
			}
			continue
		}
		left = append(left, letters[len(shape)])
		read = append(read, letters[len(shape)])
		shape = append(shape, d)
	}
	t.define(n, shape, left, fmt.Sprintf(text, "["+strings.Join(binders, ", ")+"]", element(a, read)))
}

// matmul is `@` for matrices and vectors, and spelled out with batches.
func (t *translator) matmul(n *Node) error {
	a, b := n.In[0], n.In[1]
	x, y := t.shapes[a], t.shapes[b]
	if len(x) <= 2 && len(y) <= 2 {
		t.define(n, slices.Concat(x[:len(x)-1], y[1:]), nil, a+" @ "+b)
		return nil
	}
	batchX, batchY := x[:max(0, len(x)-2)], y[:max(0, len(y)-2)]
	shape, err := broadcast(batchX, batchY)
	if err != nil {
		return err
	}
	readX, readY := stretch(batchX, shape), stretch(batchY, shape)
	if len(x) > 1 {
		readX = append(readX, letters[len(shape)])
		shape = append(shape, x[len(x)-2])
	}
	readX = append(readX, "p")
	readY = append(readY, "p")
	if len(y) > 1 {
		readY = append(readY, letters[len(shape)])
		shape = append(shape, y[len(y)-1])
	}
	t.define(n, shape, letters[:len(shape)], fmt.Sprintf("sum[p] %s * %s", element(a, readX), element(b, readY)))
	return nil
}

// einsum keeps the letters of the equation.
func (t *translator) einsum(n *Node, left, right, out []string) {
	a, b := n.In[0], n.In[1]
	sizes := map[string]int{}
	var binders []string
	for _, side := range []struct {
		name  string
		index []string
	}{{a, left}, {b, right}} {
		for k, l := range side.index {
			sizes[l] = t.shapes[side.name][k]
			if !slices.Contains(out, l) && !slices.Contains(binders, l) {
				binders = append(binders, l)
			}
		}
	}
	var shape []int
	for _, l := range out {
		shape = append(shape, sizes[l])
	}
	t.define(n, shape, out, fmt.Sprintf("sum[%s] %s * %s", strings.Join(binders, ", "), element(a, left), element(b, right)))
}

// softmax over the last axis is the prelude's, lifted; over another it is
// written out.
func (t *translator) softmax(n *Node) {
	a, x := n.In[0], t.shapes[n.In[0]]
	index := letters[:len(x)]
	read := slices.Clone(index)
	read[n.Axis] = "p"
	last := n.Axis == len(x)-1
	switch {
	case last && n.Op == "softmax":
		t.define(n, x, nil, "softmax("+a+")")
	case last:
		t.define(n, x, nil, "log(softmax("+a+"))")
	case n.Op == "softmax":
		t.define(n, x, index, fmt.Sprintf("exp(%s) / sum[p] exp(%s)", element(a, index), element(a, read)))
	default:
		t.define(n, x, index, fmt.Sprintf("%s - logsumexp[p] %s", element(a, index), element(a, read)))
	}
}

// concat along the first axis is built in; along another it is an if on the
// index.
func (t *translator) concat(n *Node) {
	a, b := n.In[0], n.In[1]
	shape := slices.Clone(t.shapes[a])
	at := shape[n.Axis]
	shape[n.Axis] += t.shapes[b][n.Axis]
	if n.Axis == 0 {
		t.define(n, shape, nil, fmt.Sprintf("concat(%s, %s)", a, b))
		return
	}
	index := letters[:len(shape)]
	second := slices.Clone(index)
	second[n.Axis] = offset(index[n.Axis], -at)
	left := slices.Clone(index)
	left[n.Axis] += fmt.Sprintf(" in %d", shape[n.Axis])
	t.define(n, shape, left, fmt.Sprintf("if %s < %d then %s else %s", index[n.Axis], at, element(a, index), element(b, second)))
}

// reshape reads the element with the same place in row-major order.
func (t *translator) reshape(n *Node) {
	a, x := n.In[0], t.shapes[n.In[0]]
	place := "" // of the element in row-major order
	for k, d := range n.Shape {
		switch {
		case place == "":
			place = letters[k]
		case d == 1:
		case strings.Contains(place, "+"):
			place = fmt.Sprintf("%d*(%s) + %s", d, place, letters[k])
		default:
			place = fmt.Sprintf("%d*%s + %s", d, place, letters[k])
		}
	}
	read := make([]string, len(x))
	stride := size(x)
	for k, d := range x {
		stride /= d
		p := place
		if stride > 1 {
			p = fmt.Sprintf("floor((%s)/%d)", place, stride)
		}
		switch {
		case d == 1:
			p = "0"
		case size(x[:k]) == 1:
		case p == place && strings.ContainsAny(p, "+*"):
			p = fmt.Sprintf("(%s) %% %d", p, d)
		default:
			p = fmt.Sprintf("%s %% %d", p, d)
		}
		read[k] = p
	}
	t.define(n, n.Shape, ranged(n.Shape), element(a, read))
}

// slice is a[2..5, 0..3] where no step is taken, and indices where one is.
func (t *translator) slice(n *Node) {
	a := n.In[0]
	var shape []int
	var read, parts []string
	steps := false
	for k, r := range n.Ranges {
		d := (r[1] - r[0] + r[2] - 1) / r[2]
		shape = append(shape, d)
		steps = steps || r[2] != 1
		if r[2] == 1 {
			read = append(read, offset(letters[k], r[0]))
		} else {
			read = append(read, offset(fmt.Sprintf("%d*%s", r[2], letters[k]), r[0]))
		}
		if r[0] == 0 && r[1] == t.shapes[a][k] {
			parts = append(parts, "..")
		} else {
			parts = append(parts, fmt.Sprintf("%d..%d", r[0], r[1]))
		}
	}
	if steps {
		t.define(n, shape, ranged(shape), element(a, read))
	} else {
		t.define(n, shape, nil, element(a, parts))
	}
}

// offset is i + n in the form one writes it.
func offset(i string, n int) string {
	switch {
	case n > 0:
		return fmt.Sprintf("%s + %d", i, n)
	case n < 0:
		return fmt.Sprintf("%s - %d", i, -n)
	}
	return i
}
