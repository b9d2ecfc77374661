package random

import (
	"fmt"
	"slices"
	"strings"
)

// chain is a model in the making: what its input goes through, one layer after
// the other.
type chain struct {
	*generator
	text   []string
	m      *arg
	names  map[string]int // how many layers have the name
	dims   []axis         // of what there is by now
	direct bool           // called with what it is declared for: it is not mapped
}

// axis is a size as the loss calls it, and as the model does.
type axis struct{ outside, inside string }

func same(size string) axis { return axis{size, size} }

// param is a parameter of a layer.
func param(name string, dims ...string) *arg { return &arg{name: name, dims: dims} }

// layer adds a layer of the prelude, or of the file.
func (c *chain) layer(call string, fields ...*arg) {
	name, _, _ := strings.Cut(call, "[")
	c.text = append(c.text, call)
	if len(fields) > 0 {
		c.names[name]++
		c.m.fields = append(c.m.fields, &arg{name: fmt.Sprint(name, c.names[name]), model: name, fields: fields})
	}
}

// last is the size of the last axis.
func (c *chain) last() *axis { return &c.dims[len(c.dims)-1] }

// vector adds a layer of vectors.
func (c *chain) vector() {
	d := c.last().outside
	out := same(c.pick("K", "2"))
	norm := []*arg{param("g", d), param("b", d)}
	switch c.IntN(12) {
	case 0, 1, 2:
		c.layer("Dense["+out.inside+"]", param("W", d, out.outside), param("b", out.outside))
		*c.last() = out
	case 3:
		c.layer("LayerNorm", norm...)
	case 4:
		c.layer("RMSNorm", param("g", d))
	case 5:
		c.layer("PReLU", param("a"))
	case 6:
		c.layer("Dropout[0.5]")
	case 7:
		c.layer("Residual[2]", &arg{name: "LayerNorm1", model: "LayerNorm", fields: norm},
			&arg{name: "Dense1", model: "Dense", fields: []*arg{param("W", d, "2"), param("b", "2")}},
			&arg{name: "Dense2", model: "Dense", fields: []*arg{param("W", "2", d), param("b", d)}})
	case 8:
		if !c.declared("Noisy") {
			c.funcs = append(c.funcs, &stmt{names: []string{"Noisy"}, text: leaf("layer Noisy(x: [D]) -> y: [D] { eps: [D] ~ normal(0, 1);  y = if train then x + 0.3 * eps else x }")})
		}
		c.layer("Noisy")
	default:
		c.layer(c.pick("relu", "tanh", "gelu", "softmax", "sigmoid", "silu"))
	}
}

func (c *chain) declared(name string) bool {
	return slices.ContainsFunc(c.funcs, func(s *stmt) bool { return slices.Contains(s.names, name) })
}

// series adds a layer of series of vectors.
func (c *chain) series() {
	d := c.last().outside
	out := same(c.pick("K", "2"))
	cell := func(of string, gates string) {
		h, name := out.outside, of+"s"+c.pick("", "Back")
		c.layer(name+"["+out.inside+"]", &arg{name: "cell", model: of, fields: []*arg{param("W", d, gates+h), param("U", h, gates+h), param("b", gates+h)}})
		*c.last() = out
	}
	switch c.IntN(6) {
	case 0:
		cell("RNN", "")
	case 1:
		cell("GRU", "3*")
	case 2:
		cell("LSTM", "4*")
	case 3:
		heads := c.pick("1", "2")
		in := []string{d, heads, "2"}
		c.layer("Attention["+heads+", 2, causal = "+c.pick("0", "1")+"]", param("Wq", in...), param("Wk", in...), param("Wv", in...), param("Wo", heads, "2", d))
	case 4:
		if !c.direct {
			c.vector()
			return
		}
		if c.one(2) {
			c.layer("BatchNorm", param("g", d), param("b", d), &arg{name: "m", dims: []string{d}, state: true}, &arg{name: "v", dims: []string{d}, state: true})
			return
		}
		if !c.declared("Centred") {
			c.funcs = append(c.funcs, &stmt{names: []string{"Centred"}, text: leaf("layer Centred(x: [B, D]) -> y: [B, D] { state m: [D] = 0;  mu[d] = if train then mean[n] x[n, d] else m[d];  m <- 0.9 * m + 0.1 * mu;  y[n, d] = x[n, d] - mu[d] }")})
		}
		c.layer("Centred", &arg{name: "m", dims: []string{d}, state: true})
	default:
		c.vector()
	}
}

