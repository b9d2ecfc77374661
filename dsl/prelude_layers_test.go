package dsl_test

import "math"

func init() { arrayCases = append(arrayCases, layerCases...) }

var (
	vector = map[string][]int{"x": {4}}
	image  = map[string][]int{"x": {4, 6, 5}}
	series = map[string][]int{"x": {5, 3}}
)

// affine is x @ W + b for the layer at path.
func affine(p params, path string, x []float64) []float64 {
	w, b := p[path+".W"], p[path+".b"]
	return fill([]int{w.shape[1]}, func(o []int) float64 {
		return b.at(o...) + sum(func(i []int) float64 { return x[i[0]] * w.at(i[0], o[0]) }, len(x))
	}).data
}

// window sums f over the taps of a kernel k wide that lie on the axis.
func window(k, size, first, step int, f func(u, i int) float64) (s float64) {
	for u := range k {
		if i := first + u*step; i >= 0 && i < size {
			s += f(u, i)
		}
	}
	return s
}

// conv2 is a convolution in groups of an image at path, in plain loops.
func conv2(p params, path string, groups, stride, pad, dilation, rows, cols int) []float64 {
	K, b, x := p[path+".K"], p[path+".b"], p["x"]
	out, in, k := len(b.data)/groups, x.shape[0]/groups, K.shape[len(K.shape)-1]
	return fill([]int{out * groups, rows, cols}, func(o []int) float64 {
		g := o[0] / out
		s := b.at(o[0])
		for c := range in {
			s += window(k, x.shape[1], stride*o[1]-pad, dilation, func(u, i int) float64 {
				return window(k, x.shape[2], stride*o[2]-pad, dilation, func(v, j int) float64 {
					return K.data[((o[0]*in+c)*k+u)*k+v] * x.at(g*in+c, i, j)
				})
			})
		}
		return s
	}).data
}

func conv1(p params, path string, groups, stride, pad, dilation, size int) []float64 {
	K, b, x := p[path+".K"], p[path+".b"], p["x"]
	out, in, k := len(b.data)/groups, x.shape[0]/groups, K.shape[len(K.shape)-1]
	return fill([]int{out * groups, size}, func(o []int) float64 {
		s := b.at(o[0])
		for c := range in {
			s += window(k, x.shape[1], stride*o[1]-pad, dilation, func(u, i int) float64 {
				return K.data[(o[0]*in+c)*k+u] * x.at(o[0]/out*in+c, i)
			})
		}
		return s
	}).data
}

// spread is a transposed convolution: every element of x adds to a window of y.
func spread(p params, path string, stride, pad, dilation, rows, cols int) []float64 {
	K, b, x := p[path+".K"], p[path+".b"], p["x"]
	y := fill([]int{len(b.data), rows, cols}, func(o []int) float64 { return b.at(o[0]) })
	fill([]int{x.shape[0], len(b.data), x.shape[1], x.shape[2], K.shape[2], K.shape[3]}, func(i []int) float64 {
		if k, inside := y.offset([]int{i[1], i[2]*stride + i[4]*dilation - pad, i[3]*stride + i[5]*dilation - pad}); inside {
			y.data[k] += K.at(i[0], i[1], i[4], i[5]) * x.at(i[0], i[2], i[3])
		}
		return 0
	})
	return y.data
}

// pooled reduces windows of an image; outside is what padding counts as.
func pooled(k, stride, pad, rows, cols int, start, outside float64, f func(s, v float64) float64) func(params) []float64 {
	return func(p params) []float64 {
		x := p["x"]
		return fill([]int{x.shape[0], rows, cols}, func(o []int) float64 {
			s := start
			for u := range k {
				for v := range k {
					e := outside
					if at, inside := x.offset([]int{o[0], stride*o[1] + u - pad, stride*o[2] + v - pad}); inside {
						e = x.data[at]
					}
					s = f(s, e)
				}
			}
			return s
		}).data
	}
}

func larger(s, v float64) float64 { return max(s, v) }
func share(n float64) func(s, v float64) float64 {
	return func(s, v float64) float64 { return s + v/n }
}