// windows adds layers of channels in one or two dimensions, and what makes a
// vector of them: for each channel one number.
func (c *chain) windows() {
	flat := len(c.dims) == 2
	one := "1"
	if !flat {
		one = ""
	}
	channels := c.dims[0]
	for range 1 + c.IntN(2) {
		kernel := func(k string) []string {
			if flat {
				return []string{k}
			}
			return []string{k, k}
		}
		conv := func(name, k, rest string) {
			c.layer(name+"[2, "+k+rest+"]", param("K", append([]string{"2", channels.outside}, kernel(k)...)...), param("b", "2"))
			channels = same("2")
		}
		switch c.IntN(7) {
		case 0:
			conv("Conv"+one, "3", ", pad = 1")
		case 1:
			conv("Conv"+one, "2", ", stride = 2, pad = 1")
		case 2:
			conv("Conv"+one, "2", ", pad = 2, dilation = 2")
		case 3:
			if flat {
				conv("CausalConv1", "2", ", dilation = "+c.pick("1", "2"))
			}
		case 4:
			c.layer("MaxPool" + one + c.pick("[2, stride = 1, pad = 1]", "[3, stride = 2, pad = 1]", "[1]"))
		case 5:
			c.layer("AvgPool" + one + c.pick("[2, stride = 1, pad = 1]", "[3, stride = 2, pad = 1]", "[1]"))
		}
		if c.one(2) {
			c.layer(c.pick("relu", "tanh", "sigmoid"))
		}
	}
	c.dims = []axis{channels}
}

// model makes y from x by a model of a few layers, which is an argument of the
// loss.
func (g *generator) model(x, y *array) bool {
	plain := func(dims []string) bool { return !strings.ContainsAny(strings.Join(dims, ""), "+*-") }
	if !plain(x.dims) || slices.ContainsFunc(g.args, func(a *arg) bool { return a.model != "" }) {
		return false
	}
	c := &chain{generator: g, m: &arg{name: "m", model: "Net"}, names: map[string]int{}}
	kind := g.IntN(8)
	if kind == 0 && slices.Contains(x.dims, "K") && x.dims[len(x.dims)-1] == "K" { // one layer twice
		c.m.fields = []*arg{{name: "d", model: "Dense", fields: []*arg{param("W", "K", "K"), param("b", "K")}}}
		return g.apply(c.m, x, y, "model Net(x: [K]) -> y: [K] { param d: Dense[K];  y = d(tanh(d(x))) }", x.dims)
	}
	if kind == 1 { // gathers
		for _, a := range g.arrays {
			if a.in != "" && !a.found {
				c.dims = []axis{same("2")}
				c.layer("Embedding["+a.in+", 2]", param("E", a.in, "2"))
				c.vector()
				if !g.constant(a.in) {
					return false
				}
				return g.apply(c.m, a, y, fmt.Sprintf("model Net(x: in %s) -> y: [%s] = x |> %s", a.in, c.dims[0].inside, strings.Join(c.text, " |> ")), append(slices.Clone(a.dims), c.dims[0].outside))
			}
		}
	}
	rank := 1
	if len(x.dims) > 1 {
		rank += g.IntN(2)
	}
	frame, cell := x.dims[:len(x.dims)-rank], x.dims[len(x.dims)-rank:]
	var letters []string
	for k, d := range cell {
		c.dims = append(c.dims, axis{d, "AB"[k : k+1]})
		letters = append(letters, "AB"[k:k+1])
	}
	c.direct = len(frame) == 0
	head := "model Net(x: [" + strings.Join(letters, ", ") + "]) -> y: ["
	start, end := "y = x", ""
	switch {
	case rank == 2 && kind >= 5:
		start, end = "h = x", ";  y[c] = "+g.pick("sum", "sum", "max")+"[i] h[c, i] * cos(0.3 + i)"
		if kind == 7 {
			c.dims = append([]axis{same("1")}, c.dims...)
			start, end = "g: [1, A, B] = reshape(x);  h = g", ";  y[c] = sum[i, j] h[c, i, j] * cos(0.3 + i + 2*j)"
		}
		c.windows()
		if len(c.text) == 0 {
			return false
		}
	case rank == 2:
		for range 1 + g.IntN(2) {
			c.series()
		}
	default:
		for range 1 + g.IntN(3) {
			c.vector()
		}
	}
	var inside, outside []string
	for _, a := range c.dims {
		inside, outside = append(inside, a.inside), append(outside, a.outside)
	}
	return g.apply(c.m, x, y, head+strings.Join(inside, ", ")+"] { "+start+" |> "+strings.Join(c.text, " |> ")+end+" }", slices.Concat(frame, outside))
}

// constant reports whether a size is one of the file, or a number.
func (g *generator) constant(size string) bool {
	i := slices.IndexFunc(g.Program.dims, func(d *dim) bool { return d.name == size })
	return i < 0 || g.Program.dims[i].constant
}

// apply calls the model.
func (g *generator) apply(m *arg, x, y *array, text string, dims []string) bool {
	g.funcs = append(g.funcs, &stmt{names: []string{"Net"}, text: leaf(text)})
	g.args = append(g.args, m)
	g.read[x.name] = true
	y.dims = dims
	g.define(with(y.name+" = m(§)", &node{parts: []string{x.name}, of: x.name}), y)
	return true
}