// normed is x less mean over deviation of its group, times g plus b.
func normed(path string, group func(i []int) int) func(params) []float64 {
	return func(p params) []float64 {
		x := p["x"]
		groups := map[int]*array{}
		fill(x.shape, func(i []int) float64 {
			at, _ := x.offset(i)
			k := group(i)
			if groups[k] == nil {
				groups[k] = &array{}
			}
			groups[k].data = append(groups[k].data, x.data[at])
			return 0
		})
		return fill(x.shape, func(i []int) float64 {
			at, _ := x.offset(i)
			c := i[0]
			if len(p[path+".g"].data) != x.shape[0] {
				c = i[1]
			}
			g := groups[group(i)]
			return p[path+".g"].at(c)*(x.data[at]-mean(g))/math.Sqrt(variance(g)+1e-5) + p[path+".b"].at(c)
		}).data
	}
}

func layerNorm(p params, path string, x []float64) []float64 {
	q := params{"x": {[]int{len(x)}, x}, "n.g": p[path+".g"], "n.b": p[path+".b"]}
	return normed("n", func([]int) int { return 0 })(q)
}

func apply(x []float64, f func(float64) float64) []float64 { return each(&array{nil, x}, f) }

func add(x, y []float64) []float64 {
	return fill([]int{len(x)}, func(i []int) float64 { return x[i[0]] + y[i[0]] }).data
}

var layerCases = []arrayCase{
	{"model M(x: [4]) -> y: [3] = x |> Dense[3]", vector, nil, func(p params) []float64 { return affine(p, "Dense1", p["x"].data) }},
	{"model M(x: [4], z: [2]) -> y: [3] = Bilinear[3](x, z)", map[string][]int{"x": {4}, "z": {2}}, nil, func(p params) []float64 {
		return fill([]int{3}, func(o []int) float64 {
			return p["Bilinear1.b"].at(o...) + sum(func(i []int) float64 {
				return p["Bilinear1.W"].at(o[0], i[0], i[1]) * p["x"].at(i[0]) * p["z"].at(i[1])
			}, 4, 2)
		}).data
	}},
	{"model M(x: [4]) -> y: [3] = x |> Maxout[3, 2]", vector, nil, func(p params) []float64 {
		return fill([]int{3}, func(o []int) float64 {
			piece := func(k int) float64 {
				return p["Maxout1.b"].at(k, o[0]) + sum(func(i []int) float64 { return p["x"].at(i...) * p["Maxout1.W"].at(k, i[0], o[0]) }, 4)
			}
			return max(piece(0), piece(1))
		}).data
	}},
	{"model M(x: [4]) -> y: [4] = x |> PReLU", vector, nil, func(p params) []float64 {
		return apply(p["x"].data, func(v float64) float64 { return max(v, 0) + p["PReLU1.a"].data[0]*min(v, 0) })
	}},
	{"model M(x: [4]) -> y: [4] = x |> Residual[3]", vector, nil, func(p params) []float64 {
		h := affine(p, "Residual1.Dense1", layerNorm(p, "Residual1.LayerNorm1", p["x"].data))
		return add(p["x"].data, affine(p, "Residual1.Dense2", apply(h, func(v float64) float64 { return max(v, 0) })))
	}},
	{"model M(x: [4]) -> y: [4] = x |> Dropout[0.4]", vector, nil, func(p params) []float64 { return p["x"].data }},
	{"model M(x: [4, 6, 5]) -> y: [4, 6, 5] = x |> DropoutChannels[0.4]", image, nil, func(p params) []float64 { return p["x"].data }},
	{"model M(i: [2] in 3) -> y: [2, 4] = i |> Embedding[3, 4]", nil, map[string]any{"i": []any{2, 0}}, func(p params) []float64 {
		return fill([]int{2, 4}, func(o []int) float64 { return p["Embedding1.E"].at(int(p["i"].data[o[0]]), o[1]) }).data
	}},

	{"model M(x: [4, 6, 5]) -> y: [3, 4, 3] = x |> Conv[3, 3]", image, nil, func(p params) []float64 { return conv2(p, "Conv1", 1, 1, 0, 1, 4, 3) }},
	{"model M(x: [4, 6, 5]) -> y: [3, 3, 3] = x |> Conv[3, 3, stride = 2, pad = 1]", image, nil, func(p params) []float64 { return conv2(p, "Conv1", 1, 2, 1, 1, 3, 3) }},
	{"model M(x: [4, 6, 5]) -> y: [2, 4, 3] = x |> Conv[2, 3, pad = 1, dilation = 2]", image, nil, func(p params) []float64 { return conv2(p, "Conv1", 1, 1, 1, 2, 4, 3) }},
	{"model M(x: [4, H, W]) -> y: [2, H, W] = x |> Conv[2, 3, pad = 1]", image, nil, func(p params) []float64 { return conv2(p, "Conv1", 1, 1, 1, 1, 6, 5) }},
	{"model M(x: [5, 3]) -> y: [2, 2] = x |> Conv1[2, 3, 2, 1]", series, nil, func(p params) []float64 { return conv1(p, "Conv11", 1, 2, 1, 1, 2) }},
	{"model M(x: [3, 5]) -> y: [2, 5] = x |> CausalConv1[2, 3, dilation = 2]", map[string][]int{"x": {3, 5}}, nil, func(p params) []float64 { return conv1(p, "CausalConv11", 1, 1, 4, 2, 5) }},
	{"model M(x: [4, 6, 5]) -> y: [6, 3, 3] = x |> GroupConv[6, 3, 2, stride = 2, pad = 1]", image, nil, func(p params) []float64 { return conv2(p, "GroupConv1", 2, 2, 1, 1, 3, 3) }},
	{"model M(x: [4, 5]) -> y: [6, 5] = x |> GroupConv1[6, 3, 2, pad = 1]", map[string][]int{"x": {4, 5}}, nil, func(p params) []float64 { return conv1(p, "GroupConv11", 2, 1, 1, 1, 5) }},
	{"model M(x: [4, 6, 5]) -> y: [4, 6, 5] = x |> DepthwiseConv[3, pad = 1]", image, nil, func(p params) []float64 { return conv2(p, "DepthwiseConv1", 4, 1, 1, 1, 6, 5) }},
	{"model M(x: [4, 6, 5]) -> y: [2, 11, 9] = x |> ConvTranspose[2, 3, stride = 2, pad = 1]", image, nil, func(p params) []float64 { return spread(p, "ConvTranspose1", 2, 1, 1, 11, 9) }},
	{"model M(x: [4, 6, 5]) -> y: [2, 10, 9] = x |> ConvTranspose[2, 3, dilation = 2]", image, nil, func(p params) []float64 { return spread(p, "ConvTranspose1", 1, 0, 2, 10, 9) }},
	{"model M(x: [5, 3]) -> y: [2, 8] = x |> ConvTranspose1[2, 4, 2]", series, nil, func(p params) []float64 {
		K := p["ConvTranspose11.K"]
		return spread(params{"x": {[]int{5, 3, 1}, p["x"].data}, "c.b": p["ConvTranspose11.b"], "c.K": {[]int{5, 2, 4, 1}, K.data}}, "c", 2, 0, 1, 8, 1)
	}},

	{"model M(x: [4, 6, 5]) -> y: [4, 2, 2] = x |> AvgPool[3, 2]", image, nil, pooled(3, 2, 0, 2, 2, 0, 0, share(9))},
	{"model M(x: [4, 6, 5]) -> y: [4, 3, 3] = x |> AvgPool[3, 2, 1]", image, nil, pooled(3, 2, 1, 3, 3, 0, 0, share(9))},
	{"model M(x: [C, 6, 4]) -> y: [C, 3, 2] = x |> AvgPool[2]", map[string][]int{"x": {2, 6, 4}}, nil, pooled(2, 2, 0, 3, 2, 0, 0, share(4))},
	{"model M(x: [C, H, W]) -> y: [C, H/2, W/2] where H % 2 == 0, W % 2 == 0 = x |> MaxPool[2]", map[string][]int{"x": {2, 6, 4}}, nil, pooled(2, 2, 0, 3, 2, math.Inf(-1), 0, larger)},
	{"model M(x: [4, 6, 5]) -> y: [4, 3, 3] = x |> MaxPool[3, 2, 1]", image, nil, pooled(3, 2, 1, 3, 3, math.Inf(-1), math.Inf(-1), larger)},
	{"model M(x: [4, 6]) -> y: [4, 3] = x |> AvgPool1[2]", map[string][]int{"x": {4, 6}}, nil, func(p params) []float64 {
		return fill([]int{4, 3}, func(i []int) float64 { return (p["x"].at(i[0], 2*i[1]) + p["x"].at(i[0], 2*i[1]+1)) / 2 }).data
	}},
	{"model M(x: [4, 6]) -> y: [4, 3] = x |> MaxPool1[2]", map[string][]int{"x": {4, 6}}, nil, func(p params) []float64 {
		return fill([]int{4, 3}, func(i []int) float64 { return max(p["x"].at(i[0], 2*i[1]), p["x"].at(i[0], 2*i[1]+1)) }).data
	}},
	{"model M(x: [4, 6, 5]) -> y: [4] = x |> GlobalAvgPool", image, nil, func(p params) []float64 {
		return fill([]int{4}, func(c []int) float64 {
			return sum(func(i []int) float64 { return p["x"].at(c[0], i[0], i[1]) / 30 }, 6, 5)
		}).data
	}},
	{"model M(x: [4, 6, 5]) -> y: [4] = x |> GlobalMaxPool", image, nil, func(p params) []float64 {
		return fill([]int{4}, func(c []int) float64 {
			best := math.Inf(-1)
			for _, v := range p["x"].data[c[0]*30 : c[0]*30+30] {
				best = max(best, v)
			}
			return best
		}).data
	}},
	{"model M(x: [4, 6, 5]) -> y: [4, 12, 10] = x |> Upsample[2]", image, nil, func(p params) []float64 {
		return fill([]int{4, 12, 10}, func(i []int) float64 { return p["x"].at(i[0], i[1]/2, i[2]/2) }).data
	}},

	{"model M(x: [4]) -> y: [4] = x |> LayerNorm", vector, nil, normed("LayerNorm1", func([]int) int { return 0 })},
	{"model M(x: [4]) -> y: [4] = x |> RMSNorm", vector, nil, func(p params) []float64 {
		r := math.Sqrt(dot(p["x"], p["x"])/4 + 1e-5)
		return fill([]int{4}, func(i []int) float64 { return p["RMSNorm1.g"].at(i...) * p["x"].at(i...) / r }).data
	}},
	{"model M(x: [4, 6, 5]) -> y: [4, 6, 5] = x |> InstanceNorm", image, nil, normed("InstanceNorm1", func(i []int) int { return i[0] })},
	{"model M(x: [4, 6, 5]) -> y: [4, 6, 5] = x |> GroupNorm[2]", image, nil, normed("GroupNorm1", func(i []int) int { return i[0] / 2 })},
	{"model M(x: [4, H, W]) -> y: [4, H, W] = x |> GroupNorm[2]", image, nil, normed("GroupNorm1", func(i []int) int { return i[0] / 2 })},
	{"model M(x: [N, 3]) -> y: [N, 3] = x |> BatchNorm", series, nil, still("BatchNorm1")},
	{"model M(x: [N, 3, 2]) -> y: [N, 3, 2] = x |> BatchNorm1", map[string][]int{"x": {4, 3, 2}}, nil, still("BatchNorm11")},
	{"model M(x: [N, 3, 2, 2]) -> y: [N, 3, 2, 2] = x |> BatchNorm2", map[string][]int{"x": {4, 3, 2, 2}}, nil, still("BatchNorm21")},
}

// still is a batch norm outside training, with its state at 0 and 1.
func still(path string) func(params) []float64 {
	return func(p params) []float64 {
		return fill(p["x"].shape, func(i []int) float64 {
			return p[path+".g"].at(i[1])*p["x"].at(i...)/math.Sqrt(1+1e-5) + p[path+".b"].at(i[1])
		}).data
	}
}
